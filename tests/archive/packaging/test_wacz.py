import base64
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from archive.errors import ArchiveChanged, CannotPack
from archive.evidence.manifest import Manifest
from archive.evidence.signing import SigningKey, is_signed, read_or_make_key
from archive.index import index_files
from archive.packaging.wacz import Description, Page, pack
from tests.support.captures import read_captures
from tests.support.checkout import ROOT
from tests.support.kill_points import Killed, killed_before
from tests.support.logs import MOMENT, make_log
from tests.support.tools import find_tool

ABOUT = Description("news", "Pages of an invented newspaper", "frontwire/test")
PAGES = [
    Page(
        "http://news.example/0",
        "2021-01-28T09:00:00.123456Z",
        "Le port de Marisol",
        "Le port rouvre.\n\nMer calme.",
    ),
    Page("http://news.example/1", "2021-01-28T09:00:00.123456Z", "ميناء", "\ud83d lone surrogate"),
]


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return read_or_make_key(tmp_path / "key.pem")


@pytest.fixture
def collection(tmp_path: Path, key: SigningKey) -> Path:
    """Two WARC files and their index in two tiers."""
    folder = tmp_path / "collections" / "news"
    writing = Collection(folder, "news", {}, 10**9, manifest=Manifest(folder, tmp_path / "key.pem"))
    for number in range(4):
        writing.write(make_log(f"http://news.example/{number}"), {})
        if number % 2:
            writing.finish_file()
    lines = (folder / "indexes" / "index.cdxj").read_bytes().splitlines(keepends=True)
    (folder / "indexes" / "index.cdxj").write_bytes(b"".join(lines[::2]))
    (folder / "indexes" / "index-1.cdxj").write_bytes(b"".join(lines[1::2]))
    return folder


@pytest.fixture
def wacz(collection: Path, tmp_path: Path, key: SigningKey) -> Path:
    out = tmp_path / "news.wacz"
    pack(collection, out, PAGES, ABOUT, key)
    return out


@pytest.fixture
def package(wacz: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wacz) as package:
        yield package


def test_a_package_holds_files_index_and_pages(collection: Path, package: zipfile.ZipFile) -> None:
    warcs = sorted((collection / "archive").iterdir())
    assert package.namelist() == [
        *(f"archive/{path.name}" for path in warcs),
        "indexes/index.cdxj",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    for path in warcs:
        entry = package.getinfo(f"archive/{path.name}")
        assert entry.compress_type == zipfile.ZIP_STORED
        assert package.read(entry) == path.read_bytes()
    index = package.read("indexes/index.cdxj")
    assert index == b"".join(index_files.read_lines(collection / "indexes"))
    assert index.splitlines() == sorted(index.splitlines())
    assert len(index.splitlines()) == 4


def test_everything_is_listed_with_its_hash(package: zipfile.ZipFile) -> None:
    listed = json.loads(package.read("datapackage.json"))

    assert (listed["profile"], listed["wacz_version"]) == ("data-package", "1.1.1")
    assert listed["created"] == listed["modified"] == "2021-01-28T09:00:00Z"
    assert [resource["path"] for resource in listed["resources"]] == package.namelist()[:-2]
    for resource_ in listed["resources"]:
        data = package.read(resource_["path"])
        assert resource_["bytes"] == len(data)
        assert resource_["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource_["name"] == resource_["path"].rpartition("/")[2]


def test_the_package_says_what_it_is_and_when_the_last_page_was_captured(
    collection: Path, tmp_path: Path, key: SigningKey
) -> None:
    writing = Collection(collection, "news", {}, 10**9, manifest=Manifest(collection, tmp_path / "key.pem"))
    for hours in (30, 5):
        writing.write(make_log(f"http://news.example/at/{hours}", began=MOMENT + timedelta(hours=hours)), {})
    writing.finish_file()
    odd = b'zz,odd)/ 2099 {"url": "https://odd.zz/"}\n'  # of another tool's index
    (collection / "indexes" / "foreign.cdxj").write_bytes(odd)
    packed = pack(collection, tmp_path / "out.wacz", PAGES, ABOUT, key)

    assert (packed.files, packed.pages, packed.bytes) == (3, 2, (tmp_path / "out.wacz").stat().st_size)
    with zipfile.ZipFile(tmp_path / "out.wacz") as package:
        listed = json.loads(package.read("datapackage.json"))
        digest = json.loads(package.read("datapackage-digest.json"))
        entries = package.infolist()
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()[1:]]
    said = {name: listed[name] for name in ("title", "description", "software", "created", "modified")}
    last = "2021-01-29T15:00:00Z"
    assert said == {
        "title": "news",
        "description": "Pages of an invented newspaper",
        "software": "frontwire/test",
        "created": last,
        "modified": last,
    }
    assert (digest["signedData"]["created"], digest["signedData"]["software"]) == (last, "frontwire/test")
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}
    ids = [hashlib.sha256(f"{page.ts} {page.url}".encode()).hexdigest()[:16] for page in PAGES]
    assert [page["id"] for page in pages] == ids


def test_both_descriptions_of_a_member_have_an_extra_field(package: zipfile.ZipFile) -> None:
    """Otherwise replayweb.page does not find the bytes behind that of ZIP64."""
    assert package.infolist()
    assert all(entry.extra for entry in package.infolist())


