"""A link as the archive holds it: fields of the metadata record, written by a crawl and read by a replay."""

from dataclasses import asdict

from archive.replay.captures import ArchivedCapture
from crawler.items import Evidence, Link, UrlKind


def notes_of(link: Link) -> dict[str, str]:
    """The fields that say why a URL was fetched: all that a replay needs to know about it."""
    return {"kind": str(link.kind), "hops": str(link.hops), "depth": str(link.depth), **asdict(link.evidence)}


def link_of(capture: ArchivedCapture) -> Link | None:
    """The link that led to a record; None for robots.txt and for other methods than GET."""
    notes = capture.metadata
    kind = notes.get("kind", "")
    if kind == "robots" or capture.method != "GET":
        return None
    # The metadata of other tools may say anything.
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
