"""The Scrapy extension that watches a run: for a person at a terminal, for the log, for collectors of metrics."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.task import LoopingCall

from crawler.catalogue.run_sizes import Queues, known_urls, queues_of
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.run.recorder import Recorder, recorder_of
from crawler.run.shutdown import reactor_stopped
from crawler.watching.drawing import RunView
from crawler.watching.figures import RunFigures
from crawler.watching.live import LiveView, is_wanted
from crawler.watching.metrics import Metrics, are_wanted
from crawler.watching.plain_line import plain_line
from crawler.watching.progress import Progress

logger = logging.getLogger(__name__)

DRAW_S = 1.0
LINE_S = 60.0
LOOK_S = 3.0
"""How often the catalogue is asked how much there is to do."""

SHARE = 0.005
"""How much of the time such questions may take: the larger a catalogue, the less often they are asked."""


class Watcher:
    """Keeps the figures of a run, and shows them."""

    def __init__(self, crawler: Crawler) -> None:
        self.figures = RunFigures()
        self.progress = Progress(0.0, 0, 0, 0.0)
        self._crawler = crawler
        self._view = RunView(crawler.spidercls.name or "")
        self._view.figures = self.figures
        self._live: LiveView | None = None
        self._sizes = Sizes()
        self._metrics: Metrics | None = None
        if are_wanted(crawler.settings):
            self._metrics = Metrics(
                crawler.spidercls.name or "", lambda: (self._progress(monotonic()), self.figures)
            )
        self._clock = LoopingCall(self._tick)
        self._began = self._told = monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        watcher = cls(crawler)
        crawler.signals.connect(watcher.spider_opened, signals.spider_opened)
        crawler.signals.connect(watcher.spider_closed, signals.spider_closed)
        crawler.signals.connect(watcher.stop, reactor_stopped)
        return watcher

    def spider_opened(self, spider: Spider) -> None:
        recorder = recorder_of(self._crawler)
        if recorder.has_failed:
            return
        recorder.listen(self.figures.note)
        self._sizes.begin(recorder)
        self._began = self._told = monotonic()
        if is_wanted(self._crawler.settings):
            self._live = LiveView(self._view)
            self._live.start()
        else:
            logger.info(
                "Run %s (%s) begins in %s.", recorder.run_id, spider.name, self._crawler.settings["DATA_DIR"]
            )
        self._serve_metrics()
        self._clock.start(DRAW_S)

    async def spider_closed(self) -> None:
        self.stop()
        await self._sizes.end()

    def tell_end(self, exit_code: int) -> None:
        """Write the metrics of the run that has ended, where they are wanted."""
        if self._metrics is not None:
            self._metrics.close()
            if file := self._crawler.settings["METRICS_FILE"]:
                self._metrics.write(Path(file), exit_code)

    def _serve_metrics(self) -> None:
        port = self._crawler.settings.getint("METRICS_PORT")
        if self._metrics is None or not port:
            return
        try:
            self._metrics.serve(port)
        except OperatorError as error:  # no reason to lose news
            logger.error("%s The run goes on without.", error)

    def stop(self) -> None:
        """Show nothing more."""
        if self._clock.running:
            self._clock.stop()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _tick(self) -> None:
        now = monotonic()
        self.figures.sample(now)
        self._sizes.look(now)
        self.progress = self._view.progress = self._progress(now)
        if self._live is not None:
            self._live.draw()
        elif now - self._told >= LINE_S:
            self._told = now
            logger.info("%s", plain_line(self.progress, self.figures))

    def _progress(self, now: float) -> Progress:
        return Progress(
            elapsed_s=now - self._began,
            known=self._sizes.known,
            ended=self.figures.ended,
            per_minute=self.figures.per_minute,
            queues=self._sizes.queues,
            delay_s=self._crawler.settings.getfloat("DOWNLOAD_DELAY"),
            share_read=getattr(self._crawler.spider, "share_read", None),
            is_stopping=not self._crawler.crawling,
        )


class Sizes:
    """What the catalogue says of a run, asked now and then in a thread."""

    def __init__(self) -> None:
        self.known = 0
        self.queues = Queues(0, 0)
        self._catalogue: Catalogue | None = None
        self._run_id = 0
        self._due = self._queues_due = 0.0
        self._looking: asyncio.Future[None] | None = None

    def begin(self, recorder: Recorder) -> None:
        """Ask about this run from now on."""
        self._run_id = recorder.run_id
        self._catalogue = recorder.catalogue.share()

    def look(self, now: float) -> None:
        """Ask, if it is time."""
        if self._catalogue is not None and self._looking is None and now >= self._due:
            self._looking = asyncio.ensure_future(self._ask(self._catalogue))

    async def end(self) -> None:
        """Ask once more, and then nothing."""
        catalogue, self._catalogue = self._catalogue, None
        if self._looking is not None:
            await self._looking
        if catalogue is not None:
            self._queues_due = 0.0
            await self._ask(catalogue)
            catalogue.close()

    async def _ask(self, catalogue: Catalogue) -> None:
        with suppress(SQLAlchemyError, OSError):  # whoever writes there says so
            self.known = await asyncio.to_thread(known_urls, catalogue, self._run_id)
            if (began := monotonic()) >= self._queues_due:
                self.queues = await asyncio.to_thread(queues_of, catalogue, self._run_id)
                self._queues_due = monotonic() + (monotonic() - began) / SHARE
        self._due = monotonic() + LOOK_S
        self._looking = None
