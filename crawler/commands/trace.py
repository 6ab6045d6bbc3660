"""`scrapy trace FILE|URL`: from a corpus file to its WARC record, and the proof that they belong together."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Show where an article comes from and check the chain of digests."""

    def syntax(self) -> str:
        return "FILE|URL"

    def short_desc(self) -> str:
        return "From a corpus file to its WARC record, digests recomputed, its copies and its changes"

    def long_desc(self) -> str:
        return (
            "Example: scrapy trace data/corpus/2021-01/000_0b0c93c09f0a0d7d.txt. "
            "Exit code 1 if a digest disagrees."
        )
