"""A power cut at any moment: what anybody was told to be on the disk is there, and nothing refers to what is not."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.collection.merging import Merger
from archive.collection.redaction import Redactor
from archive.collection.writer import WarcWriter
from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_or_make_key, renew_key
from archive.index import index_files
from archive.packaging.wacz import Description, pack
from archive.warc.closed_file import ClosedWarc, Redaction
from archive.warc.exchange_log import ExchangeLog
from tests.support.house import House
from tests.support.logs import MOMENT, make_log
from tests.support.power_cuts import watched
from tests.support.warc_records import read_collection
from tests.support.warcs import news

SITE = "http://news.example"
SECRET = b"Zephyrine Quillfeather of Tarmil lives in the second house. "


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A data directory to which nothing was written, with its key."""
    made = House(tmp_path / "house")
    read_or_make_key(made.key)
    return made


@pytest.fixture
def ruin(tmp_path: Path) -> House:
    """Where the outcomes of power cuts are laid out."""
    return House(tmp_path / "ruin")


def unexpected(error: OSError) -> None:
    raise error


def page(number: int, text: bytes = b"") -> ExchangeLog:
    body = (text or f"Bridge {number} over the Orla. ".encode()) * 40
    return make_log(f"{SITE}/{number}", body, began=MOMENT + timedelta(minutes=number))


def filled(house: House, files: int, text: bytes = b"") -> None:
    """Write some files of two pages."""
    for number in range(files):
        writing = house.open()
        for each in (2 * number, 2 * number + 1):
            house.places.add(writing.write(page(each, text), {}))
        writing.finish_file()


def test_a_record_that_is_durable_survives(house: House, ruin: House) -> None:
    with watched(house.folder) as disk:
        writer = WarcWriter(house.open(max_file_bytes=4_000), unexpected)
        writer.start()
        for number in range(6):
            house.places.add(writer.submit(page(number), {}).durable())
            disk.promise(f"{SITE}/{number}")
        writer.close()

    for promised in disk.outcomes(ruin.folder):
        ruin.recover()
        assert set(promised) <= ruin.urls()


def test_a_statement_that_was_made_survives(house: House, ruin: House) -> None:
    with watched(house.folder) as disk:
        writing = house.open()
        for number in range(2):
            disk.promise(writing.state("review", {"number": str(number)}))
        writing.finish_file()

    for promised in disk.outcomes(ruin.folder):
        ruin.recover()
        assert set(promised) <= {
            str(record.get("WARC-Record-ID")) for record in read_collection(ruin.collection)
        }


def test_a_file_that_is_finished_keeps_its_name(house: House, ruin: House) -> None:
    with watched(house.folder) as disk:
        filled(house, 1)
        [path] = house.archive.iterdir()
        disk.promise(path.name)

    for promised in disk.outcomes(ruin.folder):
        assert set(promised) <= {path.name for path in ruin.archive.glob("*")}


def test_what_recovery_cut_off_does_not_come_back(house: House, ruin: House) -> None:
    writing = house.open()
    house.places.add(writing.write(page(0), {}))
    writing.sync()
    writing.abandon()
    [left] = house.archive.glob("*.open")
    with left.open("ab") as file:
        file.write(b"\x1f\x8b\x08 and no more of a record")
    with watched(house.folder) as disk:
        house.open().recover()
        disk.promise(left.name.removesuffix(".open"))

    for promised in disk.outcomes(ruin.folder):
        ruin.recover()
        assert set(promised) <= {path.name for path in ruin.archive.glob("*")}
        assert ruin.urls() == {f"{SITE}/0"}


def test_an_import_that_is_over_survives(house: House, ruin: House, tmp_path: Path) -> None:
    foreign = [news(2).save(tmp_path / "a.warc.gz"), news(3, gzip=False).save(tmp_path / "b.warc")]
    with watched(house.folder) as disk:
        for path in foreign:
            disk.promise(house.open().bring_in(path, pytest.fail)[0].name)

    for promised in disk.outcomes(ruin.folder):
        ruin.recover()
        assert set(promised) <= {path.name for path in ruin.archive.glob("*")}


