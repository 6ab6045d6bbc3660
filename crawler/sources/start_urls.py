"""Reads a text file with one feed, sitemap or section URL per line."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.sources.entries import web_url
from crawler.sources.source import Source, StartUrl

_COMMENT = re.compile(r"(?:^|\s)#.*")


def read_urls(text: str, name: str) -> list[Source]:
    """One source for each host; `#` begins a comment. RegistryError, which names the line, if one is no URL."""
    sources: dict[str, Source] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if url := _COMMENT.sub("", line).strip():
            source = source_of(web_url(url, f"{name}, line {number}"))
            known = sources.setdefault(source.id, source)
            listings = tuple(dict.fromkeys((*known.listings, *source.listings)))
            sources[source.id] = replace(known, listings=listings)
    return list(sources.values())


def source_of(url: str) -> Source:
    """A source of this URL alone, named after its host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    place = f"{host}-{parts.port}" if parts.port else host
    return Source(
        id=re.sub(r"[^a-z0-9]+", "-", place).strip("-") or "source",
        name=parts.netloc,
        homepage=f"{parts.scheme}://{parts.netloc}/",
        listings=(StartUrl(url),),
    )
