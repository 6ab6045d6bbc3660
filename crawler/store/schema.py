"""The tables of the catalogue, and their version.

Times are text, ISO 8601 in UTC, so that a row reads the same in every database browser.
"""

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
    Table,
    Text,
)

VERSION = 1
"""Raised with every change of the tables; a store of a newer version is refused."""

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
    Column("discovered", Integer),
)

url = Table(
    "url",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", LargeBinary(16), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued | done
    Column("fate", Text),  # the latest; earlier ones stay in `visit`
    Column("evidence", Text, nullable=False),  # JSON of crawler.items.Evidence
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),  # the run that last took it up
)
Index("url_run", url.c.run_id, url.c.state)

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
)
Index("capture_url", capture.c.url_id)

manifest_head = Table(
    "manifest_head",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),  # after which the archive's manifest had
    Column("lines", Integer, nullable=False),  # so many lines
    Column("sha256", Text, nullable=False),  # the last of which had this digest
)

foreign_file = Table(
    "foreign_file",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),  # which derived articles from it
    Column("path", Text, primary_key=True),  # absolute, as the first part of `capture.warc`
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
)

payload = Table(
    "payload",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),  # of a payload's octets, or of a URL for its newest one
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
    Column("text", Text, nullable=False),  # paragraphs, parted by blank lines
    Column("language", Text),
    Column("authors", Text, nullable=False),  # JSON list
    Column("agency", Text),
    Column("published", Text),
    Column("modified", Text),
    Column("month", Text),
    Column("date_source", Text),
    Column("date_conflict", Boolean, nullable=False),
    Column("rights", Text, nullable=False),  # JSON list
    Column("conflict", Float),
    Column("related", Float),
    Column("terms", Text, nullable=False),  # JSON list
    Column("model", Text),  # what the two scores depend on besides the text
    Column("body_hash", LargeBinary(16)),
    Column("duplicate_of", Text),
    Column("file", Text),  # path in the corpus while it lies there
    Column("number", Integer),  # the file's index within its month; never given twice
    Column("sha256", Text),
    Column("revises", Text),
    Column("extractor", Text, nullable=False),
)
Index("article_url", article.c.url_id)
Index("article_file", article.c.file)
Index("article_body", article.c.body_hash)
Index("article_month", article.c.month, article.c.number)

date_evidence = Table(
    "date_evidence",
    metadata,
    Column("article_id", ID, ForeignKey("article.id"), nullable=False),
    Column("value", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),  # which part of the page, feed or URL gave it
)
Index("date_evidence_article", date_evidence.c.article_id)
