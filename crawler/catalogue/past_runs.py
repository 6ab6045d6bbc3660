"""Runs that are over, entered again from what the archive has of them: their rows, and how their URLs ended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from archive.collection.importing import is_import
from archive.replay.captures import ArchivedCapture
from archive.warc.location import RecordLocation
from crawler.catalogue.article_row import erased_values
from crawler.catalogue.capture_rows import insert_capture
from crawler.catalogue.outcomes import commit_archived, commit_outcomes
from crawler.catalogue.runs import BACKFILL, CRAWL, dump_arguments
from crawler.catalogue.stated_decisions import ErasedArticle
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.fates import Fate
from crawler.frontier.url_ends import end_found
from crawler.items import SPIDER, Evidence, Origin, UrlKind
from crawler.outcome import Outcome

REBUILT = "rebuilt"
"""The reason of a run whose true one, like its arguments and its exit code, was lost with the catalogue."""

_Ended = tuple[Outcome, RecordLocation | None]


def note_past_run(
    catalogue: Catalogue,
    spider: str,
    arguments: Mapping[str, str],
    place: str,
    started: str,
    ended: str,
    exit_code: int | None = None,
) -> int:
    """Enter a run that is over; its id."""
    values = {
        "spider": spider,
        "arguments": dump_arguments(arguments),
        "software": "",
        "started": started,
        "ended": ended,
        "reason": REBUILT,
        "exit_code": exit_code,
        "place": place,
        "discovered": 0,
    }
    return catalogue.write(lambda connection: insert_row(connection, schema.run, values))


class _Run(NamedTuple):
    """A run that archived something."""

    place: str
    mark: str
    spider: str


class PastRuns:
    """Commits what exchanges came to, for the runs that archived them."""

    def __init__(self, catalogue: Catalogue, place_of_file: Callable[[str], str]) -> None:
        """`place_of_file` says in which data directory a WARC file lies."""
        self._catalogue, self._place_of_file = catalogue, place_of_file
        self._ids: dict[_Run, int] = {}

    def commit(self, ended: Sequence[_Ended]) -> list[Outcome]:
        """Make outcomes durable, and give those whose files are not for the corpus."""
        lost: list[Outcome] = []
        for run, some in groupby(ended, lambda each: self._run_of(each[0])):
            of_run = list(some)
            moments = [place.captured for _, place in of_run if place is not None]
            commit = commit_outcomes if is_import(run.mark) else commit_archived
            lost += commit(self._catalogue, self._id(run, min(moments)), of_run)
            self._goes_on_until(self._ids[run], max(moments))
        return lost

    def _run_of(self, outcome: Outcome) -> _Run:
        """The run to which an exchange belongs."""
        article = outcome.article
        capture = (article.completed_by if article else None) or outcome.capture
        assert isinstance(capture, ArchivedCapture), "all that is rebuilt is read from records"
        place = self._place_of_file(capture.location.warc)
        return _Run(place, run_mark(capture), spider_of(capture))

    def _id(self, run: _Run, began: datetime) -> int:
        if run not in self._ids:
            moment = utc_text(began)
            self._ids[run] = note_past_run(self._catalogue, run.spider, {}, run.place, moment, moment)
        return self._ids[run]

    def _goes_on_until(self, run_id: int, moment: datetime) -> None:
        run = schema.run
        going_on = update(run).where(run.c.id == run_id, run.c.ended < utc_text(moment))
        self._catalogue.write(lambda connection: connection.execute(going_on.values(ended=utc_text(moment))))


def run_mark(capture: ArchivedCapture) -> str:
    """What tells the runs of a place apart to which archived exchanges belong."""
    return capture.location.warc if is_import(capture.location.warc) else capture.metadata.get("run", "")


def spider_of(capture: ArchivedCapture) -> str:
    """The spider whose run archived an exchange: what others than CRAWL visit is no poll of a source."""
    if is_import(capture.location.warc):
        return "replay"
    # Files of a news crawl were taken as they are, with a note of ours on their pages.
    is_of_news_crawl = capture.metadata.get("origin") == Origin.CC_NEWS
    return BACKFILL if is_of_news_crawl else capture.metadata.get(SPIDER, CRAWL)


def enter_erased(
    catalogue: Catalogue,
    run_id: int,
    place: RecordLocation,
    url: str,
    reason: str,
    erased: ErasedArticle | None,
) -> int:
    """Enter a record of a page that was taken down, and the article without a text that stays of it; its id."""
    outcome = Outcome(
        url=url,
        kind=UrlKind.ARTICLE,
        fate=Fate.RIGHTS_DROPPED,
        evidence=Evidence(source=(erased and erased.source) or "", via=(erased and erased.via) or ""),
    )

    def enter(connection: Connection) -> int:
        url_id = end_found(connection, run_id, outcome)
        capture_id = insert_capture(connection, run_id, url_id, place)
        if erased is not None:
            kept = {name: value for name, value in erased._asdict().items() if name != "record_id"}
            ended = {"fate": str(Fate.RIGHTS_DROPPED), "reason": reason}
            owner = {"url_id": url_id, "run_id": run_id, "capture_id": capture_id}
            insert_row(connection, schema.article, erased_values() | kept | ended | owner)
        return capture_id

    return catalogue.write(enter)


def count_past_runs(catalogue: Catalogue) -> int:
    """How many runs were entered again."""
    query = select(func.count()).where(schema.run.c.reason == REBUILT)
    with catalogue.read() as connection:
        return int(connection.execute(query).scalar_one())
