"""List the pages that wait for a decision, and carry decisions out."""

import argparse
import getpass
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.audit.review_queue import Waiting, chosen, waiting
from crawler.audit.reviewer import Reviewer, ReviewResult
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.articles import pages_of
from crawler.catalogue.places import EVERYWHERE, enter_place, is_of, place_of, required_place
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.stated_decisions import Ruling, state_ruling
from crawler.catalogue.stated_months import StatedMonth
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
from crawler.fates import Fate
from crawler.http.url_identity import wire_url
from crawler.relevance import Scorer
from crawler.relevance.seeds import scorer_in_force
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away
from crawler.run.workers import WorkerPool
from crawler.texts.seed_format import normalise_paragraph


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """List the pages that wait for a decision, or decide."""
    no_arguments_left(args, len(args))
    action, urls = (args[0], list(map(wire_url, args[1:]))) if args else ("", [])
    if action == "list" and not urls:
        with closing(open_catalogue(settings)) as catalogue:
            scorer = scorer_in_force(settings, asks_encoder=False)
            return show_waiting(catalogue, place_of(catalogue, DataDir.of(settings)), scorer, Choice.of(opts))
    if action not in set(ReviewChoice) or not urls:
        raise OperatorError("usage: scrapy review list | accept URL… | reject URL… [--by NAME] [--note TEXT]")
    who = " ".join((opts.by or getpass.getuser()).split())
    note = normalise_paragraph(opts.note)
    decisions = [ReviewDecision.now(url, ReviewChoice(action), who, note) for url in urls]
    return decide_everywhere(settings, decisions) if opts.all_places else decide_here(settings, decisions)


def decided(settings: BaseSettings, decision: Ruling) -> str:
    """Decide about one page: a sentence on what became of it; OperatorError if it cannot be decided here."""
    sentences: list[str] = []
    if decide_here(settings, [decision], tell=sentences.append) != OK:
        raise OperatorError(" ".join(sentences), FAILED)
    return " ".join(sentences)


def decide_everywhere(settings: BaseSettings, decisions: Sequence[Ruling]) -> int:
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
    decisions: Sequence[Ruling],
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
    decisions: Sequence[Ruling],
    tell: Callable[[str], object],
) -> int:
    """Carry out each decision; exit code 1 if one of them cannot be."""
    data_dir = DataDir.of(settings)
    # A file that a killed run left would be taken for the one that is about to be written.
    corpus = Corpus(data_dir.corpus)
    put_away(corpus, find_strays(corpus, catalogue, place_of(catalogue, data_dir)))
    scorer = scorer_in_force(settings)
    command, given = _account_of(decisions)
    drops_reserved = settings["RIGHTS_POLICY"] == "drop"
    with (
        closing(workers_of(settings, 1)) as workers,
        storing("what was decided"),
        stating(settings, catalogue) as collection,
    ):
        state = partial(state_ruling, collection)
        reviewer = Reviewer(catalogue, data_dir, scorer, workers, drops_reserved, state)
        run_id = begin_run(catalogue, command, given, f"frontwire/{__version__}", data_dir.place)
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


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the pages that wait are listed, and how."""

    source: str = ""
    language: str = ""
    newest_first: bool = False
    with_text: bool = False

    @classmethod
    def of(cls, opts: argparse.Namespace) -> "Choice":
        return cls(opts.source, opts.language, opts.order == "newest", opts.text)


def show_waiting(catalogue: Catalogue, own: str, scorer: Scorer, choice: Choice | None = None) -> int:
    """Print the pages that wait, what is worth most first; and where those lie that are not here."""
    choice, found = choice or Choice(), waiting(catalogue, scorer.scale)
    pages = chosen(found, choice.source, choice.language, "newest" if choice.newest_first else "")
    for page in pages:
        say(_lines(catalogue, page, own))
        say(f"    {line}" for line in page.row.text.split("\n\n") if choice.with_text)
    if not found:
        print("Nothing waits for a decision.")
    else:
        of_all = f" of {len(found)}" if len(pages) < len(found) else ""
        print(f"{len(pages)}{of_all} pages wait for a decision.")
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


def _carry_out(reviewer: Reviewer, run_id: int, decision: Ruling, tell: Callable[[str], object]) -> int:
    try:
        result = reviewer.carry_out(run_id, decision)
        tell(f"{decision.url}: {_sentence(decision, result)}")
    except CannotDerive as error:
        tell(str(error))
        return FAILED
    return OK


def _account_of(rulings: Sequence[Ruling]) -> tuple[str, dict[str, str]]:
    """The command that gives rulings, and its arguments, as the row of its run has them."""
    first, urls = rulings[0], " ".join(each.url for each in rulings)
    if isinstance(first, StatedMonth):
        return "date", {"by": first.who, first.month: urls}
    return "review", {"by": first.who, first.choice: urls}


def _sentence(decision: Ruling, result: ReviewResult) -> str:
    if isinstance(decision, StatedMonth):
        if result.fate is Fate.UNCHANGED:
            return f"it is of {decision.month} already; noted."
        return f"dated {decision.month}, {result.file or f'but not in the corpus: {result.fate}, {result.reason}'}."
    if result.file is not None:
        return f"accepted, {result.file}."
    if decision.choice is ReviewChoice.REJECT and result.fate == "off_topic":
        return "rejected."
    return f"{decision.choice}ed, but not in the corpus: {result.fate}, {result.reason}."
