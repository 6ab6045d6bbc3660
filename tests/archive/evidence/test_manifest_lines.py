"""What a line of a manifest is, and what is none."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ManifestDamaged
from archive.evidence.manifest import Manifest
from archive.evidence.manifest_lines import Rotation, parse_line
from archive.evidence.signing import read_or_make_key, renew_key
from archive.warc.closed_file import ClosedWarc, Redaction

DATE = "2026-05-03T10:00:00.000000Z"
PLAIN = ClosedWarc("news-1.warc.gz", 101, f"{1:064}", 7, "2021-01-28T09:00:00Z", "2021-01-29T09:00:00Z")
TAKEDOWN = Redaction(
    "https://vella.example/ü", DATE, "as asked", ("<urn:uuid:1>", "<urn:uuid:2>"), ("<urn:uuid:3>",)
)
MEMBERS = ["file", "bytes", "sha256", "records", "first", "last"]
TAIL = ["previous", "keyId", "publicKey", "signature"]


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return Manifest(tmp_path / "news", tmp_path / "key.pem")


@pytest.mark.parametrize(
    ("closed", "optional"),
    [
        (PLAIN, []),
        (replace(PLAIN, replaces=("news-0.warc.gz", "news-2.warc.gz")), ["replaces"]),
        (replace(PLAIN, redaction=TAKEDOWN), ["redaction"]),
        (replace(PLAIN, replaces=("news-0.warc.gz",), redaction=TAKEDOWN), ["replaces", "redaction"]),
    ],
    ids=["new", "merged", "redacted", "both"],
)
def test_a_line_has_the_members_of_its_file_and_is_read_as_it_was_written(
    manifest: Manifest, closed: ClosedWarc, optional: list[str]
) -> None:
    manifest.add(closed)

    assert list(json.loads(manifest.path.read_bytes())) == [*MEMBERS, *optional, *TAIL]
    assert [line.entry for line in manifest.lines()] == [closed]
    assert manifest.redacted_urls == ({TAKEDOWN.url} if closed.redaction else set())


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_rotation_says_which_key_signs_next(manifest: Manifest, tmp_path: Path, is_lost: bool) -> None:
    manifest.add(PLAIN)
    old = read_or_make_key(tmp_path / "key.pem")
    if is_lost:
        (tmp_path / "key.pem").unlink()
        manifest.rotate(lost=True)
    else:
        renew_key(tmp_path / "key.pem")
        manifest.rotate()
    new = read_or_make_key(tmp_path / "key.pem")

    raw = manifest.path.read_bytes().splitlines()[1]
    assert list(json.loads(raw)) == ["newPublicKey", "newKeyId", "lost", *TAIL]
    assert json.loads(raw)["newKeyId"] == new.id
    assert parse_line(raw).entry == Rotation(new.public_key, is_lost)
    assert manifest.public_keys == {old.public_key, new.public_key}


def without(name: str) -> dict[str, Any]:
    return {name: ...}


@pytest.mark.parametrize(
    "change",
    [
        *map(without, [*MEMBERS, *TAIL[:-1]]),
        {"more": 1},
        {"keyId": 16 * "0"},
        {"publicKey": "AAAA"},
        {"file": 7},
        {"file": "../news-1.warc.gz"},
        {"file": ""},
        {"file": ".."},
        {"replaces": ["news-0.warc.gz", "/etc/passwd"]},
        {"replaces": 7},
        {"redaction": "as asked"},
        {"redaction": {"url": "https://vella.example/"}},
        {"newPublicKey": "AAAA"},
    ],
    ids=str,
)
def test_a_changed_line_that_means_nothing_is_refused(manifest: Manifest, change: dict[str, Any]) -> None:
    manifest.add(PLAIN)
    fields = json.loads(manifest.path.read_bytes()) | change
    line = json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()

    with pytest.raises(ManifestDamaged, match=r"^is no line of a manifest$"):
        parse_line(line)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b'{"file": "\xff", "signature": "AAAA"}',
        b'{"file": , "signature": "AAAA"}',
        b'{"a": ' + 100_000 * b"[" + b', "signature": "AAAA"}',
    ],
    ids=["empty", "no signature", "a list", "no UTF-8", "no JSON", "nested"],
)
def test_what_is_no_line_is_refused_by_its_number(manifest: Manifest, line: bytes) -> None:
    manifest.add(PLAIN)
    whole = manifest.path.read_bytes()
    manifest.path.write_bytes(whole + line + b"\n")

    for use in (lambda: list(manifest.lines()), lambda: manifest.add(PLAIN), manifest.check_key):
        with pytest.raises(
            ManifestDamaged, match=r"^Line 2 of .*manifest\.jsonl is no line of a manifest: bring"
        ):
            use()
    assert manifest.path.read_bytes() == whole + line + b"\n"