def test_files_that_become_one_keep_every_record(house: House, ruin: House) -> None:
    filled(house, 3)
    before = house.urls()
    merger = Merger(house.rewriter, "news", 10**9)
    with watched(house.folder) as disk:
        assert merger.run(date(2100, 1, 1))

    for _ in disk.outcomes(ruin.folder):
        ruin.recover()
        assert ruin.urls() == before
        assert len(ruin.places.all()) == 6


def test_what_was_redacted_does_not_come_back(house: House, ruin: House) -> None:
    filled(house, 2, SECRET)  # all but the first page repeat its payload
    assert SECRET in house.data()
    redactor = Redactor(house.rewriter, read_or_make_key(house.key), pytest.fail)
    with watched(house.folder) as disk:
        for number in range(4):
            redaction = Redaction(f"{SITE}/{number}", "2026-05-03T10:00:00.000000Z", "as asked")
            redactor.redact(redactor.find(redaction.url.__eq__), redaction)
        disk.promise("gone")

    for promised in disk.outcomes(ruin.folder):
        ruin.recover()
        assert not promised or SECRET not in ruin.data()


@pytest.mark.parametrize("small", [0, index_files.SMALL_BYTES], ids=["many tiers", "one tier"])
def test_lines_of_the_index_that_were_added_survive(
    tmp_path: Path, ruin: House, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", small)
    indexes = tmp_path / "house" / "indexes"
    indexes.parent.mkdir()
    with watched(indexes.parent) as disk:
        for run, count in enumerate((300, 60, 20, 30, 400)):
            lines = [f"example,news)/{run}/{number:03} 20210128 {{}}\n".encode() for number in range(count)]
            index_files.add_lines(indexes, lines)
            disk.promise(lines)

    for promised in disk.outcomes(ruin.folder):
        wanted, indexes = {line for lines in promised for line in lines}, ruin.folder / "indexes"
        assert wanted <= set(index_files.read_lines(indexes))
        index_files.finish_merge(indexes)
        assert wanted <= set(index_files.read_lines(indexes))
        stored = b"".join(path.read_bytes() for path in indexes.glob("*.cdxj")).splitlines()
        assert len(stored) == len(set(stored))


def test_a_line_of_the_manifest_that_was_added_survives(house: House, ruin: House) -> None:
    with watched(house.folder) as disk:
        for number in range(3):
            house.manifest.add(ClosedWarc(f"news-{number}.warc.gz", 100, f"{number:064}", 3, "", ""))
            disk.promise(house.manifest.head)

    for promised in disk.outcomes(ruin.folder):
        lines = list(ruin.manifest.lines())
        assert len(lines) >= len(promised)
        assert not promised or lines[len(promised) - 1].sha256 == promised[-1].sha256


def test_a_package_is_whole_from_the_moment_that_it_has_its_name(house: House, ruin: House) -> None:
    filled(house, 1)
    out, key = house.folder / "news.wacz", read_or_make_key(house.key)
    with watched(house.folder) as disk:
        pack(house.collection, out, [], Description("News", "", "test"), key)
        disk.promise(out.name)

    for promised in disk.outcomes(ruin.folder):
        found = ruin.folder / out.name
        assert found.exists() or not promised
        assert not found.exists() or found.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_change_of_the_key_leaves_a_key_that_signs(house: House, ruin: House, is_lost: bool) -> None:
    house.manifest.add(ClosedWarc("news-0.warc.gz", 100, 64 * "0", 3, "", ""))
    if is_lost:
        house.key.unlink()
    with watched(house.folder) as disk:
        if not is_lost:
            renew_key(house.key)
        house.manifest.rotate(lost=is_lost)
        disk.promise(read_or_make_key(house.key).id)

    for promised in disk.outcomes(ruin.folder):
        manifest = Manifest(ruin.collection, ruin.key)
        assert not promised or read_or_make_key(ruin.key).id == promised[-1]
        manifest.rotate(lost=is_lost)  # as `scrapy key rotate` does when it is given again
        manifest.check_key()
        manifest.add(ClosedWarc("news-1.warc.gz", 100, 64 * "1", 3, "", ""))
