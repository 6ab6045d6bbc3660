"""An archive outside of the data directory (ARCHIVE_DIR) serves every command like one inside."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.cli import demo, pywb
from tests.support.catalogues import ask, change, seed_files
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, open_site


class Crawled(NamedTuple):
    data: Path
    archive: Path
    page: str

    @property
    def settings(self) -> dict[str, object]:
        """What the operator gives to every command."""
        return SETTINGS | {"DATA_DIR": str(self.data), "ARCHIVE_DIR": str(self.archive)}

    def call(self, name: str, *arguments: str) -> int:
        return call(name, *arguments, **self.settings)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("crawl")
    with open_site(Site({"/page": article("Quillwick")}), ["/page"], folder) as origin:
        made = Crawled(folder / "data", folder / "elsewhere", origin.url("/page"))
        run_crawl("news", made.settings, sources=str(folder / "sources.txt"))
        assert fates(made.data, origin)["/page"] == "saved"
    return made


@pytest.fixture
def crawled(written: Crawled, tmp_path: Path) -> Crawled:
    return Crawled(
        shutil.copytree(written.data, tmp_path / "data"),
        shutil.copytree(written.archive, tmp_path / "elsewhere"),
        written.page,
    )


def only_seed_file(data: Path) -> str:
    [name] = seed_files(data)
    return str(data / "corpus" / name)


def test_a_crawl_writes_there_only(written: Crawled) -> None:
    assert list(written.archive.glob("archive/*.warc.gz"))
    assert not list(written.data.rglob("*.warc.gz"))
    assert not (written.data / "collections").exists()


@pytest.mark.usefixtures("replays_here")
def test_verify_finds_no_fault(crawled: Crawled, capsys: pytest.CaptureFixture[str]) -> None:
    assert crawled.call("verify") == 0
    assert "Checked 1 WARC files" in capsys.readouterr().out


def test_trace_finds_the_record(crawled: Crawled) -> None:
    assert crawled.call("trace", only_seed_file(crawled.data)) == 0


def test_wacz_packs_it(crawled: Crawled, tmp_path: Path) -> None:
    assert crawled.call("wacz", str(tmp_path / "out.wacz")) == 0
    with zipfile.ZipFile(tmp_path / "out.wacz") as packed:
        assert [name for name in packed.namelist() if name.startswith("archive/")]
        pages = packed.read("pages/pages.jsonl").decode().splitlines()[1:]
    assert [json.loads(page)["url"] for page in pages] == [crawled.page]


def test_key_knows_its_manifest(crawled: Crawled, capsys: pytest.CaptureFixture[str]) -> None:
    assert crawled.call("key", "show") == 0
    assert f"{crawled.archive}/manifest.jsonl: 1 lines" in capsys.readouterr().out


def test_browse_shows_it_under_its_name(crawled: Crawled) -> None:
    with pywb.pywb_folder({"elsewhere": crawled.archive}) as folder:
        assert list((folder / "collections" / "elsewhere" / "indexes").glob("*.cdxj"))
    assert not folder.exists()
    assert list(crawled.archive.glob("indexes/*.cdxj"))


@pytest.mark.usefixtures("replays_here")
def test_rederive_applies_what_changed(crawled: Crawled) -> None:
    change(crawled.data, "update article set title = 'Another', extractor = 'frontwire 0.0'")
    assert crawled.call("rederive", "--apply") == 0
    assert ask(crawled.data, "select title from article") == [("Shelling near Quillwick",)]


def test_replay_reads_it_as_our_own(crawled: Crawled) -> None:
    shutil.rmtree(crawled.data)
    run_crawl("replay", crawled.settings, path=str(crawled.archive / "archive"))
    assert len(corpus(crawled.data)) == 1
    [(warc,)] = ask(crawled.data, "select warc from capture join article on article.capture_id = capture.id")
    assert warc in {path.name for path in crawled.archive.glob("archive/*")}
    assert ask(crawled.data, "select * from foreign_file") == []


def test_review_derives_a_page_again(crawled: Crawled) -> None:
    assert crawled.call("review", "reject", crawled.page, "--by", "Ada") == 0
    assert corpus(crawled.data) == []
    assert crawled.call("review", "accept", crawled.page, "--by", "Ada") == 0
    assert len(corpus(crawled.data)) == 1


def test_redact_takes_the_page_out(crawled: Crawled) -> None:
    assert crawled.call("redact", crawled.page, "--reason", "Request of the person named", "--yes") == 0
    assert corpus(crawled.data) == []
    records = b"".join(gzip.decompress(path.read_bytes()) for path in crawled.archive.glob("archive/*.gz"))
    assert crawled.page.encode() in records
    assert b"Quillwick" not in records


def test_the_demo_overrides_what_the_operator_set(tmp_path: Path) -> None:
    options = demo.scrapy_options({"DATA_DIR": tmp_path})
    assert {"ARCHIVE_DIR=", "STORE_URL=", "REPLAY_FROM="} <= set(options)
