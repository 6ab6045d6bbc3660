"""How a page becomes an Article, as a function of one archived answer."""

from crawler.extraction.extract import extract

__all__ = ["extract"]
