"""`scrapy redact URL`: a page is taken down, and the archive says that it was."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from archive.collection.collection import Collection
from archive.collection.from_settings import make_collection
from archive.collection.redaction import Holding, Redactor
from archive.errors import ArchiveChanged, ArchiveError, ArchiveUnreadable, CannotRedact, KeyRefused
from archive.evidence.manifest import Manifest
from archive.evidence.signing import SigningKey, read_key
from archive.warc.closed_file import Redaction
from archive.warc.records import warc_date
from crawler import __version__
from crawler.archive_errors import sentence_of
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.redactions import (
    Texts,
    foreign_places,
    forget,
    is_known,
    note_redaction,
    redacted_keys,
    same_texts,
    scrub,
    spellings_of,
    texts_of,
)
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.commands.console import printable
from crawler.database.engine import open_engine
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.http.responses import is_web_url
from crawler.http.url_identity import url_key, wire_url
from crawler.run.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Plan:
    """What is there of a page, and where else the same may be found."""

    holding: Holding
    texts: Texts
    same_text: list[str]
    foreign: list[str]


class Command(FrontwireCommand):
    """Take a page out of archive, corpus and catalogue."""

    def syntax(self) -> str:
        return "URL --reason TEXT [--yes]"

    def short_desc(self) -> str:
        return "Take a page down: signed tombstones for its records, its text removed"

    def long_desc(self) -> str:
        return (
            "Example: scrapy redact https://news.example/page --reason 'Request of the person named, 3 May 2026'. "
            "URL and reason stay readable in archive and manifest; the page's octets and texts are gone for good, "
            "and no run fetches the page again. If it is interrupted, give the same command once more."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="what the tombstone says: it is public"
        )
        parser.add_argument("--yes", action="store_true", help="do it without asking")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 1)
        url = wire_url(args[0]) if args else ""
        reason = " ".join(opts.reason.split())
        if not is_web_url(url) or not reason:
            raise CommandFailed(
                "Name the page and why: scrapy redact https://news.example/page --reason TEXT."
            )
        with closing(self.open_catalogue()) as store, self.data_dir.held():
            # A page that redirects to another spelling of its own URL has two.
            return max(self._redact(each, reason, store, opts.yes) for each in spellings_of(store, url))

    def _redact(self, url: str, reason: str, store: Store, is_confirmed: bool) -> int:
        key = self._key()
        with explained():
            with closing(
                StoredPlaces(open_engine(settings_of(self)["STORE_URL"], self.data_dir.path))
            ) as places:
                collection = self._collection(places)
                redactor = Redactor(collection.rewriter, key, complain)
                plan = make_plan(url, redactor, store)
                say(describe(url, plan))
                if not is_confirmed and not is_agreed():
                    print("Nothing was changed.")
                    return FAILED
                redaction = Redaction(url, warc_date(datetime.now(UTC)), reason)
                manifest = collection.manifest
                assert manifest is not None, "there is a key"
                self._carry_out(redaction, plan, redactor, store, manifest)
            scrub(store)
        say(epilogue(url, plan, self._other_data_dirs()))
        return OK

    def _collection(self, places: StoredPlaces) -> Collection:
        """The archive, in which what killed runs left is put in order."""
        try:
            collection = make_collection(settings_of(self), referrer=places)
            collection.recover()
        except ArchiveError as error:
            raise CommandFailed(sentence_of(error)) from None
        return collection

    def _carry_out(
        self, redaction: Redaction, plan: Plan, redactor: Redactor, store: Store, manifest: Manifest
    ) -> None:
        """Every step can be done again: what is done already changes nothing."""
        run = store.begin_run(
            "redact", {"url": redaction.url, "reason": redaction.reason}, f"frontwire/{__version__}"
        )
        # First, so that after a kill no crawl brings back what is half gone.
        note_redaction(store, redaction.url, redaction.date, redaction.reason)
        redactor.redact(plan.holding, redaction)
        # The files before the rows that name them.
        Corpus(self.data_dir.corpus).remove(plan.texts.files, plan.texts.sha256)
        forget(store, redaction.url, redaction.reason)
        store.note_manifest_head(run, manifest.head.lines, manifest.head.sha256)
        store.end_run(run, "finished", OK)

    def _key(self) -> SigningKey:
        path = settings_of(self)["ARCHIVE_SIGNING_KEY"]
        try:
            key = read_key(Path(path)) if path else None
        except KeyRefused as error:
            raise CommandFailed(str(error)) from None
        if key is None:
            raise CommandFailed(
                f"There is no signing key at {path!r}, and a takedown must be signed: "
                "name the file of the archive's key with ARCHIVE_SIGNING_KEY."
            )
        return key

    def _other_data_dirs(self) -> list[str]:
        """Data directories within this one, such as those of replays: each has a corpus of its own."""
        own = self.data_dir.catalogue
        return sorted(str(path.parent) for path in self.data_dir.path.rglob(own.name) if path != own)


def make_plan(url: str, redactor: Redactor, store: Store) -> Plan:
    """Look everywhere for a page; CommandFailed if nobody knows it."""
    holding = redactor.find(url)
    if not (holding.files or is_known(store, url) or url_key(url) in redacted_keys(store)):
        raise CommandFailed(f"Neither archive nor catalogue know {url}: is it spelled as they have it?")
    return Plan(holding, texts_of(store, url), same_texts(store, url), foreign_places(store, url))


def describe(url: str, plan: Plan) -> Iterator[str]:
    """What is going to be done."""
    holding, texts = plan.holding, plan.texts
    yield f"To be redacted: {url}"
    yield f"  {holding.captures} captures in {len(holding.files)} WARC files, which are rewritten"
    yield from (f"    {name}: {len(found)} records" for name, found in sorted(holding.files.items()))
    repairs = sum(map(len, holding.dependents.values()))
    yield f"  {repairs} records of other pages repeat one of these and become whole, or refer to one that does"
    yield f"  {len(texts.files)} files of the corpus, earlier texts included, and {texts.rows} rows of the catalogue"
    yield from (f"    {name}" for name in texts.files)


def epilogue(url: str, plan: Plan, data_dirs: Iterable[str]) -> Iterator[str]:
    """What was done, and where the page may be found still."""
    yield f"Redacted {url}. Copies, backups and WACZ packages made before still hold the page."
    for name in plan.foreign:
        yield f"Not redacted: {name}, an archive of somebody else that was read where it lies."
    for name in data_dirs:
        yield f"{name} is a data directory of its own: run the command with -s DATA_DIR={name} too."
    for other in sorted(plan.holding.same_content):
        yield f"The archive has the same content at {other}: redact that too if it must go."
    for other in plan.same_text:
        yield f"{other} has the same text and was left out for it: scrapy rederive --apply can bring it in."
    yield "Feeds and section pages that list the page may name its title: they are pages of their own."


def say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(printable(sentence))


def complain(sentence: str) -> None:
    """Tell of damage in the archive; what is whole is redacted."""
    print(f"frontwire: {printable(sentence)}", file=sys.stderr)


def is_agreed() -> bool:
    """Ask; no answer is a no."""
    try:
        return input("Nothing of this can be undone. Redact the page? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


@contextmanager
def explained() -> Iterator[None]:
    """Give whatever goes wrong its sentence and exit code."""
    again = "Give the same command once more; it does the rest."
    try:
        yield
    except (CannotRedact, ArchiveChanged) as error:
        raise CommandFailed(sentence_of(error), FAILED) from None
    except ArchiveUnreadable as error:
        raise CommandFailed(f"{error} Run scrapy verify.", FAILED) from None
    except DBAPIError as error:
        raise CommandFailed(f"The catalogue cannot be written: {error.orig}. {again}", STORAGE) from None
    except OSError as error:
        what = error.filename or "the archive"
        raise CommandFailed(f"Cannot write {what}: {error.strerror}. Free space. {again}", STORAGE) from None
