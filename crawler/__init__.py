"""The Scrapy project: what is fetched from which sources, and how a page becomes an article."""

__version__ = "0.2.0"
