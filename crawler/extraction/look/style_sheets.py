"""The files that a fetched style sheet names, and that are to be fetched for it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tinycss2.bytes import decode_stylesheet_bytes

from crawler.extraction.look.css import File, files_of_sheet
from crawler.http.decoding import decode_content
from crawler.http.requisites import look_links
from crawler.http.standard_urls import clean_url
from crawler.items import Link, RawPage, UrlKind

MAX_DEPTH = 3
"""Imports within imports; style guides forbid even the first."""

MAX_IMPORTS = 10
MAX_FONTS = 20
MAX_FILES = 100
"""Most style sheets that one imports, fonts that it names, and files in all: some fonts come in two hundred slices."""

MAX_CHARS = 512 * 1024
"""What is read of one: tinycss2 takes fifty bytes of memory for each, and a second for all, or some."""

_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


def read_style(raw: RawPage, depth: int) -> tuple[Link, ...]:
    """The files that a style sheet names which itself was imported over so many others.

    ContentError and TooLarge (`crawler.http.decoding`) for a body that cannot be decoded.
    """
    body = decode_content(raw.body, raw.headers.get("content-encoding", ""))
    named = _CHARSET.search(raw.headers.get("content-type", ""))
    # CSS Syntax, 3.2: what is behind the limit need not be decoded, no encoding takes more than 4 bytes a character.
    text, _ = decode_stylesheet_bytes(body[: 4 * MAX_CHARS], named[1] if named else None)
    files = clean_files(files_of_sheet(text[:MAX_CHARS]), raw.url)
    most = {UrlKind.STYLE: MAX_IMPORTS if depth < MAX_DEPTH else 0, UrlKind.FONT: MAX_FONTS}
    return look_links(raw.url, raw.evidence, first_files(files, most, MAX_FILES), depth + 1)


def clean_files(files: Iterable[File], base: str, charset: str = "utf-8") -> list[File]:
    """The files of the web among those that a document with this base names, each once."""
    clean = ((kind, clean_url(written, base, charset)) for kind, written in files)
    return list(dict.fromkeys((kind, url) for kind, url in clean if url and url != base))


def first_files(files: Iterable[File], most: Mapping[UrlKind, int], in_all: int) -> list[File]:
    """The first files, at most so many of a kind and in all."""
    counts, kept = Counter[UrlKind](), []
    for kind, url in files:
        counts[kind] += 1
        if counts[kind] <= most.get(kind, in_all):
            kept.append((kind, url))
    return kept[:in_all]
