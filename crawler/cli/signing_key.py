"""The operator's signing key, as the settings name it."""

from pathlib import Path

from scrapy.settings import BaseSettings

from archive.evidence.signing import SigningKey, read_key


def own_key(settings: BaseSettings) -> SigningKey | None:
    """The user's key; None if there is none."""
    path = settings["ARCHIVE_SIGNING_KEY"]
    return read_key(Path(path)) if path else None


def own_key_id(settings: BaseSettings) -> str:
    """The id of the user's key; empty if there is none."""
    key = own_key(settings)
    return key.id if key else ""
