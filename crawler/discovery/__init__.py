"""From feeds, sitemaps and section pages to the URLs that they name."""

from crawler.discovery.discover import NotAListing, discover

__all__ = ["NotAListing", "discover"]
