import errno
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from archive.collection import writer as writer_module
from archive.collection.collection import Collection
from archive.collection.writer import WarcWriter
from tests.support.logs import make_log
from tests.support.warc_records import read_collection


class Watched(Collection):
    """A collection that counts its syncs, and fails at a chosen exchange."""

    def __init__(self, folder: Path, max_file_bytes: int = 10**9) -> None:
        super().__init__(folder, "news", {}, max_file_bytes)
        self.syncs = 0
        self.fails_at = 0
        self.syncs_fail = False
        self.written = 0
        self.may_write = threading.Event()
        self.may_write.set()

    def write(self, *arguments: Any) -> Any:
        self.may_write.wait(10)
        self.written += 1
        if self.written == self.fails_at:
            raise OSError(errno.ENOSPC, "No space left on device", "x.warc.gz.open")
        return super().write(*arguments)

    def sync(self) -> None:
        self.syncs += 1
        self._refuse()
        super().sync()

    def finish_file(self) -> None:
        self._refuse()
        super().finish_file()

    def _refuse(self) -> None:
        if self.syncs_fail:
            raise OSError(errno.EIO, "Input/output error", "x.warc.gz.open")


def unexpected(error: OSError) -> None:
    raise error


@pytest.fixture
def collection(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


@pytest.fixture
def failures() -> list[OSError]:
    return []


@pytest.fixture
def writer(collection: Watched, failures: list[OSError]) -> Iterator[WarcWriter]:
    writer = WarcWriter(collection, failures.append)
    writer.start()
    yield writer
    collection.may_write.set()
    writer.close()


def test_records_stand_in_the_order_of_their_serials(writer: WarcWriter, tmp_path: Path) -> None:
    captures = [writer.submit(make_log(f"http://news.example/{number}"), {}) for number in range(50)]
    writer.close()

    responses = [record for record in read_collection(tmp_path) if record.type == "response"]
    assert [record.get("WARC-Target-URI") for record in responses] == [
        f"http://news.example/{number}" for number in range(50)
    ]
    assert [capture.serial for capture in captures] == list(range(1, 51))
    assert [capture.durable().offset for capture in captures] == [record.offset for record in responses]


def test_who_waits_for_a_later_record_is_not_forgotten_for_an_earlier_one(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SYNC_S", 1e6)
    collection.may_write.clear()
    first, second = (writer.submit(make_log(), {}) for _ in range(2))
    with ThreadPoolExecutor(2) as threads:
        later = threads.submit(second.durable)
        while writer._awaited < second.serial:
            time.sleep(0.001)
        earlier = threads.submit(first.durable)
        time.sleep(0.01)
        collection.may_write.set()
        try:
            assert earlier.result(10).offset < later.result(10).offset
        finally:
            writer.close()  # whoever waits still is let go


def test_one_sync_serves_all_who_wait(writer: WarcWriter, collection: Watched) -> None:
    collection.may_write.clear()
    captures = [writer.submit(make_log(), {}) for _ in range(20)]
    collection.may_write.set()

    captures[-1].durable()
    syncs = collection.syncs
    for capture in captures:
        capture.durable()
    assert collection.syncs == syncs == 1


def test_a_waiting_caller_needs_no_timer(writer: WarcWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "SYNC_S", 3600.0)
    caller = threading.Thread(target=writer.submit(make_log(), {}).durable, daemon=True)
    caller.start()
    caller.join(60)
    assert not caller.is_alive()


def test_records_are_synced_after_a_while_although_no_caller_waits(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SYNC_S", 0.02)
    synced = threading.Event()
    monkeypatch.setattr(collection, "sync", synced.set)
    writer.submit(make_log(), {})

    assert synced.wait(60)


def test_many_bytes_are_synced_at_once_although_no_caller_waits(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = make_log()
    monkeypatch.setattr(writer_module, "SYNC_S", 3600.0)
    monkeypatch.setattr(writer_module, "SYNC_BYTES", 2 * log.size)
    synced = threading.Event()
    monkeypatch.setattr(collection, "sync", synced.set)
    writer.submit(log, {})
    assert not synced.wait(0.05)
    writer.submit(make_log(), {})

    assert synced.wait(5)
    assert log.received_bytes == 0  # a kept connection refers to it


def test_a_record_waits_no_longer_for_its_sync_because_others_come(
    collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 100.0
    monkeypatch.setattr(writer_module, "SYNC_S", 10.0)
    monkeypatch.setattr("archive.collection.writer.time.monotonic", lambda: moment)
    writer = WarcWriter(collection, unexpected)  # not started: each step is taken here
    assert writer._patience() is None
    for moment, patience in ((100.0, 10.0), (106.0, 4.0), (110.0, 0.0)):
        writer.submit(make_log(), {})
        assert writer._step()
        assert collection.syncs == (moment == 110.0)
        assert writer._patience() == (None if collection.syncs else patience)
    assert writer._is_awaited is False
    collection.abandon()


def test_a_writer_that_has_nothing_to_write_goes_on(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SYNC_S", 0.01)
    writer.submit(make_log(), {})
    while not collection.syncs:
        time.sleep(0.005)
    caller = threading.Thread(target=writer.submit(make_log(), {}).durable, daemon=True)
    caller.start()
    caller.join(10)
    assert not caller.is_alive()


def test_the_queue_is_full_until_the_writer_has_caught_up(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "QUEUE_BYTES", 500)
    collection.may_write.clear()
    captures = [writer.submit(make_log(), {}) for _ in range(5)]
    assert writer.is_full

    collection.may_write.set()
    captures[-1].durable()
    assert not writer.is_full


def test_a_new_file_is_begun_when_one_is_full(tmp_path: Path) -> None:
    writer = WarcWriter(Watched(tmp_path, max_file_bytes=2000), unexpected)
    writer.start()
    captures = [writer.submit(make_log(), {}) for _ in range(5)]
    names = [capture.durable().warc for capture in captures]
    writer.close()

    assert [names.index(name) for name in names] == [0, 0, 2, 2, 4]
    assert sorted(set(names)) == sorted(path.name for path in (tmp_path / "archive").iterdir())
    index = (tmp_path / "indexes" / "index.cdxj").read_text()
    assert all(name in index for name in names)


def test_after_a_failure_only_what_is_on_disk_is_durable(
    writer: WarcWriter, collection: Watched, failures: list[OSError]
) -> None:
    collection.fails_at = 2
    first = writer.submit(make_log(), {})
    first.durable()
    second, third = writer.submit(make_log(), {}), writer.submit(make_log(), {})

    with pytest.raises(OSError, match="not written"):
        second.durable()
    with pytest.raises(OSError, match="not written"):
        third.durable()
    assert first.durable().offset > 0
    writer.close()
    assert [failure.errno for failure in failures] == [errno.ENOSPC]
    assert writer.failure is failures[0]
    assert not writer._queue  # what will not be written is let go


@pytest.mark.parametrize("max_file_bytes", [10**9, 1], ids=["sync", "end of a file"])
def test_what_could_not_be_synced_is_not_durable(
    tmp_path: Path, failures: list[OSError], max_file_bytes: int
) -> None:
    collection = Watched(tmp_path, max_file_bytes)
    collection.syncs_fail = True
    writer = WarcWriter(collection, failures.append)
    writer.start()
    capture = writer.submit(make_log(), {})

    with pytest.raises(OSError, match="not written"):
        capture.durable()
    writer.close()
    assert collection.written == 1
    assert [failure.errno for failure in failures] == [errno.EIO]


def test_a_failed_writer_holds_no_request_back(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "QUEUE_BYTES", 500)
    collection.fails_at = 1
    collection.may_write.clear()
    captures = [writer.submit(make_log(), {}) for _ in range(5)]
    assert writer.is_full

    collection.may_write.set()
    with pytest.raises(OSError, match="not written"):
        captures[-1].durable()
    assert not writer.is_full
    writer.submit(make_log(), {})
    assert not writer.is_full


@pytest.mark.parametrize(("over", "is_full"), [(-1, False), (0, False), (1, True)])
def test_the_queue_is_full_above_its_limit(
    writer: WarcWriter, collection: Watched, monkeypatch: pytest.MonkeyPatch, over: int, is_full: bool
) -> None:
    log = make_log()
    queued = 3 * (len(log.sent) + len(log.received))
    monkeypatch.setattr(writer_module, "QUEUE_BYTES", queued - over)
    collection.may_write.clear()
    for _ in range(3):
        writer.submit(make_log(), {})

    assert writer.is_full is is_full


def test_a_breakdown_of_another_kind_does_not_leave_anyone_waiting(
    writer: WarcWriter, collection: Watched, failures: list[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collection, "write", lambda *_: 1 / 0)

    with pytest.raises(OSError, match="not written"):
        writer.submit(make_log(), {}).durable()
    writer.close()
    assert "ZeroDivisionError" in str(failures[0])


def test_a_killed_run_is_recovered_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    killed = Watched(tmp_path)
    killed.write(make_log("http://news.example/before"), {})
    killed.abandon()

    writer = WarcWriter(Watched(tmp_path), unexpected)
    writer.start()
    writer.submit(make_log("http://news.example/after"), {})
    writer.close()

    urls = [
        record.get("WARC-Target-URI") for record in read_collection(tmp_path) if record.type == "response"
    ]
    assert urls == ["http://news.example/before", "http://news.example/after"]
    assert "Recovered" in caplog.text


def test_who_waits_for_a_recovery_learns_that_it_failed(
    collection: Watched, failures: list[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Iterator[str]:
        raise OSError(errno.EIO, "Input/output error", "x.warc.gz.open")

    monkeypatch.setattr(collection, "recover", fail)
    writer = WarcWriter(collection, failures.append)
    writer.start()
    with pytest.raises(OSError, match="Input/output error"):
        writer.wait_recovered()
    writer.close()
    assert len(failures) == 1
