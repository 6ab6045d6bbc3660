"""A link as the archive holds it: fields of the metadata record, written by a crawl and read by a replay."""

import re
from dataclasses import asdict

from archive.replay.captures import ArchivedCapture
from crawler.http.url_identity import wire_url
from crawler.items import Evidence, Link, UrlKind

ROBOTS = "robots.txt"

_METHOD = re.compile(r"[A-Z]{3,20}")


def notes_of(link: Link) -> dict[str, str]:
    """The fields that say why a URL was fetched: all that a replay needs to know about it."""
    return {"kind": str(link.kind), "hops": str(link.hops), "depth": str(link.depth), **asdict(link.evidence)}


def link_of(capture: ArchivedCapture) -> Link | None:
    """The link that led to a record; None if it is passed over."""
    if passed_over(capture):
        return None
    notes = capture.metadata
    kind = notes.get("kind", "")
    # The metadata of other tools may say anything.
    is_ours = kind in set(UrlKind)
    return Link(
        wire_url(capture.url),
        UrlKind(kind) if is_ours else UrlKind.ARTICLE,
        Evidence.of(notes),
        hops=_number(notes.get("hops", "")),
        depth=_number(notes.get("depth", "")),
    )


def passed_over(capture: ArchivedCapture) -> str:
    """Why a capture is not read: robots.txt, and other methods than GET; empty if it is."""
    if capture.metadata.get("kind") == "robots":
        return ROBOTS
    if capture.method == "GET":
        return ""
    return f"method {capture.method}" if _METHOD.fullmatch(capture.method) else "malformed request"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
