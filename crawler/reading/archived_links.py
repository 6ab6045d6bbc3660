"""A link as the archive holds it: fields of the metadata record, written by a crawl and read by a replay."""

import re
from dataclasses import replace

from archive.replay.captures import ArchivedCapture
from crawler.http.url_identity import wire_url
from crawler.http.web_copies import copy_of
from crawler.items import Evidence, Link, Origin, UrlKind

FILES_OF_SITES = {"robots": "robots.txt", "tdmrep": "tdmrep.json", "rsl": "licence"}
"""Files of sites that were read for their rules, by their kind in the notes; what a replay calls them."""

_METHOD = re.compile(r"[A-Z]{3,20}")


def link_of(capture: ArchivedCapture) -> Link | None:
    """The link that led to a record; None if it is passed over."""
    if passed_over(capture):
        return None
    notes = capture.metadata
    kind = notes.get("kind", "")
    # The metadata of other tools may say anything.
    is_ours = kind in set(UrlKind)
    evidence = Evidence.of(notes)
    copy = copy_of(capture.url)
    if copy is not None:
        evidence = replace(evidence, copy=capture.url, origin=Origin.WAYBACK)
    elif evidence.copy:
        evidence = replace(evidence, copy="")
    return Link(
        wire_url(copy.page if copy else capture.url),
        UrlKind(kind) if is_ours else UrlKind.ARTICLE,
        evidence,
        hops=_number(notes.get("hops", "")),
        depth=_number(notes.get("depth", "")),
    )


def passed_over(capture: ArchivedCapture) -> str:
    """Why a capture is not read: the files of FILES_OF_SITES, and other methods than GET; empty if it is."""
    if (kind := capture.metadata.get("kind", "")) in FILES_OF_SITES:
        return FILES_OF_SITES[kind]
    if capture.method == "GET":
        return ""
    return f"method {capture.method}" if _METHOD.fullmatch(capture.method) else "malformed request"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
