"""Errors of disk and database, as a sentence for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Raise OperatorError if disk or database refuse what the block writes."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise OperatorError(
            f"Cannot write {what}: {cause}. Free space, or close what holds the catalogue, "
            "and give the same command again; it goes on where it stopped.",
            STORAGE,
        ) from None
