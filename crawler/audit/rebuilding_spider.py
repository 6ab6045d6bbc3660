"""The spider that enters into an empty catalogue what an archive has of earlier runs; `scrapy store rebuild` runs it.

It takes the way of a replay, and stops where somebody decided something: that is done once more between the same
records as then, so that file numbers, fates and duplicates come out as they did.
"""

import asyncio
import json
import logging
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler

from archive.collection.importing import is_import
from archive.collection.notices import Notice, read_notices
from archive.evidence.statements import Statement
from archive.evidence.tombstones import Tombstone
from archive.layout import moment_of
from archive.replay.captures import ArchivedCapture
from archive.warc.digests import Original, payload_key, sha1_digest, url_key
from archive.warc.files import locate
from archive.warc.location import RecordLocation
from archive.warc.new_records import warc_date
from crawler.audit.reviewer import CannotReview, Reviewer
from crawler.catalogue.archive_digests import StoredDigests
from crawler.catalogue.past_runs import PastRuns, enter_erased, note_past_run
from crawler.catalogue.reviews import ReviewDecision, note_decisions
from crawler.catalogue.runs import REBUILDING
from crawler.catalogue.stated_decisions import ErasedArticle, LeftOut, StatedRedaction, decision_of
from crawler.data_dir import DataDir
from crawler.http.url_identity import url_key as page_key
from crawler.items import Article, Link, Origin
from crawler.outcome import Outcome
from crawler.relevance.seeds import read_scorer, read_topic_profile
from crawler.run.corpus import Corpus
from crawler.run.past_decisions import PastDecisions
from crawler.run.workers import WorkerPool
from crawler.spiders.replay import ReplaySpider
from crawler.texts.seed_format import parse_name

logger = logging.getLogger(__name__)


