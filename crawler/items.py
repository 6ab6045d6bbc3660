"""What passes from one part to the next: plain data, nothing that needs Scrapy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol, Self

from archive.warc.location import RecordLocation
from crawler.fates import Fate


class UrlKind(StrEnum):
    """What a URL is fetched for."""

    ARTICLE = "article"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    LISTING = "listing"  # a feed, a sitemap or a section page: its content tells which
    IMAGE = "image"
    STYLE = "style"  # a style sheet
    FONT = "font"
    CDX = "cdx"  # a page of the index of a web archive
    GDELT = "gdelt"  # a list of a quarter of an hour
    WARC_PATHS = "warc_paths"  # the list of the WARC files of a month
    WARC = "warc"  # such a file, read piece by piece


REQUISITES = frozenset({UrlKind.STYLE, UrlKind.FONT, UrlKind.IMAGE})
"""What pages are shown with."""

OF_THE_PAST = frozenset({UrlKind.CDX, UrlKind.GDELT, UrlKind.WARC_PATHS, UrlKind.WARC})
"""What a back-fill asks of services, and no other run."""

FETCHED_ONCE = REQUISITES | {UrlKind.ARTICLE}
"""What is not fetched again because a page names it again; of style sheets see `crawler.frontier.revisit_policy`."""


class Discovery(StrEnum):
    """How a URL became known."""

    UNKNOWN = ""
    START = "start"
    FEED = "feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    SECTION = "section"
    IMAGE = "image"
    LOOK = "look"
    REDIRECT = "redirect"
    PART = "part"
    ARCHIVE = "archive"
    WAYBACK = "wayback"
    GDELT = "gdelt"
    CC_NEWS = "cc-news"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What discovery knew about a URL before it was fetched; empty where unknown.

    All of it goes into the WARC's metadata record, so that a replay needs nothing else.
    """

    source: str = ""
    """The registry's id of the publisher."""
    how: Discovery = Discovery.UNKNOWN
    via: str = ""
    """The URL of the page that named this one."""
    zone: str = ""
    """The publisher's IANA time zone."""
    language: str = ""
    """The publisher's language (ISO 639-1) where the registry names just one."""
    title: str = ""
    published: str = ""
    modified: str = ""
    """Title and dates exactly as the feed or sitemap wrote them."""
    period: str = ""
    """First and last day of publication that a back-fill wants, `2021-01-01/2021-02-28`; empty: any."""
    copy: str = ""
    """URL of another archive's copy of the page, which is fetched in its place."""
    origin: str = ""
    """Who captured the page (`Origin`), if it was not this program."""
    read_to: str = ""
    """How much of a file that is read piece by piece was read, see `crawler.past.cc_news`."""

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Self:
        """The evidence that a record or row holds; how a URL became known is ARCHIVE where that is not clear."""
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        how = known.pop("how", Discovery.ARCHIVE)
        if known.get("origin") not in set(Origin):
            known["origin"] = ""
        return cls(**known, how=Discovery(how) if how in set(Discovery) else Discovery.ARCHIVE)


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that a page named, and what the page said about it."""

    url: str
    kind: UrlKind
    evidence: Evidence
    hops: int = 0
    """Redirects that led here."""
    depth: int = 0
    """Listings within listings."""
    is_exact: bool = False
    """This very spelling is meant: a page that seemed to be the same redirects to it."""
    score: float | None = None
    """How likely the article is on topic, 0 to 1, judged by what the page that named it says of it."""

    @property
    def notes(self) -> dict[str, str]:
        """The fields of a metadata record that say why a URL was fetched: all that a replay needs to know about it."""
        known = asdict(self.evidence)
        known = {name: value for name, value in known.items() if value or name not in _OF_BACKFILLS}
        return {"kind": str(self.kind), "hops": str(self.hops), "depth": str(self.depth), **known}


SPIDER = "spider"
"""The field of a metadata record that names the spider of a run, unless it is the one that listens to sources."""

_OF_BACKFILLS = ("period", "copy", "origin", "read_to")
"""Fields that few links have."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server is told to learn whether anything changed (RFC 9110, 13.1); empty where unknown."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: dict[str, str]) -> "Validators":
        """Those of an answer, whose header names are in lower case."""
        return cls(headers.get("etag", ""), headers.get("last-modified", ""))


