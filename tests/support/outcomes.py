"""Links, captures, articles and outcomes made by hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from archive.warc.location import RecordLocation
from crawler.fates import Fate
from crawler.items import Article, Discovery, Evidence, Link, UrlKind
from crawler.outcome import Outcome
from crawler.texts.seed_format import Seed, digest, render_seed, seed_name
from pipelines.duplicates import hash_body

MOMENT = datetime(2021, 1, 28, 12, 0, tzinfo=timezone(timedelta(hours=3)))
FEED = Link("https://marisol.example/feed", UrlKind.FEED, Evidence(source="marisol", how=Discovery.START))


@dataclass
class Shelved:
    """A capture whose record becomes durable, or fails to, when `durable` is called; it notes the call."""

    serial: int
    log: list[str] = field(default_factory=list)
    failure: Exception | None = None
    captured: datetime = MOMENT

    def durable(self) -> RecordLocation:
        if self.failure is not None:
            raise self.failure
        self.log.append(f"record {self.serial}")
        return RecordLocation(
            warc="marisol-00000.warc.gz",
            offset=1000 * self.serial,
            length=900,
            record_id=f"<urn:uuid:00000000-0000-4000-8000-{self.serial:012d}>",
            payload_digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            captured=self.captured,
        )


def link(name: str, kind: UrlKind = UrlKind.ARTICLE) -> Link:
    evidence = Evidence(
        source="marisol", how=Discovery.FEED, via=FEED.url, zone="Europe/Paris", title=f"Sur {name}"
    )
    return Link(f"https://marisol.example/{name}", kind, evidence)


def article(name: str, text: str = "Le port de Marisol rouvre.", **changes: Any) -> Article:
    """An article of the site marisol.example as extraction leaves it."""
    found = link(name)
    made = Article(
        url=found.url,
        paragraphs=(text, "La digue a tenu."),
        evidence=found.evidence,
        extractor="frontwire/0.1 trafilatura/2.3.1",
        month="2021-01",
    )
    return replace(made, **changes)


def filed(made: Article, number: int = 0) -> Article:
    """The article as the pipelines hand it to the committer."""
    assert made.month is not None
    content = render_seed(Seed(made.month, made.paragraphs))
    name = seed_name(made.month, number, digest(content))
    return replace(made, content=content, file=name, number=number, body_hash=hash_body(made.paragraphs))


def outcome_of(made: Article, fate: Fate = Fate.SAVED) -> Outcome:
    return Outcome(
        url=made.url,
        kind=UrlKind.ARTICLE,
        fate=fate,
        evidence=made.evidence,
        capture=made.capture,
        article=made,
    )


def ended(found: Link, fate: Fate = Fate.DISCOVERY, links: tuple[Link, ...] = ()) -> Outcome:
    """The end of a URL that gave no article."""
    return Outcome(url=found.url, kind=found.kind, fate=fate, evidence=found.evidence, links=links)
