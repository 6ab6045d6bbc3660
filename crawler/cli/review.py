"""List the pages that wait for a decision, and carry decisions out."""

import argparse
import getpass
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.audit.review_queue import Waiting, waiting
from crawler.audit.reviewer import Reviewer, ReviewResult
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.articles import pages_of
from crawler.catalogue.places import EVERYWHERE, enter_place, is_of, place_of, required_place
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.stated_decisions import state_review
from crawler.cli.all_places import in_each_place, name_of
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.opening import open_catalogue
from crawler.cli.stating import note_head, stating
from crawler.cli.storage_errors import storing
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.http.url_identity import wire_url
from crawler.relevance import Scorer
from crawler.relevance.seeds import scorer_in_force
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away
from crawler.run.workers import WorkerPool


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """List the pages that wait for a decision, or decide."""
    no_arguments_left(args, len(args))
    action, urls = (args[0], list(map(wire_url, args[1:]))) if args else ("", [])
    if action == "list" and not urls:
        with closing(open_catalogue(settings)) as catalogue:
            scorer = scorer_in_force(settings, asks_encoder=False)
            return show_waiting(catalogue, place_of(catalogue, DataDir.of(settings)), scorer)
    if action not in set(ReviewChoice) or not urls:
        raise OperatorError("usage: scrapy review list | accept URL… | reject URL… [--by NAME]")
    who = " ".join((opts.by or getpass.getuser()).split())
    decisions = [ReviewDecision.now(url, ReviewChoice(action), who) for url in urls]
    return _decide_everywhere(settings, decisions) if opts.all_places else decide_here(settings, decisions)


def decided(settings: BaseSettings, decision: ReviewDecision) -> str:
    """Decide about one page: a sentence on what became of it; OperatorError if it cannot be decided here."""
    sentences: list[str] = []
    if decide_here(settings, [decision], tell=sentences.append) != OK:
        raise OperatorError(" ".join(sentences), FAILED)
    return " ".join(sentences)


def _decide_everywhere(settings: BaseSettings, decisions: Sequence[ReviewDecision]) -> int:
    """Decide about each page in the data directory that has its newest record."""
    with closing(open_catalogue(settings)) as catalogue:
        home = place_of(catalogue, DataDir.of(settings))
        places = {each.url: _place_of_page(catalogue, each.url) for each in decisions}
    known = [each for each in decisions if places[each.url] is not None]
    unknown = [url for url, place in places.items() if place is None]
    say(f"The catalogue knows no page that was extracted from {url}: is it spelled so?" for url in unknown)
    if not known:
        return FAILED
    concerned = {place or home for place in places.values() if place is not None}
    exit_code = in_each_place(settings, partial(decide_here, decisions=known, is_everywhere=True), concerned)
    return FAILED if unknown else exit_code


def decide_here(
    settings: BaseSettings,
    decisions: Sequence[ReviewDecision],
    is_everywhere: bool = False,
    tell: Callable[[str], object] = lambda sentence: say([sentence]),
) -> int:
    """Decide about the pages whose records lie in this data directory; others are named, unless `is_everywhere`."""
    data_dir = DataDir.of(settings)
    with closing(open_catalogue(settings)) as catalogue, data_dir.held():
        own = required_place(catalogue, data_dir)
        enter_place(catalogue, data_dir)
        places = {each.url: _place_of_page(catalogue, each.url) or own for each in decisions}
        ours = [each for each in decisions if own in (EVERYWHERE, places[each.url])]
        left = [each for each in decisions if each not in ours and not is_everywhere]
        for each in left:
            where = name_of(catalogue, places[each.url])
            tell(
                f"{each.url}: not decided; its record lies in {where}: give the command there, or --all-places."
            )
        exit_code = _decide(settings, catalogue, ours, tell) if ours else OK
        return FAILED if left else exit_code


def _place_of_page(catalogue: Catalogue, url: str) -> str | None:
    """The place that has the newest record of a page, from which it is derived again; None if there is no page."""
    rows = pages_of(catalogue, url)
    return (rows[-1].place or EVERYWHERE) if rows else None


def _decide(
    settings: BaseSettings,
    catalogue: Catalogue,
    decisions: Sequence[ReviewDecision],
    tell: Callable[[str], object],
) -> int:
    """Carry out each decision; exit code 1 if one of them cannot be."""
    data_dir = DataDir.of(settings)
    # A file that a killed run left would be taken for the one that is about to be written.
    corpus = Corpus(data_dir.corpus)
    put_away(corpus, find_strays(corpus, catalogue, place_of(catalogue, data_dir)))
    scorer = scorer_in_force(settings)
    given = {"by": decisions[0].who, decisions[0].choice: " ".join(each.url for each in decisions)}
    drops_reserved = settings["RIGHTS_POLICY"] == "drop"
    with (
        closing(workers_of(settings, 1)) as workers,
        storing("what was decided"),
        stating(settings, catalogue) as collection,
    ):
        state = partial(state_review, collection)
        reviewer = Reviewer(catalogue, data_dir, scorer, workers, drops_reserved, state)
        run_id = begin_run(catalogue, "review", given, f"frontwire/{__version__}", data_dir.place)
        exit_code = max([_carry_out(reviewer, run_id, each, tell) for each in decisions])
        collection.finish_file()
        note_head(catalogue, run_id, collection)
        end_run(catalogue, run_id, "finished", exit_code)
    return exit_code


def workers_of(settings: BaseSettings, count: int) -> WorkerPool:
    """Worker processes within the limits that the settings give."""
    return WorkerPool(
        count, settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES")
    )


def show_waiting(catalogue: Catalogue, own: str, scorer: Scorer) -> int:
    """Print the pages that wait, three lines each, what is worth most first; and where those lie that are not here."""
    pages = waiting(catalogue, scorer.scale)
    for page in pages:
        say(_lines(catalogue, page, own))
    count = len(pages)
    print("Nothing waits for a decision." if not count else f"{count} pages wait for a decision.")
    return OK


def _lines(catalogue: Catalogue, page: Waiting, own: str) -> list[str]:
    row, worth = page.row, page.worth
    month, language, reasons = row.month or "undated", row.language or "??", ", ".join(worth.reasons())
    where = "" if is_of(row, own) else f" (in {name_of(catalogue, row.place or '')})"
    return [
        f"{month} {language} conflict {row.conflict:.2f} related {row.related:.2f}  {row.url}",
        f"    {row.title or 'no headline'}{where}",
        f"    worth {worth.total:.2f}{reasons and f': {reasons}'}",
    ]


def _carry_out(
    reviewer: Reviewer, run_id: int, decision: ReviewDecision, tell: Callable[[str], object]
) -> int:
    try:
        result = reviewer.carry_out(run_id, decision)
        tell(f"{decision.url}: {_sentence(decision, result)}")
    except CannotDerive as error:
        tell(str(error))
        return FAILED
    return OK


def _sentence(decision: ReviewDecision, result: ReviewResult) -> str:
    if result.file is not None:
        return f"accepted, {result.file}."
    if decision.choice is ReviewChoice.REJECT and result.fate == "off_topic":
        return "rejected."
    return f"{decision.choice}ed, but not in the corpus: {result.fate}, {result.reason}."
