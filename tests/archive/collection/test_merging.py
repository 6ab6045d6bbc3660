"""Small files of past days become one, and every note of a record's location leads to it."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.collection import merging
from archive.collection.collection import Collection
from archive.collection.merging import Merger
from archive.collection.rewriting import Rewriter
from archive.evidence.manifest import Manifest
from archive.index import index_files
from archive.index.cdxj import read_lines
from archive.replay.captures import CaptureReader
from archive.replay.input_paths import expand_paths
from archive.replay.stored_records import read_record
from archive.warc.closed_file import ClosedWarc
from archive.warc.rewriting_journal import JOURNAL, Part, Rewriting
from tests.support.kill_points import Killed, survives_kills
from tests.support.logs import make_log
from tests.support.noted_places import NotedPlaces

TODAY = date(2021, 1, 30)
DAYS = (28, 28, 28, 29, 29, 30, 30)
"""The day of January on which each run wrote its file."""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection with a file of two pages for each of DAYS."""

    class Clock(datetime):
        moment = 0

        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            return cls(2021, 1, DAYS[cls.moment], 12, cls.moment, tzinfo=UTC)

    monkeypatch.setattr("archive.collection.collection.datetime", Clock)
    folder = tmp_path / "base" / "news"
    catalogue = NotedPlaces(tmp_path / "base" / "catalogue.json")
    for number in range(len(DAYS)):
        Clock.moment = number
        writing = Collection(folder, "news", {}, 10**9)
        for page in range(2):
            url = f"http://news.example/{number}/{page}"
            place = writing.write(make_log(url, body=url.encode() * 20), {})
            catalogue.add(place.record_id, place.warc, place.offset)
        writing.finish_file()
    return folder


def rewriter(folder: Path, killed: str = "") -> Rewriter:
    return Rewriter(folder, [NotedPlaces(folder.parent / "catalogue.json", killed)])


def merger(folder: Path, killed: str = "", max_file_bytes: int = 10**9) -> Merger:
    return Merger(rewriter(folder, killed), "news", max_file_bytes)


def pages(folder: Path) -> list[tuple[str, bytes]]:
    """What a replay of the collection reads, in its order."""
    paths = expand_paths(str(folder))
    with CaptureReader(paths, pytest.fail) as reader:
        return [(capture.url, capture.body) for path in paths for capture in reader.read(path)]


def assert_everything_is_found(folder: Path, pages_before: list[tuple[str, bytes]]) -> None:
    """Every page is read once, in order; catalogue and index lead to its record."""
    assert pages(folder) == pages_before
    catalogue = NotedPlaces(folder.parent / "catalogue.json")
    assert len(catalogue.places) == len(pages_before)
    for record_id, (warc, offset) in catalogue.places.items():
        assert ("warc-record-id", record_id) in read_record(folder / "archive" / warc, offset).headers
    entries = [json.loads(line.split(b" ", 2)[2]) for line in index_files.read_lines(folder / "indexes")]
    assert sorted(entry["url"] for entry in entries) == sorted(url for url, _ in pages_before)
    for entry in entries:
        record = read_record(folder / "archive" / entry["filename"], int(entry["offset"]))
        assert ("warc-target-uri", entry["url"]) in record.headers


def test_files_of_each_past_day_become_one(base: Path) -> None:
    before, data = pages(base), {path.name: path.read_bytes() for path in (base / "archive").iterdir()}
    merges = merger(base).run(TODAY)

    names = sorted(data)
    assert [[part.name for part in merge.parts] for merge in merges] == [names[:3], names[3:5]]
    assert sorted(path.name for path in (base / "archive").iterdir()) == [
        merges[0].name,
        merges[1].name,
        *names[5:],
    ]
    for merge in merges:
        merged = (base / "archive" / merge.name).read_bytes()
        assert merged == b"".join(data[part.name] for part in merge.parts)
        assert [merged[part.offset :].startswith(data[part.name]) for part in merge.parts]
    assert_everything_is_found(base, before)
    lines = [line for path in (base / "archive").iterdir() for line in read_lines(path, path.name)]
    assert list(index_files.read_lines(base / "indexes")) == sorted(lines)
    assert not (base / JOURNAL).exists()


