"""A catalogue of an earlier Frontwire, for the present one."""

import argparse
from contextlib import closing

from scrapy.settings import BaseSettings

from crawler.catalogue.upgrades import upgrade
from crawler.cli.opening import open_catalogue, require_catalogue
from crawler.cli.stating import state_what_is_not
from crawler.cli.storage_errors import storing
from crawler.data_dir import DataDir
from crawler.database.schema import VERSION
from crawler.errors import OperatorError
from crawler.exit_codes import OK


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Bring the catalogue up to date."""
    if args != ["upgrade"]:
        raise OperatorError("usage: scrapy store upgrade")
    require_catalogue(settings)
    with DataDir.of(settings).held():
        before, after = upgrade(settings["STORE_URL"], DataDir.of(settings).path)
        if before == after:
            print(f"The catalogue has version {after} already.")
        else:
            print(f"The catalogue was upgraded from version {before} to {after}.")
        if after == VERSION:
            with closing(open_catalogue(settings)) as catalogue, storing("what people decided"):
                state_what_is_not(settings, catalogue)
    return OK
