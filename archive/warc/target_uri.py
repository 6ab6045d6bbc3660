"""The URL of a record without the name and password that it may hold."""

import re

_CREDENTIALS = re.compile(
    r"^(\s*(?:urn:[a-z]+:)?(?:(?:https?|wss?|ftps?):[/\\]*|[/\\]{2,}))[^/\\?#]*@", re.IGNORECASE
)
"""Up to the last `@` of the authority, as the URL standard reads it ("authority state")."""
_IN_TEXT = re.compile(r"((?:https?|wss?|ftps?):[/\\]*)[^/\\?#\s]*@", re.IGNORECASE)


def without_credentials(url: str) -> str:
    """The URL without `user:password@`, which is nobody's business; else unchanged, whatever it is.

    The records of foreign archives are evidence and keep theirs; what we make of them (index, packages, catalogue,
    messages) shows none.
    """
    return _CREDENTIALS.sub(r"\1", url) if "@" in url else url


def without_any_credentials(text: str) -> str:
    """A sentence, without those of the URLs in it."""
    return _IN_TEXT.sub(r"\1", text) if "@" in text else text