def test_what_was_merged_stays_as_it_is(base: Path) -> None:
    merger(base).run(TODAY)
    before = {path: path.stat().st_ino for path in base.rglob("*")}

    assert merger(base).run(TODAY) == []
    assert {path: path.stat().st_ino for path in base.rglob("*")} == before


def test_large_files_and_those_of_others_are_left_and_nothing_passes_them(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pages(base)
    paths = sorted((base / "archive").iterdir())
    imported = paths[1].with_name(paths[1].name.replace(".warc", "-import-x.warc"))
    index_files.change_lines(
        base / "indexes", lambda line: line.replace(paths[1].name.encode(), imported.name.encode())
    )
    catalogue = NotedPlaces(base.parent / "catalogue.json")
    catalogue.moved(Rewriting(imported.name, (Part(paths[1].name, 0, 0),)))
    paths[1].rename(imported)

    merges = merger(base).run(TODAY)
    assert [[part.name for part in merge.parts] for merge in merges] == [[paths[3].name, paths[4].name]]
    monkeypatch.setattr(merging, "SMALL_BYTES", 10)
    assert merger(base).run(date(2021, 1, 31)) == []
    assert_everything_is_found(base, before)


def test_a_merged_file_is_no_larger_than_a_file_may_be(base: Path) -> None:
    before = pages(base)
    size = max(path.stat().st_size for path in (base / "archive").iterdir())
    merges = merger(base, max_file_bytes=2 * size).run(TODAY)

    assert [len(merge.parts) for merge in merges] == [2, 2]
    assert all((base / "archive" / merge.name).stat().st_size <= 2 * size for merge in merges)
    assert_everything_is_found(base, before)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_merged_file_may_be_just_as_large_as_a_file_may_be(base: Path, more: int) -> None:
    days = [sorted((base / "archive").iterdir())[begin:end] for begin, end in ((0, 3), (3, 5))]
    sizes = [sum(path.stat().st_size for path in day) for day in days]
    made = merger(base, max_file_bytes=sizes[0] + more).run(TODAY)
    assert [len(merge.parts) for merge in made] == ([3, 2] if more >= 0 else [2, 2])


@pytest.mark.parametrize(("more", "is_merged"), [(-1, False), (0, False), (1, True)])
def test_only_files_below_the_limit_are_small(
    base: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_merged: bool
) -> None:
    paths = sorted((base / "archive").iterdir())[3:5]
    for path in (base / "archive").iterdir():
        if path not in paths:
            path.unlink()
    large = max(path.stat().st_size for path in paths)
    monkeypatch.setattr(merging, "SMALL_BYTES", large + more)
    assert bool(merger(base).run(TODAY)) is is_merged


@pytest.mark.parametrize(("more", "is_merged"), [(0, False), (1, True)])
def test_the_disk_has_room_for_twice_what_is_copied(
    base: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_merged: bool
) -> None:
    paths = sorted((base / "archive").iterdir())
    for path in paths[:3]:
        path.unlink()
    free = 2 * sum(path.stat().st_size for path in paths[3:5]) + more
    usage = shutil.disk_usage(base)._replace(free=free)
    monkeypatch.setattr("archive.collection.merging.shutil.disk_usage", lambda _: usage)
    assert bool(merger(base).run(TODAY)) is is_merged


def test_without_room_on_the_disk_nothing_is_merged(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(base)._replace(free=1000)
    monkeypatch.setattr("archive.collection.merging.shutil.disk_usage", lambda _: usage)
    assert merger(base).run(TODAY) == []
    assert len(list((base / "archive").iterdir())) == len(DAYS)


@pytest.mark.parametrize("small", [0, index_files.SMALL_BYTES], ids=["many tiers", "one tier"])
def test_a_kill_at_any_moment_leaves_every_reference_true(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", small)
    before = pages(base)
    work = tmp_path / "work" / "news"

    def check() -> None:
        assert_everything_is_found(work, before)  # by readers that know nothing of a kill
        rewriter(work).finish()
        assert_everything_is_found(work, before)
        assert not (work / JOURNAL).exists()
        assert not list((work / "archive").glob("*.rewriting"))
        merger(work).run(TODAY)
        assert_everything_is_found(work, before)
        assert len(list((work / "archive").iterdir())) == 4

    tries = 0
    for _ in survives_kills(work.parent, lambda: merger(work).run(TODAY), check):
        shutil.rmtree(work.parent, ignore_errors=True)
        shutil.copytree(base.parent, work.parent)
        tries += 1
    assert tries > 20


@pytest.mark.parametrize("killed", ["before", "after"])
def test_a_kill_around_the_catalogue_s_transaction_is_made_good(base: Path, killed: str) -> None:
    before = pages(base)
    with pytest.raises(Killed):
        merger(base, killed).run(TODAY)

    assert_everything_is_found(base, before)
    rewriter(base).finish()
    assert_everything_is_found(base, before)
    assert len(list((base / "archive").iterdir())) == len(DAYS) - 2


def test_a_file_that_was_changed_is_not_merged_and_other_days_are(
    base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = Manifest(base, tmp_path / "key.pem")
    paths = sorted((base / "archive").iterdir())
    for path in paths:
        manifest.add(ClosedWarc.read(path, path.name))
    with paths[1].open("ab") as file:
        file.write(b"\0")
    before = paths[1].read_bytes()

    signing = Rewriter(base, [NotedPlaces(base.parent / "catalogue.json")], manifest)
    [merge] = Merger(signing, "news", 10**9).run(TODAY)
    assert merge.replaced == [path.name for path in paths[3:5]]
    assert paths[1].read_bytes() == before
    [error] = caplog.messages
    assert error.startswith(f"{paths[1]} is not what the manifest says")


def test_only_files_of_the_crawl_s_own_name_are_merged(base: Path) -> None:
    assert Merger(rewriter(base), "new", 10**9).run(TODAY) == []
    assert Merger(rewriter(base), "n.ws", 10**9).run(TODAY) == []
    assert len(Merger(rewriter(base), "news", 10**9).run(TODAY)) == 2


def test_old_files_stay_when_the_new_one_is_gone(base: Path) -> None:
    with pytest.raises(Killed):
        merger(base, "before").run(TODAY)
    (base / "archive" / json.loads((base / JOURNAL).read_text())["name"]).unlink()

    with pytest.raises(FileNotFoundError, match=r"rewriting\.json says that it replaces others"):
        rewriter(base).finish()
    assert len(list((base / "archive").iterdir())) == len(DAYS)


def test_a_run_merges_before_it_writes_and_not_if_it_writes_nothing(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.collection.collection.datetime", datetime)
    before = pages(base)
    catalogue = NotedPlaces(base.parent / "catalogue.json")
    reading = Collection(base, "news", {}, 10**9, referrers=[catalogue])
    reading.recover()
    reading.finish_file()
    assert len(list((base / "archive").iterdir())) == len(DAYS)

    writing = Collection(base, "news", {}, 10**9, referrers=[catalogue])
    writing.recover()
    place = writing.write(make_log("http://news.example/new"), {})
    catalogue.add(place.record_id, place.warc, place.offset)
    writing.finish_file()
    assert len(list((base / "archive").iterdir())) == 4
    assert [url for url, _ in pages(base)] == [*(url for url, _ in before), "http://news.example/new"]
    assert_everything_is_found(base, pages(base))

    runs: list[object] = []
    monkeypatch.setattr(Merger, "run", lambda _, today: runs.append(today))
    for _ in range(2):
        writing.write(make_log("http://news.example/more"), {})
        writing.finish_file()
    assert runs == []  # once a run


def test_without_a_catalogue_nothing_is_merged(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.collection.collection.datetime", datetime)
    writing = Collection(base, "news", {}, 10**9)
    writing.write(make_log(), {})
    writing.finish_file()
    assert len(list((base / "archive").iterdir())) == len(DAYS) + 1
