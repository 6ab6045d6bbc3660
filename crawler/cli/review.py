"""List the pages that wait for a decision, and carry decisions out."""

import argparse
import getpass
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.audit.review_decisions import CannotReview, Ending, Reviewer
from crawler.catalogue.reviews import Ruling, RulingKind, waiting
from crawler.catalogue.store import Store
from crawler.cli.base import no_arguments_left
from crawler.cli.console import printable
from crawler.cli.opening import open_catalogue
from crawler.cli.storing import storing
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.relevance.seeds import read_scorer
from crawler.run.corpus import Corpus
from crawler.run.workers import WorkerPool


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """List the pages that wait for a decision, or decide."""
    no_arguments_left(args, len(args))
    action, urls = (args[0], args[1:]) if args else ("", [])
    if action == "list" and not urls:
        with closing(open_catalogue(settings)) as store:
            return show_waiting(store)
    if action not in set(RulingKind) or not urls:
        raise OperatorError("usage: scrapy review list | accept URL… | reject URL… [--by NAME]")
    who = " ".join((opts.by or getpass.getuser()).split())
    with closing(open_catalogue(settings)) as store, DataDir.of(settings).held():
        return _rule(settings, store, [Ruling.now(url, RulingKind(action), who) for url in urls])


def _rule(settings: BaseSettings, store: Store, rulings: list[Ruling]) -> int:
    """Carry out each ruling; exit code 1 if one of them cannot be."""
    data_dir = DataDir.of(settings)
    # A file that a killed run left would be taken for the one that is about to be written.
    Corpus(data_dir.corpus).retire_strays(store.files_of)
    scorer = read_scorer(
        Path(settings["SEEDS_DIR"]), settings["RELEVANCE_MODE"], settings["RELEVANCE_EMBEDDER"]
    )
    given = {"by": rulings[0].who, rulings[0].kind: " ".join(each.url for each in rulings)}
    with closing(workers_of(settings, 1)) as workers, storing("what was decided"):
        reviewer = Reviewer(store, data_dir, scorer, workers, settings["RIGHTS_POLICY"] == "drop")
        run_id = store.begin_run("review", given, f"frontwire/{__version__}")
        exit_code = max([_carry_out(reviewer, run_id, ruling) for ruling in rulings])
        store.end_run(run_id, "finished", exit_code)
    return exit_code


def workers_of(settings: BaseSettings, count: int) -> WorkerPool:
    """Worker processes within the limits that the settings give."""
    return WorkerPool(
        count, settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES")
    )


def show_waiting(store: Store) -> int:
    """Print the pages that wait, two lines each."""
    count = 0
    for row in waiting(store):
        count += 1
        month, language = row["month"] or "undated", row["language"] or "??"
        print(f"{month} {language} conflict {row['conflict']:.2f} related {row['related']:.2f}  {row['url']}")
        print(f"    {printable(row['title'] or 'no headline')}")
    print("Nothing waits for a decision." if not count else f"{count} pages wait for a decision.")
    return OK


def _carry_out(reviewer: Reviewer, run_id: int, ruling: Ruling) -> int:
    try:
        print(printable(f"{ruling.url}: {_sentence(ruling, reviewer.rule(run_id, ruling))}"))
    except CannotReview as error:
        print(printable(str(error)))
        return FAILED
    return OK


def _sentence(ruling: Ruling, ending: Ending) -> str:
    if ending.file is not None:
        return f"accepted, {ending.file}."
    if ruling.kind is RulingKind.REJECT and ending.fate == "off_topic":
        return "rejected."
    return f"{ruling.kind}ed, but not in the corpus: {ending.fate}, {ending.reason}."
