"""Takedowns in the catalogue: what it knows of a page is erased; that the page was taken down stays."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, delete, func, not_, select, update

from archive.objects.addresses import is_object_url
from crawler.catalogue.article_row import erased_values
from crawler.catalogue.clusters import forget_kin
from crawler.catalogue.corpus_texts import drop_bands
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.runs import dump_arguments, end_run
from crawler.catalogue.sketches import drop_sketches
from crawler.database import schema
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.accounting import live_runs
from crawler.frontier.states import DONE, LEASED, in_state
from crawler.http.url_identity import url_key
from crawler.items import FETCHED_ONCE, REQUISITES, Discovery, Evidence, UrlKind
from crawler.outcome import Outcome
from crawler.texts.seed_format import seed_name

_AT_ONCE = 10_000
"""Rows that are in memory at a time."""

_LOCK = 0x74616B656E646F77
"""PostgreSQL's advisory lock of takedowns, shared by the runs that commit: any number that no other program uses."""

_DECISIONS = (schema.review, schema.stated_month)
"""What people decide about single pages, perhaps with a note."""

COMMAND = "redact"
"""The name under which a takedown is in the table of runs."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """The rows that the catalogue has of a page, one for each spelling of its URL that it keeps apart."""

    key: bytes
    ids: frozenset[int]
    spellings: frozenset[str]
    lists_articles: bool
    """It is a feed, a sitemap or a section page: the next crawl fetches it again, with other content."""


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The texts that the catalogue knows of a page."""

    rows: int
    files: list[str]
    """Every seed file that the page ever had, as `2021-01/000_….txt`; earlier ones are in `.revisions`."""
    numbers: frozenset[tuple[str, int]]
    """Month and number of its seed files in this place: they stay known when the rest of a row is erased."""
    sha256: frozenset[str]
    """Of its files anywhere, in hex, where no other page had the same: what a killed run left has such a digest too."""
    elsewhere: int = 0
    """How many of the files lie in other places."""


@dataclass(frozen=True, slots=True)
class PageCaptures:
    """Where the catalogue says that captures of a page are."""

    here: Mapping[int, str]
    """Those in files of this archive: their ids, and the names of the files."""
    elsewhere: list[tuple[str, str]]
    """Files of ours that are not in this archive, in which no takedown was carried out yet, with the place of each."""
    foreign: list[str]
    """Archives of others, read in place."""


def find_page(catalogue: Catalogue, url: str) -> KnownPage:
    """All rows of the page that a URL names, by a look at every URL.

    Spellings between which a site redirects have keys of their own, which do not show that they are one page.
    """
    page = url_key(url)
    column = schema.url.c
    with catalogue.read() as connection:
        rows = connection.execution_options(yield_per=1000).execute(
            select(column.id, column.key, column.url, column.kind)
        )
        found = [row for row in rows if bytes(row.key) == page or url_key(row.url) == page]
    return KnownPage(
        page,
        frozenset(row.id for row in found),
        frozenset(row.url for row in found),
        any(UrlKind(row.kind) not in FETCHED_ONCE for row in found),
    )


def redacted_keys(catalogue: Catalogue) -> set[bytes]:
    """Keys of all pages that were taken down."""
    with catalogue.read() as connection:
        return set(map(bytes, connection.execute(select(schema.redaction.c.key)).scalars()))


def note_redaction(catalogue: Catalogue, url: str, date: str, reason: str, stated: str = "") -> None:
    """From now on no run fetches the page again or takes it from an archive; the archive has the statement `stated`."""
    key, table = url_key(url), schema.redaction

    def note(connection: Connection) -> None:
        if not catalogue.is_private:  # what others have in hand is committed first; then they see it
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(delete(table).where(table.c.key == key))
        connection.execute(
            table.insert().values(key=key, url=url, date=date, reason=reason, stated=stated or None)
        )

    catalogue.write(note)


