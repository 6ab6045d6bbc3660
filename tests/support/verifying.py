"""`scrapy verify` run in the test's process."""

from pathlib import Path

from tests.support.catalogues import articles
from tests.support.commands import call


def verify(data: Path, *arguments: str, **settings: object) -> int:
    """The command's exit code."""
    return call("verify", *arguments, DATA_DIR=str(data), **settings)


def warc(data: Path) -> Path:
    """The file that holds the record of an article."""
    return data / "collections" / "news" / "archive" / str(articles(data)[0].warc)
