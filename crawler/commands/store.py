"""`scrapy store upgrade`: a catalogue that an earlier Frontwire wrote, for the present one."""

import argparse

from crawler.catalogue.upgrades import upgrade
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.database.engine import StoreError
from crawler.exit_codes import OK, STORAGE


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

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 1)
        if args != ["upgrade"]:
            raise CommandFailed("Say what to do: scrapy store upgrade.")
        self.require_catalogue()
        try:
            with self.data_dir.held():
                before, after = upgrade(settings_of(self)["STORE_URL"], self.data_dir.path)
        except StoreError as error:
            raise CommandFailed(str(error), STORAGE) from None
        if before == after:
            print(f"The catalogue has version {after} already.")
        else:
            print(f"The catalogue was upgraded from version {before} to {after}.")
        return OK
