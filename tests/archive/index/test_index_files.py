import random
import shutil
from pathlib import Path

import pytest

from archive.index import index_files
from archive.warc import durable
from tests.support.kill_points import survives_kills


def line(number: int, filename: str = "a.warc.gz") -> bytes:
    return f'example,news)/{number:07} 20210128090000 {{"filename": "{filename}"}}\n'.encode()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def small_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", 0)


def test_lines_are_merged_in_byte_order_and_not_repeated(tmp_path: Path) -> None:
    index_files.add_lines(tmp_path, [b"org,b)/ 1 {}\n", b"org,a)/ 2 {}\n"])
    index_files.add_lines(tmp_path, [b"org,a-b)/ 1 {}\n", b"org,a)/ 2 {}\n", b"org,A)/ 1 {}\n"])

    lines = (tmp_path / "index.cdxj").read_bytes().splitlines()
    assert lines == [b"org,A)/ 1 {}", b"org,a)/ 2 {}", b"org,a-b)/ 1 {}", b"org,b)/ 1 {}"]
    assert names(tmp_path) == ["index.cdxj"]


def test_a_large_index_is_not_written_again_for_a_few_lines(tmp_path: Path) -> None:
    index = tmp_path / "index.cdxj"
    index.write_bytes(b"".join(map(line, range(0, 2_000_000, 2))))
    before = index.stat()
    written = 0
    for run in range(20):
        sizes = {path: path.stat().st_ino for path in tmp_path.iterdir()}
        index_files.add_lines(tmp_path, [line(20_000 * run + 2 * number + 1) for number in range(100)])
        written += sum(
            path.stat().st_size for path in tmp_path.iterdir() if sizes.get(path) != path.stat().st_ino
        )

    after = index.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert before.st_size > 50_000_000
    assert written < 2_000_000
    assert names(tmp_path) == ["index-1.cdxj", "index.cdxj"]
    assert sum(1 for _ in index_files.read_lines(tmp_path)) == 1_002_000


def test_many_runs_leave_a_handful_of_files_and_write_each_line_a_few_times(
    tmp_path: Path, small_tiers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    written = 0

    def counted(path: Path, pieces: list[bytes]) -> None:
        nonlocal written
        durable.write_file(path, pieces)
        written += path.stat().st_size

    monkeypatch.setattr(index_files, "write_file", counted)
    monkeypatch.setattr(index_files, "replace_file", lambda path, pieces: path.write_bytes(b"".join(pieces)))
    monkeypatch.setattr("archive.warc.durable.os.fsync", lambda _: None)
    lines: list[bytes] = []
    most = 0
    for _ in range(400):
        fresh = [line(chance.randrange(10**7)) for _ in range(chance.randrange(1, 30))]
        index_files.add_lines(tmp_path, fresh)
        lines += fresh
        most = max(most, len(names(tmp_path)))

    assert list(index_files.read_lines(tmp_path)) == sorted(set(lines))
    assert most <= 8
    assert written < 15 * sum(map(len, lines))


def test_a_file_gets_its_lines_once_and_no_others_whatever_any_tier_holds(
    tmp_path: Path, small_tiers: None
) -> None:
    others = [line(number, "b.warc.gz") for number in range(1000)]
    index_files.add_lines(tmp_path, [*others, line(5), line(6)])
    index_files.add_lines(tmp_path, [line(2000)])
    index_files.set_lines(tmp_path, "a.warc.gz", [line(5), line(2000), line(3000)])

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir()).splitlines(keepends=True)
    assert sorted(stored) == sorted([*others, line(5), line(2000), line(3000)])
    index_files.set_lines(tmp_path, "a.warc.gz", ())
    assert list(index_files.read_lines(tmp_path)) == others


@pytest.mark.parametrize("number", [0, 1, 4321, 8999, 9000, 12_345])
def test_lines_are_found_without_reading_all(tmp_path: Path, number: int, small_tiers: None) -> None:
    index_files.add_lines(
        tmp_path, [line(each, f"{copy}.warc.gz") for each in range(9000) for copy in range(2)]
    )
    index_files.add_lines(tmp_path, [line(number, "new.warc.gz")])

    copies = ["0.warc.gz", "1.warc.gz"] if number < 9000 else []
    wanted = [line(number, name) for name in [*copies, "new.warc.gz"]]
    assert list(index_files.find_lines(tmp_path, f"example,news)/{number:07} ".encode())) == wanted
    assert names(tmp_path) == ["index-1.cdxj", "index.cdxj"]


