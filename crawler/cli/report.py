"""Write the report of runs."""

import argparse
import logging
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.warc.durable import make_folder
from crawler.catalogue.gathering_runs import GatheringRun, last_run, run_of, runs_since
from crawler.catalogue.run_ends import run_ends
from crawler.cli.base import no_arguments_left
from crawler.cli.console import printable, say
from crawler.cli.days import first_day
from crawler.cli.opening import open_catalogue
from crawler.cli.storage_errors import storing
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.exports.output import written
from crawler.fates import Fate
from crawler.report.report_page import load_template, report_page
from crawler.report.report_text import report_lines
from crawler.report.run_report import Report, report_on
from crawler.sources.choice import suggest
from crawler.sources.known_sources import known_sources
from crawler.sources.registry import built_in

logger = logging.getLogger(__name__)


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write the report as a page, or print it, or list the URLs that ended alike."""
    no_arguments_left(args, 0)
    since = first_day(opts.since, "--since")
    if opts.run is not None and since:
        raise OperatorError("--run and --since: give one of them.")
    if opts.list is not None and opts.list not in set(Fate):
        raise OperatorError(f"There is no fate {opts.list!r}; {suggest(opts.list, map(str, Fate))}")
    with closing(open_catalogue(settings)) as catalogue:
        runs = _runs(catalogue, opts.run, since)
        if opts.list is not None:
            _print_ends(catalogue, runs, opts.list, opts.source)
            return OK
        report = _report(settings, catalogue, runs, opts.sources)
    if opts.text:
        say(report_lines(report))
        return OK
    target = _write(report_page(report), DataDir.of(settings), _name(runs, since), opts.out)
    say([f"Report: {target}"])
    return OK


def prepare() -> None:
    """Load what each report needs, for `report_after_run`: that takes half of its time."""
    built_in()
    load_template()


def report_after_run(settings: BaseSettings, run_id: int, registry: str) -> None:
    """Write the report of a run that has ended; what hinders that is a warning, and changes nothing for the run."""
    try:
        with closing(open_catalogue(settings)) as catalogue:
            runs = _runs(catalogue, run_id, "")
            report = _report(settings, catalogue, runs, Path(registry) if registry else None)
        logger.info("Report: %s", _write(report_page(report), DataDir.of(settings), _name(runs, ""), None))
    except KeyboardInterrupt:
        logger.warning("The report of run %s is not written: it was interrupted; %s.", run_id, _AGAIN)
    except Exception as error:  # a defect of ours must not change how the run ended
        cause = str(error) or type(error).__name__
        logger.warning("The report of run %s is not written: %s; %s.", run_id, cause.rstrip("."), _AGAIN)


_AGAIN = "the run itself is whole, and `scrapy report` writes it"


def _runs(catalogue: Catalogue, number: int | None, since: str) -> Sequence[GatheringRun]:
    """The runs that are meant, at least one."""
    if since:
        if found := runs_since(catalogue, since):
            return found
        raise OperatorError(f"No run has gathered since {since}: give an earlier day.")
    one = last_run(catalogue) if number is None else run_of(catalogue, number)
    if one is None and number is not None:
        latest = last_run(catalogue)
        there = f"the latest that gathered is {latest.id}" if latest else "none has gathered yet"
        raise OperatorError(f"There is no run {number}: {there}.")
    if one is None:
        raise OperatorError("No run has gathered anything yet: scrapy crawl news begins one.")
    return [one]


def _report(
    settings: BaseSettings, catalogue: Catalogue, runs: Sequence[GatheringRun], registry: Path | None
) -> Report:
    own = [Path(name) for name in settings.getlist("SOURCES")]
    return report_on(catalogue, runs, known_sources(registry, own))


def _print_ends(catalogue: Catalogue, runs: Sequence[GatheringRun], fate: str, source: str) -> None:
    for end in run_ends(catalogue, [run.id for run in runs], fate, source):
        print("\t".join(map(printable, (end.source or "-", end.url, end.reason or "-"))))


def _name(runs: Sequence[GatheringRun], since: str) -> str:
    return f"since-{since}.html" if since else f"run-{runs[0].id}.html"


def _write(page: str, data_dir: DataDir, name: str, out: Path | None) -> Path:
    """Write the page where it was asked for, or below the data directory; where that is."""
    targets = [out] if out else [data_dir.reports / name, data_dir.reports / "latest.html"]
    if not out:
        with storing(str(data_dir.reports)):
            make_folder(data_dir.reports)
    for target in targets:
        with written(target) as file:
            file.write(page.encode())
    return targets[0]
