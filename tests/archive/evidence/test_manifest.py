import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive.checks.findings import Severity
from archive.checks.manifest_check import ManifestChain
from archive.collection.collection import Collection
from archive.errors import KeyForeign, KeyMissing, KeyRefused, ManifestDamaged
from archive.evidence.manifest import Manifest
from archive.evidence.manifest_lines import Head, current_files, parse_line
from archive.evidence.signing import SigningKey, read_or_make_key, renew_key, retired_path
from archive.warc.closed_file import ClosedWarc
from tests.support.checkout import ROOT
from tests.support.kill_points import survives_kills
from tests.support.logs import make_log
from tests.support.power_cuts import watched
from tests.support.warcs import news


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key.pem"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "collection"


@pytest.fixture
def manifest(folder: Path, key: Path) -> Manifest:
    return Manifest(folder, key)


def closed(number: int) -> ClosedWarc:
    return ClosedWarc(f"news-{number}.warc.gz", 100 + number, f"{number:064}", number, "", "")


def filled(manifest: Manifest, count: int = 3) -> Manifest:
    for number in range(count):
        manifest.add(closed(number))
    return manifest


def collection(folder: Path, key: Path) -> Collection:
    return Collection(folder, "news", {"software": "test"}, 10**9, manifest=Manifest(folder, key))


def sentences(manifest: Manifest, expected_key: str = "", head: Head | None = None) -> list[str]:
    chain = ManifestChain(manifest.path)
    found = [*chain.check(expected_key), *(chain.check_end(head) if head else ())]
    return [f"{finding.severity}: {finding.sentence}" for finding in found]


def test_lines_are_signed_and_bound_to_each_other(manifest: Manifest, key: Path) -> None:
    lines = list(filled(manifest).lines())

    assert [line.entry for line in lines] == [closed(0), closed(1), closed(2)]
    assert [line.previous for line in lines] == ["", lines[0].sha256, lines[1].sha256]
    assert all(line.is_signed and line.public_key == read_or_make_key(key).public_key for line in lines)
    assert manifest.head == Head(3, hashlib.sha256(manifest.path.read_bytes().split(b"\n")[2]).hexdigest())
    assert not sentences(manifest, read_or_make_key(key).id, manifest.head)


def test_a_line_is_json_with_its_signature_last(manifest: Manifest) -> None:
    (line,) = filled(manifest, 1).path.read_text().splitlines()

    fields = json.loads(line)
    assert list(fields)[:4] == ["file", "bytes", "sha256", "records"]
    assert list(fields)[-1] == "signature"


def test_a_closed_file_has_a_line_that_describes_it(folder: Path, key: Path) -> None:
    writing = collection(folder, key)
    for number in range(3):
        writing.write(make_log(f"http://news.example/{number}"), {})
    writing.finish_file()

    (path,) = (folder / "archive").iterdir()
    (line,) = Manifest(folder, key).lines()
    assert isinstance(line.entry, ClosedWarc)
    assert line.entry == ClosedWarc.read(path, path.name)
    assert line.entry.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert line.entry.records == 10
    assert line.entry.first == line.entry.last == "2021-01-28T09:00:00.123456Z"


@pytest.mark.parametrize("gzip", [True, False])
def test_an_imported_file_has_a_line_that_describes_it(
    folder: Path, key: Path, tmp_path: Path, gzip: bool
) -> None:
    foreign = news(3, gzip=gzip).save(tmp_path / ("foreign.warc.gz" if gzip else "foreign.warc"))
    (path,) = collection(folder, key).bring_in(foreign, pytest.fail)

    (line,) = Manifest(folder, key).lines()
    assert line.entry == ClosedWarc.read(path, path.name)


def test_without_exchanges_there_is_neither_manifest_nor_key(folder: Path, key: Path) -> None:
    writing = collection(folder, key)
    writing.recover()
    writing.finish_file()

    assert not key.exists()
    assert not folder.exists()


def test_a_kill_at_any_moment_leaves_each_file_one_line(tmp_path: Path, folder: Path, key: Path) -> None:
    read_or_make_key(key)
    template = tmp_path / "template"
    left_open = collection(template, key)
    left_open.write(make_log(), {})
    left_open.abandon()
    foreign = news(2).save(tmp_path / "foreign.warc.gz")

    def work() -> None:
        writing = collection(folder, key)
        writing.recover()
        writing.write(make_log("http://news.example/more"), {})
        writing.finish_file()
        writing.bring_in(foreign, pytest.fail)

    def check() -> None:
        collection(folder, key).recover()
        present = {path.name for path in (folder / "archive").iterdir()}
        manifest = Manifest(folder, key)
        listed = [line.entry.file for line in manifest.lines() if isinstance(line.entry, ClosedWarc)]
        assert sorted(listed) == sorted(present)
        assert not sentences(manifest)

    kills = 0
    for operation in survives_kills(folder, work, check):
        kills = operation
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
    assert kills > 10


