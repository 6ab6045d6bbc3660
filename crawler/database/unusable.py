"""Why a database cannot be used, as a sentence that names the right remedy."""

from sqlite3 import DatabaseError

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE

REBUILD = "`scrapy store rebuild` makes it again from the archive, and keeps this one under another name."


class CatalogueError(OperatorError):
    """The catalogue cannot be used; the message says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, STORAGE)


def explained(error: OSError | DBAPIError, url: URL) -> CatalogueError:
    """The error of a database, for an operator."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    what = (str(cause).strip().splitlines() or ["no reason is given"])[0]
    if url.get_backend_name() != "sqlite":
        return CatalogueError(
            f"The database {shown(url)} does not answer as it should: {what.rstrip('.')}. "
            "See that it runs and lets us in, or correct STORE_URL."
        )
    if is_broken(cause):
        return CatalogueError(f"The catalogue {shown(url)} is broken: {what}. {REBUILD}")
    return CatalogueError(f"Cannot open the catalogue {shown(url)}: {what}. {_remedy(what)}")


def is_broken(cause: BaseException | None) -> bool:
    """Whether SQLite says that a file is no database, or not a whole one; its subclasses are about the machine."""
    return type(cause) is DatabaseError or (isinstance(cause, DatabaseError) and "malformed" in str(cause))


def shown(url: URL) -> str:
    """The URL as a message may show it: without credentials, wherever they are."""
    host = (url.host or "").rpartition("@")[2]  # `user:pa@ss@host`: half a password would pass for a host
    return URL.create(
        url.drivername, host=host or None, port=url.port, database=url.database
    ).render_as_string()


def _remedy(what: str) -> str:
    if "locked" in what:  # SQLite's words
        return "Close the program that holds it, and give the same command again."
    if "disk I/O" in what or "full" in what:
        return "Free space or repair the disk, and give the same command again."
    return "Make its folder writable, or give another one with -s DATA_DIR=FOLDER."
