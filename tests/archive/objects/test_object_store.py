"""Objects are read by ranges, and written so that they are known to be there, on a server that may fail."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable, NotAsWritten, ObjectsUnreachable
from archive.objects import object_reader
from archive.objects.addresses import ObjectAddress
from archive.objects.object_reader import open_object
from archive.objects.stored_objects import Content, listed, put, remove, size_of_object
from tests.support.object_store import Fault, ObjectStore, object_store

DATA = random.Random(18).randbytes(3_000_000)
PART_BYTES = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def running() -> Iterator[ObjectStore]:
    with object_store() as store:
        store.make_bucket("news")
        store.put("/news/2026/a.warc.gz", DATA)
        yield store


@pytest.fixture
def store(running: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    running.use(monkeypatch)
    return running


def ranges(store: ObjectStore) -> list[str]:
    return [asked.heads["range"] for asked in store.requests if "range" in asked.heads]


def test_an_object_is_read_as_a_file_is(store: ObjectStore) -> None:
    with open_object("s3://news/2026/a.warc.gz") as file:
        assert file.read(10) == DATA[:10]
        assert file.seek(-5, os.SEEK_END) == len(DATA) - 5
        assert file.read() == DATA[-5:]
        assert file.read(1) == b""
        file.seek(1_234_567)
        assert (file.read(100), file.tell()) == (DATA[1_234_567:1_234_667], 1_234_667)
        file.seek(0)
        assert hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(DATA).digest()  # type: ignore[arg-type]


def test_a_record_in_the_middle_costs_two_small_requests(store: ObjectStore) -> None:
    with open_object("s3://news/2026/a.warc.gz") as file:
        file.seek(2_000_000)
        file.read(5_000)
    first, second = ranges(store)
    assert first == f"bytes=0-{object_reader.FIRST_BYTES - 1}"
    assert second == f"bytes=2000000-{2_000_000 + object_reader.FIRST_BYTES - 1}"


def test_who_reads_on_asks_for_more_at_a_time_up_to_a_limit(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_reader, "MOST_BYTES", 512 * 1024)
    with open_object("s3://news/2026/a.warc.gz") as file:
        assert file.read() == DATA
    sizes = [1 - int(begin) + int(end) for begin, end in (each[6:].split("-") for each in ranges(store))]
    assert sizes[:4] == [128 * 1024, 256 * 1024, 512 * 1024, 512 * 1024]
    assert sum(sizes) == len(DATA)


def test_an_empty_object_is_an_empty_file(store: ObjectStore) -> None:
    store.put("/news/empty", b"")
    with open_object("s3://news/empty") as file:
        assert file.read() == b""


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.EXPIRED, r"ExpiredToken\): they have expired"),
        (Fault.UNKNOWN_KEY, r"InvalidAccessKeyId\): it does not know the key"),
        (Fault.REFUSED, "does not answer for s3://news/2026/a.warc.gz"),
        (Fault.BROKEN, "answers 503 SlowDown for s3://news/2026/a.warc.gz"),
    ],
)
def test_a_store_that_gives_nothing_is_an_error_in_one_sentence(
    store: ObjectStore, fault: Fault, words: str
) -> None:
    store.fails(fault)
    with pytest.raises(ObjectsUnreachable, match=words) as refused:
        open_object("s3://news/2026/a.warc.gz")
    assert "not-a-secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_store_that_fails_in_the_middle_is_no_damage_of_the_file(store: ObjectStore) -> None:
    with open_object("s3://news/2026/a.warc.gz") as file:
        file.read(10)
        store.fails(Fault.EXPIRED)
        file.seek(2_000_000)
        with pytest.raises(ObjectsUnreachable, match="ExpiredToken"):
            file.read(10)


def test_an_object_that_is_replaced_while_it_is_read_is_not_read_as_one(store: ObjectStore) -> None:
    store.put("/news/changing", DATA)
    with open_object("s3://news/changing") as file:
        file.read(10)
        store.put("/news/changing", DATA[::-1])
        file.seek(2_000_000)
        with pytest.raises(ObjectsUnreachable, match="was replaced while it was read"):
            file.read(10)


@pytest.mark.parametrize("url", ["s3://news/2026/none.warc.gz", "s3://nowhere-at-all/a.warc.gz"])
def test_what_is_not_there_is_named(store: ObjectStore, url: str) -> None:
    with pytest.raises(
        ArchiveUnreadable, match=r"There is no (object s3://news/2026/none|bucket nowhere-at-all)"
    ):
        open_object(url)


def test_an_address_of_no_server_is_refused(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "127.0.0.1:9000")
    with pytest.raises(ObjectsUnreachable, match="AWS_ENDPOINT_URL is no address of a server"):
        open_object("s3://news/a")


def test_without_the_library_the_error_says_what_to_install(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "obstore", None)
    with pytest.raises(ObjectsUnreachable, match=r"pip install 'frontwire\[s3\]'"):
        open_object("s3://news/a")


@pytest.mark.parametrize("size", [0, 1000, PART_BYTES + 1000])
def test_a_file_is_put_with_checksums_and_read_back(store: ObjectStore, tmp_path: Path, size: int) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes((DATA * 3)[:size])
    address = ObjectAddress.parse(f"s3://news/put/{size}.warc.gz")

    assert put(file, address) == Content(size, hashlib.sha256(file.read_bytes()).hexdigest())

    sent = [asked for asked in store.requests if asked.method == "PUT"]
    assert sent
    assert all("x-amz-checksum-sha256" in asked.heads for asked in sent)
    assert store.ask("GET", f"/news/put/{size}.warc.gz") == (200, file.read_bytes())


def test_what_is_there_already_is_not_sent_again(store: ObjectStore, tmp_path: Path) -> None:
    file, address = tmp_path / "a.warc.gz", ObjectAddress("news", "again.warc.gz")
    file.write_bytes(DATA)
    put(file, address)
    store.requests.clear()
    put(file, address)
    assert {asked.method for asked in store.requests} == {"HEAD", "GET"}


def test_an_object_of_the_same_size_with_another_content_is_replaced(
    store: ObjectStore, tmp_path: Path
) -> None:
    file, address = tmp_path / "a.warc.gz", ObjectAddress("news", "other.warc.gz")
    file.write_bytes(DATA)
    store.put("/news/other.warc.gz", DATA[::-1])
    put(file, address)
    assert store.ask("GET", "/news/other.warc.gz") == (200, DATA)


def test_what_comes_back_otherwise_than_it_was_sent_is_an_error(store: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(DATA)
    store.fails(Fault.WRONG, "GET")
    with pytest.raises(NotAsWritten, match=r"s3://news/wrong.warc.gz back otherwise than it was sent"):
        put(file, ObjectAddress("news", "wrong.warc.gz"))


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.EXPIRED, Fault.REFUSED])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_upload_that_fails_leaves_no_object(
    store: ObjectStore, tmp_path: Path, fault: Fault, method: str
) -> None:
    file, address = tmp_path / "a.warc.gz", ObjectAddress("news", f"half-{fault.name}-{method}.warc.gz")
    file.write_bytes(DATA * 3)
    store.fails(fault, method)
    with pytest.raises(ObjectsUnreachable):
        put(file, address)
    store.recovers()
    assert size_of_object(address) is None
    assert put(file, address).bytes == len(DATA) * 3


def test_a_listing_gives_what_fits_or_lies_below(store: ObjectStore) -> None:
    for name in ("b.warc.gz", "03/c.warc.gz", "b.txt"):
        store.put(f"/news/listed/{name}", b"x")

    def keys(url: str) -> list[str]:
        return [each.address.key for each in listed(ObjectAddress.parse(url))]

    assert keys("s3://news/listed/*.warc.gz") == ["listed/b.warc.gz"]
    assert keys("s3://news/listed/**/*.warc.gz") == ["listed/03/c.warc.gz", "listed/b.warc.gz"]
    assert keys("s3://news/listed/b.txt") == ["listed/b.txt"]
    assert keys("s3://news/listed") == ["listed/03/c.warc.gz", "listed/b.txt", "listed/b.warc.gz"]
    assert keys("s3://news/lis") == []
    remove(ObjectAddress("news", "listed/b.txt"))
    remove(ObjectAddress("news", "listed/b.txt"))
    assert keys("s3://news/listed/*") == ["listed/b.warc.gz"]


def test_a_listing_of_a_bucket_that_is_not_there_is_an_error(store: ObjectStore) -> None:
    with pytest.raises(ArchiveUnreadable, match="There is no bucket nowhere-at-all"):
        list(listed(ObjectAddress.parse("s3://nowhere-at-all/*")))
