"""Days on which a source gave no article, and why: from what its listings and articles came to on that day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from crawler.catalogue.filled_days import filled_days
from crawler.catalogue.last_looks import Cause, cause_of, is_blocked
from crawler.catalogue.runs import CRAWL
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import IN_CORPUS, Fate
from crawler.items import FETCHED_ONCE, UrlKind

DEAD_AFTER = timedelta(days=30)
"""A feed that answers and whose newest entry is older than this is left by its publisher."""


class Silence(StrEnum):
    """Why a day has no article of a source."""

    NOTHING = "nothing published"
    OFF_TOPIC = "all off topic"
    NOT_KEPT = "nothing kept"
    WAITING = "articles wait"
    BLOCKED = "blocked"
    ROBOTS = "robots.txt forbids"
    MOVED = "feed moved"
    DEAD = "feed dead"
    UNREACHABLE = "not reachable"
    NO_RUN = "our run missing"
    NOT_POLLED = "not polled"
    MISSED = "perhaps missed"
    FILLED = "filled in"

    @property
    def is_fault(self) -> bool:
        """Whether the day may have had news that we do not have."""
        return self not in (Silence.NOTHING, Silence.OFF_TOPIC, Silence.NOT_KEPT, Silence.FILLED)

    @property
    def is_to_fill(self) -> bool:
        """Whether a back-fill is to fetch the day.

        Not where articles wait, which the next crawl fetches, nor against the will of a publisher: what robots.txt
        forbids is not taken from archives instead.
        """
        return self.is_fault and self not in (Silence.WAITING, Silence.ROBOTS)


_OF_CAUSE = {
    Cause.BLOCKED: Silence.BLOCKED,
    Cause.ROBOTS: Silence.ROBOTS,
    Cause.MOVED: Silence.MOVED,
    Cause.EMPTY: Silence.DEAD,
    Cause.NO_LISTING: Silence.DEAD,
    Cause.GONE: Silence.DEAD,
    Cause.OTHER: Silence.DEAD,
}
"""Of listings that gave nothing; the other causes are of the network."""

_OURS = (Silence.NO_RUN, Silence.NOT_POLLED)

_JUDGED = frozenset({Fate.OFF_TOPIC, Fate.REVIEW, Fate.DUPLICATE, Fate.SYNDICATED})
"""Fates of articles that could be read, and that the corpus has or does not want."""


@dataclass(frozen=True, slots=True)
class Poll:
    """A visit to a listing."""

    fate: str
    reason: str = ""
    items: int = 0
    new: int = 0
    newest: str = ""
    shared: int | None = None
    """Entries of a feed that the visit before saw too."""
    form: str = ""
    """What it turned out to be."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Articles that ended alike."""

    fate: str
    is_refused: bool
    """The server refused."""
    count: int


@dataclass(slots=True)
class Day:
    """What was done for a source on a day (UTC), and what came of it."""

    polls: list[Poll] = field(default_factory=list)
    ends: list[Ends] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gap:
    """A day of a source without an article, or with some that may have been missed."""

    source: str
    day: str
    """`YYYY-MM-DD`."""
    silence: Silence
    detail: str


def silence_of(day: Day, on: date, has_run: bool) -> tuple[Silence, str] | None:
    """Why a day has no article, with what was seen; None if it has some."""
    if any(each.fate in IN_CORPUS for each in day.ends):
        return _missed(day)
    if not day.polls and not day.ends:
        return (Silence.NOT_POLLED, "") if has_run else (Silence.NO_RUN, "")
    good = [poll for poll in day.polls if cause_of(poll.fate, poll.reason, poll.items) is Cause.OK]
    if not good and day.polls:
        return _failed(day.polls)
    if day.ends:
        return _missed(day) or _ended(day.ends)
    if any(poll.new for poll in good):
        return Silence.WAITING, f"{sum(poll.new for poll in good)} were found and not fetched"
    newest = max(poll.newest for poll in good)
    if newest and date.fromisoformat(newest) < on - DEAD_AFTER:
        return Silence.DEAD, f"the newest entry is of {newest}"
    return Silence.NOTHING, f"{len(good)} visits"


