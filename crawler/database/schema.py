"""The tables of the catalogue, and their version.

Times that people read are text, ISO 8601 in UTC, the same in every database browser; those by which workers
wait for each other are milliseconds of the database's clock.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    and_,
    false,
    literal_column,
)

VERSION = 18
"""Raised with every change of the tables; a catalogue of a newer version is refused."""

metadata = MetaData()
ID = BigInteger().with_variant(Integer, "sqlite")  # in SQLite only INTEGER PRIMARY KEY is the row's own id

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

run = Table(
    "run",
    metadata,
    Column("id", ID, primary_key=True),
    Column("spider", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # JSON
    Column("software", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text),
    Column("reason", Text),
    Column("exit_code", Integer),
    Column("discovered", Integer, nullable=False, server_default="0"),  # URLs that it has to account for
    Column("place", Text, nullable=False, server_default=""),  # data directory: one run at a time there
    Column("alive_until", BigInteger, nullable=False, server_default="0"),  # ms; its leases end then
)

place = Table(
    "place",
    metadata,
    Column("id", Text, primary_key=True),  # of a data directory that shares the catalogue; `place.id` in it
    Column("host", Text, nullable=False),  # name of the machine from which it was last written to
    Column("path", Text, nullable=False),  # where it was then: absolute
    Column("collection", Text, nullable=False),  # and its archive
    Column("seen", Text, nullable=False),
)

host = Table(
    "host",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("due_at", BigInteger, nullable=False, server_default="0"),  # ms; no request goes there earlier
    Column("locked_by", ID),  # the run that fetches from it now
    Column("idle", Boolean, nullable=False, server_default=false()),  # nothing is queued
)
Index("host_due", host.c.due_at, sqlite_where=~host.c.idle, postgresql_where=~host.c.idle)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),  # https://example.org
    Column("body", LargeBinary, nullable=False),  # decoded; empty where there is none
    Column("fetched", BigInteger, nullable=False),  # ms
)

tdmrep = Table(
    "tdmrep",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("body", LargeBinary),  # decoded; empty where there is none, null if nobody could learn that
    Column("fetched", BigInteger, nullable=False),  # ms
)

url = Table(
    "url",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", LargeBinary(16), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),  # the registry's id of the publisher
    Column("host_id", ID, ForeignKey("host.id")),  # none for what cannot be fetched
    Column("state", Text, nullable=False),  # queued | deferred | leased | done
    Column("priority", SmallInteger, nullable=False, server_default="0"),  # the highest goes first
    Column("hops", SmallInteger, nullable=False, server_default="0"),  # redirects that led here
    Column("depth", SmallInteger, nullable=False, server_default="0"),  # listings within listings
    Column("attempts", SmallInteger, nullable=False, server_default="0"),  # leases since it was queued anew
    Column(
        "not_before", BigInteger, nullable=False, server_default="0"
    ),  # ms; when it is due (again); 0: never
    Column("failures", SmallInteger, nullable=False, server_default="0"),  # these three as in
    Column(
        "visits", SmallInteger, nullable=False, server_default="0"
    ),  # crawler.frontier.revisit_policy.Standing
    Column("interval_s", Float, nullable=False, server_default="0"),
    Column("etag", Text),  # by these two a request is conditional
    Column("last_modified", Text),
    Column("marks", LargeBinary),  # of the entries of a feed when it was read last: crawler.listing_account
    Column("fate", Text),  # the latest; earlier ones stay in `visit`
    Column(
        "kept_for", ID
    ),  # the run that fetched the other pages of its article: while at work it alone fetches it
    Column("target_key", LargeBinary(16)),  # of the URL to which it redirected when it was fetched last
    Column("evidence", Text, nullable=False),  # JSON of crawler.items.Evidence
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),  # the run that accounts for it
)
Index("url_run", url.c.run_id, url.c.state)
_redirects = url.c.target_key.is_not(None)
Index("url_target", url.c.target_key, sqlite_where=_redirects, postgresql_where=_redirects)


def _index_state(name: str, state: str, *columns: Any) -> None:
    """An index over the URLs in one state; a literal, for a bound value would not match it."""
    where = url.c.state == literal_column(f"'{state}'")
    if state == "done":
        where = and_(where, url.c.not_before > literal_column("0"))
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


_index_state("url_queued", "queued", url.c.host_id, url.c.priority.desc(), url.c.id)
_index_state("url_queued_ours", "queued", url.c.host_id, url.c.source, url.c.kind)  # runs fetch some only
_index_state("url_leased", "leased", url.c.run_id)
_index_state("url_deferred", "deferred", url.c.not_before)
_index_state("url_due", "done", url.c.not_before)

source_day = Table(
    "source_day",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Integer, primary_key=True),  # days since 1970, UTC
    Column("urls", Integer, nullable=False),  # that were leased on it; only of sources with a limit
)

harvest = Table(
    "harvest",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # of the URL of a listing, or of a source
    Column("ended", Integer, nullable=False),  # articles it named that were looked into
    Column("related", Integer, nullable=False),  # of these
)

capture = Table(
    "capture",
    metadata,
    Column("id", ID, primary_key=True),
    Column("url_id", ID, ForeignKey("url.id"), nullable=False),
    Column("warc", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Column("captured", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),  # the data directory that has the record
)
Index("capture_url", capture.c.url_id)

manifest_head = Table(
    "manifest_head",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),  # after which the archive's manifest had
    Column("lines", Integer, nullable=False),  # so many lines
    Column("sha256", Text, nullable=False),  # the last one had this digest
)

foreign_file = Table(
    "foreign_file",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),  # which derived articles from it
    Column("path", Text, primary_key=True),  # absolute, as the first part of `capture.warc`
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
)

archived_records = Table(
    "archived_records",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),  # a replay
    Column("archive", Text, primary_key=True),  # absolute, or the name of a file of ours
    Column("reason", Text, primary_key=True),  # how its records ended
    Column("count", BigInteger, nullable=False),
)

payload = Table(
    "payload",
    metadata,
    Column(
        "key", LargeBinary(32), primary_key=True
    ),  # of a payload's bytes, or of a URL for its newest payload
    Column("url", Text, nullable=False),
    Column("date", Text, nullable=False),  # WARC-Date, as written
    Column("record_id", Text, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Column("warc", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
)

redaction = Table(
    "redaction",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # as in `url`
    Column("url", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stated", Text),  # record id of the statement in the archive; null before version 4
)

visit = Table(
    "visit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("url_id", ID, ForeignKey("url.id"), nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("fate", Text, nullable=False),
    Column("reason", Text),
    Column("capture_id", ID, ForeignKey("capture.id")),
)
Index("visit_run", visit.c.run_id, visit.c.fate)
Index("visit_url", visit.c.url_id)

listing_read = Table(
    "listing_read",
    metadata,
    Column(
        "visit_id", ID, ForeignKey("visit.id"), primary_key=True
    ),  # entries = links + all that were dropped
    Column("form", Text, nullable=False),  # what it turned out to be: RSS feed, sitemap index, …
    Column("links", Integer, nullable=False),  # different addresses that are followed
    Column("new", Integer),  # of these, queued by this visit; null where none are followed, as in a replay
    Column("dropped", Text, nullable=False),  # JSON object: reason -> number of entries
    Column("unread", Text, nullable=False),  # JSON list: why something of it was not read
    Column("oldest", Text),  # YYYY-MM-DD of the entries that have a date; null if none has,
    Column("newest", Text),  # and in rows of earlier versions
    Column(
        "shared", Integer
    ),  # entries of a feed that the visit before saw too; 0: some may have been missed
)

article = Table(
    "article",
    metadata,
    Column("id", ID, primary_key=True),
    Column("url_id", ID, ForeignKey("url.id"), nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("capture_id", ID, ForeignKey("capture.id")),
    Column("fate", Text, nullable=False),
    Column("reason", Text),
    Column("verdict", Text),
    Column("source", Text),
    Column("origin", Text, nullable=False),
    Column("via", Text),
    Column("canonical_url", Text),
    Column("title", Text),
    Column("text", Text, nullable=False),  # paragraphs, separated by blank lines
    Column("language", Text),
    Column("charset", Text),  # in which the page came, and what decided it
    Column("authors", Text, nullable=False),  # JSON list
    Column("agency", Text),
    Column("published", Text),
    Column("modified", Text),
    Column("month", Text),
    Column("date_source", Text),
    Column("date_conflict", Boolean, nullable=False),
    Column("rights", Text, nullable=False),  # JSON list
    Column("declared", Text),  # JSON list of crawler.items.Declaration as lists; null in rows of version 15
    Column("conflict", Float),
    Column("related", Float),
    Column("terms", Text, nullable=False),  # JSON list
    Column("reasons", Text),  # JSON list of crawler.items.Reason as lists; null in rows of version 2
    Column("model", Text),  # what the two scores depend on besides the text
    Column("body_hash", LargeBinary(16)),
    Column("duplicate_of", Text),
    Column("known", Float),  # share of this text that is in that page's,
    Column("covered", Float),  # and of that one that is in this
    Column("kinship", Text),  # what an article of the corpus is to `kin`: develops | report | translation
    Column("kin", Text),  # URL of an earlier article of the story
    Column("cluster", LargeBinary(16)),  # key, as of `url`, of the page with which the story began here
    Column(
        "meaning", LargeBinary
    ),  # vector of the sentence encoder that `model` names, by which translations are found
    Column("file", Text),  # path in the corpus while it lies there
    Column("number", Integer),  # the file's index within its month; never given twice
    Column("sha256", Text),
    Column("revises", Text),
    Column("silent_edit", Boolean),  # changed without notice
    Column("previous_part", Text),  # URLs of the pages of the same article before and after this one,
    Column("next_part", Text),  # as the page says
    Column("parts", Text, nullable=False, server_default="[]"),  # JSON list of crawler.items.Part as lists
    Column("extractor", Text, nullable=False),
)
Index("article_url", article.c.url_id)
Index("article_file", article.c.file)
Index("article_body", article.c.body_hash)
_goes_on = article.c.next_part.is_not(None)
Index("article_next_part", article.c.next_part, sqlite_where=_goes_on, postgresql_where=_goes_on)
_in_cluster = article.c.cluster.is_not(None)
Index("article_cluster", article.c.cluster, sqlite_where=_in_cluster, postgresql_where=_in_cluster)
Index("article_month", article.c.month, article.c.number)

band = Table(
    "band",
    metadata,
    Column("key", BigInteger, primary_key=True),  # what near texts share, see crawler.texts.similarity
    Column("article_id", ID, ForeignKey("article.id"), primary_key=True),  # of the corpus
    sqlite_with_rowid=False,
)

sketch = Table(
    "sketch",
    metadata,
    Column("day", Text, primary_key=True),  # YYYY-MM-DD of publication
    Column("article_id", ID, ForeignKey("article.id"), primary_key=True),  # of the corpus
    Column("language", Text, nullable=False),
    Column("signs", LargeBinary, nullable=False),  # of the numbers of its `meaning`, one bit each
    sqlite_with_rowid=False,
)

date_evidence = Table(
    "date_evidence",
    metadata,
    Column("article_id", ID, ForeignKey("article.id"), nullable=False),
    Column("value", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),  # which part of the page, feed or URL gave it
)
Index("date_evidence_article", date_evidence.c.article_id)

review = Table(
    "review",
    metadata,
    Column("id", ID, primary_key=True),
    Column(
        "key", LargeBinary(16), nullable=False
    ),  # as of `url`; of several rulings on it the last one holds
    Column("url", Text, nullable=False),
    Column("ruling", Text, nullable=False),  # accept | reject
    Column("who", Text, nullable=False),
    Column("ruled", Text, nullable=False),
    Column("stated", Text),  # as of `redaction`
    Column("note", Text),
)
Index("review_key", review.c.key)

stated_month = Table(
    "stated_month",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", LargeBinary(16), nullable=False),  # as of `url`; of several months of it the last one holds
    Column("url", Text, nullable=False),
    Column("month", Text, nullable=False),  # YYYY-MM, in which a person says that the page was published
    Column("who", Text, nullable=False),
    Column("dated", Text, nullable=False),
    Column("note", Text),
    Column("stated", Text),  # as of `redaction`
)
Index("stated_month_key", stated_month.c.key)

sample = Table(
    "sample",
    metadata,
    Column("id", ID, primary_key=True),  # the latest is the one that is judged
    Column("drawn", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column(
        "pages", Text, nullable=False
    ),  # JSON: record, URL, fate, band, source, language of each, in order
    Column(
        "cells", Text, nullable=False
    ),  # JSON: fate, band, source, language; how many pages it was drawn from
    Column("left_out", Text, nullable=False),  # JSON: reason -> number of pages that could not be drawn
    Column("stated", Text),  # as of `redaction`
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", ID, primary_key=True),
    Column("record_id", Text, nullable=False),  # of the page as it was read; of several the last one holds
    Column("url", Text, nullable=False),
    Column("answer", Text, nullable=False),  # crawler.catalogue.samples.Answer
    Column("who", Text, nullable=False),
    Column("judged", Text, nullable=False),
    Column("stated", Text),
)
Index("judgement_record", judgement.c.record_id)
