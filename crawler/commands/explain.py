"""`scrapy explain URL`: why a page was kept or not, with all that is known about it."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Show how a URL ended and all evidence for it."""

    def syntax(self) -> str:
        return "URL"

    def short_desc(self) -> str:
        return "Why a page was kept or not: dates, relevance, duplicates, visits"

    def long_desc(self) -> str:
        return (
            "Example: scrapy explain https://news.example/page. Each line on relevance names a concept, place or "
            "actor as it was seen in the text, and what it added to the two scores (docs/relevance.md)."
        )
