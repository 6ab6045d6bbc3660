"""How many articles each source gave in each month, beside how often it was listened to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from crawler.catalogue.runs import CRAWL
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.items import FETCHED_ONCE

ALL, PANEL = "ALL", "PANEL"
"""In the place of a source: every source, and those that were watched throughout."""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """Articles of a source, or of a group of them, in one language that were first published in a month."""

    month: str
    """`YYYY-MM`."""
    language: str
    """ISO 639-1, empty if unknown."""
    source: str
    """Id in the registry, ALL or PANEL."""
    panel: int
    """1 if the source was watched throughout the period."""
    articles: int
    polled: int
    due: int
    """Exposure: days of the month on which a crawl visited a listing of the source, of those on which any crawl
    visited anything. Of ALL and PANEL the sums over their sources."""


@dataclass(frozen=True, slots=True)
class Watched:
    """When crawls listened to what."""

    days: Mapping[str, Collection[str]]
    """By source the days (`YYYY-MM-DD`) with a visit to one of its listings."""
    others: Collection[str] = ()
    """Days on which crawls visited sources that are not among these."""

    def polled(self, month: str) -> Counter[str]:
        """By source on how many days of a month."""
        return Counter({source: sum(day[:7] == month for day in days) for source, days in self.days.items()})

    def due(self, month: str) -> int:
        """On how many days of a month a crawl was at work."""
        return len({day for days in (self.others, *self.days.values()) for day in days if day[:7] == month})

    def panel(self, months: Iterable[str]) -> frozenset[str]:
        """The sources that were visited in every month in which a crawl was at work."""
        at_work = [month for month in months if self.due(month)]
        every = (source for source in self.days if all(self.polled(month)[source] for month in at_work))
        return frozenset(every) if at_work else frozenset()


Articles = Mapping[str, Mapping[tuple[str, str], int]]
"""By month how many, by language and source."""


def series(catalogue: Catalogue, first: str, last: str, only: Collection[str] = ()) -> Iterator[SeriesRow]:
    """The rows of each month from `first` to `last` (`YYYY-MM`; empty: of the first and last crawl)."""
    with catalogue.read() as connection:
        every = _days(connection)
        articles = _articles(connection)
    worked = {day for its in every.values() for day in its}
    months = _months(first or min(worked, default="")[:7], last or max(worked, default="")[:7])
    chosen = {source: its for source, its in every.items() if not only or source in only}
    yield from rows_of(articles, Watched(chosen, worked), months)


def rows_of(articles: Articles, watched: Watched, months: Sequence[str]) -> Iterator[SeriesRow]:
    """The rows of these months, of the sources that were watched."""
    panel = watched.panel(months)
    for month in months:
        counts = {key: count for key, count in articles.get(month, {}).items() if key[1] in watched.days}
        yield from _of_month(month, counts, watched, panel)


def _of_month(
    month: str, counts: Mapping[tuple[str, str], int], watched: Watched, panel: Collection[str]
) -> Iterator[SeriesRow]:
    polled, due = watched.polled(month), watched.due(month)
    silent = {("", source): 0 for source in watched.days.keys() - {source for _, source in counts}}
    for (language, source), articles in sorted({**silent, **counts}.items()):
        yield SeriesRow(month, language, source, int(source in panel), articles, polled[source], due)
    for language in sorted({language for language, _ in counts}) or [""]:
        for group, sources in ((ALL, watched.days.keys()), (PANEL, panel)):
            articles = sum(counts.get((language, source), 0) for source in sources)
            exposure = sum(polled[source] for source in sources), due * len(sources)
            yield SeriesRow(month, language, group, int(group == PANEL), articles, *exposure)


def _months(first: str, last: str) -> Sequence[str]:
    if not (first and last):
        return []
    numbers = range(_number(first), _number(last) + 1)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _days(connection: Connection) -> dict[str, set[str]]:
    """By source the days on which a crawl visited one of its listings."""
    url, visit, run, capture = schema.url, schema.visit, schema.run, schema.capture
    day = func.substr(func.coalesce(capture.c.captured, run.c.started), 1, 10)
    query = (
        select(url.c.source, day)
        .distinct()
        .join_from(url, visit, visit.c.url_id == url.c.id)
        .join(run, run.c.id == visit.c.run_id)
        .outerjoin(capture, capture.c.id == visit.c.capture_id)
        .where(url.c.kind.not_in(sorted(FETCHED_ONCE)), run.c.spider == CRAWL, url.c.source != "")
    )
    days = defaultdict[str, set[str]](set)
    for source, on in connection.execute(query):
        days[source].add(on)
    return days


def _articles(connection: Connection) -> dict[str, Counter[tuple[str, str]]]:
    """By month the articles of the corpus, by language and source."""
    article = schema.article.c
    columns = article.month, func.coalesce(article.language, ""), func.coalesce(article.source, "")
    query = select(*columns, func.count()).where(article.file.is_not(None)).group_by(*columns)
    counts = defaultdict[str, Counter[tuple[str, str]]](Counter)
    for month, language, source, count in connection.execute(query):
        counts[month][language, source] = count
    return counts