def test_lines_are_changed_where_they_stand(tmp_path: Path, small_tiers: None) -> None:
    index_files.add_lines(tmp_path, [line(number, "old.warc.gz") for number in range(100)])
    index_files.add_lines(tmp_path, [line(200, "small.warc.gz"), line(100, "gone.warc.gz")])
    before = (tmp_path / "index.cdxj").stat()

    def change(text: bytes) -> bytes | None:
        return None if b"gone" in text else text.replace(b"small", b"zz")

    for _ in range(2):
        index_files.change_lines(tmp_path, change)
        found = [line(number, "old.warc.gz") for number in range(100)]
        assert list(index_files.read_lines(tmp_path)) == [*found, line(200, "zz.warc.gz")]
    assert (tmp_path / "index.cdxj").stat().st_ino == before.st_ino
    assert (tmp_path / "index.cdxj").stat().st_mtime_ns == before.st_mtime_ns


def test_a_tier_stays_sorted_whatever_its_lines_become(tmp_path: Path) -> None:
    index_files.add_lines(tmp_path, map(line, range(10)))
    index_files.change_lines(tmp_path, lambda text: line(9 - int(text[14:21])))

    assert (tmp_path / "index.cdxj").read_bytes() == b"".join(map(line, range(10)))


def test_of_a_large_tier_only_the_part_around_the_lines_is_read(tmp_path: Path) -> None:
    decoy = line(5000, "decoy.warc.gz")
    lines = [decoy, *map(line, range(9000)), decoy]  # not in order: whoever reads all finds them
    (tmp_path / "index.cdxj").write_bytes(b"".join(lines))

    assert list(index_files.find_lines(tmp_path, b"example,news)/0005000 ")) == [line(5000)]


def test_lines_with_a_prefix_are_found_wherever_a_block_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_files, "_BLOCK_BYTES", 8)
    chance = random.Random(7)
    for _ in range(100):
        made = {"".join(chance.choices("ab", k=chance.randrange(9))) for _ in range(chance.randrange(30))}
        lines = [f"{each}\n".encode() for each in sorted(made)]
        (tmp_path / "index.cdxj").write_bytes(b"".join(lines))
        for prefix in (b"a", b"b", b"ab", b"bb", b"bba"):
            wanted = [each for each in lines if each.startswith(prefix)]
            assert list(index_files.find_lines(tmp_path, prefix)) == wanted


@pytest.mark.parametrize("counts", [(400, 80), (400, 80, 15)])
@pytest.mark.parametrize("adds", [False, True], ids=["lines set next", "lines added next"])
def test_a_kill_at_any_moment_loses_no_line_and_repeats_none(
    tmp_path: Path, small_tiers: None, counts: tuple[int, ...], adds: bool
) -> None:
    base, work = tmp_path / "base", tmp_path / "work"
    for tier, count in enumerate(counts):
        index_files.add_lines(base, [line(1000 * tier + number, "b.warc.gz") for number in range(count)])
    assert len(names(base)) == len(counts)
    old = list(index_files.read_lines(base))
    fresh = [line(number) for number in range(3000, 3020)]

    def stored() -> list[bytes]:
        return sorted(b"".join(path.read_bytes() for path in work.glob("*.cdxj")).splitlines(keepends=True))

    def check() -> None:
        seen = list(index_files.read_lines(work))
        assert seen in (old, [*old, *fresh])
        if adds:
            index_files.add_lines(work, [line(5000)])
            assert stored() in ([*old, line(5000)], [*old, *fresh, line(5000)])
            return
        index_files.set_lines(work, "a.warc.gz", fresh)
        assert stored() == [*old, *fresh]
        assert all(name.endswith((".cdxj", ".cdxj.tmp")) for name in names(work))

    tries = 0
    for _ in survives_kills(work, lambda: index_files.add_lines(work, fresh), check):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(base, work)
        tries += 1
    assert tries > 5