ADDER = """
import fcntl, pathlib, sys
from archive.evidence.manifest import Manifest
from archive.warc.closed_file import ClosedWarc
lock = fcntl.lockf
def say_and_wait(file, kind):
    try:
        lock(file, kind | fcntl.LOCK_NB)
        print("goes on", flush=True)
    except (BlockingIOError, PermissionError):
        print("waits", flush=True)
        lock(file, kind)
fcntl.lockf = say_and_wait
manifest = Manifest(*map(pathlib.Path, sys.argv[1:]))
manifest.add(ClosedWarc("news-2.warc.gz", 102, f"{2:064}", 2, "", ""))
"""


def test_another_process_waits_for_its_turn_to_add_a_line(
    manifest: Manifest, folder: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins when the first has read the last line and has not written its own."""
    filled(manifest, 1)
    sign = SigningKey.sign
    others: list[subprocess.Popen[str]] = []

    def sign_slowly(self: SigningKey, text: str) -> str:
        command = [sys.executable, "-c", ADDER, str(folder), str(key)]
        others.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        assert others[0].stdout is not None
        assert others[0].stdout.readline() == "waits\n"
        return sign(self, text)

    monkeypatch.setattr(SigningKey, "sign", sign_slowly)
    manifest.add(closed(1))
    assert others[0].communicate(timeout=120)[0] == ""

    assert [line.entry for line in manifest.lines()] == [closed(0), closed(1), closed(2)]
    assert not sentences(manifest)


def test_a_line_that_was_never_finished_is_written_again(manifest: Manifest) -> None:
    filled(manifest, 2)
    whole = manifest.path.read_bytes()
    manifest.path.write_bytes(whole[:-20])
    assert manifest.head.lines == 1
    assert [sentence[:4] for sentence in sentences(manifest)] == ["note"]

    manifest.add(closed(1))

    assert manifest.path.read_bytes() == whole


def test_a_file_in_place_of_others_takes_their_place(manifest: Manifest) -> None:
    filled(manifest)
    merged = replace(closed(7), replaces=("news-0.warc.gz", "news-1.warc.gz"))
    manifest.add(merged)

    assert current_files(manifest.lines()) == {"news-2.warc.gz": closed(2), "news-7.warc.gz": merged}


def test_changed_moved_and_missing_lines_are_named(manifest: Manifest) -> None:
    lines = filled(manifest, 4).path.read_bytes().splitlines(keepends=True)

    manifest.path.write_bytes(
        b"".join([lines[0], lines[1].replace(b'"bytes": 101', b'"bytes": 109'), *lines[2:]])
    )
    assert sentences(manifest) == [
        "fault: The signature of line 2 of the manifest is wrong: the line was changed.",
        "fault: Line 3 of the manifest does not follow the line before it: "
        "one of them was changed, moved or taken out.",
    ]
    manifest.path.write_bytes(b"".join([lines[0], lines[2], lines[1], lines[3]]))
    assert [sentence[7:13] for sentence in sentences(manifest)] == ["Line 2", "Line 3", "Line 4"]
    manifest.path.write_bytes(b"".join(lines[1:]))
    assert [sentence[7:13] for sentence in sentences(manifest)] == ["Line 1"]
    manifest.path.write_bytes(lines[0] + b"{}\n")
    assert sentences(manifest) == ["fault: Line 2 of the manifest cannot be read: it was changed."]


def test_a_cut_tail_is_seen_by_who_kept_the_head(manifest: Manifest) -> None:
    head = filled(manifest).head
    whole = manifest.path.read_bytes()
    manifest.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))

    assert not sentences(manifest)
    assert sentences(manifest, head=head) == [
        "fault: The manifest once had 3 lines, now it has 2: its end was cut off."
    ]


def test_a_manifest_that_was_written_anew_is_seen(
    manifest: Manifest, folder: Path, key: Path, tmp_path: Path
) -> None:
    head = filled(manifest).head
    own = read_or_make_key(key).id
    manifest.path.unlink()
    filled(Manifest(folder, tmp_path / "forger.pem"))
    forger = read_or_make_key(tmp_path / "forger.pem").id

    assert sentences(manifest, own, head) == [
        f"fault: The manifest is signed by the key {forger}, not by {own}, as it should be.",
        "fault: Line 3 of the manifest is not the one that was there once: the manifest was written anew.",
    ]


def test_lines_of_a_foreign_key_are_named(manifest: Manifest, tmp_path: Path) -> None:
    filled(manifest, 2)
    theirs = filled(Manifest(tmp_path / "theirs", tmp_path / "their.pem"))
    with manifest.path.open("ab") as file:
        file.write(theirs.path.read_bytes().splitlines(keepends=True)[2])

    assert any("Line 3 of the manifest is signed by the key" in found for found in sentences(manifest))


def test_a_foreign_key_is_refused(manifest: Manifest, folder: Path, key: Path, tmp_path: Path) -> None:
    filled(manifest, 1)
    foreign, ours = Manifest(folder, tmp_path / "other.pem"), read_or_make_key(key).id

    message = f"is signed by the key {ours}, but .* holds {foreign.make_key().id}: .*ARCHIVE_SIGNING_KEY"
    with pytest.raises(KeyForeign, match=message):
        foreign.check_key()
    with pytest.raises(KeyRefused):
        foreign.add(closed(1))
    assert manifest.head.lines == 1


def test_a_missing_key_is_refused(manifest: Manifest, key: Path) -> None:
    manifest.check_key()
    assert not key.exists()
    made = manifest.make_key()
    manifest.check_key()
    filled(manifest, 1)
    manifest.check_key()
    key.unlink()

    with pytest.raises(
        KeyMissing, match=rf"^The key {made.id}, .* is not at .*key\.pem: bring it back, or name"
    ):
        manifest.check_key()


def test_a_damaged_manifest_is_refused(manifest: Manifest) -> None:
    filled(manifest, 2)
    manifest.path.write_bytes(b"rubbish\n" + manifest.path.read_bytes())

    with pytest.raises(ManifestDamaged, match=r"Line 1 of .*manifest\.jsonl is no line of a manifest: bring"):
        manifest.check_key()


@pytest.mark.parametrize("name", ["../outside.warc.gz", "/etc/passwd", "a/b.warc.gz"])
def test_a_line_names_no_file_elsewhere(manifest: Manifest, name: str) -> None:
    manifest.add(replace(closed(0), file=name))

    with pytest.raises(ManifestDamaged):
        parse_line(manifest.path.read_bytes().rstrip(b"\n"))


def test_after_a_rotation_the_new_key_signs(manifest: Manifest, key: Path) -> None:
    filled(manifest, 1)
    old = read_or_make_key(key)
    new = renew_key(key)
    with pytest.raises(KeyRefused):
        manifest.check_key()

    manifest.rotate()
    manifest.rotate()  # nothing is left to do
    manifest.add(closed(1))

    assert [line.public_key for line in manifest.lines()] == [old.public_key, old.public_key, new.public_key]
    assert not sentences(manifest, new.id)


def test_a_lost_key_is_replaced_and_that_is_reported(manifest: Manifest, key: Path) -> None:
    filled(manifest, 1)
    old = read_or_make_key(key)
    key.unlink()
    with pytest.raises(KeyMissing, match=f"The key {old.id}.*bring its file back"):
        manifest.rotate()
    assert not key.exists()

    manifest.rotate(lost=True)
    manifest.add(closed(1))

    new = read_or_make_key(key)
    (note,) = ManifestChain(manifest.path).check(new.id)
    assert note.severity is Severity.NOTE
    assert f"another key signs, {new.id}, for which the old one did not vouch" in note.sentence


def test_a_rotation_that_the_old_key_did_not_sign_is_named(manifest: Manifest, key: Path) -> None:
    filled(manifest, 1)
    old = read_or_make_key(key)
    renew_key(key)
    forged = retired_path(key, old.id)
    forged.unlink()
    read_or_make_key(forged)

    manifest.rotate()

    assert any("Line 2" in found and "was to sign" in found for found in sentences(manifest))


def test_a_file_in_place_of_others_gets_one_line_however_often_it_is_told(
    manifest: Manifest, tmp_path: Path
) -> None:
    path = news(2).save(tmp_path / "news-9.warc.gz")
    filled(manifest, 2)
    for _ in range(2):
        manifest.add_rewritten(path, ["news-0.warc.gz", "news-1.warc.gz"], None)
    assert manifest.head.lines == 3
    assert set(current_files(manifest.lines())) == {path.name}
    assert not sentences(manifest)


def test_only_a_file_that_is_as_its_line_says_is_confirmed(manifest: Manifest, tmp_path: Path) -> None:
    path = news(2).save(tmp_path / "news-9.warc.gz")
    filled(manifest, 1)
    assert not manifest.confirms(path)
    manifest.add_rewritten(path, [], None)
    assert manifest.confirms(path)
    path.write_bytes(path.read_bytes()[:-1])
    assert not manifest.confirms(path)


def test_a_name_that_begins_like_another_has_no_line(manifest: Manifest) -> None:
    filled(manifest, 2)
    assert manifest.has("news-1.warc.gz")
    assert not manifest.has("news-1.warc")
    assert not manifest.has("ews-1.warc.gz")
    assert not manifest.has("news-2.warc.gz")


def test_a_line_that_was_added_survives_a_power_cut(
    manifest: Manifest, folder: Path, key: Path, tmp_path: Path
) -> None:
    read_or_make_key(key)
    folder.mkdir()
    with watched(folder) as disk:
        for number in range(2):
            manifest.add(closed(number))
            disk.promise(f"news-{number}.warc.gz")
    ruin = tmp_path / "ruin"
    for promised in disk.outcomes(ruin):
        assert set(promised) <= current_files(Manifest(ruin, key).lines()).keys()
