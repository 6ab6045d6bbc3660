"""`scrapy review`: a person decides about pages that are neither surely related nor surely not."""

import argparse
import getpass
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from crawler import __version__
from crawler.audit.review_decisions import CannotReview, Ending, Reviewer
from crawler.catalogue.reviews import Ruling, RulingKind, waiting
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.commands.console import printable
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.relevance.seeds import read_scorer
from crawler.run.corpus import Corpus
from crawler.run.workers import WorkerPool

_SAY = "Say what to do: scrapy review list, scrapy review accept URL…, or scrapy review reject URL…."


class Command(FrontwireCommand):
    """List what waits for a decision, or decide."""

    def syntax(self) -> str:
        return "list | accept URL… | reject URL… [--by NAME]"

    def short_desc(self) -> str:
        return "Decide about pages that may or may not belong"

    def long_desc(self) -> str:
        return (
            "Example: scrapy review accept https://news.example/page --by Ada. Any page that was extracted can be "
            "accepted or rejected; the decision is recorded with who and when, and holds in later runs, replays and "
            "derivations. An accepted article is derived again from its record and enters the corpus, unless it "
            "has no trustworthy date or repeats another text. `scrapy explain URL` tells why a page is doubtful."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--by", metavar="NAME", default="", help="who decides (default: the user's name)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, len(args))
        action, urls = (args[0], args[1:]) if args else ("", [])
        if action == "list" and not urls:
            with closing(self.open_catalogue()) as store:
                return show_waiting(store)
        if action not in set(RulingKind) or not urls:
            raise CommandFailed(_SAY)
        who = " ".join((opts.by or getpass.getuser()).split())
        with closing(self.open_catalogue()) as store, self.data_dir.held():
            return self._rule(store, [Ruling.now(url, RulingKind(action), who) for url in urls])

    def _rule(self, store: Store, rulings: list[Ruling]) -> int:
        """Carry out each ruling; exit code 1 if one of them cannot be."""
        # What a killed run left would be taken for the file that is about to be written.
        Corpus(self.data_dir.corpus).retire_strays(store.files_of)
        settings, exit_code = settings_of(self), OK
        workers = WorkerPool(
            1, settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES")
        )
        try:
            scorer = read_scorer(
                Path(settings["SEEDS_DIR"]), settings["RELEVANCE_MODE"], settings["RELEVANCE_EMBEDDER"]
            )
            reviewer = Reviewer(
                store, self.data_dir, scorer, workers, drops_reserved=settings["RIGHTS_POLICY"] == "drop"
            )
            given = {"by": rulings[0].who, rulings[0].kind: " ".join(each.url for each in rulings)}
            run_id = store.begin_run("review", given, f"frontwire/{__version__}")
            for ruling in rulings:
                exit_code |= _carry_out(reviewer, run_id, ruling)
            store.end_run(run_id, "finished", exit_code)
        except ValueError as error:
            raise CommandFailed(str(error)) from None
        except (OSError, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise CommandFailed(
                f"Cannot write what was decided: {cause}. Free space, or close what holds the catalogue, "
                "and give the same command again.",
                STORAGE,
            ) from None
        finally:
            workers.close()
        return exit_code


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
