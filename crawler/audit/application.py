"""What was derived again, made the live corpus: new file, one transaction, old file to `.revisions`.

A kill between any two of these leaves a file without a row, which the next run moves away, or one whose row
says that it is retired; applied again, the rest follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from archive.warc.files import RecordFile, locate
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.location import RecordLocation
from crawler.audit.comparison import CORPUS_KINDS, ChangeKind, Difference, in_corpus
from crawler.audit.rederivation import Rederived
from crawler.catalogue.pages import Row, pages_of
from crawler.catalogue.pending_articles import CorpusIndex
from crawler.catalogue.rederived_rows import AdoptedPage, adopt, refresh
from crawler.catalogue.store import Store
from crawler.data_dir import DataDir
from crawler.fates import Fate
from crawler.items import Evidence, UrlKind
from crawler.outcome import Outcome
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import digest, seed_name

BATCH = 64
"""Pages that share one transaction."""


class Adoption:
    """Applies differences to a live data directory, which its user holds."""

    def __init__(self, store: Store, data_dir: DataDir, again: Rederived) -> None:
        self._store, self._again = store, again
        self._corpus = Corpus(data_dir.corpus)
        self._home = data_dir.archive.absolute()
        self._index = CorpusIndex(store)

    def apply(self, run_id: int, differences: Sequence[Difference]) -> None:
        """Make the changes; OSError if the disk refuses."""
        for batch in _batches([each for each in differences if each.kind in CORPUS_KINDS]):
            pages = [self._page(difference) for difference in batch]
            self._corpus.write((page.file, page.content) for page in pages if page.file is not None)
            adopt(self._store, run_id, pages)
            for page in pages:
                if page.retires is not None:
                    self._corpus.retire(page.retires)
        for batch in _batches(
            [each for each in differences if each.kind in (ChangeKind.FATE, ChangeKind.ENTRY)]
        ):
            refresh(self._store, list(self._refreshed(batch)))

    def _page(self, difference: Difference) -> AdoptedPage:
        row = self._derived(difference)
        kept = in_corpus(pages_of(self._store, difference.url))
        retires = kept["file"] if kept else None
        outcome = Outcome(
            url=row["url"],
            kind=UrlKind.ARTICLE,
            fate=_fate_of(row, retires),
            evidence=Evidence(source=row["source"] or "", via=row["via"] or ""),
            reason=row["reason"] or "",
        )
        page = AdoptedPage(outcome=outcome, row=row, place=self._place(row), retires=retires)
        return self._with_file(page) if row["file"] is not None else page

    def _with_file(self, page: AdoptedPage) -> AdoptedPage:
        row = page.row
        content = (self._again.data_dir.corpus / row["file"]).read_bytes()
        number = self._index.next_number(row["month"])
        file = seed_name(row["month"], number, digest(content))
        return replace(page, file=file, number=number, content=content)

    def _refreshed(self, batch: Sequence[Difference]) -> Iterator[tuple[int, Row, bool]]:
        for difference in batch:
            assert difference.before is not None, "only a row that is there can be described otherwise"
            yield difference.before, self._derived(difference), difference.kind is ChangeKind.FATE

    def _derived(self, difference: Difference) -> Row:
        return next(
            row for row in pages_of(self._again.store, difference.url) if row["id"] == difference.after
        )

    def _place(self, row: Row) -> RecordLocation:
        """Where the record of a derived row lies, in the words of the live catalogue."""
        file = locate(Path(row["warc"]))
        path = self._again.sources[str(file.path)]
        is_ours = path.parent == self._home
        name = Path(path.name.removesuffix(OPEN_SUFFIX)) if is_ours else path
        return RecordLocation(
            warc=str(RecordFile(name, file.member)),
            offset=row["offset"],
            length=row["length"],
            record_id=row["record_id"],
            payload_digest=row["payload_digest"],
            captured=datetime.fromisoformat(row["captured"]),
        )


def _fate_of(row: Row, retires: str | None) -> Fate:
    """What a page comes to in the live corpus: its derived row may speak of another history."""
    if row["file"] is None or row["fate"] == Fate.LIVE_BLOG:
        return Fate(row["fate"])
    return Fate.SAVED if retires is None else Fate.UPDATED


def _batches(differences: Sequence[Difference]) -> Iterator[list[Difference]]:
    waiting = iter(differences)
    while batch := list(islice(waiting, BATCH)):
        yield batch
