"""Rules that another run fetched are used, but none becomes older than a day."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.http.robots import KNOWN_LIFETIME_S, LIFETIME_S, RobotsDisallowed, RobotsMiddleware


class Kept:
    """Has the rules of every host, and notes how old they may be."""

    def __init__(self) -> None:
        self.lifetimes_s: list[float] = []

    def find(self, origin: str, lifetime_s: float) -> bytes | None:
        self.lifetimes_s.append(lifetime_s)
        return b"User-agent: *\nDisallow: /private\n"

    def save(self, origin: str, body: bytes) -> None:
        raise AssertionError("nothing was fetched")

    def close(self) -> None:
        """Nothing is open."""


def test_rules_that_are_known_hold_for_a_day_from_their_fetching_at_most() -> None:
    async def request(path: str) -> None:
        await middleware.process_request(Request(f"https://news.example{path}"))

    kept = Kept()
    crawler = SimpleNamespace(settings=Settings({"RETRY_DELAY_S": 60}))
    middleware = RobotsMiddleware(cast(Any, crawler), "frontwire", is_replay=False, cache=kept)
    asyncio.run(request("/open"))
    with pytest.raises(RobotsDisallowed):
        asyncio.run(request("/private"))
    [lifetime_s] = kept.lifetimes_s  # they are looked up once, and held for a while
    assert lifetime_s + KNOWN_LIFETIME_S <= LIFETIME_S
