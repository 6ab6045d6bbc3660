"""Errors of disk and database, as a sentence for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError, OperationalError

from crawler.data_dir import DataDir
from crawler.database.engine import connect
from crawler.database.unusable import explained, is_broken
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Raise OperatorError if disk or database refuse what the block writes."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and is_broken(error.orig):
            raise
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise OperatorError(
            f"Cannot write {what}: {cause}. Free space, or close what holds the catalogue, "
            "and give the same command again; it goes on where it stopped.",
            STORAGE,
        ) from None


def of_database(error: Exception, settings: BaseSettings) -> OperatorError | None:
    """What an operator can do about a database that is broken, or does not answer; None for a defect of ours."""
    if not isinstance(error, DBAPIError):
        return None
    if not (is_broken(error.orig) or isinstance(error, OperationalError)):
        return None
    return explained(error, connect(settings["STORE_URL"], DataDir.of(settings).path).url)
