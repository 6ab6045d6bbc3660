"""Turns one archived response into an Article."""

from crawler.items import Article, RawPage


def extract(raw: RawPage) -> Article:
    """The article on a page: see `crawler.extraction.article.extract`.

    Imported when it is called, in a worker: its libraries take half a second and 40 MB.
    """
    from crawler.extraction import article

    return article.extract(raw)
