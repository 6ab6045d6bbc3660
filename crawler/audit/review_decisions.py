"""What a person decides about a page, carried out: the page is derived again from its record, and the ruling holds."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from archive.errors import ArchiveUnreadable
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.input_paths import expand_paths
from archive.warc.files import locate
from archive.warc.location import RecordLocation
from crawler.catalogue.pages import Row, pages_of
from crawler.catalogue.pending_articles import CorpusIndex
from crawler.catalogue.rederived_rows import AdoptedPage, adopt
from crawler.catalogue.reviews import Ruling, RulingKind
from crawler.catalogue.store import Store, article_values
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.extraction import extract
from crawler.fates import IN_CORPUS, Fate
from crawler.http.decoding import ContentError
from crawler.items import Article, Origin, RawPage, UrlKind
from crawler.outcome import Outcome
from crawler.refusal import Refused
from crawler.relevance import Scorer
from crawler.run.corpus import Corpus
from crawler.run.workers import Quarantined, WorkerPool
from crawler.spiders.archived_links import link_of
from pipelines.complete import CompletePipeline
from pipelines.dated import DatedPipeline
from pipelines.duplicates import DuplicatesPipeline
from pipelines.record import fate_of
from pipelines.relevance import RelevancePipeline
from pipelines.seed_files import SeedFilePipeline


class CannotReview(OperatorError):
    """A ruling cannot be carried out; the message says why, and nothing was changed."""


class Step(Protocol):
    """A pipeline that needs no crawl."""

    def process_item(self, item: Article) -> Article: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a page."""

    fate: Fate
    reason: str
    file: str | None


class Reviewer:
    """Carries out rulings on a data directory, which its user holds."""

    def __init__(
        self,
        store: Store,
        data_dir: DataDir,
        scorer: Scorer,
        workers: WorkerPool,
        drops_reserved: bool = False,
    ) -> None:
        self._store, self._scorer, self._workers = store, scorer, workers
        self._archive = data_dir.archive
        self._corpus, self._index = Corpus(data_dir.corpus), CorpusIndex(store)
        self._drops_reserved = drops_reserved

    def rule(self, run_id: int, ruling: Ruling) -> Ending:
        """Let a page enter the corpus, or leave it; CannotReview if its record does not give it again.

        First the seed file, then the catalogue together with the ruling, then the file that is replaced.
        """
        row = self._newest(ruling.url)
        article, ending = self._pass(self._derive(row), ruling)
        retires = article.revises or self._leaving(row["url"], ruling, ending.fate)
        page = AdoptedPage(
            outcome=Outcome(
                url=row["url"],
                kind=UrlKind.ARTICLE,
                fate=ending.fate,
                evidence=article.evidence,
                reason=ending.reason,
            ),
            row=_row_of(article, ending.fate),
            place=_place_of(row),
            file=article.file,
            number=article.number,
            content=article.content or b"",
            retires=retires,
        )
        if page.file is not None:
            self._corpus.write([(page.file, page.content)])
        adopt(self._store, run_id, [page] if ending.fate is not Fate.UNCHANGED else [], [ruling])
        if retires is not None:
            self._corpus.retire(retires)
        return ending

    def _newest(self, url: str) -> Row:
        rows = pages_of(self._store, url)
        if not rows:
            raise CannotReview(
                f"The catalogue knows no page that was extracted from {url}: is it spelled so?"
            )
        if rows[-1]["record_id"] is None:
            raise CannotReview(f"The catalogue knows no record of {url}, so nothing can be derived from it.")
        return rows[-1]

    def _derive(self, row: Row) -> Article:
        capture = self._capture(row)
        link = link_of(capture)
        if link is None:
            raise CannotReview(f"The record of {row['url']} is no page.")
        raw = RawPage(link.url, capture.body, capture.headers, capture.captured, link.evidence)
        try:
            article = asyncio.run(self._workers.run(extract, raw))
        except (Quarantined, ContentError) as error:
            raise CannotReview(f"{row['url']} cannot be extracted again: {error}.") from None
        return replace(article, origin=Origin(row["origin"]))

    def _capture(self, row: Row) -> ArchivedCapture:
        """The record of a row, read from its file."""
        inside = self._archive / row["warc"]
        path = locate(inside if inside.is_file() else Path(row["warc"])).path
        complaints: list[str] = []
        try:
            paths = [*expand_paths(str(self._archive)), path]
            with closing(CaptureReader(paths, complaints.append, self._archive)) as reader:
                for capture in reader.read(path):
                    if capture.location.record_id == row["record_id"]:
                        return capture
        except ArchiveUnreadable as error:
            complaints.append(str(error))
        why = complaints[0] if complaints else "run scrapy verify."
        raise CannotReview(f"The record of {row['url']} is not in {path}: {why}")

    def _pass(self, article: Article, ruling: Ruling) -> tuple[Article, Ending]:
        """An article through the pipelines, by the ruling."""
        for step in self._steps(ruling):
            try:
                article = step.process_item(article)
            except Refused as refusal:
                return refusal.article, Ending(refusal.fate, refusal.reason, None)
        return article, Ending(fate_of(article), "", article.file)

    def _steps(self, ruling: Ruling) -> Sequence[Step]:
        return (
            CompletePipeline(self._drops_reserved),
            RelevancePipeline(self._scorer, partial(_always, ruling)),
            DatedPipeline(),
            DuplicatesPipeline(self._index),
            SeedFilePipeline(self._index),
        )

    def _leaving(self, url: str, ruling: Ruling, fate: Fate) -> str | None:
        """The file of a page that no longer belongs."""
        # What was accepted may have an earlier text there: that the page is a login now says nothing against it.
        if ruling.kind is RulingKind.ACCEPT or fate in IN_CORPUS:
            return None
        kept = self._store.text_of_url(url)
        return kept.file if kept else None


def _always(ruling: Ruling, _url: str) -> Ruling:
    return ruling


def _row_of(article: Article, fate: Fate) -> Row:
    dates = sorted((date.value, date.kind, date.where) for date in article.dates)
    return article_values(article) | {"fate": str(fate), "dates": dates}


def _place_of(row: Row) -> RecordLocation:
    names = ("warc", "offset", "length", "record_id", "payload_digest")
    captured = datetime.fromisoformat(row["captured"])
    return RecordLocation(**{name: row[name] for name in names}, captured=captured)
