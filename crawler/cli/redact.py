"""A page is taken down: signed tombstones for its records, its text removed."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError

from archive.collection.collection import Collection
from archive.collection.from_settings import make_collection
from archive.collection.redaction import Redactor
from archive.errors import ArchiveChanged, ArchiveUnreadable, CannotRedact
from archive.evidence.signing import SigningKey
from archive.warc.closed_file import Redaction
from archive.warc.new_records import warc_date
from crawler import __version__
from crawler.archive_errors import operator_error
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.corpus_files import files_of_month
from crawler.catalogue.redactions import (
    COMMAND,
    arguments_of,
    erase,
    note_redaction,
    scrub,
)
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.stated_decisions import (
    StatedRedaction,
    erased_articles,
    state_earlier,
    state_redaction,
)
from crawler.cli.base import no_arguments_left
from crawler.cli.console import printable
from crawler.cli.opening import open_catalogue
from crawler.cli.signing_key import own_key
from crawler.cli.stating import note_head
from crawler.cli.takedown_report import TakedownPlan, describe, make_plan, remains_of, report
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.http.url_identity import wire_url
from crawler.http.urls import is_web_url
from crawler.run.corpus import Corpus


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Take a page out of archive, corpus and catalogue."""
    no_arguments_left(args, 1)
    url, reason = wire_url(args[0]) if args else "", " ".join(opts.reason.split())
    check_arguments(url, reason)
    with closing(open_catalogue(settings)) as catalogue, DataDir.of(settings).held():
        return redact(settings, url, reason, catalogue, opts.yes)


def redact(settings: BaseSettings, url: str, reason: str, catalogue: Catalogue, is_confirmed: bool) -> int:
    """Show what is there of a page, take it down if that is confirmed, and say what is left."""
    key, damage, data_dir = _key(settings), Damage(), DataDir.of(settings)
    with explained():
        with closing(StoredPlaces(catalogue.share())) as places:
            collection = make_collection(settings, referrer=places)
            collection.recover()
            redactor = Redactor(collection.rewriter, key, damage.report)
            plan = make_plan(url, redactor, catalogue, {path.name for path in collection.archive.glob("*")})
            say(describe(plan, damage.sentences))
            if not is_confirmed and not is_agreed():
                print("Nothing was changed.")
                return FAILED
            redaction = Redaction(url, warc_date(datetime.now(UTC)), reason)
            corpus = Corpus(data_dir.corpus)
            left = _carry_out(redaction, plan, redactor, catalogue, collection, corpus)
            known = partial(files_of_month, catalogue)
            strays = corpus.strays(known)
            corpus.retire_strays(known)
        scrub(catalogue)
    remains = [*remains_of(left, plan.captures.elsewhere, strays), *damage.sentences]
    say(report(plan, remains, _other_data_dirs(data_dir)))
    return FAILED if remains else OK


def _carry_out(
    redaction: Redaction,
    plan: TakedownPlan,
    redactor: Redactor,
    catalogue: Catalogue,
    collection: Collection,
    corpus: Corpus,
) -> dict[str, int]:
    """Take the page down; the number of its records that are left in the archive, by file.

    Every step can be done again: what is done already changes nothing.
    """
    noted = arguments_of(redaction.url, redaction.reason, plan.captures.here)
    run_id = begin_run(catalogue, COMMAND, noted, f"frontwire/{__version__}")
    # First, so that after a kill no crawl, and no catalogue that is rebuilt, brings back what is half gone.
    stated = _state(redaction, plan, catalogue, collection)
    note_redaction(catalogue, redaction.url, redaction.date, redaction.reason, stated)
    left = redactor.redact(plan.holding, redaction)
    # The files before the rows that name them.
    corpus.remove(plan.texts.numbers, plan.texts.sha256)
    erase(catalogue, plan.page, redaction.reason)
    note_head(catalogue, run_id, collection)
    end_run(catalogue, run_id, "finished", FAILED if left else OK)
    return left


def _state(redaction: Redaction, plan: TakedownPlan, catalogue: Catalogue, collection: Collection) -> str:
    """Let the archive state the takedown; the record id."""
    state_earlier(catalogue, collection)
    articles = erased_articles(catalogue, plan.page.ids)
    takedown = StatedRedaction(
        redaction.url, redaction.date, redaction.reason, articles, tuple(plan.left_out)
    )
    stated = state_redaction(collection, takedown).stated
    collection.finish_file()
    return stated


def _key(settings: BaseSettings) -> SigningKey:
    key = own_key(settings)
    if key is None:
        raise OperatorError(
            f"There is no signing key at {settings['ARCHIVE_SIGNING_KEY']!r}, and a takedown must be signed: "
            "name the file of the archive's key with ARCHIVE_SIGNING_KEY."
        )
    return key


def _other_data_dirs(data_dir: DataDir) -> list[str]:
    """Data directories within this one, such as those of replays: each has a corpus of its own."""
    own = data_dir.catalogue
    return sorted(str(path.parent) for path in data_dir.path.rglob(own.name) if path != own)


class Damage:
    """Parts of the archive that cannot be read: they may still hold the page."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def report(self, sentence: str) -> None:
        """Note a damaged part, once."""
        if sentence not in self.sentences:
            self.sentences.append(sentence)


def check_arguments(url: str, reason: str) -> None:
    """OperatorError unless there is a reason, and a page."""
    if not is_web_url(url) or not reason:
        raise OperatorError("Name the page and why: scrapy redact https://news.example/page --reason TEXT.")
    if urlsplit(url).path == "/robots.txt":
        raise OperatorError(
            f"{url} contains the rules of a site, which every crawl fetches again, and no page: "
            "give the URL of a page."
        )


def say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(printable(sentence))


def is_agreed() -> bool:
    """The answer to the question on the terminal; no answer is a no."""
    try:
        return input("Nothing of this can be undone. Redact the page? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


@contextmanager
def explained() -> Iterator[None]:
    """Give each failure its sentence and exit code."""
    again = "Give the same command once more; it does the rest."
    try:
        yield
    except (CannotRedact, ArchiveChanged) as error:
        raise OperatorError(str(operator_error(error)), FAILED) from None
    except ArchiveUnreadable as error:
        raise OperatorError(f"{error} Run scrapy verify.", FAILED) from None
    except DBAPIError as error:
        raise OperatorError(f"The catalogue cannot be written: {error.orig}. {again}", STORAGE) from None
    except OSError as error:
        what = error.filename or "the archive"
        raise OperatorError(f"Cannot write {what}: {error.strerror}. Free space. {again}", STORAGE) from None
