"""What was derived again, made the live corpus: new file, one transaction, old file to `.revisions`.

A kill between any two of these leaves a file without a row, which the next run moves away, or one whose row
says that it is retired; applied again, the rest follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from archive.warc.files import RecordFile, locate
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.location import RecordLocation
from crawler.audit.differences import CORPUS_KINDS, ENTRY_KINDS, ChangeKind, Difference, in_corpus
from crawler.audit.rederivation import Rederived
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.places import EVERYWHERE, is_of
from crawler.catalogue.rederived_rows import RederivedPage, Refresh, apply_rederived_pages, refresh_rows
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Evidence, UrlKind
from crawler.outcome import Outcome
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import digest, seed_name

BATCH = 64
"""Pages that share one transaction."""


class DifferenceApplier:
    """Applies differences to a live data directory, which its user holds."""

    def __init__(
        self, catalogue: Catalogue, data_dir: DataDir, again: Rederived, place: str = EVERYWHERE
    ) -> None:
        self._catalogue, self._again, self._place = catalogue, again, place
        self._corpus = Corpus(data_dir.corpus)
        self._home = data_dir.archive.absolute()
        self._pending = PendingArticles(catalogue)

    def apply(self, run_id: int, differences: Sequence[Difference]) -> None:
        """Make the changes; OSError if the disk refuses."""
        for batch in _batches([each for each in differences if each.kind in CORPUS_KINDS]):
            self._apply_pages(run_id, [self._page(difference) for difference in batch])
        for batch in _batches([each for each in differences if each.kind in ENTRY_KINDS]):
            refresh_rows(self._catalogue, [self._refresh(difference) for difference in batch])

    def _apply_pages(self, run_id: int, pages: Sequence[RederivedPage]) -> None:
        self._corpus.write((page.row.file, page.content) for page in pages if page.row.file is not None)
        apply_rederived_pages(self._catalogue, run_id, pages)
        for page in pages:
            if page.retires is not None:
                self._corpus.retire(page.retires)

    def _page(self, difference: Difference) -> RederivedPage:
        row = self._derived(difference)
        rows = pages_of(self._catalogue, difference.url)
        kept = in_corpus([each for each in rows if is_of(each, self._place)])
        retires = kept.file if kept else None
        outcome = Outcome(
            url=row.url,
            kind=UrlKind.ARTICLE,
            fate=_fate_of(row, retires),
            evidence=Evidence(source=row.source or "", via=row.via or ""),
            reason=row.reason or "",
        )
        page = RederivedPage(outcome=outcome, row=row, location=self._location(row), retires=retires)
        return self._with_file(page, row.file) if row.file is not None else page

    def _with_file(self, page: RederivedPage, derived: str) -> RederivedPage:
        """The page with a seed file under a number that the live corpus has not used."""
        assert page.row.month is not None, "every file lies in a month"
        content = (self._again.data_dir.corpus / derived).read_bytes()
        number = self._pending.next_file_number(page.row.month)
        file = seed_name(page.row.month, number, digest(content))
        return replace(page, row=replace(page.row, file=file, number=number), content=content)

    def _refresh(self, difference: Difference) -> Refresh:
        assert difference.before is not None, "only a row that is there can be described otherwise"
        return Refresh(difference.before, self._derived(difference), difference.kind is ChangeKind.FATE)

    def _derived(self, difference: Difference) -> ArticleRow:
        rows = pages_of(self._again.catalogue, difference.url)
        return next(row for row in rows if row.id == difference.after)

    def _location(self, row: ArticleRow) -> RecordLocation:
        """Where the record of a derived row lies, in the words of the live catalogue."""
        assert row.record is not None, "what was derived has a record"
        file = locate(Path(row.record.warc))
        path = self._again.sources[str(file.path)]
        is_ours = path.parent == self._home
        name = Path(path.name.removesuffix(OPEN_SUFFIX)) if is_ours else path
        return replace(row.record.location, warc=str(RecordFile(name, file.member)))


def _fate_of(row: ArticleRow, retires: str | None) -> Fate:
    """What a page comes to in the live corpus: its derived row may speak of another history."""
    if row.file is None or row.fate == Fate.LIVE_BLOG:
        return Fate(row.fate)
    return Fate.SAVED if retires is None else Fate.UPDATED


def _batches(differences: Sequence[Difference]) -> Iterator[list[Difference]]:
    waiting = iter(differences)
    while batch := list(islice(waiting, BATCH)):
        yield batch
