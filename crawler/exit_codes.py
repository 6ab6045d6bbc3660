"""The exit codes of every command; `docs/commands.md` lists them for operators."""

OK = 0
"""Finished, at a limit that was asked for or with nothing new too."""
FAILED = 1
"""Stopped early, everything that was due failed, or a check found a fault."""
USAGE = 2
"""A wrong argument, setting or key."""
STORAGE = 3
"""The data cannot be written or read: a full or read-only disk, a database that does not answer."""
BUSY = 75
"""Another run holds the data directory (EX_TEMPFAIL of sysexits.h)."""
