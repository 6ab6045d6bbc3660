"""The catalogue: runs, URLs with their fates, captures and articles, in one database."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    case,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from archive.warc.location import RecordLocation
from crawler.catalogue import corpus_texts
from crawler.catalogue.known_texts import decide_again
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.database.write_lock import writing
from crawler.fates import IN_CORPUS
from crawler.frontier.states import DEFERRED, DONE
from crawler.frontier.url_rows import adopt, end_found, end_leased, enter_links, give_back
from crawler.frontier.yields import count_yields
from crawler.http.url_identity import keys_of
from crawler.items import Article, Link, UrlKind
from crawler.outcome import Outcome
from crawler.texts.corpus_text import CorpusText


class Tally(NamedTuple):
    """The sums of a run; they reconcile when `discovered == sum(fates) + pending`."""

    discovered: int
    fates: dict[str, int]
    pending: int
    failing: int = 0
    """Of the pending ones those that were tried, in vain so far."""

    @property
    def reconciles(self) -> bool:
        return self.discovered == sum(self.fates.values()) + self.pending


class ForeignFile(NamedTuple):
    """An archive outside of ours, as it was when its records were read."""

    path: str
    """Absolute."""
    bytes: int
    sha256: str


class Store(Catalogue):
    """One database; every method is one transaction, and may be called from any thread."""

    # --- runs ------------------------------------------------------------------------------
    def begin_run(self, spider: str, arguments: dict[str, str], software: str, place: str = "") -> int:
        """Open the row of a run and give its id.

        An earlier run of the same place that has not ended was killed: the place is held by this one.
        """
        values: dict[str, object] = {
            "spider": spider,
            "arguments": json.dumps(arguments, ensure_ascii=False, sort_keys=True),
            "software": software,
            "started": utc_text(datetime.now(UTC)),
            "place": place,
            "discovered": 0,  # said, for tables that were upgraded have no default
        }
        with writing(self.engine) as connection:
            run = schema.run
            ours = true() if self.is_private else run.c.place == place
            dead = update(run).where(run.c.ended.is_(None), ours)
            killed = dead.values(ended=values["started"], reason="killed").returning(run.c.id)
            for run_id in connection.execute(killed).scalars().all():
                give_back(connection, schema.url.c.run_id == run_id, schema.host.c.locked_by == run_id)
            return _insert_row(connection, run, values)

    def last_end(self, run_id: int) -> str | None:
        """When the last run like this one, in its place, came to its end; None if there is none."""
        run = schema.run.c
        its = select(run.place, run.spider).where(run.id == run_id)
        came_to_its_end = or_(run.reason == "finished", run.reason.startswith("closespider_"))
        with self.engine.connect() as connection:
            this = connection.execute(its).one()
            ended = select(func.max(run.ended)).where(run.place == this.place, run.spider == this.spider)
            return connection.execute(ended.where(came_to_its_end)).scalar()

    def has_runs(self) -> bool:
        """Whether there ever was a run."""
        with self.engine.connect() as connection:
            return connection.execute(select(schema.run.c.id).limit(1)).first() is not None

    def end_run(self, run_id: int, reason: str, exit_code: int) -> None:
        values = {"ended": utc_text(datetime.now(UTC)), "reason": reason, "exit_code": exit_code}
        with writing(self.engine) as connection:
            connection.execute(update(schema.run).where(schema.run.c.id == run_id).values(values))

    def tally(self, run_id: int) -> Tally:
        """Fates and pending URLs of a run, beside what it counted as URLs came and went."""
        url, run = schema.url.c, schema.run.c
        # One query: another run may take URLs over between two.
        counts = (
            select(run.discovered, url.state, url.fate, func.count(url.id))
            .outerjoin_from(schema.run, schema.url, url.run_id == run.id)
            .where(run.id == run_id)
            .group_by(run.discovered, url.state, url.fate)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(counts).all()
        fates = {str(fate): int(count) for _, state, fate, count in rows if state == DONE}
        pending = sum(int(count) for _, state, _, count in rows if state != DONE)
        failing = sum(int(count) for _, state, _, count in rows if state == DEFERRED)
        return Tally(int(rows[0].discovered), fates, pending, failing)

    def image_fates(self, run_id: int) -> dict[str, int]:
        """How many of a run's URLs that are pictures of articles ended in which fate."""
        url = schema.url.c
        ended = select(url.fate, func.count()).where(url.run_id == run_id, url.state == DONE)
        with self.engine.connect() as connection:
            rows = connection.execute(ended.where(url.kind == UrlKind.IMAGE).group_by(url.fate))
            return _counts(rows.all())

    def most_frequent_reason(self, run_id: int, fates: Collection[str]) -> str:
        """Why most of a run's visits that ended in one of these fates did; empty if there are none."""
        visit = schema.visit.c
        ended = select(visit.reason).where(visit.run_id == run_id, visit.fate.in_(fates), visit.reason != "")
        frequent = ended.group_by(visit.reason).order_by(func.count().desc(), visit.reason).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(frequent).scalar() or ""

    def fates(self) -> dict[str, int]:
        """How many URLs of all runs ended in which fate."""
        url = schema.url.c
        ended = select(url.fate, func.count()).where(url.state == DONE).group_by(url.fate)
        with self.engine.connect() as connection:
            return _counts(connection.execute(ended).all())

    # --- URLs ------------------------------------------------------------------------------
    def enter(self, run_id: int, links: Sequence[Link], again: bool = False, only_new: bool = False) -> int:
        """Queue those links that are to be asked for (see `enter_links`), and count them."""

        def enter(connection: Connection) -> int:
            return enter_links(connection, run_id, links, again, only_new)

        return self.write(enter)

    def adopt(self, run_id: int, url: str) -> bool:
        """Lease a URL that waits, if it does: what came of it is known already."""
        with writing(self.engine) as connection:
            return adopt(connection, run_id, url)

    def give_back(self, run_id: int) -> None:
        """End the leases of a run."""
        with writing(self.engine) as connection:
            give_back(connection, schema.url.c.run_id == run_id, schema.host.c.locked_by == run_id)

    # --- outcomes --------------------------------------------------------------------------
    def commit(
        self, run_id: int, ended: Sequence[tuple[Outcome, RecordLocation | None]], leased: bool = False
    ) -> list[Outcome]:
        """Make outcomes durable: new links, fates, captures and articles, all or none.

        Gives those whose files are not for the corpus. With `leased`, a URL that another run has taken over
        meanwhile is left to that run; of one text that two workers let pass, the one that commits first is kept.
        """

        def commit(connection: Connection) -> list[Outcome]:
            lost: list[Outcome] = []
            committed: list[Outcome] = []
            outcomes = [outcome for outcome, _ in ended]
            if not self.is_private:
                outcomes = decide_again(connection, run_id, outcomes)
            # Links before URLs: PostgreSQL would find the other order a deadlock.
            entered = [
                enter_links(connection, run_id, outcome.links, outcome.again) if outcome.links else 0
                for outcome in outcomes
            ]
            for outcome, (before, ref), news in zip(outcomes, ended, entered, strict=True):
                if leased:
                    url_id = end_leased(connection, run_id, outcome, has_news=news > 0)
                else:
                    url_id = end_found(connection, run_id, outcome)
                if url_id is not None:
                    _commit_one(connection, run_id, url_id, outcome, ref)
                    committed.append(outcome)
                if url_id is None or outcome is not before:
                    lost.append(before)
            count_yields(connection, committed)
            return lost

        return self.write(commit)

    # --- articles --------------------------------------------------------------------------
    def same_text(self, body_hash: bytes) -> CorpusText | None:
        """The first article of the corpus with this body."""
        with self.engine.connect() as connection:
            return corpus_texts.same_text(connection, body_hash)

    def text_of_url(self, url: str) -> CorpusText | None:
        """What the corpus holds of a URL."""
        with self.engine.connect() as connection:
            return corpus_texts.text_of_url(connection, url)

    def near_texts(self, bands: Sequence[int]) -> list[tuple[int, CorpusText]]:
        """Articles of the corpus that share keys with a text, each with how many."""
        with self.engine.connect() as connection:
            return corpus_texts.near_texts(connection, bands)

    def full_bands(self, bands: Sequence[int]) -> set[int]:
        """Those keys that lead to so many articles that they say nothing any more."""
        with self.engine.connect() as connection:
            return corpus_texts.full_bands(connection, bands)

    def last_index(self, month: str) -> int:
        """The highest file index that a month of the corpus ever used, -1 if none."""
        highest = select(func.max(schema.article.c.number)).where(schema.article.c.month == month)
        with self.engine.connect() as connection:
            number = connection.execute(highest).scalar()
        return -1 if number is None else int(number)

    def files_of(self, month: str) -> set[str]:
        """The files that a month of the corpus holds."""
        article = schema.article.c
        files = select(article.file).where(article.month == month, article.file.is_not(None))
        with self.engine.connect() as connection:
            return set(connection.execute(files).scalars())

    def articles(self, everything: bool = False) -> Iterator[dict[str, Any]]:
        """Articles of the corpus, or every extracted page, in the order of their coming."""
        query = located_articles()
        if not everything:
            query = query.where(schema.article.c.file.is_not(None), schema.article.c.fate.in_(IN_CORPUS))
        with self.engine.connect().execution_options(yield_per=200) as connection:
            for row in connection.execute(query).mappings():
                yield dict(row)

    def article_of_file(self, name: str) -> dict[str, Any] | None:
        """The article whose file in the corpus is `2021-01/000_….txt`, as `articles` gives it."""
        query = located_articles().where(schema.article.c.file == name)
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return dict(row) if row is not None else None

    def latest_of_url(self, url: str) -> dict[str, Any] | None:
        """What was last extracted of a URL, as `articles` gives it."""
        query = located_articles().where(schema.url.c.key.in_(keys_of(url))).order_by(None)
        with self.engine.connect() as connection:
            row = connection.execute(query.order_by(schema.article.c.id.desc())).mappings().first()
        return dict(row) if row is not None else None

    # --- archives ----------------------------------------------------------------------------
    def note_manifest_head(self, run_id: int, lines: int, sha256: str) -> None:
        """Remember where the archive's manifest ended after a run: what is cut off later is missed."""
        values = {"run_id": run_id, "lines": lines, "sha256": sha256}
        with writing(self.engine) as connection:
            connection.execute(insert(schema.manifest_head).values(values))

    def manifest_head(self) -> tuple[int, str]:
        """Lines of the manifest after the last run that noted them, and the last one's SHA-256; 0 if none did."""
        head = schema.manifest_head.c
        query = select(head.lines, head.sha256).order_by(head.run_id.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return (row.lines, row.sha256) if row else (0, "")

    def foreign_files(self) -> list[ForeignFile]:
        """The archives that runs read where they lay, as they were then, in the order of their first reading."""
        file = schema.foreign_file.c
        query = select(file.path, file.bytes, file.sha256).order_by(file.run_id, file.path)
        with self.engine.connect() as connection:
            return list(dict.fromkeys(ForeignFile(*row) for row in connection.execute(query)))

    def first_read(self, file: ForeignFile) -> str:
        """When the first run that read an archive of others began: ISO 8601, UTC."""
        run, known = schema.run.c, schema.foreign_file.c
        first = select(func.min(known.run_id)).where(known.path == file.path, known.sha256 == file.sha256)
        with self.engine.connect() as connection:
            return str(
                connection.execute(select(run.started).where(run.id == first.scalar_subquery())).scalar_one()
            )

    def note_foreign_file(self, run_id: int, file: ForeignFile) -> None:
        """Remember an archive that a run read where it lay."""
        values = {"run_id": run_id, **file._asdict()}
        with writing(self.engine) as connection:
            connection.execute(insert(schema.foreign_file).values(values))

    def foreign_file(self, run_id: int, path: str) -> ForeignFile | None:
        """The archive at an absolute path, as a run found it."""
        file = schema.foreign_file.c
        query = select(file.path, file.bytes, file.sha256).where(file.run_id == run_id, file.path == path)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return ForeignFile(*row) if row else None


def _counts(rows: Iterable[Row[str | None, int]]) -> dict[str, int]:
    return {str(fate): count for fate, count in rows}


def located_articles() -> Select[Any]:
    """Articles with their URL and the place of their record, oldest first."""
    article, capture, url = schema.article, schema.capture, schema.url
    located = [column for column in capture.c if column.name not in ("id", "url_id")]
    return (
        select(article, url.c.url, _revision(), *located)
        .join_from(article, url, article.c.url_id == url.c.id)
        .outerjoin(capture, article.c.capture_id == capture.c.id)
        .order_by(article.c.id)
    )


def _revision() -> ColumnElement[int | None]:
    """How many earlier texts of its page the corpus held; null of what it never held."""
    article, earlier = schema.article.c, schema.article.alias("earlier")
    its = (earlier.c.url_id == article.url_id, earlier.c.id < article.id, earlier.c.sha256.is_not(None))
    count = select(func.count(earlier.c.id)).where(*its).correlate(schema.article).scalar_subquery()
    return case((article.sha256.is_not(None), count)).label("revision")


def _commit_one(
    connection: Connection, run_id: int, url_id: int, outcome: Outcome, ref: RecordLocation | None
) -> None:
    capture_id = insert_capture(connection, url_id, ref) if ref is not None else None
    note_visit(connection, url_id, run_id, outcome, capture_id)
    if outcome.article is not None:
        _insert_article(connection, url_id, run_id, capture_id, outcome, outcome.article)


def leave_corpus(connection: Connection, articles: ColumnElement[bool]) -> None:
    """Let articles no longer count as texts of the corpus, as part of a transaction."""
    corpus_texts.drop_bands(connection, articles)
    connection.execute(update(schema.article).where(articles).values(file=None))


def _insert_row(connection: Connection, table: Table, values: dict[str, object]) -> int:
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def note_visit(
    connection: Connection, url_id: int, run_id: int, outcome: Outcome, capture_id: int | None
) -> None:
    """Remember how a URL ended in a run, as part of a transaction."""
    values = {
        "url_id": url_id,
        "run_id": run_id,
        "fate": str(outcome.fate),
        "reason": outcome.reason or None,
        "capture_id": capture_id,
    }
    connection.execute(insert(schema.visit).values(values))


def insert_capture(connection: Connection, url_id: int, ref: RecordLocation) -> int:
    """Enter the place of a record, as part of a transaction; its id."""
    values: dict[str, object] = {
        "url_id": url_id,
        "warc": ref.warc,
        "offset": ref.offset,
        "length": ref.length,
        "record_id": ref.record_id,
        "payload_digest": ref.payload_digest,
        "captured": utc_text(ref.captured),
    }
    return _insert_row(connection, schema.capture, values)


def _insert_article(
    connection: Connection,
    url_id: int,
    run_id: int,
    capture_id: int | None,
    outcome: Outcome,
    article: Article,
) -> None:
    table = schema.article
    if article.revises is not None:
        leave_corpus(connection, table.c.file == article.revises)
    values = {
        "url_id": url_id,
        "run_id": run_id,
        "capture_id": capture_id,
        "fate": str(outcome.fate),
        "reason": outcome.reason or None,
        **article_values(article),
    }
    article_id = _insert_row(connection, table, values)
    if article.file is not None:
        corpus_texts.enter_bands(connection, article_id, article.bands)
    dates = [
        {"article_id": article_id, "value": date.value, "kind": date.kind, "origin": date.where}
        for date in article.dates
    ]
    if dates:
        connection.execute(insert(schema.date_evidence), dates)


def article_values(article: Article) -> dict[str, object]:
    """The columns of an article that its page and the pipelines fill in."""
    relevance = article.relevance
    return {
        "verdict": article.verdict,
        "source": article.evidence.source or None,
        "origin": article.origin,
        "via": article.evidence.via or None,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "text": "\n\n".join(article.paragraphs),
        "language": article.language,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "agency": article.agency,
        "published": article.published,
        "modified": article.modified,
        "month": article.month,
        "date_source": article.date_source,
        "date_conflict": article.date_conflict,
        "rights": json.dumps(article.rights),
        "conflict": relevance.conflict if relevance else None,
        "related": relevance.related if relevance else None,
        "terms": json.dumps(relevance.terms if relevance else (), ensure_ascii=False),
        "reasons": json.dumps([astuple(each) for each in relevance.reasons], ensure_ascii=False)
        if relevance
        else None,
        "model": relevance.model if relevance else None,
        "body_hash": article.body_hash,
        "duplicate_of": article.duplicate_of,
        "known": article.known,
        "covered": article.covered,
        "file": article.file,
        "number": article.number,
        "sha256": hashlib.sha256(article.content).hexdigest() if article.content is not None else None,
        "revises": article.revises,
        "silent_edit": article.silent_edit,
        "extractor": article.extractor,
    }