def _missed(day: Day) -> tuple[Silence, str] | None:
    """What came and went between two visits to a feed, unless a sitemap or section page was read that day."""
    if any(poll.items and "feed" not in poll.form for poll in day.polls):
        return None
    lost = [poll for poll in day.polls if poll.shared == 0 and poll.items]
    return (Silence.MISSED, f"{len(lost)} visits shared no entry with the one before") if lost else None


def _failed(polls: Sequence[Poll]) -> tuple[Silence, str]:
    causes = Counter(cause_of(poll.fate, poll.reason, poll.items) for poll in polls)
    # A redirect that was followed says why by its end.
    ends = Counter({cause: count for cause, count in causes.items() if cause is not Cause.MOVED}) or causes
    cause = ends.most_common(1)[0][0]
    reasons = Counter(poll.reason for poll in polls if cause_of(poll.fate, poll.reason, poll.items) is cause)
    silence = Silence.MOVED if Cause.MOVED in causes else _OF_CAUSE.get(cause, Silence.UNREACHABLE)
    return silence, reasons.most_common(1)[0][0] or str(cause)


def _ended(ends: Sequence[Ends]) -> tuple[Silence, str]:
    counts = Counter[str]()
    for each in ends:
        counts[each.fate] += each.count
    detail = ", ".join(f"{count} {fate}" for fate, count in counts.most_common())
    refused = sum(each.count for each in ends if each.is_refused)
    if 2 * refused > counts.total():
        return Silence.BLOCKED, detail
    if 2 * counts[Fate.ROBOTS_DISALLOWED] > counts.total():
        return Silence.ROBOTS, detail
    return (Silence.OFF_TOPIC if counts.keys() <= _JUDGED else Silence.NOT_KEPT), detail


def find_gaps(catalogue: Catalogue, first: date, last: date, only: Collection[str] = ()) -> Iterator[Gap]:
    """The gaps of each source that a crawl has visited, or of some of them, from the day of its first visit on.

    What a back-fill has gone over since is no fault any more.
    """
    with catalogue.read() as connection:
        filled = filled_days(connection)
    for source, day, found in days_of_sources(catalogue, first, last, only):
        if found is not None:
            yield _gap(source, day.isoformat(), found, filled)


def days_of_sources(
    catalogue: Catalogue, first: date, last: date, only: Collection[str] = ()
) -> Iterator[tuple[str, date, tuple[Silence, str] | None]]:
    """By source, each day from its first visit on with what `silence_of` says.

    Of a day that is not over it is not said that nobody has visited the source.
    """
    today = datetime.now(UTC).date()
    with catalogue.read() as connection:
        since = first_days(connection)
        runs = _days_with_runs(connection, first, last)
        days = _days(connection, first, last)
    for source in sorted(set(since) & set(only) if only else since):
        for day in _each_day(max(first, since[source]), last):
            found = silence_of(days.get((source, day.isoformat()), Day()), day, day.isoformat() in runs)
            if not (found is not None and day >= today and found[0] in _OURS):
                yield source, day, found


def _gap(source: str, day: str, found: tuple[Silence, str], filled: Mapping[tuple[str, str], int]) -> Gap:
    if found[0].is_fault and (count := filled.get((source, day))) is not None:
        articles = "1 article" if count == 1 else f"{count or 'no'} articles"
        return Gap(source, day, Silence.FILLED, f"{found[0]}; a back-fill found {articles}")
    return Gap(source, day, *found)


