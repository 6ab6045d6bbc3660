"""Small fictional news sites in several languages, shown on loopback; the places and people are invented.

Each site has the habits of a common kind of content system, and knows the truth about each of its pages.
"""

from crawler.demo.newsroom import ArticleTruth, Exchange, Newsroom, Site

__all__ = ["ArticleTruth", "Exchange", "Newsroom", "Site"]
