"""What a site says in files of its own, which are asked for by the rules of robots.txt and archived like it: its
tdmrep.json once a day at most, the licences that its robots.txt names once a run.
"""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.http.decoding import ContentError, decode_content
from crawler.http.responses import flat_headers, redirect_target
from crawler.http.robots import KNOWN_LIFETIME_S, LIFETIME_S, MAX_HOPS, MAX_RULES_BYTES
from crawler.http.urls import host_name
from crawler.rights.tdmrep import PATH


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site as it was when it was fetched last."""

    body: bytes | None
    """Decoded; empty where the site has none; None if nobody could learn that."""


class SiteFileCache(Protocol):
    """Keeps the files beyond the run; the setting TDMREP_CACHE names its class, which has a `from_crawler`."""

    def find(self, origin: str, lifetime_s: float) -> SiteFile | None:
        """What the last look at an origin gave; None if there was none, or it is older. May block."""
        ...

    def save(self, origin: str, file: SiteFile) -> None:
        """Keep what a look at an origin has just given. May block."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class SiteFiles:
    """Gives the files of each origin: the first request fetches one, all others wait for the same answer."""

    def __init__(self, crawler: Crawler, cache: SiteFileCache | None) -> None:
        self._crawler = crawler
        self._cache = cache
        self._found: dict[str, tuple[float, asyncio.Task[SiteFile]]] = {}
        """With the time, by `monotonic()`, until which it holds."""
        self._licences: dict[str, asyncio.Task[SiteFile]] = {}

    async def of(self, origin: str, via: str) -> SiteFile:
        """The file of an origin such as `https://news.example`, which the page `via` made us ask for."""
        until, task = self._found.get(origin, (0.0, None))
        if task is None or (task.done() and monotonic() >= until):
            task = asyncio.ensure_future(self._find(origin, via))
            self._found[origin] = (monotonic() + LIFETIME_S, task)
        return await asyncio.shield(task)  # cancelling one waiter must not cancel the others

    async def licence(self, url: str, via: str) -> SiteFile:
        """The licence file of this URL, which the page `via` made us ask for."""
        if url not in self._licences:
            self._licences[url] = asyncio.ensure_future(self._fetch(url, via, "rsl", (b"<",)))
        return await asyncio.shield(self._licences[url])

    async def _find(self, origin: str, via: str) -> SiteFile:
        known = await asyncio.to_thread(self._cache.find, origin, LIFETIME_S) if self._cache else None
        if known is not None:
            self._found[origin] = (monotonic() + KNOWN_LIFETIME_S, self._found[origin][1])
            return known
        file = await self._fetch(f"{origin}{PATH}", via, "tdmrep", (b"[", b"{"))
        if self._cache:
            await asyncio.to_thread(self._cache.save, origin, file)
        return file

    async def _fetch(self, url: str, via: str, kind: str, begins: tuple[bytes, ...]) -> SiteFile:
        try:
            for _ in range(MAX_HOPS + 1):
                response = await self._download(url, via, kind)
                target = redirect_target(url, response.status, flat_headers(response))
                if target is None:
                    return SiteFile(_body(response, begins))
                via, url = url, target
        except Exception:  # forbidden by robots.txt, or failed: nothing is known; a record may say why
            return SiteFile(None)
        return SiteFile(b"")  # as with robots.txt, what redirects for ever is none

    async def _download(self, url: str, via: str, kind: str) -> Response:
        assert self._crawler.engine is not None
        meta = {
            "archive_metadata": {"kind": kind, "via": via},
            "download_slot": host_name(url),  # it keeps the pace of its host
            "verbatim_url": True,
        }
        response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        assert isinstance(response, Response)
        return response


def _body(response: Response, begins: tuple[bytes, ...]) -> bytes | None:
    """The file; empty if the answer is another page: a site without the file does not implement the protocol."""
    if response.status == 429 or response.status >= 500:
        return None
    if not 200 <= response.status < 300:
        return b""
    try:
        body = decode_content(response.body, flat_headers(response).get("content-encoding", ""))
    except ContentError:
        return None
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(begins):
        return b""
    return body if len(body) <= MAX_RULES_BYTES else None


def origin_of(url: str) -> str:
    """`https://news.example` of a URL, without credentials."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
