"""Everything that can be checked of a data directory: archive, catalogue, corpus, each against the others."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Finding, fault, note
from archive.evidence.manifest_lines import Head
from crawler.audit.catalogue_check import CatalogueCheck
from crawler.audit.comparison import CORPUS_KINDS, Comparison, Difference
from crawler.audit.rederivation import Rederived, archives_of, rederived
from crawler.catalogue.reviews import rulings
from crawler.catalogue.store import ForeignFile, Store
from crawler.data_dir import DataDir


class Verification:
    """One check, in three steps that are asked for in their order."""

    def __init__(self, store: Store, data_dir: DataDir, expected_key: str = "") -> None:
        """Take catalogue and data directory, and the id of the key that must have signed, if one must."""
        self.checked = Checked()
        self._store, self._data_dir, self._expected_key = store, data_dir, expected_key
        self._catalogue = CatalogueCheck(store, data_dir)

    def check_archive(self) -> Iterator[Finding]:
        """Hold manifest, files, records and index against each other."""
        head = Head(*self._store.manifest_head())
        yield from verify_collection(self._data_dir.collection, self.checked, self._expected_key, [head])

    def check_catalogue(self) -> Iterator[Finding]:
        """Hold the rows of the catalogue against records and seed files."""
        yield from self._catalogue.run()

    @property
    def foreign(self) -> list[ForeignFile]:
        """Archives of others that the corpus depends on, and that are as they were."""
        return self._catalogue.foreign

    @contextmanager
    def derived_again(self, work_dir: Path, settings: Mapping[str, object]) -> Iterator[Rederived]:
        """The corpus once more, from our records and from the archives of others that are as they were."""
        foreign = [(self._store.first_read(file), file) for file in self.foreign]
        archives = archives_of(self._data_dir.archive, foreign)
        given = rulings(self._store).values()
        with rederived(archives, work_dir, settings, given) as again:
            yield again

    def compare(self, again: Store) -> Iterator[Difference]:
        """Every page that ends otherwise in another catalogue of the same archive."""
        return Comparison(self._store, again, self._catalogue.is_broken).run()


def findings_of(differences: Iterable[Difference]) -> Iterator[Finding]:
    """A fault for each difference that nothing explains, notes for what an upgrade or other settings explain."""
    changes, entries = 0, 0
    for difference in differences:
        if not difference.reason:
            yield fault(difference.url, f"{difference.sentence}.")
        elif difference.kind in CORPUS_KINDS:
            changes += 1
            yield note(difference.url, f"{difference.sentence}: {difference.reason}.")
        else:
            entries += 1
    if changes or entries:
        yield note(
            "catalogue",
            f"Derived by what is installed and set now, {changes} articles of the corpus and {entries} other "
            "entries of the catalogue would change: `scrapy rederive` shows it in full.",
        )
