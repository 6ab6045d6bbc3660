"""What returns has nothing left to sync: a power cut right after it takes nothing away and brings nothing back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from archive.collection.merging import Merger
from archive.evidence.signing import read_or_make_key, renew_key
from archive.index import index_files
from archive.packaging.wacz import Description, pack
from archive.warc import durable
from archive.warc.closed_file import ClosedWarc
from archive.warc.gzip_file import LeftOver, WarcFile
from tests.support.house import House
from tests.support.logs import make_log
from tests.support.power_cuts import watched


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two files of a page each, a left-over that ends within a record, and a key."""
    made = House(tmp_path / "house")
    read_or_make_key(made.key)
    for number in range(2):
        writing = made.open()
        made.places.add(
            writing.write(make_log(f"http://news.example/{number}", b"Bridge over the Orla."), {})
        )
        writing.finish_file()
    left = WarcFile(made.archive, "left.warc.gz")
    left.append(b"a record")
    left.abandon()
    with left.path.open("ab") as file:
        file.write(b"\x1f\x8b\x08")
    return made


def write_record(house: House) -> None:
    file = WarcFile(house.folder / "new" / "archive", "new.warc.gz")
    file.append(b"a record")
    file.sync()
    file.abandon()


def take_left_over(house: House) -> None:
    left = LeftOver.take(house.archive / "left.warc.gz.open")
    assert left is not None
    left.cut()
    left.close()


def add_lines(house: House) -> None:
    for run, count in enumerate((300, 60, 20, 30, 400)):
        lines = [f"example,news)/{run}/{number:03} 2021 {{}}\n".encode() for number in range(count)]
        index_files.add_lines(house.collection / "indexes", lines)


OPERATIONS: dict[str, Callable[[House], object]] = {
    "folders": lambda house: durable.make_folder(house.folder / "a" / "b" / "c"),
    "a new name": lambda house: durable.rename(house.key, house.key.with_name("other.pem")),
    "a file replaced": lambda house: durable.replace_file(house.key, [b"new\n"]),
    "a record": write_record,
    "a left-over": take_left_over,
    "a new key": lambda house: read_or_make_key(house.folder / "more" / "keys" / "key.pem"),
    "another key": lambda house: renew_key(house.key),
    "a line of the manifest": lambda house: house.manifest.add(
        ClosedWarc("a.warc.gz", 1, 64 * "0", 1, "", "")
    ),
    "a rotation": lambda house: house.manifest.rotate(lost=False),
    "lines of the index": add_lines,
    "a merge": lambda house: Merger(house.rewriter, "news", 10**9).run(date(2100, 1, 1)),
    "a package": lambda house: pack(
        house.collection,
        house.folder / "news.wacz",
        [],
        Description("News", "", "test"),
        read_or_make_key(house.key),
    ),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_nothing_is_left_to_sync(
    house: House, operation: Callable[[House], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", 0)
    with watched(house.folder) as disk:
        operation(house)
        assert disk.unsynced() == set()


def test_what_is_not_synced_is_seen(house: House) -> None:
    with watched(house.folder) as disk:
        (house.folder / "new").touch()
        house.key.rename(house.key.with_name("other.pem"))
        (house.archive / "left.warc.gz.open").write_bytes(b"other bytes")
        unsynced = {"new", "keys/key.pem", "keys/other.pem", "news/archive/left.warc.gz.open"}
        assert disk.unsynced() == unsynced
