"""Clusters as readers want them: the pages that tell one story, the agency it is from, and who had it first."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import islice

from sqlalchemy import Connection, or_, select

from crawler.catalogue.article_row import ArticleRow
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.items import Relation

_AT_ONCE = 200
"""Rows whose clusters are looked up together."""


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One page of a story, in the corpus or a copy of one that is."""

    url: str
    relation: Relation | None
    """What it is to `relates_to`; None of the page with which the story began here."""
    relates_to: str | None
    agency: str | None
    published: str | None
    captured: str | None
    """ISO 8601, the latter in UTC."""
    known: float | None
    """Share of a copy that is in the page it repeats."""

    @property
    def moment(self) -> datetime:
        """When it was published, else captured: of a day without a time its end, so that a known time comes first."""
        return _moment(self.published) or _moment(self.captured) or datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Story:
    """The pages of a cluster, in the order of their coming."""

    pages: tuple[StoryPage, ...]

    @property
    def agency(self) -> str | None:
        """The agency that most pages of its text credit, of equal ones the first; own reports may have another."""
        own = (Relation.REPORT, Relation.TRANSLATION)
        credits_ = Counter(page.agency for page in self.pages if page.agency and page.relation not in own)
        return max(credits_, key=credits_.__getitem__, default=None)

    @property
    def first(self) -> StoryPage:
        """The page that had it first, by the dates of publication where they are known; of equal ones the first."""
        return min(self.pages, key=lambda page: page.moment)


def story_of(catalogue: Catalogue, cluster: str | None) -> Story | None:
    """The pages of a cluster; None if there is none."""
    with catalogue.read() as connection:
        return _stories(connection, {cluster} if cluster else ()).get(cluster or "")


def with_stories(catalogue: Catalogue, rows: Iterable[ArticleRow]) -> Iterator[ArticleRow]:
    """The rows with what their clusters as a whole say."""
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        with catalogue.read() as connection:
            stories = _stories(connection, {row.cluster for row in some if row.cluster})
        for row in some:
            story = stories.get(row.cluster or "")
            first = story.first.url if story else None
            yield replace(row, cluster_agency=story.agency if story else None, cluster_first=first)


def _stories(connection: Connection, clusters: Collection[str]) -> dict[str, Story]:
    article, capture, page = schema.article.c, schema.capture.c, schema.url.c
    columns = (
        article.kinship,
        article.kin,
        article.duplicate_of,
        article.agency,
        article.published,
        article.known,
    )
    query = (
        select(article.cluster, page.url, capture.captured, *columns)
        .join_from(schema.article, schema.url, article.url_id == page.id)
        .outerjoin(schema.capture, article.capture_id == capture.id)
        .where(article.cluster.in_([bytes.fromhex(each) for each in clusters]))
        .where(or_(article.file.is_not(None), article.duplicate_of.is_not(None)))
        .order_by(article.id)
    )
    found: dict[str, dict[str, StoryPage]] = {each: {} for each in clusters}
    for row in connection.execute(query):
        relation = Relation.COPY if row.duplicate_of else Relation(row.kinship) if row.kinship else None
        # The latest of a page that was fetched several times.
        found[bytes(row.cluster).hex()][row.url] = StoryPage(
            row.url,
            relation,
            row.duplicate_of or row.kin,
            row.agency,
            row.published,
            row.captured,
            row.known,
        )
    return {each: Story(tuple(pages.values())) for each, pages in found.items() if pages}


def _moment(written: str | None) -> datetime | None:
    """The moment of an ISO 8601 date; None if it names no day."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:  # to the month only
        return None
    if len(written or "") <= len("2021-01-28"):
        moment = datetime.combine(moment, time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
