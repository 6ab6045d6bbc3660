"""Refuse articles of which pages are missing: a third of a story is not what was published."""

from dataclasses import replace

from crawler.fates import Fate
from crawler.items import Article, Validators
from crawler.refusal import Refused


class PagesMissing(Refused):
    """The article goes on on pages that are not there yet; it waits in the catalogue for them."""

    fate = Fate.INCOMPLETE


class WholePipeline:
    """Let articles pass that are there from their first page to their last."""

    def process_item(self, item: Article) -> Article:
        if item.missing:
            # "Nothing has changed" would not bring what is missing.
            raise PagesMissing(replace(item, validators=Validators()), item.missing)
        return item
