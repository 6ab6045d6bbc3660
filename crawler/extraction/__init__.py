"""How a page becomes an Article, as a function of one archived answer."""

from crawler.items import Article, RawPage


def extract(raw: RawPage) -> Article:
    """The article that a page shows: see `crawler.extraction.article.extract`.

    Workers do this. The libraries that they need for it take half a second to load and 40 MB, of every command.
    """
    from crawler.extraction import article

    return article.extract(raw)
