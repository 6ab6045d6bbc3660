"""Notes with each request for an article what its site declares now: the note is part of the record of the page.

So whatever reads the record later (a replay, `scrapy rederive`, `scrapy store rebuild`) knows what was declared when
it was captured, though robots.txt, tdmrep.json and licences are other records, and may have changed.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.http.answers import DECLARED
from crawler.http.robots import ROBOTS_TXT as ROBOTS_BODY
from crawler.items import Declaration, UrlKind
from crawler.rights.declarations import ROBOTS_TXT, RSL_FILE, TDMREP, UNKNOWN, dump_declared
from crawler.rights.licences import prohibited_of, read_terms
from crawler.rights.robots_txt import RobotsDeclarations
from crawler.rights.site_file import SiteFile, SiteFileCache, SiteFiles, origin_of
from crawler.rights.tdmrep import PATH, NoRules, SiteReservations

RSL = "rsl="
"""How a licence is declared that robots.txt names."""

DECLARED_BY = "declaredBy"
"""The field that names the files of the site, each with the SHA-256 of its decoded content."""


class SiteRights:
    """Downloader middleware after that of robots.txt."""

    def __init__(self, files: SiteFiles | None) -> None:
        """Without `files` nobody asks for a tdmrep.json and licences, and what they say is not known."""
        self._files = files
        self._robots: dict[str, tuple[bytes, RobotsDeclarations]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("TDMREP_FETCH"):
            return cls(None)
        if settings["REPLAY_FROM"] or not settings["TDMREP_CACHE"]:
            return cls(SiteFiles(crawler, None))
        cache: SiteFileCache = build_from_crawler(load_object(settings["TDMREP_CACHE"]), crawler)
        crawler.signals.connect(cache.close, signals.engine_stopped, weak=False)
        return cls(SiteFiles(crawler, cache))

    async def process_request(self, request: Request) -> None:
        notes = request.meta.get("archive_metadata", {})
        # What an archive has of a page comes from the archive's site, not from the publisher's.
        if notes.get("kind") != UrlKind.ARTICLE or notes.get("copy"):
            return
        origin, robots = origin_of(request.url), request.meta.get(ROBOTS_BODY)
        file = await self._files.of(origin, request.url) if self._files else SiteFile(None)
        by_robots = await self._by_robots(origin, robots, request.url)
        licences = await self._licences(by_robots, request.url)
        declared = [*by_robots, *_by_tdmrep(file, request.url), *_by_licences(licences, request.url)]
        notes[DECLARED] = dump_declared(declared)
        read = [(f"{origin}/robots.txt", robots), (f"{origin}{PATH}", file.body), *licences]
        notes[DECLARED_BY] = " ".join(f"{url} {_digest(body)}" for url, body in read if body)

    async def _licences(self, by_robots: Iterable[Declaration], url: str) -> list[tuple[str, bytes | None]]:
        """The licence files that a robots.txt names, with their URLs."""
        named = [each.says.removeprefix(RSL) for each in by_robots if each.says.startswith(RSL)]
        if self._files is None:
            return [(each, None) for each in named]
        return [(each, (await self._files.licence(each, url)).body) for each in named]

    async def _by_robots(self, origin: str, body: bytes | None, url: str) -> list[Declaration]:
        if body is None:
            return [Declaration(ROBOTS_TXT, UNKNOWN)]
        known = self._robots.get(origin)
        if known is None or known[0] != body:
            read = await asyncio.to_thread(RobotsDeclarations.read, body, f"{origin}/robots.txt")
            known = self._robots[origin] = (body, read)
        return [*known[1].of(url)]


def _by_tdmrep(file: SiteFile, url: str) -> Iterator[Declaration]:
    try:
        if file.body is None:
            raise NoRules("it could not be fetched")
        yield from SiteReservations.read(file.body).of(url, url)
    except NoRules:
        yield Declaration(TDMREP, UNKNOWN)


def _by_licences(licences: Iterable[tuple[str, bytes | None]], url: str) -> Iterator[Declaration]:
    """What the files prohibit; UNKNOWN of one that is not there, or is none: a licence was named."""
    read = [_terms(body or b"") for _, body in licences]
    prohibited = dict.fromkeys(use for terms in read for use in prohibited_of(terms or (), url))
    if prohibited:
        yield Declaration(RSL_FILE, f"rsl-prohibits: {', '.join(prohibited)}")
    if None in read:
        yield Declaration(RSL_FILE, UNKNOWN)


_terms = lru_cache(maxsize=100)(read_terms)


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
