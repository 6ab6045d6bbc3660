"""The sentence for an operator whose crawl cannot be stored any more."""

import logging

from sqlalchemy.exc import DBAPIError

logger = logging.getLogger(__name__)


def report_storage_failure(error: Exception) -> None:
    """Log what failed, and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    is_held = "locked" in str(cause)  # SQLite's word
    logger.error(
        "Cannot store what was gathered: %s. Crawl stopped. "
        "%s and run the same command again; it continues where it stopped.",
        cause,
        "Close the program that holds the catalogue" if is_held else "Free space or repair the disk",
    )
