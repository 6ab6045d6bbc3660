"""Which publisher an address belongs to, among those whose past is wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlsplit

from crawler.http.urls import VARIANT_HOST, host_name
from crawler.items import Evidence, Link
from crawler.past.period import Period
from crawler.sources.source import Source


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source of the registry, as far as a back-fill needs it."""

    id: str
    homepage: str
    place: str
    """The host of its homepage without `www.`, and the path: `news.example/arabic`."""
    evidence: Evidence
    """What is known of its articles: source, and zone and language where it has just one; the period if it has one of
    its own."""
    languages: tuple[str, ...] = ()
    """ISO 639-1; empty where they are not known."""
    sitemaps: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: Source, period: Period | None = None) -> Self:
        """The publisher that a source is; `period` are its own days, where sources have different ones."""
        language = source.languages[0] if len(source.languages) == 1 else ""
        return cls(
            source.id,
            source.homepage,
            _place(source.homepage),
            Evidence(source.id, zone=source.timezone, language=language, period=str(period or "")),
            source.languages,
            tuple(start.url for start in (*source.sitemaps, *source.news_sitemaps)),
        )

    def named(self, link: Link) -> Link:
        """The link, with this publisher as its source."""
        own = self.evidence
        period = own.period or link.evidence.period
        evidence = replace(
            link.evidence, source=own.source, zone=own.zone, language=own.language, period=period
        )
        return replace(link, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Publishers:
    """The publishers that are chosen, found by address."""

    by_place: Mapping[str, Publisher] = field(default_factory=dict)

    @classmethod
    def of(cls, publishers: Iterable[Publisher]) -> Self:
        """Of several publishers in one place the first counts."""
        by_place: dict[str, Publisher] = {}
        for each in publishers:
            by_place.setdefault(each.place, each)
        return cls(by_place)

    def find(self, url: str) -> Publisher | None:
        """Whose article an address is: by its host or one above it, and the longest path; None if nobody's."""
        host, *folders = _place(url).split("/")
        for domain in _domains(host):
            for depth in range(len(folders), -1, -1):
                if (found := self.by_place.get("/".join((domain, *folders[:depth])))) is not None:
                    return found
        return None


def _place(url: str) -> str:
    host = host_name(url) or ""
    variant = VARIANT_HOST.match(host)
    path = urlsplit(url).path.strip("/") if host else ""
    return f"{host[variant.end() :] if variant else host}/{path}".rstrip("/")


def _domains(host: str) -> Iterable[str]:
    """A host, and those above it down to two labels."""
    labels = host.split(".")
    yield host
    yield from (".".join(labels[first:]) for first in range(1, len(labels) - 1))
