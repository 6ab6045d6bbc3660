"""Reads the links in feeds, sitemaps and section pages."""

from crawler.discovery.discover import NotAListing, discover, is_sitemap
from crawler.discovery.links import Dropped, Listing, without
from crawler.discovery.moved_listing import Moved

__all__ = ["Dropped", "Listing", "Moved", "NotAListing", "discover", "is_sitemap", "without"]
