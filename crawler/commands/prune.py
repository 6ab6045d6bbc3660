"""`scrapy prune`: the catalogue of a collector that runs for years stays of use."""

import argparse
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from crawler.catalogue.redactions import scrub
from crawler.catalogue.retention import Forgettable, forget_routine, forgettable
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left
from crawler.exit_codes import OK, STORAGE

OLDER_THAN = "400d"
"""More than a year, so that a report of the last twelve months stays whole."""


class Command(FrontwireCommand):
    """Forget routine visits of long ago."""

    def syntax(self) -> str:
        return "[--older-than DAYSd] [--apply]"

    def short_desc(self) -> str:
        return "Forget routine visits of long ago; the archive and the corpus stay as they are"

    def long_desc(self) -> str:
        return (
            "Example: scrapy prune --older-than 400d, then the same with --apply. What goes are rows of the catalogue "
            "that say that a feed or page was asked and brought nothing new. WARC files, their index, the corpus and "
            "its revisions, articles, dates and failures are never touched."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--older-than",
            metavar="DAYSd",
            default=OLDER_THAN,
            help=f"how long ago the run ended, default {OLDER_THAN}",
        )
        parser.add_argument("--apply", action="store_true", help="do it; without it, only say what would go")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 0)
        before = parse_age(opts.older_than, datetime.now(UTC))
        with closing(self.open_catalogue()) as store:
            try:
                if opts.apply:
                    self._apply(store, before)
                else:
                    print(f"Would forget {describe(forgettable(store, before), before)}")
                    print("Nothing was changed: give --apply to do it, best after a back-up.")
            except DBAPIError as error:
                raise CommandFailed(f"Cannot prune the catalogue: {error.orig}.", STORAGE) from None
        return OK

    def _apply(self, store: Store, before: datetime) -> None:
        with self.data_dir.held():
            print(f"Forgot {describe(forget_routine(store, before), before)}", flush=True)
            scrub(store)  # only now can others use the space


def parse_age(text: str, now: datetime) -> datetime:
    """The moment that was so long ago; CommandFailed if that is no number of days."""
    if not re.fullmatch(r"[1-9]\d{0,4}d", text, re.ASCII):
        raise CommandFailed(f"--older-than is {text!r}: give days, such as {OLDER_THAN}.")
    return now - timedelta(days=int(text[:-1]))


def describe(rows: Forgettable, before: datetime) -> str:
    return (
        f"{rows.visits} routine visits of runs that ended before {before:%Y-%m-%d}, and in the catalogue "
        f"the places of {rows.captures} records, which stay in the archive."
    )
