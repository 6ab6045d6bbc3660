import subprocess
import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings

from archive.addon import ArchiveAddon
from archive.capture.extension import ArchiveExtension
from archive.collection.from_settings import make_collection
from archive.errors import InvalidSetting
from tests.support.archived_crawls import Fetcher, fetch
from tests.support.crawls import run_crawl
from tests.support.origin import Answer, Then, serve
from tests.support.warc_records import read_collection

HELLO = Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


def test_one_line_archives_any_project_below_data_dir(tmp_path: Path) -> None:
    with serve({"/": HELLO}) as origin:
        settings = {
            "ADDONS": {"archive.addon.ArchiveAddon": 1},
            "DATA_DIR": str(tmp_path),
            "BOT_NAME": "valdorie",
        }
        run_crawl(
            Fetcher,
            {**settings, "OPERATOR": "Wire Desk <desk@news.example>"},
            requests=[Request(origin.url("/"))],
        )

    folder = tmp_path / "collections" / "news"
    info, *_ = read_collection(folder)
    assert info.notes["operator"] == "Wire Desk <desk@news.example>"
    assert [path.name.split("-")[0] for path in (folder / "archive").iterdir()] == ["valdorie"]
    assert (folder / "indexes" / "index.cdxj").read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("ARCHIVE_PREFIX", "../news"), ("ARCHIVE_MAX_BYTES", 0), ("ARCHIVE_TRANSFER_CODING", "raw")],
)
def test_a_wrong_value_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(InvalidSetting, match=name):
        make_collection(Settings({name: value}))


def test_replaying_takes_the_other_handler_and_writes_nothing() -> None:
    settings = Settings({"REPLAY_FROM": "data"})
    ArchiveAddon().update_settings(settings)

    assert settings["DOWNLOAD_HANDLERS"]["https"] == "archive.replay.handler.ReplayHandler"
    assert ArchiveExtension not in settings["EXTENSIONS"]


def test_other_schemes_are_switched_off() -> None:
    settings = Settings({"DOWNLOAD_HANDLERS": {"gopher": "some.Handler"}})
    ArchiveAddon().update_settings(settings)

    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_no_setting_of_a_spider_or_command_line_fetches_past_the_archive() -> None:
    settings = Settings()
    settings.set("DOWNLOAD_HANDLERS", {"http": None, "https": "some.Handler"}, priority="cmdline")
    ArchiveAddon().update_settings(settings)

    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert handlers["https"] == "archive.capture.reconstruction.ReconstructingHandler"
    assert handlers["http"] == "archive.capture.handler.WireHandler"
    assert handlers["ftp"] is None


def test_a_guard_that_does_not_exist_ends_the_crawl_before_it_begins(tmp_path: Path) -> None:
    with serve({"/": HELLO}) as origin:
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            fetch(tmp_path, [Request(origin.url("/"))], ADDRESS_GUARD="no_such_module.Guard")
        assert not origin.read


def test_an_archive_that_cannot_be_written_stops_the_crawl(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with serve({f"/{number}": HELLO for number in range(100)}) as origin:
        crawler = run_crawl(
            Fetcher,
            {
                "ADDONS": {"archive.addon.ArchiveAddon": 1},
                "ARCHIVE_DIR": str(tmp_path / "file"),
                "CONCURRENT_REQUESTS": 8,
                "DOWNLOAD_DELAY": 0.05,
            },
            requests=[Request(origin.url(f"/{number}")) for number in range(100)],
        )
        # The others that waited for their turn in the downloader were not sent either.
        assert len(origin.read) <= 3

    assert crawler.stats is not None
    assert crawler.stats.get_value("finish_reason") == "archive_failed"
    (error,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert error.getMessage() == (
        f"Cannot write {tmp_path / 'file' / 'archive'}: Not a directory. Crawl stopped. "
        "Check the disk and run the same command again; it continues where it stopped."
    )


FULL_DISK = """
import resource, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Filler(Spider):
    name = "filler"

    async def start(self):
        for number in range(40):
            yield Request(f"{sys.argv[1]}?{number}", callback=self.parse, errback=self.fail)

    def parse(self, response):
        print("got", response.meta["capture"].serial, flush=True)

    def fail(self, failure):
        print("failed", type(failure.value).__name__, flush=True)

resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
process = AsyncCrawlerProcess({
    "ADDONS": {"archive.addon.ArchiveAddon": 1}, "ARCHIVE_DIR": sys.argv[2], "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False, "HTTPPROXY_ENABLED": False, "CONCURRENT_REQUESTS": 1,
    "DOWNLOAD_DELAY": 0.02, "RANDOMIZE_DOWNLOAD_DELAY": False,
})
crawler = process.create_crawler(Filler)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("finish_reason"))
"""


def test_a_full_disk_stops_the_crawl_and_leaves_what_can_be_recovered(tmp_path: Path) -> None:
    noise = bytes((number * number * 31 + number // 7) % 251 for number in range(8000))
    pages = {f"/?{number}": b"%04d" % number + noise for number in range(40)}
    paths = {
        path: Answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page, Then.KEEP)
        for path, page in pages.items()
    }
    with serve(paths) as origin:
        command = [sys.executable, "-c", FULL_DISK, origin.url("/"), str(tmp_path)]
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parents[2]
        )
        fetched = len(origin.read)
        assert ran.stdout.splitlines()[-1:] == ["archive_failed"], ran.stderr
        assert fetched < 40
        assert ran.stderr.count("Cannot write") == 1
        assert "File too large" in ran.stderr

        assert list((tmp_path / "archive").glob("*.open"))
        fetch(tmp_path, [Request(origin.url("/?39"))])

    responses = [record for record in read_collection(tmp_path) if record.type == "response"]
    assert 2 < len(responses) <= fetched + 1
    assert all(record.block in {answer.data for answer in paths.values()} for record in responses)
    assert not list((tmp_path / "archive").glob("*.open"))
