"""The ways to the past, by name: a new one is a file beside this one, and a name here."""

from collections.abc import Mapping

from crawler.discovery import Listing
from crawler.items import RawPage, UrlKind
from crawler.past.cc_news import CC_NEWS
from crawler.past.gdelt import GDELT
from crawler.past.publishers import Publishers
from crawler.past.sitemap_months import SITEMAP
from crawler.past.way import Reader, Way
from crawler.past.wayback import WAYBACK

WAYS: Mapping[str, Way] = {way.name: way for way in (SITEMAP, WAYBACK, GDELT, CC_NEWS)}

USUAL = tuple(name for name in WAYS if name != CC_NEWS.name)
"""Those that are taken unless others are named: one fetches all that was published, whoever did."""

READERS: Mapping[UrlKind, Reader] = {
    kind: read for way in WAYS.values() for kind, read in way.readers.items()
}
"""How the listings are read that only a back-fill knows."""


def way_of(kind: UrlKind) -> str | None:
    """The way that alone has listings of this kind; None if others have them too."""
    return next((name for name, way in WAYS.items() if kind in way.readers), None)


def read_past(raw: RawPage, kind: UrlKind, publishers: Publishers) -> Listing:
    """The links in a listing of the past to articles of these publishers, and what became of its other entries."""
    return READERS[kind](raw, publishers)
