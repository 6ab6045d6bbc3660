"""The schema, and engines for SQLite and PostgreSQL."""
