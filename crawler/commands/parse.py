"""`scrapy parse`: refused in one sentence, because it would go past what a crawl promises."""

from crawler.cli.base import RefusedCommand


class Command(RefusedCommand):
    """Say why it is not here, and what to use instead."""
