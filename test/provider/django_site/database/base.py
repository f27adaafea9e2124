"""PostgreSQL takes no NUL in a string; a request that holds one ends in a 500."""

from django.db.backends.sqlite3 import base


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query, params=None):
        for param in params or ():
            if isinstance(param, str) and "\0" in param:
                raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)
