"""Loaded by a server of worker processes, it makes every fork fail as at the limit of a user's processes."""

import errno
import os


def _refuse() -> int:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


os.fork = _refuse
