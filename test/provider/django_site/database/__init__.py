"""sqlite, with the one habit of PostgreSQL that a client of Ion's can meet."""
