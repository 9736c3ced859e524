"""Where everything is kept: rows in SQLite or PostgreSQL, originals and pictures in a content-addressed folder."""