@dataclass(frozen=True, slots=True)
class RawPage:
    """One archived answer, as it goes to a worker process."""

    url: str
    body: bytes
    """Payload as received: still content-encoded, no transfer coding."""
    headers: dict[str, str]
    """Names in lower case; of repeated headers the last."""
    captured: datetime
    """Aware UTC time at which the request began."""
    evidence: Evidence
    declared: str = ""
    """What its site declared of the use of the page then, see `crawler.rights.site_notes`; empty: not known."""


class Capture(Protocol):
    """An exchange on its way into the archive, or already there."""

    @property
    def serial(self) -> int:
        """Place in record order: later records have larger numbers."""
        ...

    @property
    def captured(self) -> datetime:
        """Aware UTC time at which the request began."""
        ...

    def durable(self) -> RecordLocation:
        """Wait until the record is on disk (fsynced) and say where; OSError if it cannot be written."""
        ...


class DateKind(StrEnum):
    PUBLISHED = "published"
    MODIFIED = "modified"


class DateSource(StrEnum):
    """The part of a page, a listing or a URL that gave a date, or who did; from the most trusted to the least."""

    PERSON = "person"
    JSON_LD = "json-ld"
    META = "meta"
    TIME = "time"
    FEED = "feed"
    SITEMAP = "sitemap"
    URL = "url"
    TEXT = "text"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One date that a page, a feed or a URL gave for an article."""

    value: str
    """ISO 8601 as precise as given: `2021-01`, `2021-01-28`, `2021-01-28T10:00:00+03:00`."""
    kind: DateKind
    where: DateSource


class Decision(IntEnum):
    """What becomes of an article by its relevance; of two judgements the lower one counts."""

    REFUSE = 0
    REVIEW = 1
    ACCEPT = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that was found in a text, and what it adds to the two scores."""

    name: str
    """A concept, an entity, or something that these say together."""
    seen: str
    """The words in which it was seen; empty where it is none of the text's words."""
    conflict: float
    """Log odds."""
    related: float
    """Part of the score."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Why an article is, or is not, about what the seeds describe; scores from 0 to 1."""

    conflict: float
    conflict_accept: bool
    related: float
    related_accept: bool
    score: float
    """What the mode makes of the two: at 0.5 or above the article is accepted."""
    decision: Decision
    terms: tuple[str, ...] = ()
    """Terms as seen in the text, strongest first."""
    reasons: tuple[Reason, ...] = ()
    """What moved the scores, strongest first."""
    model: str = ""
    """What the judgement depends on besides the text: mode, thresholds, hashes of word lists and seeds."""

    @property
    def accept(self) -> bool:
        """Whether the article is wanted."""
        return self.decision is Decision.ACCEPT


class Origin(StrEnum):
    """Where the response came from that an article was extracted from: by whom, or in what, it was captured."""

    LIVE = "live"
    REPLAY = "replay"
    WAYBACK = "wayback"
    CC_NEWS = "cc-news"
    IMPORT = "import"


class Relation(StrEnum):
    """What an article is to an earlier one of the same story."""

    COPY = "copy"
    """Most of it is there; only such an article stays out of the corpus."""
    DEVELOPS = "develops"
    """It tells the other one on: much of that one, and news of its own."""
    REPORT = "report"
    """Another newsroom's own report, with passages of the same agency or the same speech."""
    TRANSLATION = "translation"
    """It tells the same in another language, in the same days."""


