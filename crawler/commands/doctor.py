"""`scrapy doctor`: is everything fit to run."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Look at all that a run needs, and say of each thing how it is."""

    def short_desc(self) -> str:
        return "Is everything fit to run: one line each, with what to do"

    def long_desc(self) -> str:
        return (
            "Example: scrapy doctor. Looks at program and extras, operator, clock, disk, data directory, key, seeds, "
            "sources, catalogue and the last run; it asks no server and changes nothing. Exit code 1 if a run would be "
            "refused, or the last one failed."
        )
