"""Obey robots.txt as RFC 9309 says: no request goes out before its host's rules are known."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.http.decoding import ContentError, decode_content
from crawler.http.reasons import reason_of
from crawler.http.responses import flat_headers, redirect_target
from crawler.http.retry_after import retry_after_s
from crawler.http.robots_rules import RobotsRules
from crawler.http.standard_urls import NoUrl
from crawler.http.urls import host_name

MAX_HOPS = 5
"""Redirects that are followed to a host's rules (RFC 9309, 2.3.1.2)."""

MAX_RULES_BYTES = 500 * 1024
"""How much of a robots.txt counts (RFC 9309, 2.5: at least this much)."""

MAX_CRAWL_DELAY_S = 60.0

LIFETIME_S = 24 * 3600.0
"""For how long rules hold (RFC 9309, 2.4)."""

KNOWN_LIFETIME_S = 3600.0
"""After how long this run looks up again how old the rules are that another run or worker fetched."""

FAILURE_LIFETIME_S = 600.0
"""How long, at most, a host whose rules cannot be fetched is left alone before the next request for them."""

FACTOR = 3
"""Each wait after a failure in a row is so many times as long as the one before; the first is RETRY_DELAY_S."""

crawl_delay_found = object()
"""A signal with `request` and `delay_s`: robots.txt wants so long a pause before this request and later ones."""

ROBOTS_TXT = "robots_txt"
"""In the `meta` of a request that may go out: the body of the robots.txt that allowed it, None if that is not known."""

_IS_ROBOTS_TXT = "is_robots_txt"
_TOKEN = re.compile(r"[A-Za-z_-]+")


class RobotsDisallowed(IgnoreRequest):
    """The host's robots.txt forbids the request, or could not be fetched."""


class RulesUnknown(RobotsDisallowed):
    """The host's robots.txt could not be fetched: until it is, nothing else may be (RFC 9309, 2.3.1.4)."""

    until = 0.0
    """When robots.txt is fetched again, by `monotonic()`."""

    def __init__(self, message: str, cause: Exception | None = None, wanted_s: float = 0.0) -> None:
        super().__init__(message)
        self.cause = cause
        """Why there was no answer; None where the answer says nothing about rules."""
        self.wanted_s = wanted_s
        """How long the host wants to be left alone."""

    @property
    def wait_s(self) -> float:
        """In how many seconds that is."""
        return max(self.until - monotonic(), 0.0)


class CrawlDelayTooLong(RobotsDisallowed):
    """The host wants longer pauses than a run can keep: it is left for a later one."""


@dataclass(frozen=True)
class Rules:
    """What a host's robots.txt says to our crawler."""

    url: str
    rules: RobotsRules | None = None
    """None where no rules exist."""
    delay_s: float = 0.0
    body: bytes | None = None
    """The file as far as it counts, empty where there is none; None if it is not known."""
    refusal: IgnoreRequest | None = None
    """The exception that refuses every request to the host."""

    def check(self, url: str, token: str) -> None:
        """Raise RobotsDisallowed (or the host's other refusal) if the URL may not be fetched."""
        if self.refusal:
            raise self.refusal.with_traceback(None)  # the traceback is that of the last request it refused
        if self.rules and not self.rules.allow(url):
            raise RobotsDisallowed(f"{self.url} disallows this path for {token}")


