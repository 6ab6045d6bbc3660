"""The way `sitemap`: the sitemaps of a publisher that can hold the period; its articles are fetched from its site.

Which those are `Period.may_hold` says, for every listing of a back-fill. Sitemaps are found where the registry and
robots.txt name them (sitemaps.org, "Submitting your Sitemap"), else at the usual place.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

from crawler.http.urls import host_name
from crawler.items import Link, UrlKind
from crawler.past.publishers import Publisher
from crawler.past.way import PAGE_BYTES, Cost, Task, Way

SITEMAP_BYTES = 300_000
"""A sitemap of some thousand addresses as it is sent, compressed: estimated."""


def links(task: Task) -> Iterator[Link]:
    """The sitemaps of each publisher."""
    for publisher in task.publishers:
        for url in _starts(publisher):
            yield Link(url, UrlKind.SITEMAP, task.start_of(publisher))


def costs(task: Task) -> Iterator[Cost]:
    """A sitemap a month beside those it begins with, and the articles."""
    for publisher in task.publishers:
        sitemaps = len(_starts(publisher)) + len(task.period_of(publisher).months)
        pages = task.pages_of(publisher)
        size = sitemaps * SITEMAP_BYTES + pages * PAGE_BYTES
        host = host_name(publisher.homepage) or ""
        yield Cost("sitemap", publisher.id, host, sitemaps + pages, size)


def _starts(publisher: Publisher) -> list[str]:
    usual = () if publisher.sitemaps else (urljoin(publisher.homepage, "/sitemap.xml"),)
    return [*publisher.sitemaps, urljoin(publisher.homepage, "/robots.txt"), *usual]


SITEMAP = Way("sitemap", costs, links)
