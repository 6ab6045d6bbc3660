"""The spider that enters into an empty catalogue what an archive has of earlier runs; `scrapy store rebuild` runs it.

It takes the way of a replay, and stops where somebody decided something: that is done once more between the same
records as then, so that file numbers, fates and duplicates come out as they did.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler

from archive.collection.importing import is_import
from archive.collection.notices import Notice, read_notices
from archive.evidence.statements import Statement
from archive.evidence.tombstones import Tombstone
from archive.replay.accounts import RecordAccount
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.warc.digests import Original, payload_key, sha1_digest, url_key
from archive.warc.files import locate
from archive.warc.location import RecordLocation
from archive.warc.new_records import warc_date
from crawler.audit.rebuilding_order import put_behind
from crawler.audit.rebuilding_sources import Source, in_order, load_sources, moment_in, moment_of_capture
from crawler.audit.reviewer import Reviewer
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.archive_digests import StoredDigests
from crawler.catalogue.past_runs import PastRuns, enter_erased, note_past_run, spider_of
from crawler.catalogue.redactions import COMMAND, arguments_of
from crawler.catalogue.reviews import ReviewDecision
from crawler.catalogue.runs import LOOKING, REBUILDING
from crawler.catalogue.samples import Judgement, Sample, enter_judgements, enter_sample
from crawler.catalogue.stated_decisions import (
    ErasedArticle,
    LeftOut,
    Ruling,
    StatedRedaction,
    decision_of,
    note_rulings,
)
from crawler.catalogue.stated_months import StatedMonth
from crawler.data_dir import DataDir
from crawler.exit_codes import OK
from crawler.http.url_identity import url_key as page_key
from crawler.items import Article, Link, Origin
from crawler.outcome import Outcome
from crawler.reading.archived_links import link_of
from crawler.reading.executors import look_into
from crawler.relevance.seeds import profile_in_force, scorer_in_force
from crawler.run.corpus import Corpus
from crawler.run.past_decisions import PastDecisions
from crawler.run.workers import WorkerPool
from crawler.scouting.check_spider import looked_at
from crawler.spiders.replay import ReplaySpider
from crawler.spiders.replay_accounts import ReplayAccounts
from crawler.texts.seed_format import parse_name

logger = logging.getLogger(__name__)


class RebuildingSpider(ReplaySpider):
    """Reads the archives of data directories; the links that it finds are pending, and fetched by the next crawl."""

    name = REBUILDING
    follows = True
    arguments_help: ClassVar[dict[str, str]] = {
        "path": "the folder of the first archive",
        "sources": "file with the data directories, as `rebuilding_sources.dump_sources` writes them",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self._sources, self._behind = load_sources(Path(arguments["sources"]).read_bytes())
        self._source_of: dict[str, Source] = {}
        """By the name of a WARC file."""
        self._notices: dict[str, deque[Notice]] = {}
        """By place."""
        self._erased: dict[str, ErasedArticle] = {}
        self._done: defaultdict[tuple[str, str, str, str], list[int]] = defaultdict(list)
        """The records that takedowns removed, by place, page, date and reason."""
        self._takedowns: dict[bytes, StatedRedaction] = {}
        self._reviewed: dict[bytes, ReviewDecision] = {}
        self._months: dict[bytes, StatedMonth] = {}
        self._order: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if settings.getbool("FRONTIER_FOCUS") and settings["RELEVANCE_MODE"] != "off":
            spider.topic_profile = profile_in_force(settings, asks_encoder=False)
        return spider

    def opened(self) -> None:
        super().opened()
        settings, catalogue = self.crawler.settings, self.recorder.catalogue
        scorer = scorer_in_force(settings)
        self._runs = PastRuns(catalogue, lambda warc: self._source(warc).place)
        self._digests = StoredDigests(catalogue)
        self._originals: dict[bytes, Original] = {}
        self._review_workers = WorkerPool(
            1, settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES")
        )
        self._reviewers = {
            source.place: Reviewer(
                catalogue,
                DataDir(DataDir.of(settings).path, Path(source.collection)),
                scorer,
                self._review_workers,
                settings["RIGHTS_POLICY"] == "drop",
                pending=self.recorder.pending,
            )
            for source in self._sources
        }

    def closed_down(self) -> None:
        super().closed_down()
        self._review_workers.close()

    def place_of(self, page: Article) -> str:
        capture = page.capture
        assert isinstance(capture, ArchivedCapture), "all that is rebuilt is read from records"
        return self._source(capture.location.warc).place

    def commit(self, ended: Any) -> list[Outcome]:
        """What the committer does with outcomes: they belong to the runs that archived them."""
        return self._runs.commit(ended)

    def _recover(self) -> None:
        """Read what was decided, before the first capture; what was taken down is known to the catalogue already."""
        super()._recover()
        left_out: dict[bytes, LeftOut] = {}
        for source in self._sources:
            self._source_of |= {path.name: source for path in source.paths}
            self._order |= {path.name: number for number, path in enumerate(source.paths)}
            notices = read_notices(source.paths, source.keys, self.recorder.report)
            self._notices[source.place] = deque(notices)
        for notice in (each for some in self._notices.values() for each in some):
            if isinstance(notice.says, Statement):
                said = decision_of(notice.says)
                if isinstance(said, StatedRedaction):
                    self._takedowns[page_key(said.url)] = said
                    self._erased |= {each.record_id.strip("<>"): each for each in said.articles}
                    left_out |= {page_key(each.url): each for each in said.left_out}
        self._keep_numbers()
        self.recorder.pending.left_out = left_out
        self.recorder.decisions = PastDecisions(
            self.recorder.decisions.redacted, self._reviewed, self._months
        )

    def _keep_numbers(self) -> None:
        corpora = [Corpus(Path(source.corpus)) for source in self._sources]
        there = {parse_name(name) for corpus in corpora for name in corpus.names()}
        there |= {(each.month, each.number, "") for each in self._erased.values() if each.month is not None}
        self.recorder.pending.keep_numbers(
            (month, number, end) for month, number, end in there if number is not None
        )

    # --- captures -----------------------------------------------------------------------------
    def _captures(self) -> Iterator[tuple[ArchivedCapture, RecordAccount]]:
        self._recover()
        accounts, ended = ReplayAccounts(self.crawler, self.recorder), list[tuple[Path, RecordAccount]]()
        everything = [path for source in self._sources for path in source.paths]
        with ExitStack() as stack:
            streams = [
                self.captures_of(
                    source.paths,
                    # What a record repeats may lie in another worker's archive.
                    stack.enter_context(CaptureReader(everything, self.recorder.report, source.archive)),
                    lambda path, account: ended.append((path, account)),
                    source.archive,
                )
                for source in self._sources
            ]
            for serial, (capture, account) in enumerate(put_behind(in_order(streams), self._behind)):
                yield replace(capture, serial=serial), account
        for path, account in ended:  # not before: what was put behind others is counted by now
            accounts.close(path, account)
        accounts.sum_up()

    def _is_left(self, capture: ArchivedCapture) -> bool:
        """Whether a record is of a page that was taken down, but not here."""
        link = link_of(capture)
        return link is not None and self.recorder.decisions.is_redacted(link)

    def _enter_left(self, capture: ArchivedCapture) -> None:
        """Enter such a record: `scrapy verify` names it."""
        place, stated = capture.location, self._takedowns.get(page_key(capture.url))
        erased = self._erased.get(place.record_id.strip("<>"))
        run_id = self._source(place.warc).run
        enter_erased(
            self.recorder.catalogue, run_id, place, capture.url, stated.reason if stated else "", erased
        )

    async def replay(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        """What came of an exchange; that of an import was a replay's, which follows no links."""
        if is_import(capture.location.warc):
            return await super().replay(capture, link)
        self._note_original(capture)
        result = await look_into(self, capture, link)
        if spider_of(capture) in LOOKING and isinstance(result, Outcome) and result.listing is not None:
            return looked_at(result)
        origin = Origin(link.evidence.origin or Origin.LIVE)
        return replace(result, origin=origin) if isinstance(result, Article) else result

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
        is_due = self._next_notice(capture) is not None or self._is_left(capture)
        return is_due or super().stops_before(capture)

    @property
    def ended_in(self) -> int | None:
        return None  # its ends belong to the runs that archived them

    async def come_to(self, capture: ArchivedCapture | None) -> None:
        await super().come_to(capture)
        await asyncio.to_thread(self._enter_originals)
        while (place := self._next_notice(capture)) is not None:
            await asyncio.to_thread(self._do_again, self._notices[place].popleft())
        if capture is None:
            await asyncio.to_thread(self._note_takedowns)
        elif self._is_left(capture):
            await asyncio.to_thread(self._enter_left, capture)

    def _next_notice(self, capture: ArchivedCapture | None) -> str | None:
        """The place whose next notice comes before a capture, and before those of the other places."""
        heads = {place: some[0] for place, some in self._notices.items() if some}
        due = [
            place for place, notice in heads.items() if capture is None or self._is_before(notice, capture)
        ]
        return min(due, key=lambda place: _moment_of(heads[place]), default=None)

    def _is_before(self, notice: Notice, capture: ArchivedCapture) -> bool:
        """In one archive the order of its records counts, else when each was written."""
        warc = _name(capture)
        if self._source(warc) is self._source(notice.path.name):
            return self._place(notice.path.name, notice.record.offset) < self._place(
                warc, capture.location.offset
            )
        return _moment_of(notice) < moment_of_capture(capture)

    def _enter_originals(self) -> None:
        if self._originals:
            self._digests.add(self._originals)
            self._originals = {}

    def _do_again(self, notice: Notice) -> None:
        if isinstance(notice.says, Tombstone):
            self._enter_erased(notice, notice.says)
            return
        decision = decision_of(notice.says)
        if isinstance(decision, Ruling):
            self._rule(decision, self._source(notice.path.name).place)
        elif isinstance(decision, Sample):
            self.recorder.catalogue.write(lambda connection: enter_sample(connection, decision))
        elif isinstance(decision, Judgement):
            self.recorder.catalogue.write(lambda connection: enter_judgements(connection, [decision]))
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
        source, redaction = self._source(notice.path.name), tombstone.redaction
        entered = enter_erased(
            self.recorder.catalogue, source.run, place, tombstone.removed_url, redaction.reason, erased
        )
        self._done[source.place, redaction.url, redaction.date, redaction.reason].append(entered)

    def _note_takedowns(self) -> None:
        """Enter the runs that removed records, which know with what they are done."""
        for (place, url, date, reason), captures in self._done.items():
            arguments = arguments_of(url, reason, captures)
            note_past_run(self.recorder.catalogue, COMMAND, arguments, place, date, date, OK)

    def _rule(self, ruling: Ruling, place: str) -> None:
        if self.recorder.decisions.is_taken_down(ruling.url):
            ruling = ruling._replace(note="")  # as the takedown left it
        command, arguments, moment, said = _account_of(ruling)
        catalogue = self.recorder.catalogue
        run_id = note_past_run(catalogue, command, arguments, place, moment, moment)
        try:
            self._reviewers[place].carry_out(run_id, ruling)
        except CannotDerive as error:
            logger.warning("%s It is noted that %s %s.", error, ruling.who, said)
            catalogue.write(lambda connection: note_rulings(connection, [ruling]))
        if isinstance(ruling, StatedMonth):
            self._months[page_key(ruling.url)] = ruling
        else:
            self._reviewed[page_key(ruling.url)] = ruling

    def _source(self, warc: str) -> Source:
        return self._source_of[locate(Path(warc)).path.name]

    def _place(self, name: str, offset: int) -> tuple[int, int]:
        return self._order.get(name, -1), offset


def _account_of(ruling: Ruling) -> tuple[str, dict[str, str], str, str]:
    """The run in which a ruling was given: its command, its arguments and when it was; and what was said, in words."""
    if isinstance(ruling, StatedMonth):
        return "date", {"by": ruling.who, ruling.month: ruling.url}, ruling.dated, f"dated it {ruling.month}"
    arguments = {"by": ruling.who, str(ruling.choice): ruling.url}
    return "review", arguments, ruling.decided, f"{ruling.choice}ed it"


def _name(capture: ArchivedCapture) -> str:
    return locate(Path(capture.location.warc)).path.name


def _moment_of(notice: Notice) -> str:
    """When a notice was made, to sort by; a tombstone stands where the record was."""
    says = notice.says
    date = says.removed_date if isinstance(says, Tombstone) else notice.record.get("warc-date")
    return moment_in(notice.path.name, _moment(date))


def _moment(date: str) -> datetime:
    """The time that a WARC-Date gives; of one that gives none, the beginning of all times."""
    try:
        return datetime.fromisoformat(date).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
