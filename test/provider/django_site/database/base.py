"""SQLite that refuses NUL characters, as PostgreSQL does, and has a gate before every transaction."""

import threading

from django.db.backends.sqlite3 import base


class Gate:
    """While the gate is shut, no transaction begins, so every request can read before any request writes."""

    def __init__(self):
        self._changed = threading.Condition()
        self._shut = False
        self._waiting = 0

    def shut(self):
        with self._changed:
            self._shut = True

    def open_when(self, waiting):
        """Opens the gate once this many transactions are waiting."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting == waiting, timeout=20):
                raise TimeoutError(f"{self._waiting} are waiting, and not {waiting}")
            self._shut = False
            self._changed.notify_all()

    def pass_through(self):
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._shut)
            self._waiting -= 1


gate = Gate()


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query, params=None):
        # Ion responds with 500 to a request that contains a NUL character, because PostgreSQL refuses it. SQLite
        # would accept it, so this raises the error.
        for param in params or ():
            if isinstance(param, str) and "\0" in param:
                raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self):
        gate.pass_through()
        super()._start_transaction_under_autocommit()
