"""A file comes back only as the bytes that its name tells, and what lay in its place is kept."""

from pathlib import Path

import pytest

from crawler.audit.catalogue_check import CHANGED, GONE, DamagedFile
from crawler.audit.restoration import derived_files, restore
from crawler.data_dir import REVISIONS
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import digest, seed_name

TEXT, OTHER = b" date 2021-01 Le port de Marisol rouvre.", b" date 2021-01 La digue a tenu."
URL = "https://marisol.example/one"


def named(number: int, content: bytes = TEXT, month: str = "2021-01") -> str:
    return seed_name(month, number, digest(content))


def lying(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("derived", "content", "wanted", "is_found"),
    [
        (named(0), TEXT, named(7), True),  # which number a text has depends on the order of its coming
        (f"{REVISIONS}/{named(0)}", TEXT, named(7), True),
        (named(0), TEXT, f"{REVISIONS}/{named(7)}", True),
        (named(0), OTHER, named(0), False),
        (named(0, month="2021-02"), TEXT, named(0), False),
        (named(0, OTHER), OTHER, named(0), False),
        (f"2021-01/.{named(0)[8:]}.tmp", TEXT, named(0), False),
    ],
)
def test_what_is_derived_again_is_the_same_text_of_the_same_month(
    tmp_path: Path, derived: str, content: bytes, wanted: str, is_found: bool
) -> None:
    Corpus(tmp_path).write([(derived, content)])
    damaged = DamagedFile(wanted, GONE, URL, None)
    found = list(derived_files(tmp_path, [damaged]))
    assert found == ([damaged._replace(content=TEXT)] if is_found else [])


def test_what_was_changed_is_kept_under_the_name_of_its_content(tmp_path: Path) -> None:
    corpus, earlier = Corpus(tmp_path), f"{REVISIONS}/{named(1)}"
    corpus.write([(named(0), OTHER), (earlier, b"a draft")])
    damaged = [
        DamagedFile(named(0), CHANGED, URL, TEXT),
        DamagedFile(earlier, CHANGED, URL, TEXT),
        DamagedFile(named(2), GONE, URL, TEXT),
        DamagedFile(named(3), GONE, URL, None),
    ]
    restore(corpus, damaged)
    assert lying(tmp_path) == {
        named(0): TEXT,
        f"{REVISIONS}/{named(0, OTHER)}": OTHER,
        earlier: TEXT,
        f"{REVISIONS}/{named(1, b'a draft')}": b"a draft",
        named(2): TEXT,
    }
