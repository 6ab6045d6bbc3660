"""`scrapy demo`: the main job from crawl to proof, on our own newsroom, with no network."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Crawl fictional news sites on this machine, archive, replay and check them."""

    def short_desc(self) -> str:
        return "Crawl, archive, replay and verify our own small news sites: no network needed"

    def long_desc(self) -> str:
        return "Example: scrapy demo. Its data lies in demo/ below DATA_DIR and is made anew each time."
