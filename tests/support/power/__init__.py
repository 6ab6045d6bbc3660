"""A disk that forgets, at any moment, what was not fsynced: under real commands, SQLite included."""
