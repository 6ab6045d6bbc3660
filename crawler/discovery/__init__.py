"""Reads the links in feeds, sitemaps and section pages."""

from crawler.discovery.discover import NotAListing, discover, is_sitemap
from crawler.discovery.links import Dropped, Listing, without

__all__ = ["Dropped", "Listing", "NotAListing", "discover", "is_sitemap", "without"]
