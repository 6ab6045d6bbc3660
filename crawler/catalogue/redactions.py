"""Takedowns in the catalogue: what is known of a page is forgotten, that it was taken down is not."""

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Select, delete, not_, select, update

from crawler.catalogue.corpus_texts import drop_bands
from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.database.write_lock import writing
from crawler.fates import Fate
from crawler.frontier.states import DONE
from crawler.http.url_identity import keys_of, url_key
from crawler.texts.seed_format import seed_name

_EMPTIED = {
    "fate": str(Fate.RIGHTS_DROPPED),
    "text": "",
    "authors": "[]",
    "rights": "[]",
    "terms": "[]",
    "date_conflict": False,
    "extractor": "",  # nothing derived what such a row says
    **dict.fromkeys(("verdict", "canonical_url", "title", "language", "agency", "published", "modified")),
    **dict.fromkeys(("date_source", "conflict", "related", "model", "body_hash", "duplicate_of")),
    **dict.fromkeys(("known", "covered", "silent_edit")),
    **dict.fromkeys(("file", "sha256", "revises", "reasons")),
}
"""What becomes of an article's row. Month and number stay, for an index of a month is given once."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that the catalogue knows of a page."""

    rows: int
    files: list[str]
    """Every seed file that the page ever had, as `2021-01/000_….txt`; earlier ones lie in `.revisions`."""
    sha256: set[str]
    """Of these files, in hex, where no other page had the same: what a killed run left has such a digest too."""


def redacted_keys(store: Store) -> set[bytes]:
    """Keys of all pages that were taken down."""
    with store.engine.connect() as connection:
        return set(map(bytes, connection.execute(select(schema.redaction.c.key)).scalars()))


def note_redaction(store: Store, url: str, date: str, reason: str) -> None:
    """From now on no run fetches the page again or takes it from an archive."""
    key, table = url_key(url), schema.redaction
    with writing(store.engine) as connection:
        connection.execute(delete(table).where(table.c.key == key))
        connection.execute(table.insert().values(key=key, url=url, date=date, reason=reason))


def spellings_of(store: Store, url: str) -> list[str]:
    """How the catalogue spells a page; as it is given, if the catalogue has not heard of it."""
    with store.engine.connect() as connection:
        known = select(schema.url.c.url).where(schema.url.c.id.in_(_id_of(url)))
        return sorted(connection.execute(known).scalars()) or [url]


def is_known(store: Store, url: str) -> bool:
    """Whether the catalogue has heard of a page."""
    with store.engine.connect() as connection:
        return connection.execute(_id_of(url)).first() is not None


def texts_of(store: Store, url: str) -> Texts:
    """The texts of a page, those included that newer ones replaced."""
    article = schema.article.c
    of_page = article.url_id.in_(_id_of(url))
    query = select(article.month, article.number, article.sha256).where(of_page)
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
        digests = {row.sha256 for row in rows if row.sha256}
        others = select(article.sha256).where(not_(of_page), article.sha256.in_(digests))
        files = {seed_name(row.month, row.number, row.sha256) for row in rows if row.sha256}
        return Texts(len(rows), sorted(files), digests - set(connection.execute(others).scalars()))


def same_texts(store: Store, url: str) -> list[str]:
    """URLs that are not in the corpus because the page has their text."""
    article = schema.article.c
    query = (
        select(schema.url.c.url)
        .join_from(schema.article, schema.url, article.url_id == schema.url.c.id)
        .where(article.duplicate_of.in_(select(schema.url.c.url).where(schema.url.c.key.in_(keys_of(url)))))
    )
    with store.engine.connect() as connection:
        return sorted(set(connection.execute(query).scalars()))


def foreign_places(store: Store, url: str) -> list[str]:
    """Archives of others, read where they lie, in which records of a page are."""
    capture = schema.capture.c
    query = select(capture.warc).where(capture.url_id.in_(_id_of(url))).distinct()
    with store.engine.connect() as connection:
        return sorted(name for name in connection.execute(query).scalars() if Path(name).is_absolute())


def forget(store: Store, url: str, reason: str) -> None:
    """Empty the rows of a page, in one transaction; done again, it changes nothing more."""
    article, ids = schema.article, _id_of(url)
    with writing(store.engine) as connection:
        of_page = select(article.c.id).where(article.c.url_id.in_(ids))
        evidence = schema.date_evidence
        connection.execute(delete(evidence).where(evidence.c.article_id.in_(of_page)))
        drop_bands(connection, article.c.url_id.in_(ids))
        emptied = update(article).where(article.c.url_id.in_(ids))
        connection.execute(emptied.values(reason=reason, **_EMPTIED))
        _forget_evidence(connection, url)


def scrub(store: Store) -> None:
    """Write an SQLite database anew: what was deleted would otherwise stay readable in its free pages."""
    if store.engine.dialect.name != "sqlite":
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.exec_driver_sql(statement)


def _id_of(url: str) -> Select[tuple[int]]:
    return select(schema.url.c.id).where(schema.url.c.key.in_(keys_of(url)))


def _forget_evidence(connection: Connection, url: str) -> None:
    """Let the URL end, without the title that a feed gave it."""
    known = schema.url
    for row in connection.execute(
        select(known.c.id, known.c.evidence).where(known.c.key.in_(keys_of(url)))
    ).all():
        evidence = {name: value for name, value in json.loads(row.evidence).items() if name != "title"}
        ended = {"state": DONE, "fate": str(Fate.RIGHTS_DROPPED), "not_before": 0}
        ended |= {"evidence": json.dumps(evidence)}
        connection.execute(update(known).where(known.c.id == row.id).values(ended))