def refuse_taken_down(connection: Connection, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of a run, without the texts of pages that were taken down while it went on.

    An outcome that stays is the same object. Until the end of the transaction no takedown begins.
    """
    connection.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))
    keys = {key for each in outcomes for key in _keys_of(each)}
    query = select(schema.redaction.c.key, schema.redaction.c.reason)
    reasons: dict[bytes, str] = {}
    for some in batches(list(keys)):
        found = connection.execute(query.where(schema.redaction.c.key.in_(some)))
        reasons |= {bytes(row.key): row.reason for row in found}
    return [_taken_down(each, reasons) for each in outcomes] if reasons else list(outcomes)


def is_taken_down(before: Outcome, after: Outcome) -> bool:
    """Whether `refuse_taken_down` changed an outcome."""
    return after is not before and after.fate is Fate.RIGHTS_DROPPED


def _taken_down(outcome: Outcome, reasons: Mapping[bytes, str]) -> Outcome:
    reason = next((reasons[key] for key in _keys_of(outcome) if key in reasons), None)
    if reason is None:
        return outcome
    return replace(outcome, fate=Fate.RIGHTS_DROPPED, reason=reason, article=None, links=(), retry_in_s=None)


def _keys_of(outcome: Outcome) -> list[bytes]:
    """Keys of the pages whose text is in an outcome."""
    if outcome.kind not in FETCHED_ONCE:
        return []
    parts = outcome.article.parts if outcome.article else ()
    return [url_key(outcome.url), *(url_key(part.url) for part in parts)]


def being_fetched(catalogue: Catalogue, page: KnownPage) -> set[str]:
    """The places in which a run has the page in hand."""
    url, run = schema.url, schema.run
    with catalogue.read() as connection:
        leased = select(run.c.place).join_from(url, run, url.c.run_id == run.c.id)
        leased = leased.where(url.c.id.in_(page.ids), in_state(LEASED), run.c.id.in_(live_runs(connection)))
        return set(connection.execute(leased).scalars())


def texts_of(catalogue: Catalogue, page: KnownPage, place: str = EVERYWHERE) -> PageTexts:
    """The texts of a page, including those that newer ones replaced."""
    article, capture = schema.article.c, schema.capture
    of_page = article.url_id.in_(page.ids)
    query = (
        select(article.month, article.number, article.sha256, capture.c.place)
        .outerjoin_from(schema.article, capture, article.capture_id == capture.c.id)
        .where(of_page)
    )
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
        here = [row for row in rows if place == EVERYWHERE or row.place in (place, "", None)]
        digests = {row.sha256 for row in rows if row.sha256} | _noted(connection, "texts", page.key)
        others = connection.execute(select(article.sha256).where(not_(of_page), article.sha256.in_(digests)))
        shared = set(others.scalars())
    files = {seed_name(row.month, row.number, row.sha256) for row in here if row.sha256}
    numbers = frozenset((row.month, row.number) for row in here if row.number is not None)
    elsewhere = sum(row.sha256 is not None for row in rows) - sum(row.sha256 is not None for row in here)
    return PageTexts(len(rows), sorted(files), numbers, frozenset(digests - shared), elsewhere)


def left_out_for(catalogue: Catalogue, page: KnownPage) -> list[tuple[str, str]]:
    """URLs of other pages that are not in the corpus because the page has their text, with the place of each."""
    article, capture = schema.article.c, schema.capture.c
    query = (
        select(schema.url.c.url, article.duplicate_of, capture.place)
        .join_from(schema.article, schema.url, article.url_id == schema.url.c.id)
        .outerjoin(schema.capture, article.capture_id == capture.id)
        .where(article.duplicate_of.is_not(None), article.url_id.not_in(page.ids))
        .distinct()
    )
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
    return sorted({(row.url, row.place or "") for row in rows if url_key(row.duplicate_of) == page.key})


@dataclass(frozen=True, slots=True)
class ShownWith:
    """URLs of archived files that a page was the first to name."""

    pictures: list[str]
    """Those of its story."""
    look: list[str]
    """Its style sheets, fonts and other pictures, and what its style sheets name: other pages may have them too."""


def shown_with(catalogue: Catalogue, page: KnownPage) -> ShownWith:
    """The archived files with which a page is shown, as far as no page named them before."""
    found, seen, level = ShownWith([], []), {page.key}, {page.key}
    with catalogue.read() as connection:
        while level:  # the page, its style sheets, what these import
            named = list(_named_by(connection, level))
            for _, name, how in named:
                (found.pictures if how is Discovery.IMAGE else found.look).append(name)
            level = {key for key, _, _ in named} - seen
            seen |= level
    return ShownWith(sorted(found.pictures), sorted(found.look))


def _named_by(connection: Connection, keys: Collection[bytes]) -> Iterator[tuple[bytes, str, Discovery]]:
    """Key, URL and discovery of the archived files that these were the first to name.

    All such files are looked through, for no index has their evidence: a few at a time, a corpus may have millions.
    """
    url = schema.url.c
    archived = select(url.key, url.url, url.evidence).where(
        url.kind.in_(sorted(REQUISITES)),
        url.fate.in_(sorted({Fate.NOT_HTML, Fate.UNCHANGED, Fate.REDIRECTED})),
    )
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(archived):
        evidence = Evidence.of(json.loads(row.evidence))
        if url_key(evidence.via) in keys:
            yield bytes(row.key), row.url, evidence.how


def captures_of(
    catalogue: Catalogue, page: KnownPage, files: Collection[str], place: str = EVERYWHERE
) -> PageCaptures:
    """Where captures of a page are; `files` are the names of those of the archive of this place.

    Workers that share a catalogue have an archive each, and each takedown sees to one archive.
    """
    capture = schema.capture.c
    query = select(capture.id, capture.warc, capture.place).where(capture.url_id.in_(page.ids))
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
        done = set(map(int, _noted(connection, "captures", page.key)))
    foreign = {row.warc for row in rows if _is_foreign(row.warc)}
    here = {row.id: row.warc for row in rows if row.warc in files}
    elsewhere = {
        (row.warc, row.place if place not in (EVERYWHERE, row.place) else EVERYWHERE)
        for row in rows
        if row.id not in here.keys() | done and row.warc not in foreign
    }
    return PageCaptures(here, sorted(elsewhere), sorted(foreign))


def _is_foreign(warc: str) -> bool:
    """Whether a record lies in an archive of others, which is named by its path or URL."""
    return Path(warc).is_absolute() or is_object_url(warc)


def arguments_of(
    url: str, reason: str, captures: Collection[int], texts: Collection[str] = ()
) -> dict[str, str]:
    """What the run of a takedown notes, for takedowns of the same page in other archives.

    `captures` are done with; `texts` are digests of files that may lie in other places.
    """
    noted = {"url": url, "reason": reason, "captures": " ".join(map(str, sorted(captures)))}
    return noted | ({"texts": " ".join(sorted(texts))} if texts else {})


def texts_taken_down(catalogue: Catalogue) -> set[str]:
    """Digests of the files that takedowns left to other places, in hex."""
    with catalogue.read() as connection:
        return _noted(connection, "texts")


def note_done(catalogue: Catalogue, run_id: int, arguments: Mapping[str, str], exit_code: int) -> None:
    """Let the run of a takedown end, and note what it is done with."""
    noting = update(schema.run).where(schema.run.c.id == run_id).values(arguments=dump_arguments(arguments))
    catalogue.write(lambda connection: connection.execute(noting))
    end_run(catalogue, run_id, "finished", exit_code)


def _noted(connection: Connection, what: str, key: bytes = b"") -> set[str]:
    """What takedowns noted, of the page with this key or of all; captures are done with when one came to its end."""
    run = schema.run.c
    query = select(run.arguments).where(run.spider == COMMAND)
    query = query.where(run.exit_code.is_not(None)) if what == "captures" else query
    earlier = map(json.loads, connection.execute(query).scalars())
    return {
        each
        for arguments in earlier
        if not key or url_key(arguments["url"]) == key
        for each in arguments.get(what, "").split()
    }


def unfinished_takedowns(catalogue: Catalogue, place: str) -> list[str]:
    """URLs of pages that were taken down, but not in a place that has captures of them."""
    if place == EVERYWHERE:
        return []  # the one command saw to the one archive
    capture, url, redaction = schema.capture.c, schema.url, schema.redaction.c
    with catalogue.read() as connection:
        taken_down = {
            bytes(row.key): row.url for row in connection.execute(select(redaction.key, redaction.url))
        }
        done = set(map(int, _noted(connection, "captures"))) if taken_down else set()
        its = select(capture.id, capture.warc, url.c.url).join_from(
            schema.capture, url, capture.url_id == url.c.id
        )
        ended = its.where(capture.place == place, url.c.fate == str(Fate.RIGHTS_DROPPED))
        rows = connection.execute(ended).all() if taken_down else []
    left = {url_key(row.url) for row in rows if row.id not in done and not _is_foreign(row.warc)}
    return sorted(url for key, url in taken_down.items() if key in left)


def statements_on(catalogue: Catalogue, page: KnownPage) -> int:
    """How many decisions of people on a page the archive states."""
    with catalogue.read() as connection:
        counts = [
            connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.key == page.key, table.c.stated.is_not(None))
            ).scalar_one()
            for table in _DECISIONS
        ]
    return sum(counts)


def erase_notes(catalogue: Catalogue, page: KnownPage) -> None:
    """Forget what people noted with their decisions on a page; what they decided stays known."""

    def forget(connection: Connection) -> None:
        for table in _DECISIONS:
            connection.execute(update(table).where(table.c.key == page.key).values(note=None))

    catalogue.write(forget)


def erase(catalogue: Catalogue, page: KnownPage, reason: str) -> None:
    """Empty the rows of a page, in one transaction; done again, it changes nothing more."""
    article, evidence = schema.article, schema.date_evidence

    def empty(connection: Connection) -> None:
        its = article.c.url_id.in_(page.ids)
        of_page = select(article.c.id).where(its)
        connection.execute(delete(evidence).where(evidence.c.article_id.in_(of_page)))
        drop_bands(connection, its)
        drop_sketches(connection, its)
        ended = {"fate": str(Fate.RIGHTS_DROPPED), "reason": reason}
        connection.execute(update(article).where(its).values(erased_values() | ended))
        forget_kin(connection, sorted(page.spellings))
        _end_urls(connection, page)

    catalogue.write(empty)


def _end_urls(connection: Connection, page: KnownPage) -> None:
    """Let the URLs end, without the title that a feed gave them."""
    url = schema.url
    query = select(url.c.id, url.c.evidence).where(url.c.id.in_(page.ids))
    for row in connection.execute(query).all():
        kept = {name: value for name, value in json.loads(row.evidence).items() if name != "title"}
        ended = {"state": DONE, "fate": str(Fate.RIGHTS_DROPPED), "not_before": 0}
        ending = update(url).where(url.c.id == row.id)
        connection.execute(ending.values(evidence=json.dumps(kept), **ended))


def scrub(catalogue: Catalogue) -> None:
    """Write an SQLite database anew: what was deleted would otherwise stay readable in its free pages."""
    if not catalogue.is_private:
        return
    with catalogue.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.exec_driver_sql(statement)
