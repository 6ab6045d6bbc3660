"""Takedowns in the catalogue: what it knows of a page is erased; that the page was taken down stays."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, not_, select, update

from crawler.catalogue.article_row import erased_values
from crawler.catalogue.corpus_texts import drop_bands
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.states import DONE
from crawler.http.url_identity import url_key
from crawler.items import FETCHED_ONCE, UrlKind
from crawler.texts.seed_format import seed_name

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
    """Month and number of its seed files: they stay known when the rest of a row is erased."""
    sha256: frozenset[str]
    """Of these files, in hex, where no other page had the same: what a killed run left has such a digest too."""


@dataclass(frozen=True, slots=True)
class PageCaptures:
    """Where the catalogue says that captures of a page are."""

    here: frozenset[int]
    """Ids of those in files of this archive."""
    elsewhere: list[str]
    """Files of ours that are not in this archive, in which no takedown was carried out yet."""
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
        connection.execute(delete(table).where(table.c.key == key))
        connection.execute(
            table.insert().values(key=key, url=url, date=date, reason=reason, stated=stated or None)
        )

    catalogue.write(note)


def texts_of(catalogue: Catalogue, page: KnownPage) -> PageTexts:
    """The texts of a page, including those that newer ones replaced."""
    article = schema.article.c
    of_page = article.url_id.in_(page.ids)
    query = select(article.month, article.number, article.sha256).where(of_page)
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
        digests = {row.sha256 for row in rows if row.sha256}
        others = connection.execute(select(article.sha256).where(not_(of_page), article.sha256.in_(digests)))
        shared = set(others.scalars())
    files = {seed_name(row.month, row.number, row.sha256) for row in rows if row.sha256}
    numbers = frozenset((row.month, row.number) for row in rows if row.number is not None)
    return PageTexts(len(rows), sorted(files), numbers, frozenset(digests - shared))


def left_out_for(catalogue: Catalogue, page: KnownPage) -> list[str]:
    """URLs of other pages that are not in the corpus because the page has their text."""
    article = schema.article.c
    query = (
        select(schema.url.c.url, article.duplicate_of)
        .join_from(schema.article, schema.url, article.url_id == schema.url.c.id)
        .where(article.duplicate_of.is_not(None), article.url_id.not_in(page.ids))
        .distinct()
    )
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
    return sorted({row.url for row in rows if url_key(row.duplicate_of) == page.key})


def pictures_of(catalogue: Catalogue, page: KnownPage) -> list[str]:
    """URLs of archived pictures that the page was the first to name."""
    url = schema.url.c
    archived = select(url.url, url.evidence).where(
        url.kind == str(UrlKind.IMAGE), url.fate == str(Fate.NOT_HTML)
    )
    with catalogue.read() as connection:
        rows = connection.execute(archived).all()
    return sorted(row.url for row in rows if url_key(json.loads(row.evidence).get("via", "")) == page.key)


def captures_of(catalogue: Catalogue, page: KnownPage, files: Collection[str]) -> PageCaptures:
    """Where captures of a page are; `files` are the names of those of this archive.

    Workers that share a catalogue have an archive each, and each takedown sees to one archive.
    """
    capture = schema.capture.c
    query = select(capture.id, capture.warc).where(capture.url_id.in_(page.ids))
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
        done = _captures_redacted(connection, page.key)
    foreign = {row.warc for row in rows if Path(row.warc).is_absolute()}
    here = frozenset(row.id for row in rows if row.warc in files)
    elsewhere = {row.warc for row in rows if row.id not in here | done} - foreign
    return PageCaptures(here, sorted(elsewhere), sorted(foreign))


def arguments_of(url: str, reason: str, captures: Collection[int]) -> dict[str, str]:
    """What the run of a takedown notes, for takedowns of the same page in other archives."""
    return {"url": url, "reason": reason, "captures": " ".join(map(str, sorted(captures)))}


def _captures_redacted(connection: Connection, key: bytes) -> set[int]:
    """Ids of the captures of a page to which takedowns have seen that came to their end."""
    run = schema.run.c
    query = select(run.arguments).where(run.spider == COMMAND, run.exit_code.is_not(None))
    earlier = map(json.loads, connection.execute(query).scalars())
    return {
        int(each)
        for arguments in earlier
        if url_key(arguments["url"]) == key
        for each in arguments.get("captures", "").split()
    }


def erase(catalogue: Catalogue, page: KnownPage, reason: str) -> None:
    """Empty the rows of a page, in one transaction; done again, it changes nothing more."""
    article, evidence = schema.article, schema.date_evidence

    def empty(connection: Connection) -> None:
        its = article.c.url_id.in_(page.ids)
        of_page = select(article.c.id).where(its)
        connection.execute(delete(evidence).where(evidence.c.article_id.in_(of_page)))
        drop_bands(connection, its)
        ended = {"fate": str(Fate.RIGHTS_DROPPED), "reason": reason}
        connection.execute(update(article).where(its).values(erased_values() | ended))
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
