"""A page is taken down: signed tombstones for its records, its text removed."""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
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
from archive.objects.whereabouts import files_in
from archive.warc.closed_file import Redaction
from archive.warc.new_records import warc_date
from crawler import __version__
from crawler.archive_errors import operator_error
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.places import enter_place, other_places, required_place
from crawler.catalogue.redactions import (
    COMMAND,
    KnownPage,
    arguments_of,
    being_fetched,
    captures_of,
    erase,
    erase_notes,
    note_done,
    note_redaction,
    scrub,
    texts_of,
)
from crawler.catalogue.runs import begin_run
from crawler.catalogue.stated_decisions import (
    StatedRedaction,
    erased_articles,
    left_out_pages,
    state_earlier,
    state_redaction,
)
from crawler.catalogue.stored_parts import all_pages
from crawler.cli.all_places import in_this_place
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.indexing import take_out
from crawler.cli.opening import open_catalogue
from crawler.cli.signing_key import own_key
from crawler.cli.stating import note_head
from crawler.cli.takedown_report import Remains, TakedownPlan, describe, make_plan, report
from crawler.cli.uploads import take_out_of_stores
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.http.url_identity import wire_url
from crawler.http.urls import is_web_url
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Take a page out of archive, corpus and catalogue."""
    no_arguments_left(args, 1)
    url, reason = wire_url(args[0]) if args else "", " ".join(opts.reason.split())
    check_arguments(url, reason)
    pages = _pages_with(settings, url)
    if len(pages) > 1:
        say(
            [
                f"{url} is one of {len(pages)} pages of an article. All of them are redacted, one after the other."
            ]
        )
    for page in pages:
        exit_code = in_this_place(settings, opts, partial(_in_one, url=page, reason=reason, opts=opts))
        if exit_code != OK:
            return exit_code
        if opts.all_places:
            say([f"Redacted {page}."])
    return OK


def _pages_with(settings: BaseSettings, url: str) -> list[str]:
    """All pages of the article to which a page belongs: its file has the text of each."""
    with closing(open_catalogue(settings)) as catalogue:
        # The first page last: it is the one that knows all others, should this be broken off.
        return all_pages(catalogue, url)


def _in_one(settings: BaseSettings, url: str, reason: str, opts: argparse.Namespace) -> int:
    with closing(open_catalogue(settings)) as catalogue, DataDir.of(settings).held():
        return redact(settings, url, reason, catalogue, opts.yes, opts.all_places)


def redact(
    settings: BaseSettings,
    url: str,
    reason: str,
    catalogue: Catalogue,
    is_confirmed: bool,
    is_everywhere: bool = False,
) -> int:
    """Show what is there of a page, take it down if that is confirmed, and say what is left.

    `is_everywhere`: the same is done in all other data directories, which report for themselves.
    """
    key, damage, data_dir = _key(settings), Damage(), DataDir.of(settings)
    place = required_place(catalogue, data_dir)
    with explained():
        with closing(StoredPlaces(catalogue.share())) as locations:
            collection = make_collection(settings, referrer=locations)
            collection.recover()
            redactor = Redactor(collection.rewriter, key, damage.report)
            plan = make_plan(url, redactor, catalogue, names_of(collection), place)
            say(describe(plan, damage.sentences))
            if not is_confirmed and not is_agreed():
                print("Nothing was changed.")
                return FAILED
            enter_place(catalogue, data_dir)
            redaction = Redaction(url, warc_date(datetime.now(UTC)), reason)
            takedown = _Takedown(catalogue, data_dir, place, collection, redactor)
            remains = takedown.carry_out(redaction, plan, damage)
        scrub(catalogue)
        still_stored = take_out_of_stores(settings)
    others = other_places(catalogue, place)
    remains = remains.here if is_everywhere else remains
    say(report(plan, remains, None if is_everywhere else others, _other_data_dirs(data_dir)))
    say(still_stored)
    return FAILED if remains or still_stored else OK


@dataclass(frozen=True, slots=True)
class _Takedown:
    """Takes a page down in one data directory, which its user holds.

    Every step can be done again: what is done already changes nothing.
    """

    catalogue: Catalogue
    data_dir: DataDir
    place: str
    collection: Collection
    redactor: Redactor

    def carry_out(self, redaction: Redaction, plan: TakedownPlan, damage: "Damage") -> Remains:
        """Take the page out of archive, corpus and catalogue; what is left of it."""
        catalogue, page, url, reason = self.catalogue, plan.page, redaction.url, redaction.reason
        texts = plan.texts.sha256 if catalogue.is_shared else ()
        noted = arguments_of(url, reason, (), texts)
        run_id = begin_run(catalogue, COMMAND, noted, f"frontwire/{__version__}", self.data_dir.place)
        # Before the archive states what it does not yet: a note may quote the page.
        erase_notes(catalogue, page)
        # First, so that after a kill no crawl, and no catalogue that is rebuilt, brings back what is half gone.
        note_redaction(catalogue, url, redaction.date, reason, self._state(redaction, plan))
        # From here on no other run enters more of the page without knowing that.
        captures = captures_of(catalogue, page, names_of(self.collection), self.place)
        in_hand = being_fetched(catalogue, page)
        left = self.redactor.redact(plan.holding, redaction)
        # The files before the rows that name them.
        strays = self._clear_corpus(page)
        erase(catalogue, page, reason)
        take_out(catalogue, self.data_dir, sorted(page.ids))
        remains = Remains(left, damage.sentences, strays, captures.elsewhere, sorted(in_hand))
        note_head(catalogue, run_id, self.collection)
        done = arguments_of(url, reason, remains.done_with(captures), texts)
        note_done(catalogue, run_id, done, FAILED if remains else OK)
        return remains

    def _clear_corpus(self, page: KnownPage) -> list[str]:
        """Remove the texts of the page; the names of files that may be of it."""
        corpus, texts = Corpus(self.data_dir.corpus), texts_of(self.catalogue, page, self.place)
        corpus.remove(texts.numbers, texts.sha256)
        strays = find_strays(corpus, self.catalogue, self.place)
        put_away(corpus, strays)
        return strays.unknown

    def _state(self, redaction: Redaction, plan: TakedownPlan) -> str:
        """Let the archive state the takedown; the record id."""
        state_earlier(self.catalogue, self.collection)
        articles = erased_articles(self.catalogue, plan.page.ids)
        left_out = left_out_pages(self.catalogue, [url for url, _ in plan.left_out])
        takedown = StatedRedaction(redaction.url, redaction.date, redaction.reason, articles, left_out)
        stated = state_redaction(self.collection, takedown).stated
        self.collection.finish_file()
        return stated


def names_of(collection: Collection) -> set[str]:
    """The names of the files of an archive."""
    return {path.name for path in files_in(collection.archive, "*")}


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
