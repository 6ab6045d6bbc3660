"""Delete routine visits of long ago from the catalogue."""

import argparse
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError

from crawler.catalogue.redactions import scrub
from crawler.catalogue.retention import Forgettable, forget_routine, forgettable
from crawler.cli.base import no_arguments_left
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Delete routine visits of long ago, or only count them."""
    no_arguments_left(args, 0)
    before = parse_age(opts.older_than, datetime.now(UTC))
    with closing(open_catalogue(settings)) as catalogue:
        try:
            if opts.apply:
                _apply(DataDir.of(settings), catalogue, before)
            else:
                print(f"Would forget {describe(forgettable(catalogue, before), before)}")
                print("Nothing was changed: give --apply to do it, best after a back-up.")
        except DBAPIError as error:
            raise OperatorError(f"Cannot prune the catalogue: {error.orig}.", STORAGE) from None
    return OK


def _apply(data_dir: DataDir, catalogue: Catalogue, before: datetime) -> None:
    with data_dir.held():
        print(f"Forgot {describe(forget_routine(catalogue, before), before)}", flush=True)
        scrub(catalogue)  # only now can others use the space


def parse_age(text: str, now: datetime) -> datetime:
    """The moment that many days ago; OperatorError if the text is no number of days."""
    if not re.fullmatch(r"[1-9]\d{0,4}d", text, re.ASCII):
        raise OperatorError(f"--older-than is {text!r}: give days, such as 400d.")
    return now - timedelta(days=int(text[:-1]))


def describe(rows: Forgettable, before: datetime) -> str:
    return (
        f"{rows.visits} routine visits of runs that ended before {before:%Y-%m-%d}, and in the catalogue "
        f"the places of {rows.captures} records, which stay in the archive."
    )