def test_the_list_is_signed(package: zipfile.ZipFile, key: SigningKey) -> None:
    digest = json.loads(package.read("datapackage-digest.json"))

    sha256 = hashlib.sha256(package.read("datapackage.json")).hexdigest()
    signed = digest["signedData"]
    assert digest["path"] == "datapackage.json"
    assert digest["hash"] == signed["hash"] == f"sha256:{sha256}"
    assert signed["publicKey"] == key.public_key
    assert len(base64.b64decode(signed["signature"])) == 96
    assert is_signed(f"sha256:{sha256}", signed["signature"], signed["publicKey"])


def test_pages_have_title_and_text(package: zipfile.ZipFile) -> None:
    header, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())

    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
    assert [(page["url"], page["ts"], page["title"]) for page in pages] == [
        (page.url, page.ts, page.title) for page in PAGES
    ]
    assert pages[0]["text"] == PAGES[0].text
    assert pages[0]["id"] != pages[1]["id"]


def test_our_own_reader_finds_every_capture(wacz: Path) -> None:
    captures = list(read_captures(wacz, pytest.fail))

    assert [capture.url for capture in captures] == [f"http://news.example/{number}" for number in range(4)]


def test_the_same_collection_gives_the_same_bytes(
    collection: Path, wacz: Path, tmp_path: Path, key: SigningKey
) -> None:
    pack(collection, tmp_path / "again.wacz", PAGES, ABOUT, key)

    assert (tmp_path / "again.wacz").read_bytes() == wacz.read_bytes()


def test_a_file_that_is_there_is_not_overwritten(collection: Path, tmp_path: Path, key: SigningKey) -> None:
    (tmp_path / "old.wacz").write_bytes(b"precious")

    with pytest.raises(CannotPack, match=r"old\.wacz exists already: remove it, or give"):
        pack(collection, tmp_path / "old.wacz", PAGES, ABOUT, key)
    assert (tmp_path / "old.wacz").read_bytes() == b"precious"


def test_an_empty_collection_is_refused(tmp_path: Path, key: SigningKey) -> None:
    with pytest.raises(CannotPack, match=r"no closed WARC file .*: archive something first"):
        pack(tmp_path, tmp_path / "x.wacz", PAGES, ABOUT, key)


@pytest.mark.parametrize("change", ["changed", "removed", "added"])
def test_what_the_manifest_does_not_say_is_not_packed(
    collection: Path, tmp_path: Path, key: SigningKey, change: str
) -> None:
    path = min((collection / "archive").iterdir())
    if change == "changed":
        path.write_bytes(path.read_bytes().replace(b"\x00", b"\x01", 1))
    elif change == "removed":
        path.unlink()
    else:
        shutil.copy(path, path.with_name("other.warc.gz"))

    with pytest.raises(ArchiveChanged, match=r"manifest.*: bring"):
        pack(collection, tmp_path / "x.wacz", PAGES, ABOUT, key)
    assert not list(tmp_path.glob("*x.wacz*"))


def test_a_failure_leaves_nothing_half_written(collection: Path, tmp_path: Path, key: SigningKey) -> None:
    def pages() -> Iterator[Page]:
        yield PAGES[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device") as failure:
        pack(collection, tmp_path / "x.wacz", pages(), ABOUT, key)
    assert failure.value.filename.endswith("x.wacz.tmp")
    assert not list(tmp_path.glob("*x.wacz*"))


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, collection: Path, key: SigningKey) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            pack(collection, tmp_path / "x.wacz", PAGES, ABOUT, key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.glob("*x.wacz*"))


def test_the_name_comes_last(tmp_path: Path, collection: Path, key: SigningKey) -> None:
    """Killed before the rename, there is no file of that name."""
    with pytest.raises(Killed), killed_before(1, tmp_path):
        pack(collection, tmp_path / "x.wacz", PAGES, ABOUT, key)
    assert not (tmp_path / "x.wacz").exists()


PEAK = """
import resource, sys
from pathlib import Path
from archive.evidence.signing import read_or_make_key
from archive.packaging.wacz import Description, pack
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
pack(Path(sys.argv[1]), Path(sys.argv[2]), [], Description("", "", ""), read_or_make_key(Path(sys.argv[3])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_packing_takes_little_memory(tmp_path: Path) -> None:
    folder = tmp_path / "collections" / "news"
    writing = Collection(folder, "news", {}, 10**9, manifest=Manifest(folder, tmp_path / "key.pem"))
    noise = random.Random(1)
    for number in range(40):
        writing.write(make_log(f"http://news.example/{number}", noise.randbytes(10**6)), {})
    writing.finish_file()

    arguments = [folder, tmp_path / "x.wacz", tmp_path / "key.pem"]
    command = [sys.executable, "-c", PEAK, *map(str, arguments)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kilobytes = int(output) // (1 if sys.platform == "linux" else 1024)
    assert kilobytes < 15_000


@pytest.mark.slow
def test_py_wacz_accepts_a_package(wacz: Path) -> None:
    tool = find_tool("TOOL_WACZ", "wacz")
    result = subprocess.run([tool, "validate", "-f", str(wacz)], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "Validation succeeded" in result.stdout
