"""`scrapy crawl backfill`: what sources published in a period of the past, by several ways at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.catalogue.interrupted_runs import first_of_interrupted, not_entered_since
from crawler.catalogue.silences import Gap, days_to_fill, find_gaps
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedUrl
from crawler.frontier.quotas import Limits
from crawler.http.requisites import kinds_to_fetch
from crawler.http.responses import flat_headers
from crawler.items import Article, Link, UrlKind
from crawler.past.period import Period, on_calendar
from crawler.past.plan import Plan
from crawler.past.publishers import Publishers
from crawler.past.task_of_arguments import make_task, period_of, ways_of
from crawler.past.way import Task
from crawler.past.ways import USUAL, WAYS
from crawler.sources.choice import Choice
from crawler.spiders.arguments import is_yes, select_sources
from crawler.spiders.news import NewsSpider
from crawler.spiders.warc_stream import WarcStream, most_bytes, range_of

_OF_TODAY = {UrlKind.FEED, UrlKind.SECTION, UrlKind.LISTING}
"""What says nothing about the past."""


class BackfillSpider(NewsSpider):
    """As the spider `news`, but it begins with listings of the past, and wants the articles of a period only."""

    name = "backfill"
    arguments_help: ClassVar[dict[str, str]] = {
        "since": "first year, month or day of publication: 2021, 2021-01, 2021-01-28",
        "until": "last one, included",
        "gaps": "1: fetch just the days on which `scrapy gaps` shows that news may be missing, source by source; "
        "of the last week unless since= and until= name others",
        "via": f"ways to the past, separated by commas: {', '.join(WAYS)}; {', '.join(USUAL)} if it is left out",
        "yes": "1: begin without a question although the plan exceeds BACKFILL_REQUESTS or BACKFILL_BYTES",
        **{name: text for name, text in NewsSpider.arguments_help.items() if name not in ("due", "dry_run")},
        "dry_run": "1: fetch nothing, print the plan",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.fills_gaps = is_yes(arguments, "gaps")
        self.period = period_of(arguments, datetime.now(UTC).date())
        self.gaps: list[Gap] = []
        self.days: dict[str, Period] = {}
        """By source the days that are wanted for these, on its own calendar."""
        self.strangers: list[str] = []
        """Sources with gaps that no registry of this run has."""
        self.ways = ways_of(arguments)
        self.agrees = is_yes(arguments, "yes")

    def choose_sources(self, settings: BaseSettings) -> None:
        if self.fills_gaps:
            self._choose_gaps(settings)
        else:
            super().choose_sources(settings)
        self.publishers = Publishers.of(self.task(settings).publishers)

    def _choose_gaps(self, settings: BaseSettings) -> None:
        """Take those of the chosen sources, or of all, that have days to fill."""
        with closing(Catalogue.open(settings["STORE_URL"], Path(settings["DATA_DIR"]))) as catalogue:
            found = [*find_gaps(catalogue, self.period.first, self.period.last)]
        days = days_to_fill(found)
        chosen = select_sources(self.arguments, settings.getlist("SOURCES"))
        self.sources = [source for source in chosen if source.id in days]
        self.days = {source.id: on_calendar(days[source.id], source.timezone) for source in self.sources}
        self.gaps = [gap for gap in found if gap.silence.is_to_fill and gap.source in self.days]
        self.strangers = [] if Choice.of(self.arguments) else sorted(days.keys() - self.days.keys())

    def opened(self) -> None:
        super().opened()
        self._stream = WarcStream(self, DataDir.of(self.crawler.settings))

    def task(self, settings: BaseSettings) -> Task:
        """What there is to do, once the sources are chosen."""
        return make_task(self.period, self.sources, settings, self.days)

    def plan(self, settings: BaseSettings) -> Plan:
        """What it would cost."""
        return Plan.of(self.task(settings), self.ways, settings.getfloat("DOWNLOAD_DELAY"))

    @property
    def limits(self) -> dict[str, Limits]:
        """Those of the sources; the listings of all sources together have none."""
        return super().limits | {way.shared_as: Limits() for way in self.ways if way.shared_as}

    @property
    def kinds(self) -> set[UrlKind]:
        return kinds_to_fetch(self.crawler.settings["ARCHIVE_REQUISITES"]) - _OF_TODAY

    def start_links(self) -> list[Link]:
        """The listings with which the ways begin."""
        task = self.task(self.crawler.settings)
        return [link for way in self.ways for link in way.links(task)]

    async def enter_start(self) -> None:
        """Queue them, unless an interrupted run with the same arguments has: then this one goes on where it stopped."""
        run, links = self.recorder.run, self.start_links()
        first = await asyncio.to_thread(first_of_interrupted, run.catalogue, run.id, ("yes",))
        if first is not None:
            links = await asyncio.to_thread(not_entered_since, run.catalogue, first, links)
        await run.start(links)

    # --- files that are read piece by piece ---------------------------------------------------
    def make_request(self, leased: LeasedUrl) -> Request:
        request = super().make_request(leased)
        if leased.link.kind is not UrlKind.WARC:
            return request
        meta = {**request.meta, "archive_nothing": True, "download_maxsize": most_bytes(leased.link)}
        return request.replace(callback=self.parse_piece, headers=range_of(leased.link), meta=meta)

    async def parse_piece(self, response: Response, leased: LeasedUrl) -> AsyncIterator[Article]:
        """Keep what a piece has of the chosen publishers; after the last one derive their articles."""
        assert response.request is not None
        with self._answering(response.request, leased):
            headers = flat_headers(response)
            retry = self.retries.after_answer(response.status, headers, leased.attempts, datetime.now(UTC))
            self.frontier.answered(response.request, retry.pause_s)
            async for article in self._stream.take(
                response.status, headers, response.body, leased.link, retry
            ):
                yield article
