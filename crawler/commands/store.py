"""`scrapy store upgrade`: a catalogue of an earlier Frontwire, for the present one."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Bring the catalogue up to date."""

    def syntax(self) -> str:
        return "upgrade"

    def short_desc(self) -> str:
        return "Upgrade the catalogue after an upgrade of Frontwire"

    def long_desc(self) -> str:
        return (
            "Example: scrapy store upgrade. Copy the database first; it is changed as a whole or not at all. "
            "No other command works on a catalogue of an earlier version."
        )
