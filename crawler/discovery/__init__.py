"""Reads the links in feeds, sitemaps and section pages."""

from crawler.discovery.discover import NotAListing, discover

__all__ = ["NotAListing", "discover"]
