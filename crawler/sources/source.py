"""A source of news: a publisher, what is known of it, and the URLs from which a crawl begins."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.items import Discovery, Evidence, Link, UrlKind

KINDS = ("agency", "broadcaster", "newspaper", "online", "monitor", "ngo", "official")
OWNERS = ("state", "public", "party", "armed-group", "intergovernmental", "independent")
STARTS = {
    "feeds": UrlKind.FEED,
    "news_sitemaps": UrlKind.SITEMAP,
    "sitemaps": UrlKind.SITEMAP,
    "sections": UrlKind.SECTION,
    "listings": UrlKind.LISTING,
}
"""The lists of URLs of a source, and what each holds; the freshest first."""


@dataclass(frozen=True, slots=True)
class StartUrl:
    """A feed, sitemap or section page, with what is known of it; an empty text is what is not known."""

    url: str
    language: str = ""
    """ISO 639-1 code of the articles that it lists, where a publisher has several."""
    timezone: str = ""
    """IANA name of the zone of its newsroom, where a publisher has several."""
    checked: str = ""
    """`YYYY-MM-DD`: the day on which it listed a fresh article."""
    by: str = ""
    """Who saw that."""


StartUrls = tuple[StartUrl, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher, or one language of a publisher: a `[[source]]` of a registry.

    What is not known of it is empty.
    """

    id: str
    """Lower-case ASCII letters and digits, separated by hyphens; never change one: the catalogue stores it."""
    name: str
    homepage: str
    country: str = ""
    """Seat of the newsroom, ISO 3166-1 alpha-2 (XK is Kosovo)."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the articles that the URLs below list."""
    timezone: str = ""
    """IANA name of the newsroom's zone, whose calendar decides the month of an article."""
    kind: str = ""
    """One of KINDS."""
    owner: str = ""
    """One of OWNERS: a fact about who runs it, no rating."""
    focus: tuple[str, ...] = ()
    """Countries (ISO 3166-1 alpha-2) and regions in conflict that it covers specially."""
    paywalled: bool = False
    """Whether most of its articles are for subscribers."""
    feeds: StartUrls = ()
    news_sitemaps: StartUrls = ()
    sitemaps: StartUrls = ()
    sections: StartUrls = ()
    listings: StartUrls = ()
    """Feeds, sitemaps or section pages, recognised by their content."""
    max_pages: int = 0
    """Most requests to the source in a run; 0 means no limit."""
    max_pages_per_day: int = 0
    """Most requests to the source in a day (UTC), by all runs and workers of a store; 0 means no limit."""
    verify_tls: bool = True
    """If false, the certificates of the hosts above are not verified, and each of their records says so."""
    enabled: bool = True
    notes: str = ""

    @property
    def starts(self) -> list[tuple[StartUrl, UrlKind]]:
        """The URLs from which a crawl of the source begins, the freshest kind first."""
        return [(start, kind) for name, kind in STARTS.items() for start in getattr(self, name)]

    def start_links(self) -> list[Link]:
        """These URLs as the links with which a run begins."""
        return [Link(start.url, kind, self._evidence(start)) for start, kind in self.starts]

    def _evidence(self, start: StartUrl) -> Evidence:
        only = self.languages[0] if len(self.languages) == 1 else ""
        return Evidence(
            source=self.id,
            how=Discovery.START,
            zone=start.timezone or self.timezone,
            language=start.language or only,
        )

    @property
    def unverified_hosts(self) -> set[str]:
        """Hosts whose certificates are not verified."""
        urls = [] if self.verify_tls else [self.homepage, *(start.url for start, _ in self.starts)]
        return {host for url in urls if (host := urlsplit(url).hostname)}
