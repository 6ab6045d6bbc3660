"""The entry of a registry that follows from what a site was found to have."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.errors import OperatorError
from crawler.scouting.find_spider import Found
from crawler.sources.country_facts import country_of_host, zone_of
from crawler.sources.entries import read_source
from crawler.sources.source import Source, StartUrl
from crawler.sources.start_urls import source_of

_LISTS = ("languages", "focus")


def propose(found: Sequence[Found], given: Mapping[str, str]) -> Source:
    """The source that a site's listings make, with what the operator gave; RegistryError for a wrong value."""
    start = next((each for each in found if each.is_start), found[0])
    taken = _taken(found)
    base = source_of(_front_page(start.url))
    spoken = dict.fromkeys(filter(None, (each.hints.language for each in taken))) or [start.hints.language]
    source = replace(
        base,
        name=start.hints.name or base.name,
        country=country_of_host(urlsplit(base.homepage).hostname or ""),
        languages=tuple(filter(None, spoken)),
        listings=(),
        feeds=_starts(taken, "feeds"),
        news_sitemaps=_starts(taken, "news_sitemaps"),
        sitemaps=_starts(taken, "sitemaps"),
        sections=_starts(taken, "sections"),
    )
    return with_values(source, given)


def with_values(source: Source, given: Mapping[str, str]) -> Source:
    """The source with values by key as people type them, and the zone of its country where that has just one."""
    if unknown := sorted(given.keys() - {field.name for field in fields(Source)}):
        raise OperatorError(f"A source has no {unknown[0]!r}: docs/sources.md lists what it has.")
    typed: dict[str, object] = {
        key: [part.strip() for part in value.split(",")] if key in _LISTS else value
        for key, value in given.items()
    }
    needed = {"id": source.id, "name": source.name, "homepage": source.homepage, "feeds": [source.homepage]}
    checked = read_source(needed | typed, "What you gave")
    source = replace(source, **{key: getattr(checked, key) for key in typed})
    return source if source.timezone else replace(source, timezone=zone_of(source.country))


def _front_page(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _taken(found: Sequence[Found]) -> list[Found]:
    """Feeds and news sitemaps; where there are none, what was asked for. Other sitemaps list years of the past."""
    listing = [each for each in found if each.items]
    fresh = [each for each in listing if each.key in ("feeds", "news_sitemaps")]
    return fresh or [each for each in listing if each.is_start] or listing


def _starts(taken: Sequence[Found], key: str) -> tuple[StartUrl, ...]:
    return tuple(_start(each) for each in taken if each.key == key)


def _start(found: Found) -> StartUrl:
    """The address, with the evidence of life that was just seen."""
    today = datetime.now(UTC).date()
    if found.newest < (today - timedelta(days=1)).isoformat():
        return StartUrl(found.url)
    return StartUrl(found.url, checked=today.isoformat(), by="scrapy sources add")
