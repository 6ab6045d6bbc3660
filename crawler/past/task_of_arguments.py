"""Reads the arguments of a back-fill, and makes its task."""

from collections.abc import Iterable, Mapping
from datetime import date

from scrapy.settings import BaseSettings

from crawler.errors import OperatorError
from crawler.http.urls import host_name
from crawler.past.period import WEEK, Period
from crawler.past.publishers import Publisher
from crawler.past.way import Task, Way
from crawler.past.ways import USUAL, WAYS
from crawler.sources.source import Source


def period_of(arguments: Mapping[str, str], today: date) -> Period:
    """The days that `since` and `until` name, of gaps the last week without them; OperatorError if they name none."""
    if arguments.get("gaps") == "1":
        until = arguments.get("until") or str(today)
        last = Period.between(str(date.min), until, today).last
        since = arguments.get("since") or str(max(last, date.min + WEEK) - WEEK)
        return Period.between(since, until, today)
    for name in ("since", "until"):
        if not arguments.get(name):
            raise OperatorError(
                f"Say from when to when: scrapy crawl backfill -a since=2021-01 -a until=2021-02 ({name}= is missing)."
            )
    return Period.between(arguments["since"], arguments["until"], today)


def ways_of(arguments: Mapping[str, str]) -> list[Way]:
    """The ways that `via` names, in its order; OperatorError if one is unknown."""
    names = [name.strip() for name in arguments.get("via", ",".join(USUAL)).split(",") if name.strip()]
    for name in names:
        if name not in WAYS:
            raise OperatorError(f"via={name!r} is no way to the past: it is one of {', '.join(WAYS)}.")
    if not names:
        raise OperatorError(f"via= names no way to the past: give some of {', '.join(WAYS)}.")
    return [WAYS[name] for name in dict.fromkeys(names)]


def make_task(
    period: Period, sources: Iterable[Source], settings: BaseSettings, days: Mapping[str, Period]
) -> Task:
    """What a back-fill has to do for these sources; `days` are those of sources that have days of their own."""
    return Task(
        Period.of_days({day for its in days.values() for day in its}) if days else period,
        tuple(Publisher.of(source, days.get(source.id)) for source in sources),
        _bases(settings),
        settings.getint("BACKFILL_PAGES_PER_DAY"),
        settings.getint("BACKFILL_PIECE_BYTES"),
    )


def _bases(settings: BaseSettings) -> dict[str, str]:
    """The addresses of the services, by way; OperatorError if one is none."""
    bases = {}
    for name in WAYS:
        setting = f"BACKFILL_{name.upper()}_URL"
        if setting not in settings:
            continue
        url = settings[setting].strip()
        if host_name(url) is None:
            raise OperatorError(
                f"{setting} is {url!r}: give an address that begins with http:// or https://."
            )
        bases[name] = url.rstrip("/")
    return bases
