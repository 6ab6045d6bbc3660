"""The steps of a check of a data directory: archive, catalogue and corpus, each against the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Finding, fault, note
from archive.evidence.manifest_lines import Head
from crawler.audit.differences import CORPUS_KINDS, Difference
from crawler.audit.rederivation import Rederived, archives_of, rederived
from crawler.catalogue.foreign_files import ForeignFile, first_read
from crawler.catalogue.manifest_heads import manifest_head
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.reviews import decisions
from crawler.catalogue.stated_decisions import Ruling
from crawler.catalogue.stated_months import stated_months
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue


def check_archive(
    catalogue: Catalogue,
    data_dir: DataDir,
    checked: Checked,
    tell: Callable[[Finding], None],
    expected_key: str = "",
    place: str = EVERYWHERE,
) -> None:
    """Check manifest, files, records and index of a place against each other, and count in `checked` what was read.

    `expected_key`: the id of the key that must have signed, if one must.
    """
    head = Head(*manifest_head(catalogue, place))
    for finding in verify_collection(data_dir.collection, checked, expected_key, [head]):
        tell(finding)


@contextmanager
def derived_again(
    catalogue: Catalogue,
    data_dir: DataDir,
    foreign: Iterable[ForeignFile],
    work_dir: Path,
    settings: Mapping[str, object],
) -> Iterator[Rederived]:
    """The corpus once more, from our records and from those archives of others that are as they were."""
    dated = [(first_read(catalogue, file), file) for file in foreign]
    archives = archives_of(data_dir.archive, dated)
    rulings: list[Ruling] = [*decisions(catalogue).values(), *stated_months(catalogue).values()]
    with rederived(archives, work_dir, settings, rulings) as again:
        yield again


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
