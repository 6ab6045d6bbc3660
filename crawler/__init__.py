"""The Scrapy project: what is gathered, from whom, and how a page becomes an article."""

__version__ = "0.1.0"
