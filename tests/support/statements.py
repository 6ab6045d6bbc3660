"""SQL that is compiled once in a process of tests: each test has a store, and each engine would compile anew."""

from typing import Any

from sqlalchemy import Compiled, Connection, Engine, event
from sqlalchemy.util import LRUCache

MOST = 5000
"""More than there are: an engine of its own keeps 500."""


class _Compiled(LRUCache[Any, Compiled]):
    """What engines keep for themselves, by the kind of database in place of the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def share_compiled_statements() -> None:
    """Have all engines of this process, and of those forked from it, take statements that one of them has compiled."""
    known = _Compiled(MOST)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=known)


def _of_any_engine(key: Any) -> Any:
    dialect, *statement = key
    return dialect.name, dialect.driver, *statement