def days_to_fill(gaps: Iterable[Gap]) -> dict[str, set[date]]:
    """By source the days (UTC) that a back-fill is to fetch: of each gap that is to fill its day and the one before.

    On that one the last visit was that heard something, at some hour: what was published later on it may be missing.
    """
    days = defaultdict[str, set[date]](set)
    for gap in gaps:
        if gap.silence.is_to_fill:
            day = date.fromisoformat(gap.day)
            days[gap.source] |= {day - timedelta(days=1), day}
    return days


def _each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _moment() -> ColumnElement[str]:
    return func.substr(func.coalesce(schema.capture.c.captured, schema.run.c.started), 1, 10)


def _is_listing() -> ColumnElement[bool]:
    return schema.url.c.kind.not_in(sorted(FETCHED_ONCE))


def first_days(connection: Connection) -> dict[str, date]:
    """By source the day on which a crawl first visited one of its listings."""
    url, visit, run = schema.url.c, schema.visit, schema.run
    query = (
        select(url.source, func.min(run.c.started))
        .join_from(schema.url, visit, visit.c.url_id == url.id)
        .join(run, run.c.id == visit.c.run_id)
        .where(_is_listing(), run.c.spider == CRAWL, url.source != "")
        .group_by(url.source)
    )
    return {source: date.fromisoformat(started[:10]) for source, started in connection.execute(query)}


def visited_sources(catalogue: Catalogue) -> set[str]:
    """The sources of which a crawl has visited a listing, whether a registry still has them or not."""
    with catalogue.read() as connection:
        return {*first_days(connection)}


def _days_with_runs(connection: Connection, first: date, last: date) -> set[str]:
    """The days on which a crawl was at work."""
    run = schema.run.c
    query = select(run.started, run.ended).where(run.spider == CRAWL, run.started < f"{last}T99")
    return {
        day.isoformat()
        for started, ended in connection.execute(query)
        for day in _each_day(
            max(date.fromisoformat(started[:10]), first),
            min(date.fromisoformat((ended or started)[:10]), last),
        )
    }


def _days(connection: Connection, first: date, last: date) -> dict[tuple[str, str], Day]:
    """By source and day what was done."""
    days: defaultdict[tuple[str, str], Day] = defaultdict(Day)
    url, visit, read = schema.url.c, schema.visit.c, schema.listing_read.c
    day = _moment()
    polls = select(url.source, day, visit.fate, visit.reason, read.links, read.new, read.newest, read.shared)
    polls = _of_crawls(polls.add_columns(read.form), first, last).where(_is_listing())
    for source, on, fate, reason, links, new, newest, shared, form in connection.execute(
        polls.outerjoin(schema.listing_read, read.visit_id == visit.id)
    ):
        poll = Poll(fate, reason or "", links or 0, new or 0, newest or "", shared, form or "")
        days[source, on].polls.append(poll)
    status = func.substr(func.coalesce(visit.reason, ""), 1, len("HTTP 403"))
    ends = _of_crawls(select(url.source, day, visit.fate, status, func.count()), first, last)
    # A look at an article of earlier days is no news.
    is_news = (url.kind == UrlKind.ARTICLE, visit.fate != Fate.UNCHANGED)
    ends = ends.where(*is_news).group_by(url.source, day, visit.fate, status)
    for source, on, fate, said, count in connection.execute(ends):
        days[source, on].ends.append(Ends(fate, is_blocked(said), count))
    return days


def _of_crawls(query: Select[Any], first: date, last: date) -> Select[Any]:
    """The visits of crawls between two days."""
    url, visit, run, capture = schema.url, schema.visit, schema.run, schema.capture
    query = query.join_from(url, visit, visit.c.url_id == url.c.id).join(run, run.c.id == visit.c.run_id)
    # Runs may go on for days; what they visited is told apart by the day of each visit.
    some = (run.c.spider == CRAWL, run.c.started < f"{last + timedelta(days=1)}")
    day = _moment()
    within = (day >= first.isoformat(), day <= last.isoformat())
    return query.outerjoin(capture, capture.c.id == visit.c.capture_id).where(*some, *within)