class RobotsCache(Protocol):
    """Keeps rules beyond the run; the setting ROBOTS_CACHE names its class, which has a `from_crawler`."""

    def find(self, origin: str, lifetime_s: float) -> bytes | None:
        """The robots.txt of an origin, empty where it has none; None if unknown or older. May block."""
        ...

    def save(self, origin: str, body: bytes) -> None:
        """Keep the robots.txt that an origin has just sent. May block."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class RobotsMiddleware:
    """Let a request pass if its host's rules allow it, and report the pauses that they want."""

    def __init__(
        self, crawler: Crawler, token: str, is_replay: bool, cache: RobotsCache | None = None
    ) -> None:
        self._crawler = crawler
        self._token = token
        self._is_replay = is_replay
        self._cache = cache
        self._retry_delay_s = crawler.settings.getfloat("RETRY_DELAY_S")
        self._fetched: dict[str, asyncio.Task[Rules]] = {}
        self._until: dict[str, float] = {}
        """Until when, by `monotonic()`, the rules of an origin hold."""
        self._pauses: dict[str, float] = {}
        """How long each origin whose rules could not be fetched is left alone."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        token = product_token(settings["USER_AGENT"], settings["BOT_NAME"])
        if settings["REPLAY_FROM"] or not settings["ROBOTS_CACHE"]:
            return cls(crawler, token, is_replay=bool(settings["REPLAY_FROM"]))
        cache: RobotsCache = build_from_crawler(load_object(settings["ROBOTS_CACHE"]), crawler)
        crawler.signals.connect(cache.close, signals.engine_stopped, weak=False)
        return cls(crawler, token, is_replay=False, cache=cache)

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if request.meta.get(_IS_ROBOTS_TXT) or parts.scheme not in ("http", "https"):
            return
        rules = await self._rules(f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}", request.url)
        rules.check(request.url, self._token)
        request.meta[ROBOTS_TXT] = rules.body
        if rules.delay_s:
            self._crawler.signals.send_catch_log(crawl_delay_found, request=request, delay_s=rules.delay_s)

    async def _rules(self, origin: str, via: str) -> Rules:
        """The rules of an origin: the first request fetches them, all others wait for the same answer."""
        task = self._fetched.get(origin)
        if task is None or (task.done() and monotonic() >= self._until.get(origin, 0.0)):
            task = self._fetched[origin] = asyncio.ensure_future(self._find(origin, via))
        return await asyncio.shield(task)  # cancelling one waiter must not cancel the others

    async def _find(self, origin: str, via: str) -> Rules:
        """The rules as they are known, else as the origin sends them."""
        robots_url = f"{origin}/robots.txt"
        age_s = LIFETIME_S - KNOWN_LIFETIME_S  # kept for KNOWN_LIFETIME_S more, none becomes older than a day
        known = await asyncio.to_thread(self._cache.find, origin, age_s) if self._cache else None
        if known is not None:
            self._until[origin] = monotonic() + KNOWN_LIFETIME_S
            return parse_rules(robots_url, known, self._token)
        rules = await self._fetch(robots_url, via)
        self._until[origin] = monotonic() + self._lifetime_s(origin, rules)
        if isinstance(rules.refusal, RulesUnknown):
            rules.refusal.until = self._until[origin]
        if self._cache and rules.body is not None:
            await asyncio.to_thread(self._cache.save, origin, rules.body)
        return rules

    async def _fetch(self, robots_url: str, via: str) -> Rules:
        try:
            return await self._follow(robots_url, via)
        except NoUrl as error:
            return _unreachable(robots_url, f"it redirects to what cannot be fetched: {error}")
        except IgnoreRequest as error:  # address guard or archive: what refuses this refuses the pages too
            # A replay may lack the robots.txt: its records were fetched under the rules of their own time.
            return Rules(robots_url, refusal=None if self._is_replay else error)
        except Exception as error:  # whatever failed, the rules are unknown (RFC 9309, 2.3.1.4)
            return _unreachable(robots_url, reason_of(error), cause=error)

    def _lifetime_s(self, origin: str, rules: Rules) -> float:
        if isinstance(rules.refusal, RulesUnknown):
            pause_s = FACTOR * self._pauses[origin] if origin in self._pauses else self._retry_delay_s
            self._pauses[origin] = min(pause_s, FAILURE_LIFETIME_S)
            return max(self._pauses[origin], rules.refusal.wanted_s)
        self._pauses.pop(origin, None)
        is_refused = rules.refusal is not None and rules.rules is None
        return FAILURE_LIFETIME_S if is_refused else LIFETIME_S

    async def _follow(self, robots_url: str, via: str) -> Rules:
        url = robots_url
        for _ in range(MAX_HOPS + 1):
            response = await self._download(url, via)
            target = redirect_target(url, response.status, flat_headers(response))
            if target is None:
                return self._read(robots_url, response)
            via, url = url, target
        return Rules(robots_url, body=b"")  # treated as if there were no rules (RFC 9309, 2.3.1.2)

    async def _download(self, url: str, via: str) -> Response:
        assert self._crawler.engine is not None
        meta = {
            _IS_ROBOTS_TXT: True,
            "archive_metadata": {"kind": "robots", "via": via},
            "download_slot": host_name(url),  # it keeps the pace of its host
            "verbatim_url": True,
        }
        response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        assert isinstance(response, Response)
        return response

    def _read(self, robots_url: str, response: Response) -> Rules:
        headers = flat_headers(response)
        # 429 means that the server is overloaded, not that it has no rules.
        if response.status == 429 or response.status >= 500:
            wanted_s = retry_after_s(headers.get("retry-after", ""), datetime.now(UTC)) or 0.0
            return _unreachable(robots_url, f"HTTP {response.status}", wanted_s=wanted_s)
        if not 200 <= response.status < 300:
            return Rules(robots_url, body=b"")
        try:
            body = decode_content(response.body, headers.get("content-encoding", ""))
        except ContentError as error:
            return _unreachable(robots_url, str(error))
        return parse_rules(robots_url, body, self._token, self._is_replay)


def parse_rules(url: str, body: bytes, token: str, is_replay: bool = False) -> Rules:
    """Read a robots.txt for the crawler with the name `token`; a replay makes no pauses."""
    if len(body) > MAX_RULES_BYTES:
        end = max(body.rfind(line_end, 0, MAX_RULES_BYTES) for line_end in (b"\n", b"\r"))
        body = body[: end + 1]  # a cut rule would be another rule
    rules = RobotsRules.read(body, token)
    delay_s = 0.0 if is_replay else rules.delay_s
    if delay_s > MAX_CRAWL_DELAY_S:
        reason = (
            f"{url} wants a pause of {delay_s:g} s, longer than the {MAX_CRAWL_DELAY_S:g} s that a run makes"
        )
        return Rules(url, rules, delay_s, body, CrawlDelayTooLong(reason))
    return Rules(url, rules, delay_s, body)


def product_token(user_agent: str, bot_name: str) -> str:
    """The name of the crawler in robots.txt files: part of its User-Agent, letters, `-` and `_` (RFC 9309, 2.2.1)."""
    if _TOKEN.fullmatch(bot_name) and bot_name.lower() in user_agent.lower():
        return bot_name
    name = _TOKEN.match(user_agent) or _TOKEN.match(bot_name)
    return name[0] if name else bot_name


def _unreachable(url: str, reason: str, cause: Exception | None = None, wanted_s: float = 0.0) -> Rules:
    return Rules(url, refusal=RulesUnknown(f"{url} could not be fetched: {reason}", cause, wanted_s))
