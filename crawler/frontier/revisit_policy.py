"""When a URL that has ended is fetched again: failures heal, listings bring news, articles change."""

from dataclasses import dataclass, replace

from crawler.fates import IN_CORPUS, PASSING, Fate
from crawler.items import OF_THE_PAST, REQUISITES, UrlKind

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0

FAILURES_S = (0.0, HOUR_S, 6 * HOUR_S, DAY_S, 3 * DAY_S)
"""How long a URL is left alone after each failure in a row; then it is given up. The next run may try at once."""

VISITS_S = (6 * HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S, 21 * DAY_S)
"""After how long an article is looked at again: corrections come within hours, deletions within weeks."""

ASTRAY = frozenset({Fate.REDIRECTED, Fate.TRAP, Fate.BAD_URL})
"""Fates of articles that led elsewhere, perhaps for a while only: for consent, to a login, to the front page."""

ASTRAY_S = (DAY_S, 3 * DAY_S, 7 * DAY_S, 21 * DAY_S)
"""After how long these are tried again, unless they led to an article."""

STYLE_S = 7 * DAY_S
"""After how long a style sheet is fetched again if a page names it then: sites change their looks under one address."""

FIRST_INTERVAL_S = HOUR_S
LEAST_INTERVAL_S, MOST_INTERVAL_S = 5 * MINUTE_S, 7 * DAY_S
"""Between two looks at a feed, sitemap or section page."""

LATEST_S = 30 * DAY_S
"""Nothing lies further ahead, and what was missed for so long is not made up for: a clock was wrong."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a URL's visits."""

    failures: int = 0
    """In a row, for a passing cause or because the URL led elsewhere."""
    visits: int = 0
    """Of an article, since it entered the corpus."""
    interval_s: float = 0.0
    """Of a listing, until it is looked at again."""


def next_visit(
    kind: UrlKind, fate: Fate, standing: Standing, has_news: bool
) -> tuple[Standing, float | None]:
    """The standing after a visit that ended so, and in how many seconds the next one is due; None: never."""
    if fate in PASSING:
        standing = replace(standing, failures=standing.failures + 1)
        return standing, _at(FAILURES_S, standing.failures - 1)
    if fate in ASTRAY and kind is UrlKind.ARTICLE:
        standing = replace(standing, failures=standing.failures + 1)
        return standing, _at(ASTRAY_S, standing.failures - 1)
    standing = replace(standing, failures=0)
    if kind in REQUISITES:
        return standing, STYLE_S if kind is UrlKind.STYLE else None
    if kind in OF_THE_PAST:  # a back-fill that wants it again queues it
        return standing, None
    if kind is not UrlKind.ARTICLE:
        interval_s = _next_interval_s(standing.interval_s, has_news)
        return replace(standing, interval_s=interval_s), interval_s
    if fate in IN_CORPUS or fate in (Fate.UNCHANGED, Fate.PART):
        return replace(standing, visits=standing.visits + 1), _at(VISITS_S, standing.visits)
    return standing, None


def may_heal(fate: str | None, failures: int) -> bool:
    """Whether a URL that ended so is fetched again when it is named again."""
    # What rules forbid costs no request, and rules change.
    return fate == Fate.ROBOTS_DISALLOWED or (fate in PASSING and failures <= len(FAILURES_S))


def _next_interval_s(interval_s: float, has_news: bool) -> float:
    if not interval_s:
        return FIRST_INTERVAL_S
    return min(max(interval_s * (0.5 if has_news else 1.5), LEAST_INTERVAL_S), MOST_INTERVAL_S)


def _at(times_s: tuple[float, ...], index: int) -> float | None:
    return times_s[index] if index < len(times_s) else None