class RebuildingSpider(ReplaySpider):
    """Reads the archive of a data directory; the links that it finds are pending, and fetched by the next crawl."""

    name = REBUILDING
    arguments_help: ClassVar[dict[str, str]] = {
        "path": "the folder of the archive",
        "keys": "file with the public keys that may have signed what was decided, as a JSON list",
        "corpus": "the corpus as it is: its files keep their numbers",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self._notices: deque[tuple[tuple[int, int], Notice]] = deque()
        self._erased: dict[str, ErasedArticle] = {}
        self._reviewed: dict[bytes, ReviewDecision] = {}
        self._order: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if settings.getbool("FRONTIER_FOCUS") and settings["RELEVANCE_MODE"] != "off":
            spider.topic_profile = read_topic_profile(Path(settings["SEEDS_DIR"]), settings["RELEVANCE_MODE"])
        return spider

    def opened(self) -> None:
        super().opened()
        settings, catalogue = self.crawler.settings, self.recorder.catalogue
        scorer = read_scorer(
            Path(settings["SEEDS_DIR"]), settings["RELEVANCE_MODE"], settings["RELEVANCE_EMBEDDER"]
        )
        self._runs, self._digests = PastRuns(catalogue, DataDir.of(settings).place), StoredDigests(catalogue)
        self._originals: dict[bytes, Original] = {}
        self._review_workers = WorkerPool(
            1, settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES")
        )
        self._reviewer = Reviewer(
            catalogue,
            DataDir.of(settings),
            scorer,
            self._review_workers,
            settings["RIGHTS_POLICY"] == "drop",
            pending=self.recorder.pending,
        )

    def closed_down(self) -> None:
        super().closed_down()
        self._review_workers.close()

    def commit(self, ended: Any) -> list[Outcome]:
        """What the committer does with outcomes: they belong to the runs that archived them."""
        return self._runs.commit(ended)

    def _recover(self) -> None:
        """Read what was decided, before the first capture; what was taken down is known to the catalogue already."""
        super()._recover()
        self.paths.sort(key=lambda path: moment_of(path.name))
        self._order = {path.name: number for number, path in enumerate(self.paths)}
        left_out: dict[bytes, LeftOut] = {}
        keys = json.loads(Path(self.arguments["keys"]).read_bytes())
        for notice in read_notices(self.paths, keys, self.recorder.report):
            self._notices.append((self._place(notice.path.name, notice.record.offset), notice))
            if isinstance(notice.says, Statement):
                said = decision_of(notice.says)
                if isinstance(said, StatedRedaction):
                    self._erased |= {each.record_id.strip("<>"): each for each in said.articles}
                    left_out |= {page_key(each.url): each for each in said.left_out}
        self._keep_numbers()
        self.recorder.pending.left_out = left_out
        self.recorder.decisions = PastDecisions(self.recorder.decisions.redacted, self._reviewed)

    def _keep_numbers(self) -> None:
        there = {parse_name(name) for name in Corpus(Path(self.arguments["corpus"])).names()}
        there |= {(each.month, each.number, "") for each in self._erased.values() if each.month is not None}
        self.recorder.pending.keep_numbers(
            (month, number, end) for month, number, end in there if number is not None
        )

    # --- captures -----------------------------------------------------------------------------
    async def _read(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        """What came of an exchange; that of an import was a replay's, which follows no links."""
        if is_import(capture.location.warc):
            return await super()._read(capture, link)
        self._note_original(capture)
        result = await self.look_into(capture, link)
        return replace(result, origin=Origin.LIVE) if isinstance(result, Article) else result

    def _note_original(self, capture: ArchivedCapture) -> None:
        """Let later answers that repeat a payload refer to it."""
        is_whole = capture.record_type == "response" and capture.truncated is None
        if not is_whole or capture.method != "GET" or capture.status != 200:
            return
        place = capture.location
        original = Original(
            capture.url,
            warc_date(place.captured),
            place.record_id,
            place.payload_digest,
            place.warc,
            place.offset,
        )
        self._originals[url_key(capture.url)] = original
        if capture.body:
            self._originals[payload_key(capture.body)] = original

    # --- what was decided between them --------------------------------------------------------
    def stops_before(self, capture: ArchivedCapture) -> bool:
        return bool(self._notices) and self._notices[0][0] < self._place_of(capture)

    async def come_to(self, capture: ArchivedCapture | None) -> None:
        while not (self.recorder.is_idle or self.recorder.has_failed):
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self._enter_originals)
        while self._notices and (capture is None or self.stops_before(capture)):
            await asyncio.to_thread(self._do_again, self._notices.popleft()[1])

    def _enter_originals(self) -> None:
        if self._originals:
            self._digests.add(self._originals)
            self._originals = {}

    def _do_again(self, notice: Notice) -> None:
        if isinstance(notice.says, Tombstone):
            self._enter_erased(notice, notice.says)
            return
        decision = decision_of(notice.says)
        if isinstance(decision, ReviewDecision):
            self._review(decision)
        elif decision is None:
            self.recorder.report(
                f"{notice.path.name}: the statement at byte {notice.record.offset} ({notice.says.kind}) says what "
                "this Frontwire does not know: use the newer one that wrote it."
            )

    def _enter_erased(self, notice: Notice, tombstone: Tombstone) -> None:
        if tombstone.removed_type not in ("response", "revisit", "resource"):
            return
        record = notice.record
        place = RecordLocation(
            warc=notice.path.name,
            offset=record.offset,
            length=record.length,
            record_id=record.id,
            payload_digest=record.get("warc-payload-digest") or sha1_digest(record.block),
            captured=_moment(tombstone.removed_date),
        )
        erased = self._erased.get(tombstone.redaction.records[0].strip("<>"))
        enter_erased(self.recorder.catalogue, self.recorder.run_id, place, tombstone, erased)

    def _review(self, decision: ReviewDecision) -> None:
        arguments = {"by": decision.who, str(decision.choice): decision.url}
        catalogue = self.recorder.catalogue
        place = DataDir.of(self.crawler.settings).place
        run_id = note_past_run(catalogue, "review", arguments, place, decision.decided, decision.decided)
        try:
            self._reviewer.carry_out(run_id, decision)
        except CannotReview as error:
            logger.warning("%s It is noted that %s %sed it.", error, decision.who, decision.choice)
            catalogue.write(lambda connection: note_decisions(connection, [decision]))
        self._reviewed[page_key(decision.url)] = decision

    def _place_of(self, capture: ArchivedCapture) -> tuple[int, int]:
        return self._place(locate(Path(capture.location.warc)).path.name, capture.location.offset)

    def _place(self, name: str, offset: int) -> tuple[int, int]:
        return self._order.get(name, -1), offset


def _moment(date: str) -> datetime:
    """The time that a WARC-Date gives; of one that gives none, the beginning of all times."""
    try:
        return datetime.fromisoformat(date).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
