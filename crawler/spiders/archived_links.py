"""What a record of an archive was fetched as."""

from archive.replay.captures import ArchivedCapture
from crawler.items import Evidence, Link, UrlKind


def link_of(capture: ArchivedCapture) -> Link | None:
    """The link that led to a record; None for robots.txt and for what is no GET."""
    notes = capture.metadata
    kind = notes.get("kind", "")
    if kind == "robots" or capture.method != "GET":
        return None
    # Other tools' metadata may say anything.
    is_ours = kind in set(UrlKind)
    return Link(
        capture.url,
        UrlKind(kind) if is_ours else UrlKind.ARTICLE,
        Evidence.of(notes),
        hops=_number(notes.get("hops", "")),
        depth=_number(notes.get("depth", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