@dataclass(frozen=True, slots=True)
class Part:
    """A further page of an article."""

    url: str
    record_id: str
    """Of the record from which it was extracted."""
    paragraphs: int
    """How many paragraphs of the article it gave."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One thing that a publisher declared of the use of a page, in the words of `crawler.rights.declarations`."""

    where: str
    says: str
    whom: str = ""
    """The robot to which it is said; empty: to all."""

    def __str__(self) -> str:
        return f"{self.where}{self.whom and ' '}{self.whom}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One extracted page; later steps return copies with more fields filled in."""

    url: str
    paragraphs: tuple[str, ...]
    evidence: Evidence
    extractor: str
    """Names and versions of what extracted it."""
    canonical_url: str | None = None
    title: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    published: str | None = None
    modified: str | None = None
    """ISO 8601, as precise as known, with the publisher's own offset."""
    month: str | None = None
    """`YYYY-MM` of first publication on the publisher's own calendar."""
    date_source: DateSource | None = None
    date_conflict: bool = False
    """Two trustworthy sources of the page disagree about the month."""
    dates: tuple[DateEvidence, ...] = ()
    charset: str | None = None
    """The encoding in which the page came, and what decided it: `windows-1251: its markup says so`."""
    damage: str = ""
    """What its letters suggest was done to its text, see `crawler.extraction.legibility`."""
    verdict: Fate | None = None
    """The fate of a page that is no article (`no_text`, `index_page`, …), by its content."""
    verdict_reason: str = ""
    """What on the page says so, in words."""
    previous_part: str | None = None
    next_part: str | None = None
    """URLs of the pages before and after this one, where the page says that its article is on several."""
    parts: tuple["Part", ...] = ()
    """The further pages whose text is in this article, in their order."""
    missing: str = ""
    """Which page of the article is not there, in words; empty if it is whole."""
    moved_to: str | None = None
    """Where a page sends its readers, whose verdict is `redirected`."""
    rights: tuple[str, ...] = ()
    """What is reserved by what was declared, see `crawler.rights.declarations.reserved`."""
    declared: tuple[Declaration, ...] | None = None
    """What the publisher declared when the page was captured; None of pages of which earlier versions kept nothing."""
    images: tuple[str, ...] = ()
    """URLs of the story's pictures, the lead picture's first."""

    capture: Capture | None = field(default=None, compare=False)
    completed_by: Capture | None = field(default=None, compare=False)
    """That of the page by which the article became whole, if its first page had ended before."""
    validators: Validators | None = field(default=None, compare=False)
    origin: Origin = Origin.LIVE
    relevance: Relevance | None = None
    body_hash: bytes | None = None
    bands: tuple[int, ...] = ()
    """Keys that texts with much in common share, see `crawler.texts.similarity`; computed in the worker."""
    meaning: bytes | None = None
    """Vector of the sentence encoder, by which translations are found; None where none is installed."""
    duplicate_of: str | None = None
    """URL of the article whose text this one repeats."""
    known: float | None = None
    """Share of this text that is in that article, 0 to 1."""
    covered: float | None = None
    """Share of that article's text that is in this one."""
    kinship: Relation | None = None
    """What an article of the corpus is to `kin`; of a copy `duplicate_of` says it."""
    kin: str | None = None
    """URL of the article to which it is that."""
    file: str | None = None
    """Path in the corpus, `2021-01/000_….txt`."""
    number: int | None = None
    """Index of that file within its month."""
    content: bytes | None = field(default=None, repr=False)
    """The bytes of that file."""
    revises: str | None = None
    """Path in the corpus of the text that this one replaces."""
    silent_edit: bool | None = None
    """The earlier text was changed without a word about it; None of what replaces none."""
    look: tuple[Link, ...] = ()
    """What the page is shown with besides those pictures: style sheets, fonts, icons; empty where nobody asked."""
    requisites: tuple[Link, ...] = ()
    """What this run archives besides the page, so that it can be seen as it was."""

    @property
    def text(self) -> str:
        """The paragraphs, separated by blank lines."""
        return "\n\n".join(self.paragraphs)
