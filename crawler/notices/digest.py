"""What is told: a run that had a problem, and the new articles of each saved search."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.catalogue.article_filter import UNKNOWN
from crawler.catalogue.article_row import ArticleRow
from crawler.exit_codes import BUSY, OK
from crawler.notices.saved_searches import SavedSearch, Watched
from crawler.terminal import printable

EVERY = timedelta(days=1)
"""No more than one digest in this time, and no more than one notice of the same problem."""

MOST = 20
"""Articles of a search that are listed."""

Found = Mapping[SavedSearch, Sequence[ArticleRow]]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message."""

    title: str
    body: str


def untold(search: SavedSearch, rows: Iterable[ArticleRow]) -> list[ArticleRow]:
    """Of the articles that have its words those that it has not told, in its languages."""
    return [
        row
        for row in rows
        if row.id > search.after and (not search.languages or (row.language or UNKNOWN) in search.languages)
    ]


def is_problem_due(watched: Watched, exit_code: int, now: datetime) -> bool:
    """Whether a run that ended so is to be told about: another one held the data, or the same was told today."""
    if exit_code in (OK, BUSY):
        return False
    return exit_code != watched.problem or _is_past(watched.problem_told, now)


def is_digest_due(watched: Watched, now: datetime) -> bool:
    """Whether a day has passed since the last one."""
    return _is_past(watched.told, now)


def notice_of(problem: str, found: Found) -> Notice | None:
    """The message; None if there is nothing to say."""
    count = sum(map(len, found.values()))
    parts = [printable(problem), *(_section(search, rows) for search, rows in found.items())]
    if not (said := [part for part in parts if part]):
        return None
    news = f"{count} new article{'' if count == 1 else 's'}" if count else ""
    title = " and ".join(part for part in ("a run had a problem" if problem else "", news) if part)
    return Notice(f"Frontwire: {title}", "\n\n".join(said))


def after_notice(
    watched: Watched, problem: int | None, is_digest: bool, last_row: int, now: datetime
) -> Watched:
    """What is to be remembered when a notice is sent."""
    if problem is not None:
        watched = replace(watched, problem=problem, problem_told=now.isoformat())
    if is_digest:
        watched = replace(watched, told=now.isoformat(), searches=looked_at(watched.searches, last_row))
    return watched


def looked_at(searches: Sequence[SavedSearch], last_row: int) -> tuple[SavedSearch, ...]:
    """The searches, for each of which the rows up to this one are told."""
    return tuple(replace(search, after=last_row) for search in searches)


def _section(search: SavedSearch, rows: Sequence[ArticleRow]) -> str:
    lines = [f"{search.title}: {len(rows)} new"]
    lines += [
        f"- {row.title or 'without a title'} ({row.source or 'unknown'}) {row.url}" for row in rows[:MOST]
    ]
    if len(rows) > MOST:
        lines.append(f"and {len(rows) - MOST} more")
    return "\n".join(printable(" ".join(line.split())) for line in lines)


def _is_past(told: str, now: datetime) -> bool:
    return not told or now - datetime.fromisoformat(told) >= EVERY
