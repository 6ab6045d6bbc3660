"""A page is taken down: signed tombstones for its records, its text removed."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError

from archive.collection.collection import Collection
from archive.collection.from_settings import make_collection
from archive.collection.redaction import Holding, Redactor
from archive.errors import ArchiveChanged, ArchiveUnreadable, CannotRedact
from archive.evidence.signing import SigningKey, read_key
from archive.warc.closed_file import Redaction
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.new_records import warc_date
from crawler import __version__
from crawler.archive_errors import operator_error
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.redactions import (
    COMMAND,
    KnownPage,
    PageCaptures,
    PageTexts,
    arguments_of,
    captures_of,
    erase,
    find_page,
    left_out_for,
    note_redaction,
    pictures_of,
    redacted_keys,
    scrub,
    texts_of,
)
from crawler.catalogue.store import Store
from crawler.cli.base import no_arguments_left
from crawler.cli.console import printable
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.engine import open_engine
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.http.url_identity import url_key, wire_url
from crawler.http.urls import is_web_url
from crawler.run.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is of a page, and where else the same may be found."""

    url: str
    page: KnownPage
    holding: Holding
    texts: PageTexts
    captures: PageCaptures
    left_out: list[str]
    pictures: list[str]


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Take a page out of archive, corpus and catalogue."""
    no_arguments_left(args, 1)
    url, reason = wire_url(args[0]) if args else "", " ".join(opts.reason.split())
    check_arguments(url, reason)
    with closing(open_catalogue(settings)) as store, DataDir.of(settings).held():
        return redact(settings, url, reason, store, opts.yes)


def redact(settings: BaseSettings, url: str, reason: str, store: Store, is_confirmed: bool) -> int:
    """Show what is there of a page, take it down if that is confirmed, and say what is left."""
    key, damage, data_dir = _key(settings), Damage(), DataDir.of(settings)
    with explained():
        with closing(StoredPlaces(open_engine(settings["STORE_URL"], data_dir.path))) as places:
            collection = make_collection(settings, referrer=places)
            collection.recover()
            redactor = Redactor(collection.rewriter, key, damage.report)
            plan = make_plan(url, redactor, store, {path.name for path in collection.archive.glob("*")})
            say(describe(plan))
            if not is_confirmed and not is_agreed():
                print("Nothing was changed.")
                return FAILED
            redaction = Redaction(url, warc_date(datetime.now(UTC)), reason)
            left = _carry_out(redaction, plan, redactor, store, collection, Corpus(data_dir.corpus))
        scrub(store)
    remains = [*remains_of(left, plan.captures.elsewhere), *damage.sentences]
    say(epilogue(plan, remains, _other_data_dirs(data_dir)))
    return FAILED if remains else OK


def _carry_out(
    redaction: Redaction,
    plan: Plan,
    redactor: Redactor,
    store: Store,
    collection: Collection,
    corpus: Corpus,
) -> dict[str, int]:
    """Take the page down; the number of its records that are left in the archive, by file.

    Every step can be done again: what is done already changes nothing.
    """
    noted = arguments_of(redaction.url, redaction.reason, plan.captures.here)
    run_id = store.begin_run(COMMAND, noted, f"frontwire/{__version__}")
    # First, so that after a kill no crawl brings back what is half gone.
    note_redaction(store, redaction.url, redaction.date, redaction.reason)
    left = redactor.redact(plan.holding, redaction)
    corpus.discard_strays(store.files_of)
    # The files before the rows that name them.
    corpus.remove(plan.texts.numbers, plan.texts.sha256)
    erase(store, plan.page, redaction.reason)
    assert collection.manifest is not None, "there is a key"
    head = collection.manifest.head
    store.note_manifest_head(run_id, head.lines, head.sha256)
    store.end_run(run_id, "finished", FAILED if left else OK)
    return left


def _key(settings: BaseSettings) -> SigningKey:
    path = settings["ARCHIVE_SIGNING_KEY"]
    key = read_key(Path(path)) if path else None
    if key is None:
        raise OperatorError(
            f"There is no signing key at {path!r}, and a takedown must be signed: "
            "name the file of the archive's key with ARCHIVE_SIGNING_KEY."
        )
    return key


def _other_data_dirs(data_dir: DataDir) -> list[str]:
    """Data directories within this one, such as those of replays: each has a corpus of its own."""
    own = data_dir.catalogue
    return sorted(str(path.parent) for path in data_dir.path.rglob(own.name) if path != own)


class Damage:
    """Parts of the archive that cannot be read, and so may hold the page still."""

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
            f"{url} holds the rules of a site, which every crawl fetches again, and no page: "
            "give the URL of a page."
        )


def make_plan(url: str, redactor: Redactor, store: Store, files: set[str]) -> Plan:
    """Look everywhere for a page; OperatorError if neither archive nor catalogue know it."""
    page = find_page(store, url)
    holding = redactor.find(lambda other: url_key(other) == page.key)
    if not (holding.files or holding.out_of_reach or page.ids or page.key in redacted_keys(store)):
        raise OperatorError(f"Neither archive nor catalogue know {url}: is it spelled as they have it?")
    return Plan(
        url,
        page,
        holding,
        texts_of(store, page),
        captures_of(store, page, files),
        left_out_for(store, page),
        pictures_of(store, page),
    )


def describe(plan: Plan) -> Iterator[str]:
    """What is going to be done."""
    holding, texts = plan.holding, plan.texts
    yield f"To be redacted: {plan.url}"
    yield from (f"  also as {url}" for url in sorted((holding.spellings | plan.page.spellings) - {plan.url}))
    yield f"  {holding.captures} captures in {len(holding.files)} WARC files, which are rewritten"
    yield from (f"    {name}: {len(found)} records" for name, found in sorted(holding.files.items()))
    repairs = sum(map(len, holding.dependents.values()))
    yield f"  {repairs} records of other pages repeat one of these and become whole, or refer to one that does"
    yield f"  {len(texts.files)} files of the corpus, earlier texts included, and {texts.rows} rows of the catalogue"
    yield from (f"    {name}" for name in texts.files)


def remains_of(left: dict[str, int], elsewhere: Iterable[str]) -> Iterator[str]:
    """What there is of the page still in archives of ours."""
    for name, count in sorted(left.items()):
        remedy = (
            "another run is writing to it. Give the same command once more when that run has ended."
            if name.endswith(OPEN_SUFFIX)
            else "only .warc.gz files can be rewritten. Move it out of the archive, or delete it."
        )
        yield f"{count} records of the page are left in {name}: {remedy}"
    for name in elsewhere:
        yield (
            f"Captures of the page are in {name}, which is not in this archive: give the same command where "
            "that file is, with the DATA_DIR of the worker or the ARCHIVE_DIR that has it."
        )


def epilogue(plan: Plan, remains: list[str], data_dirs: Iterable[str]) -> Iterator[str]:
    """What was done, what could not be, and where the page may be found still."""
    if remains:
        yield f"{plan.url} was redacted in part only:"
        yield from (f"  {sentence}" for sentence in remains)
    else:
        yield f"Redacted {plan.url}."
    yield "Copies, backups and WACZ packages made before still hold the page."
    for name in plan.captures.foreign:
        yield f"Not redacted: {name}, an archive of somebody else that was read where it lies."
    for name in data_dirs:
        yield f"{name} is a data directory of its own: run the command with -s DATA_DIR={name} too."
    yield from look_at(plan)
    yield "Feeds and section pages that list the page may name its title: they are pages of their own."


def look_at(plan: Plan) -> Iterator[str]:
    """Other pages that have to do with this one, and may have to go too."""
    for other in sorted(plan.holding.same_content):
        yield f"The archive has the same content at {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirects):
        yield f"The page redirected to {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirected_here):
        yield f"{other} redirected to the page, and what is noted of it may name the title: redact that too then."
    for other in plan.pictures:
        yield f"The archive has a picture of the page, {other}: redact that too if it must go."
    for other in plan.left_out:
        yield f"{other} has the same text and was left out for it: scrapy rederive --apply can bring it in."
    if plan.page.lists_articles:
        yield "The page lists articles: the next crawl fetches it again, as it is then."


def say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(printable(sentence))


def is_agreed() -> bool:
    """Ask; no answer is a no."""
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
