"""Small fictional news sites in several languages, served on loopback; places and people are invented.

Each site behaves like a common content system, and knows the truth about each of its pages.
"""

from crawler.demo.newsroom import ArticleTruth, Exchange, Newsroom, Site

__all__ = ["ArticleTruth", "Exchange", "Newsroom", "Site"]
