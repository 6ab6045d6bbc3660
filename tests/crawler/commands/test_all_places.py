"""What is said of data directories that share a catalogue, and with which settings a command works on each."""

from pathlib import Path
from socket import gethostname

import pytest
from scrapy.settings import Settings

from crawler.catalogue.places import OtherPlace, Place
from crawler.cli.all_places import left_out, settings_of, why_unreachable
from crawler.data_dir import DataDir

HERE, ID = gethostname(), "0123456789abcdef"


def place(path: Path, host: str = HERE, collection: Path | None = None) -> Place:
    return Place(ID, host, str(path), str(collection or path / "collections" / "news"), "")


@pytest.mark.parametrize(
    ("host", "there", "its_id", "why"),
    [
        (
            "",
            False,
            "",
            ": the catalogue has records of it, but no run has told where it is. Give the command there.",
        ),
        ("press-2", False, "", " on press-2 is on another machine: give the command there."),
        (
            "press-2",
            True,
            "fedcba9876543210",
            " on press-2 has the id of another data directory: it was moved, or replaced.",
        ),
        (HERE, True, "fedcba9876543210", " has the id of another data directory: it was moved, or replaced."),
        (HERE, True, "", " has no place.id, or it cannot be read: bring the folder back from a copy."),
        (HERE, False, "", " is gone. If it was moved, give the command where it is: it is known again then."),
    ],
)
def test_why_nothing_can_be_done_there_is_said_with_what_to_do(
    tmp_path: Path, host: str, there: bool, its_id: str, why: str
) -> None:
    path = tmp_path / "b"
    if there:
        path.mkdir()
    if its_id:
        (path / "place.id").write_text(its_id)
    its_place = place(path, host)
    assert why_unreachable(its_place).startswith(f"{path}{why}")
    assert not its_place.is_reachable


def test_a_directory_is_reached_by_its_id(tmp_path: Path) -> None:
    DataDir.at(tmp_path).keep_place(ID)
    assert place(tmp_path).is_reachable


@pytest.mark.parametrize(("archive", "given"), [(None, ""), (Path("/archive/b"), "/archive/b")])
def test_a_command_works_there_with_the_folders_that_are_there(archive: Path | None, given: str) -> None:
    own = Settings({"DATA_DIR": "/data/a", "ARCHIVE_DIR": "/archive/a", "STORE_URL": "postgresql:///news"})
    theirs = settings_of(own, place(Path("/data/b"), collection=archive))
    assert (theirs["DATA_DIR"], theirs["ARCHIVE_DIR"]) == ("/data/b", given)
    assert theirs["STORE_URL"] == own["STORE_URL"]
    assert (own["DATA_DIR"], own["ARCHIVE_DIR"]) == ("/data/a", "/archive/a")


def test_what_was_left_out_is_named_with_its_size() -> None:
    others = [OtherPlace(place(Path("/data/b")), 5, 2), OtherPlace(place(Path("/data/c"), "orla"), 1, 0)]
    assert list(left_out(others, "Not checked:")) == [
        "Not checked: /data/b, another data directory of this catalogue with 5 records and 2 articles: "
        "give the command there, or --all-places.",
        "Not checked: /data/c on orla, another data directory of this catalogue with 1 records and 0 articles: "
        "give the command there, or --all-places.",
    ]
