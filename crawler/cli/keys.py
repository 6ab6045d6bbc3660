"""The operator's signing key, as the settings name it."""

from pathlib import Path

from scrapy.settings import BaseSettings

from archive.evidence.signing import read_key


def own_key(settings: BaseSettings) -> str:
    """The id of the user's key; empty if there is none."""
    path = settings["ARCHIVE_SIGNING_KEY"]
    key = read_key(Path(path)) if path else None
    return key.id if key else ""
