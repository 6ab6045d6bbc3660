"""What a person says of a page, carried out: the page is derived again from its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from crawler.audit.stored_pages import CannotDerive, StoredPages
from crawler.catalogue import corpus_texts
from crawler.catalogue.article_parts import PartText, combined
from crawler.catalogue.article_row import ArticleRow, StoredRecord, row_of
from crawler.catalogue.articles import pages_of
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.rederived_rows import RederivedPage, apply_rederived_pages
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, decisions_on
from crawler.catalogue.stated_decisions import Ruling
from crawler.catalogue.stated_months import StatedMonth, months_stated_of
from crawler.catalogue.stored_parts import record_of_part
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.extraction import extract
from crawler.fates import IN_CORPUS, Fate
from crawler.items import Article, Origin, UrlKind
from crawler.outcome import Outcome
from crawler.refusal import Refused
from crawler.relevance import Scorer
from crawler.run.corpus import Corpus
from crawler.run.workers import WorkerPool
from pipelines.complete import CompletePipeline
from pipelines.dated import DatedPipeline
from pipelines.duplicates import DuplicatesPipeline
from pipelines.record import fate_of
from pipelines.relevance import RelevancePipeline
from pipelines.seed_files import SeedFilePipeline


class Step(Protocol):
    """A pipeline that needs no crawl."""

    def process_item(self, item: Article) -> Article: ...


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """What became of a page."""

    fate: Fate
    reason: str
    file: str | None


class _Held(NamedTuple):
    """What people say of a page."""

    decision: ReviewDecision | None
    month: StatedMonth | None


class Reviewer:
    """Carries out decisions on a data directory, which its user holds."""

    def __init__(
        self,
        catalogue: Catalogue,
        data_dir: DataDir,
        scorer: Scorer,
        workers: WorkerPool,
        drops_reserved: bool = False,
        state: Callable[[Ruling], Ruling] = lambda ruling: ruling,
        pending: PendingArticles | None = None,
    ) -> None:
        """`state` lets the archive keep a ruling, and gives it with its record id; `pending` is that of a run."""
        self._catalogue, self._scorer, self._state = catalogue, scorer, state
        self._pages = StoredPages(data_dir.archive, workers)
        self._corpus, self._pending = Corpus(data_dir.corpus), pending or PendingArticles(catalogue)
        self._drops_reserved = drops_reserved

    def carry_out(self, run_id: int, decision: Ruling) -> ReviewResult:
        """Let a page enter the corpus, leave it or move to a month; CannotDerive if its record does not give it again.

        First the archive states the decision; then come the seed file, the catalogue together with the decision,
        and the file that is replaced.
        """
        row, record = self._newest(decision.url)
        article, result = self._pass(self._derive(row, record), self._held(row, decision))
        page = RederivedPage(
            outcome=Outcome(
                url=row.url,
                kind=UrlKind.ARTICLE,
                fate=result.fate,
                evidence=article.evidence,
                reason=result.reason,
            ),
            row=row_of(article, result.fate, result.reason),
            location=record.location,
            content=article.content or b"",
            retires=article.revises or self._leaving(row.url, decision, result.fate),
        )
        self._apply(run_id, page, self._state(decision))
        self._pending.settle([article])
        return result

    def _apply(self, run_id: int, page: RederivedPage, decision: Ruling) -> None:
        if page.row.file is not None:
            self._corpus.write([(page.row.file, page.content)])
        pages = [page] if page.outcome.fate is not Fate.UNCHANGED else []
        apply_rederived_pages(self._catalogue, run_id, pages, [decision])
        if page.retires is not None:
            self._corpus.retire(page.retires)

    def _newest(self, url: str) -> tuple[ArticleRow, StoredRecord]:
        rows = pages_of(self._catalogue, url)
        if not rows:
            raise CannotDerive(
                f"The catalogue knows no page that was extracted from {url}: is it spelled so?"
            )
        if (record := rows[-1].record) is None:
            raise CannotDerive(f"The catalogue knows no record of {url}, so nothing can be derived from it.")
        return rows[-1], record

    def _derive(self, row: ArticleRow, record: StoredRecord) -> Article:
        """The article of a row, from the records of all its pages."""
        first = self._extract(row.url, record)
        if row.next_part is not None and not row.parts:
            raise CannotDerive(f"{row.url} is a page of an article of which other pages are missing.")
        pages = [PartText.of(first, record.record_id)]
        for part in row.parts:
            its = record_of_part(self._catalogue, part)
            if its is None:
                raise CannotDerive(f"The catalogue knows no record of {part.url}, a page of {row.url}.")
            pages.append(PartText.of(self._extract(part.url, its), its.record_id))
        article = combined(first, pages) if row.parts else replace(first, previous_part=None, next_part=None)
        return replace(article, origin=Origin(row.origin))

    def _extract(self, url: str, record: StoredRecord) -> Article:
        return self._pages.read(url, record, extract)

    def _pass(self, article: Article, held: "_Held") -> tuple[Article, ReviewResult]:
        """An article through the pipelines, as it was decided."""
        for step in self._steps(held):
            try:
                article = step.process_item(article)
            except Refused as refusal:
                return refusal.article, ReviewResult(refusal.fate, refusal.reason, None)
        return article, ReviewResult(fate_of(article), "", article.file)

    def _held(self, row: ArticleRow, given: Ruling) -> "_Held":
        """What holds of a page with what is said now."""
        if isinstance(given, ReviewDecision):
            return _Held(given, next(reversed(months_stated_of(self._catalogue, row.url)), None))
        decision = next(reversed(decisions_on(self._catalogue, row.url)), None)
        if decision is None and row.fate in IN_CORPUS:  # another month is no reason to judge it once more
            decision = ReviewDecision(row.url, ReviewChoice.ACCEPT, given.who, given.dated)
        return _Held(decision, given)

    def _steps(self, held: "_Held") -> Sequence[Step]:
        return (
            CompletePipeline(self._drops_reserved),
            RelevancePipeline(self._scorer, lambda _url: held.decision),
            DatedPipeline(lambda _url: held.month),
            DuplicatesPipeline(self._pending),
            SeedFilePipeline(self._pending),
        )

    def _leaving(self, url: str, decision: Ruling, fate: Fate) -> str | None:
        """The file of a page that no longer belongs."""
        # What was accepted may have an earlier text there: that the page is a login now says nothing against it.
        if isinstance(decision, StatedMonth) or decision.choice is ReviewChoice.ACCEPT or fate in IN_CORPUS:
            return None
        with self._catalogue.read() as connection:
            kept = corpus_texts.text_of_url(connection, url)
        return kept.file if kept else None
