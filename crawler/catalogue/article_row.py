"""One extracted page as the catalogue knows it: the only list of its columns.

A new column is one field here, beside the column of `crawler.database.schema.article`; a test compares the two.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

from archive.warc.location import RecordLocation
from crawler.catalogue.columns import (
    KEPT,
    Use,
    attribute,
    columns_of,
    from_hex,
    joined,
    json_list,
    json_parts,
    json_reasons,
    or_none,
    read_parts,
    read_reasons,
    relevance,
    stored,
    strings,
    to_hex,
)
from crawler.fates import Fate
from crawler.items import Article, DateEvidence, Declaration, Part, Reason, Relation
from crawler.rights.declarations import dump_declared, load_declared

_EXTRACTED = Use.DESCRIBES | Use.EXTRACTED | Use.EXPORTED
_DERIVED = Use.DESCRIBES | Use.EXTRACTED
_JUDGED = Use.DESCRIBES | Use.JUDGED | Use.EXPORTED


def _digest(content: bytes | None) -> str | None:
    return hashlib.sha256(content).hexdigest() if content is not None else None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """Where the record of a page lies, as the catalogue writes it."""

    warc: str
    offset: int
    length: int
    record_id: str
    payload_digest: str
    captured: str
    """ISO 8601 in UTC."""

    @property
    def location(self) -> RecordLocation:
        return RecordLocation(
            self.warc,
            self.offset,
            self.length,
            self.record_id,
            self.payload_digest,
            datetime.fromisoformat(self.captured),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """A row of `article` with its URL, the place of its record and its date evidence."""

    id: int = joined(0)
    """0 before it is stored."""
    run_id: int = joined(0)
    url: str = joined("", Use.EXPORTED)
    canonical_url: str | None = stored(_EXTRACTED | Use.EXPLAINED, attribute("canonical_url"), None)
    source: str | None = stored(
        _EXTRACTED | Use.EXPLAINED, lambda article: article.evidence.source or None, KEPT
    )
    origin: str = stored(Use.EXPORTED | Use.EXPLAINED, attribute("origin"), KEPT)
    """One of `crawler.items.Origin`."""
    via: str | None = stored(_EXTRACTED | Use.EXPLAINED, lambda article: article.evidence.via or None, KEPT)
    title: str | None = stored(_EXTRACTED | Use.EXPLAINED, attribute("title"), None)
    text: str = stored(_EXTRACTED, lambda article: article.text, "")
    """Paragraphs, separated by blank lines."""
    language: str | None = stored(_EXTRACTED | Use.EXPLAINED, attribute("language"), None)
    charset: str | None = stored(Use.DESCRIBES | Use.EXPLAINED, attribute("charset"), None)
    """The encoding in which the page came, and what decided it; None in rows of version 9."""
    authors: tuple[str, ...] = stored(
        _EXTRACTED | Use.EXPLAINED, attribute("authors"), (), dump=json_list, load=strings
    )
    agency: str | None = stored(_EXTRACTED | Use.EXPLAINED, attribute("agency"), None)
    published: str | None = stored(_EXTRACTED, attribute("published"), None)
    modified: str | None = stored(_EXTRACTED, attribute("modified"), None)
    month: str | None = stored(_EXTRACTED, attribute("month"), KEPT)
    date_source: str | None = stored(_EXTRACTED, attribute("date_source"), None)
    date_conflict: bool = stored(_EXTRACTED, attribute("date_conflict"), False)
    fate: str = stored(Use.DECIDES | Use.EXPORTED, None, KEPT, dump=str)
    reason: str | None = stored(Use.DECIDES, None, KEPT)
    verdict: str | None = stored(_EXTRACTED, attribute("verdict"), None)
    rights: tuple[str, ...] = stored(
        _EXTRACTED | Use.EXPLAINED, attribute("rights"), (), dump=json_list, load=strings
    )
    declared: tuple[Declaration, ...] | None = stored(
        _DERIVED, attribute("declared"), None, dump=dump_declared, load=load_declared
    )
    """What was declared of the use of the page when it was captured; None in rows of version 15."""
    conflict: float | None = stored(_JUDGED, relevance("conflict"), None)
    related: float | None = stored(_JUDGED, relevance("related"), None)
    terms: tuple[str, ...] = stored(_JUDGED, relevance("terms", ()), (), dump=json_list, load=strings)
    reasons: tuple[Reason, ...] | None = stored(
        Use.DESCRIBES, relevance("reasons"), None, dump=json_reasons, load=read_reasons
    )
    """None in rows of version 2, and where nothing was judged."""
    model: str | None = stored(Use.DESCRIBES | Use.MEANS, relevance("model"), None)
    body_hash: bytes | None = stored(Use.DESCRIBES, attribute("body_hash"), None)
    duplicate_of: str | None = stored(Use.DECIDES, attribute("duplicate_of"), None)
    known: float | None = stored(Use.DECIDES, attribute("known"), None)
    covered: float | None = stored(Use.DECIDES, attribute("covered"), None)
    kinship: str | None = stored(Use.DECIDES, attribute("kinship"), None)
    """What an article of the corpus is to `kin`."""
    kin: str | None = stored(Use.DECIDES, attribute("kin"), None)
    """URL of an earlier article of the story."""
    meaning: bytes | None = stored(Use.DESCRIBES, attribute("meaning"), None)
    """Vector of the sentence encoder that `model` names."""
    file: str | None = stored(Use.EXPORTED, attribute("file"), None)
    """Path in the corpus while it lies there."""
    number: int | None = stored(Use.NONE, attribute("number"), KEPT)
    """Index of the file within its month; kept for ever, because none is given twice."""
    sha256: str | None = stored(Use.EXPORTED, lambda article: _digest(article.content), None)
    """Of the file, in hex; also after the file left the corpus."""
    warc: str | None = joined(None, Use.EXPORTED | Use.EXPLAINED)
    offset: int | None = joined(None, Use.EXPORTED | Use.EXPLAINED)
    length: int | None = joined(None, Use.EXPORTED | Use.EXTRACTED)
    record_id: str | None = joined(None, Use.EXPORTED | Use.EXPLAINED)
    payload_digest: str | None = joined(None, Use.EXPORTED | Use.EXTRACTED)
    captured: str | None = joined(None, Use.EXPORTED | Use.EXTRACTED | Use.EXPLAINED)
    cluster: str | None = stored(Use.EXPORTED, lambda _: None, None, dump=from_hex, load=to_hex)
    """Equal for pages that tell one story; of none for pages that are not in the corpus nor repeat it."""
    relation: str | None = joined(None, Use.EXPORTED)
    """What the page is to an earlier one of its cluster, see `crawler.items.Relation`."""
    relates_to: str | None = joined(None, Use.EXPORTED)
    """URL of that one."""
    cluster_agency: str | None = joined(None, Use.EXPORTED)
    cluster_first: str | None = joined(None, Use.EXPORTED)
    """What all pages of the cluster say together, see `crawler.catalogue.stories`; only in exports."""
    representative: str | None = joined(None, Use.EXPORTED)
    """URL of the page in the corpus that has its text."""
    revision: int | None = joined(None, Use.EXPORTED)
    """How many texts of the page the corpus held before; None of what it never held."""
    revises: str | None = stored(Use.EXPORTED, attribute("revises"), None)
    place: str | None = joined(None, Use.EXPORTED, load=or_none)
    """Id of the data directory that has the record and the file."""
    previous_part: str | None = stored(_DERIVED, attribute("previous_part"), None)
    next_part: str | None = stored(_DERIVED, attribute("next_part"), None)
    parts: tuple[Part, ...] = stored(_DERIVED, attribute("parts"), (), dump=json_parts, load=read_parts)
    """The further pages whose text is in this one, in their order."""
    silent_edit: bool | None = stored(Use.NONE, attribute("silent_edit"), None)
    extractor: str = stored(
        Use.DESCRIBES | Use.MEANS | Use.EXPLAINED, attribute("extractor"), ""
    )  # after a redaction nothing derived what the row says
    dates: tuple[DateEvidence, ...] = joined((), Use.EXTRACTED)
    """Sorted."""

    @property
    def record(self) -> StoredRecord | None:
        """Where the page's record lies; None if the catalogue does not know."""
        if self.warc is None:
            return None
        return StoredRecord(*(getattr(self, each.name) for each in fields(StoredRecord)))

    @property
    def is_retired(self) -> bool:
        """True of an earlier text: its file lies in `.revisions`, and its row stays as it was."""
        return self.file is None and self.sha256 is not None


