"""A list of archives means those that it names."""

import gzip
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.input_paths import expand_paths, left_out
from tests.support.warcs import news

NAMES = ["crawl-data/NEWS/2021/01/b.warc.gz", "crawl-data/NEWS/2021/01/a.warc.gz"]


def write_list(path: Path, *lines: str, ends: str = "\n") -> str:
    text = "".join(f"{line}{ends}" for line in lines).encode()
    path.write_bytes(gzip.compress(text) if path.suffix.lower() == ".gz" else text)
    return str(path)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    for name in NAMES:
        news(1).save(tmp_path / "mirror" / name)
    return tmp_path / "mirror"


@pytest.mark.parametrize("name", ["warc.paths.gz", "warc.paths", "WARC.PATHS.GZ"])
def test_its_archives_are_read_in_its_order_below_the_base(mirror: Path, tmp_path: Path, name: str) -> None:
    listing = write_list(tmp_path / name, *NAMES, "", NAMES[0], ends="\r\n")
    assert expand_paths(listing, str(mirror)) == [mirror / name for name in NAMES]
    assert left_out(listing) == []


def test_without_a_base_they_lie_beside_the_list(mirror: Path) -> None:
    listing = write_list(mirror / "warc.paths.gz", *NAMES)
    assert expand_paths(listing) == [mirror / name for name in NAMES]


def test_whole_paths_stay_what_they_are(mirror: Path, tmp_path: Path) -> None:
    listing = write_list(tmp_path / "all.paths", str(mirror / NAMES[1]), "s3://other/a.warc.gz")
    assert expand_paths(listing, "s3://news/") == [
        Path("s3://news") / str(mirror / NAMES[1]).lstrip("/"),
        Path("s3://other/a.warc.gz"),
    ]
    assert expand_paths(write_list(tmp_path / "one.paths", str(mirror / NAMES[1])), "elsewhere") == [
        mirror / NAMES[1]
    ]


def test_a_list_may_lead_into_an_object_store(tmp_path: Path) -> None:
    listing = write_list(tmp_path / "warc.paths.gz", *NAMES)
    assert [str(path) for path in expand_paths(listing, "s3://commoncrawl/")] == [
        f"s3:/commoncrawl/{name}" for name in NAMES
    ]


@pytest.mark.parametrize(
    ("lines", "base", "sentence"),
    [
        ((), "", "names no archive"),
        (
            (NAMES[0], "gone.warc.gz", "lost.warc.gz"),
            "",
            r"2 of the 3 archives of .* first .*gone\.warc\.gz: ",
        ),
        (NAMES, "https://data.example/", r"leads to https://data\.example/, which is on the web: fetch"),
        (("https://data.example/a.warc.gz",), "", r"leads to https://data\.example/a\.warc\.gz, which"),
        (("x" * 5_000,), "", "is no list of paths"),
        (("a\0b",), "", "is no list of paths"),
        ((NAMES[0],), "s3://news/../", "has an empty part"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    mirror: Path, lines: tuple[str, ...], base: str, sentence: str
) -> None:
    with pytest.raises(ArchiveUnreadable, match=sentence) as raised:
        expand_paths(write_list(mirror / "warc.paths.gz", *lines), base)
    assert "\n" not in str(raised.value)


def test_a_list_that_is_cut_or_not_there_is_a_sentence(mirror: Path) -> None:
    listing = Path(write_list(mirror / "warc.paths.gz", *NAMES))
    listing.write_bytes(listing.read_bytes()[:-12])
    with pytest.raises(ArchiveUnreadable, match="or not whole"):
        expand_paths(str(listing))
    with pytest.raises(ArchiveUnreadable, match=r"Cannot open .*none\.paths"):
        expand_paths(str(mirror / "none.paths"))
