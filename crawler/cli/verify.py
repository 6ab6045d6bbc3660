"""Check everything that can be checked of a data directory, and name each fault."""

import argparse
from functools import partial

from scrapy.settings import BaseSettings

from archive.checks.findings import Checked, note
from crawler.audit.comparison import Comparison
from crawler.audit.rederivation import steering_of
from crawler.audit.verification import findings_of
from crawler.cli.all_places import elsewhere, in_this_place, left_out
from crawler.cli.base import no_arguments_left
from crawler.cli.console import View
from crawler.cli.opening import opened
from crawler.cli.signing_key import own_key_id
from crawler.exit_codes import FAILED, OK

_READ_ONLY = "The data directory is read-only: nothing kept runs away meanwhile."


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Check archive, catalogue and corpus, derive the corpus again, and print each fault."""
    no_arguments_left(args, 0)
    return in_this_place(settings, opts, partial(verify, opts=opts))


def verify(settings: BaseSettings, opts: argparse.Namespace) -> int:
    """Check one data directory."""
    with opened(settings) as data:
        view = View()
        if not data.is_held:
            view.show(note("catalogue", _READ_ONLY))
        report = data.check(opts.key or own_key_id(settings), view)
        with (
            view.stage(data.deriving),
            data.derived_again(report, steering_of(settings)) as again,
        ):
            comparison = Comparison(data.catalogue, again.catalogue, report.is_out_of_reach, data.place)
            view.show_all(findings_of(comparison.run()))
        others = [] if opts.all_places else elsewhere(data.catalogue, data.data_dir)
        view.show_all(note("catalogue", sentence) for sentence in left_out(others, "Not checked:"))
    view.console.print(summary(view.checked, view.faults))
    return FAILED if view.faults else OK


def summary(checked: Checked, faults: int) -> str:
    """One line on how much was checked, and how many faults were found."""
    found = "no fault" if not faults else "1 fault" if faults == 1 else f"{faults} faults"
    return (
        f"Checked {checked.files} WARC files ({checked.bytes} bytes, {checked.records} records), "
        f"{checked.indexed} lines of the index and {checked.lines} of the manifest, and the catalogue, "
        f"and derived the corpus again: {found}."
    )