COLUMNS = columns_of(ArticleRow)


def names(use: Use) -> tuple[str, ...]:
    """The names of all fields for one of these uses, in their order."""
    return tuple(column.name for column in COLUMNS if column.use & use)


def row_of(article: Article, fate: Fate, reason: str = "") -> ArticleRow:
    """The row of an extracted page that ended so."""
    values = {column.name: column.of(article) for column in COLUMNS if column.of is not None}
    dates = sorted(article.dates, key=astuple)
    return ArticleRow(url=article.url, fate=fate, reason=reason or None, dates=tuple(dates), **values)


def stored_values(row: ArticleRow, use: Use | None = None) -> dict[str, object]:
    """The row's columns of the table `article` as the database has them, or only those for one of these uses."""
    return {
        column.name: column.dump(getattr(row, column.name))
        for column in COLUMNS
        if column.is_stored and (use is None or column.use & use)
    }


def read_row(columns: Mapping[str, Any], dates: Collection[DateEvidence]) -> ArticleRow:
    """The row of these columns: those of `article`, `url`, `revision` and those of `capture`."""
    values = {column.name: column.load(columns[column.name]) for column in COLUMNS if column.name in columns}
    twin = values["duplicate_of"]
    return ArticleRow(
        **values,
        representative=twin or (values["url"] if values["file"] else None),
        relation=Relation.COPY if twin else values["kinship"],
        relates_to=twin or values["kin"],
        dates=tuple(sorted(dates, key=astuple)),
    )


def erased_values() -> dict[str, object]:
    """The columns that say something of a text, empty; month and number stay, because no number is given twice."""
    return {
        column.name: column.dump(column.erased)
        for column in COLUMNS
        if column.is_stored and column.erased is not KEPT
    }
