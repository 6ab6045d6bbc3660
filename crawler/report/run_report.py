"""Everything that a report says, gathered from the catalogue: the same for the same one, but for who is at work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles_of_ids
from crawler.catalogue.corpus_rows import (
    CopiedCluster,
    article_of_cluster,
    corpus_rows,
    most_copied,
    waiting_ids,
)
from crawler.catalogue.gathering_runs import GatheringRun
from crawler.catalogue.last_crawls import Worker, workers
from crawler.catalogue.run_ends import run_ends, vanished_articles
from crawler.catalogue.stories import Story, story_of
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.report.corpus_counts import CorpusCounts, count_corpus
from crawler.report.flow import Flow, flow_of
from crawler.report.source_troubles import (
    FailingListing,
    Period,
    SilentSource,
    failing_listings,
    silent_sources,
)
from crawler.sources.source import Source

NAMED = 30
"""Articles of a list of changes, and pages that wait, that are named."""

CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the articles of a list."""

    count: int
    """Of all."""
    ids: Sequence[int]
    """Of those that are named."""


@dataclass(frozen=True, slots=True)
class CopiedStory:
    """A cluster with many copies."""

    cluster: CopiedCluster
    article: int
    """Id of the one that the corpus has of it; 0 if it has none any more."""
    story: Story


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of some runs, and of the corpus as it is now."""

    runs: Sequence[GatheringRun]
    flow: Flow
    corpus: CorpusCounts
    vanished: Listed
    review: Listed
    undated: Listed
    silent: Sequence[SilentSource]
    failing: Sequence[FailingListing]
    copied: Sequence[CopiedStory]
    articles: Mapping[int, ArticleRow]
    """Those that are named, by id."""
    known: Mapping[str, Source]
    workers: Sequence[Worker]
    """All that share the catalogue, as they are now."""

    @property
    def period(self) -> Period:
        return Period.of(self.runs)

    def source_name(self, source: str) -> str:
        """The name of a source in the registry, or its id."""
        its = self.known.get(source)
        return its.name if its else source or "no source"

    def of_changes(self, name: str) -> Listed:
        """What the runs brought in: `new`, `updated`, or `silent` of those that were edited without notice."""
        listed: Sequence[int] = getattr(self.corpus, name)
        return Listed(self.corpus.changes[name], listed)


def report_on(catalogue: Catalogue, runs: Sequence[GatheringRun], known: Mapping[str, Source]) -> Report:
    """The report on runs, at least one."""
    ids = [run.id for run in runs]
    flow = flow_of(sum(run.discovered for run in runs), run_ends(catalogue, ids))
    corpus = count_corpus(corpus_rows(catalogue), {*ids}, known, NAMED)
    gone = vanished_articles(catalogue, ids)
    vanished = Listed(len(gone), gone[:NAMED])
    waiting = waiting_ids(catalogue, (Fate.REVIEW, Fate.UNDATED), NAMED)
    review, undated = (Listed(*each) for each in waiting)
    copied = _copied(catalogue)
    listed = (each for some in (vanished, review, undated) for each in some.ids)
    named = {*corpus.named(), *listed, *(each.article for each in copied)}
    return Report(
        runs,
        flow,
        corpus,
        vanished,
        review,
        undated,
        silent_sources(catalogue, Period.of(runs)),
        failing_listings(catalogue, ids),
        copied,
        _articles(catalogue, named),
        known,
        workers(catalogue),
    )


def _copied(catalogue: Catalogue) -> list[CopiedStory]:
    found = most_copied(catalogue, CLUSTERS)
    stories = ((each, story_of(catalogue, each.cluster)) for each in found)
    kept = article_of_cluster
    return [CopiedStory(each, kept(catalogue, each.cluster), story) for each, story in stories if story]


def _articles(catalogue: Catalogue, ids: Iterable[int]) -> dict[int, ArticleRow]:
    rows = (articles_of_ids(catalogue, some) for some in batches(sorted(ids)))
    return {row.id: row for row in chain.from_iterable(rows)}
