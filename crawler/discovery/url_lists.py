"""Reads text sitemaps: one URL per line (sitemaps.org, "Other Sitemap formats"), as people write them."""

import re
from collections.abc import Iterator
from itertools import islice

from crawler.discovery.links import Dropped, Entry, Reading, as_meant, both_ends, make_link
from crawler.items import Discovery, RawPage

_LOOKED_AT = 20
"""Lines by which a text is taken for a list of URLs: most of them must be some."""

_WITH_SCHEME = re.compile(r"(?:https?:)?//\S+\Z", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_PATH = re.compile(r"/[^\s/]\S*\Z")


def read_url_list(raw: RawPage, text: str, unread: list[str]) -> Reading | None:
    """The lines of a text sitemap; None if the text is none. Where it is cut, its last line is no whole address."""
    looked_at = list(islice(_lines(text), _LOOKED_AT))
    absolute = sum(_absolute(raw, line) != "" for line in looked_at)
    paths = sum(_PATH.match(line) is not None for line in looked_at)
    if not absolute or 2 * (absolute + paths) < len(looked_at):
        return None
    whole, _, rest = text.rpartition("\n") if unread and text[-1:] != "\n" else (text, "", "")
    return Reading("text sitemap", _entries(raw, whole, bool(rest.strip())), unread)


def _entries(raw: RawPage, text: str, is_cut: bool) -> Iterator[Entry]:
    for line in both_ends(_lines(text)):
        yield line if isinstance(line, Dropped) else _entry(raw, line)
    if is_cut:
        yield Dropped.CUT


def _lines(text: str) -> Iterator[str]:
    """The lines with something on them but comments; what follows a tab is another column."""
    lines = (found[0].strip("\ufeff \t\r\f\v") for found in _LINE.finditer(text))
    return (line.partition("\t")[0].strip() for line in lines if line and line[0] != "#")


def _entry(raw: RawPage, line: str) -> Entry:
    url = _absolute(raw, line) or (line if _PATH.match(line) else "")
    return make_link(raw, url, Discovery.SITEMAP) if url else Dropped.NO_WEB


def _absolute(raw: RawPage, line: str) -> str:
    """The URL of a line that names a host, with or without its scheme; empty if it is something else."""
    url = as_meant(raw, line)
    return url if _WITH_SCHEME.match(url) else ""
