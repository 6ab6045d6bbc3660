"""Draw pages for people to judge, ask about them, and say what that tells of the corpus."""

import argparse
import getpass
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import randbelow

from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.audit.corpus_quality import answers_that_hold, report_on
from crawler.audit.pages_to_judge import PagesToJudge
from crawler.audit.sampling import draw
from crawler.audit.stored_pages import StoredPages
from crawler.catalogue.places import enter_place, places, required_place
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.samples import (
    Judgement,
    Sample,
    SampledPage,
    enter_judgements,
    enter_sample,
    fetches_without_a_page,
    judgements,
    latest_sample,
    units,
)
from crawler.catalogue.stated_decisions import has_unstated
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.judging import Judging
from crawler.cli.judging_by_file import read_answers, write_pages
from crawler.cli.opening import open_catalogue
from crawler.cli.quality_tables import show_report
from crawler.cli.review import workers_of
from crawler.cli.stating import note_head, stating
from crawler.cli.storage_errors import storing
from crawler.data_dir import DataDir, DataDirBusy
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.relevance.seeds import scorer_in_force

_USAGE = "usage: scrapy audit [draw [-n PAGES] [--seed N] | report | export FILE.csv | import FILE.csv]"


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Draw, judge or report."""
    no_arguments_left(args, 2)
    action, *files = args or ["judge"]
    takes_file = action in ("export", "import")
    if action not in ("draw", "judge", "report", "export", "import") or len(files) != takes_file:
        raise OperatorError(_USAGE)
    with closing(open_catalogue(settings)) as catalogue:
        if action == "draw":
            draw_sample(settings, catalogue, opts)
            return OK
        sample = _sample(catalogue)
        if action == "report":
            show_report(sample, report_on(sample, judgements(catalogue)), fetches_without_a_page(catalogue))
            return OK
        _judge(settings, catalogue, sample, opts, Path(files[0]) if files else None, action)
    return OK


def draw_sample(settings: BaseSettings, catalogue: Catalogue, opts: argparse.Namespace) -> None:
    """Draw a sample, which is the one that is judged from now on."""
    seed = randbelow(10**6) if opts.seed is None else opts.seed
    if abs(seed) >= 2**63:
        raise OperatorError(f"--seed {seed} is too long a number: give a shorter one.")
    scorer = scorer_in_force(settings, asks_encoder=False)
    sample = draw(units(catalogue), opts.size, seed, _name(settings, opts), scorer.scale)
    if not sample.pages:
        raise OperatorError(
            f"Nothing was extracted yet in {DataDir.of(settings)}, so there is nothing to judge."
        )
    with storing("the sample"):
        catalogue.write(lambda connection: enter_sample(connection, sample))
    of = f"{sum(sample.cells.values()):,}"
    say([f"{len(sample.pages)} of {of} pages were drawn (seed {seed}). Judge them with `scrapy audit`."])
    _state(settings, catalogue, "draw", sample.who)


def _judge(
    settings: BaseSettings,
    catalogue: Catalogue,
    sample: Sample,
    opts: argparse.Namespace,
    file: Path | None,
    action: str,
) -> None:
    who = _name(settings, opts)
    given = judgements(catalogue)

    def keep(judgement: Judgement) -> None:
        with storing("an answer"):
            catalogue.write(lambda connection: enter_judgements(connection, [judgement]))

    if file is not None and action == "import":
        answers = list(read_answers(file, sample.pages))
        for page, answer in answers:
            keep(Judgement.now(page, answer, who))
        say([f"{len(answers)} answers of {who} were read from {file}."])
    else:
        left = pages_left(sample, given, who, opts.second)
        with reading(settings, catalogue) as pages:
            if file is not None:
                write_pages(file, left, pages)
            else:
                Judging(pages, keep, who, settings["RELEVANCE_MODE"]).ask(left, len(sample.pages))
    _state(settings, catalogue, "judge", who)


def pages_left(
    sample: Sample, given: Sequence[Judgement], who: str, is_second: bool = False
) -> list[SampledPage]:
    """The pages that a person is asked about: those that nobody could tell yet, or with `is_second` those of others."""
    own = {each.record_id for each in given if each.who == who}
    told = answers_that_hold(given).keys()
    return [
        each for each in sample.pages if each.record_id not in own and (each.record_id in told) is is_second
    ]


@contextmanager
def reading(settings: BaseSettings, catalogue: Catalogue) -> Iterator[PagesToJudge]:
    """What reads pages of a sample from the archives, as long as the block goes on."""
    own = DataDir.of(settings)
    archives = {each.id: each.data_dir.archive for each in places(catalogue) if each.is_reachable}
    with closing(workers_of(settings, 1)) as workers:
        yield PagesToJudge(catalogue, lambda place: StoredPages(archives.get(place, own.archive), workers))


def _state(settings: BaseSettings, catalogue: Catalogue, action: str, who: str) -> None:
    """Let the archive keep what is in the catalogue; if a run holds the data directory, the next one does it."""
    data_dir = DataDir.of(settings)
    if not has_unstated(catalogue):
        return
    try:
        with data_dir.held(), storing("what people judged"):
            required_place(catalogue, data_dir)
            place = enter_place(catalogue, data_dir)
            with stating(settings, catalogue) as collection:
                run_id = begin_run(
                    catalogue, "audit", {"by": who, "action": action}, f"frontwire/{__version__}", place
                )
                collection.finish_file()
                note_head(catalogue, run_id, collection)
                end_run(catalogue, run_id, "finished", OK)
    except DataDirBusy:
        say(
            [
                "A run is at work: the answers are in the catalogue, and the next run enters them into the archive too."
            ]
        )


def _sample(catalogue: Catalogue) -> Sample:
    sample = latest_sample(catalogue)
    if sample is None:
        raise OperatorError("No sample was drawn yet: scrapy audit draw does it.")
    return sample


def _name(settings: BaseSettings, opts: argparse.Namespace) -> str:
    """The name of whoever judges."""
    operator = settings["OPERATOR"].partition(",")[0]
    return " ".join((opts.by or operator or getpass.getuser()).split())
