"""Archives of others: read where they lie and remembered, or copied into ours."""

import errno
import sqlite3
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from archive.collection.collection import Collection
from archive.replay.captures import CaptureReader
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.run.recorder import recorder_of
from crawler.spiders.arguments import SpiderArgumentError, select_scheduler
from crawler.spiders.replay import ReplaySpider
from tests.support.checkout import ROOT
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.warcs import Archive, answer, wacz

PAGE = """<html lang="en"><head><title>Ferry at Tolm runs again</title>
<meta property="article:published_time" content="2021-01-28T10:00:00+03:00"></head><body><article>
<h1>Ferry at Tolm runs again</h1>
<p>The ferry across the Orla at Tolm runs again after the ceasefire between both banks was renewed on Thursday.</p>
<p>Shelling had closed the crossing for three weeks, and {number} families waited in its school, the mayor said.</p>
<p>Soldiers of both sides withdrew from the pier on Wednesday night, as the agreement of Velmar had asked them to.</p>
</article></body></html>"""


def orla_news(path: Path, pages: int = 2) -> Path:
    """An archive as others may have it."""
    archive = Archive()
    for number in range(2, 2 + pages):
        body = PAGE.format(number=number).encode()
        archive.exchange(f"https://orla.example/{number}", answer(body, "Content-Type: text/html"))
    return archive.save(path)


def replay(path: Path, data: Path, **settings: str) -> Crawler:
    given = {"DATA_DIR": str(data), "RELEVANCE_MODE": "off", "EXTRACTION_WORKERS": 1}
    arguments = {"path": str(path), **settings}
    return run_crawl("replay", given, **arguments)


def exit_code(crawler: Crawler) -> int:
    result = recorder_of(crawler).result
    assert result is not None
    return result.exit_code


def captured_in(data: Path) -> set[str]:
    """The files to which the articles of the corpus lead."""
    query = "select warc from article join capture on capture.id = capture_id where file is not null"
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        return {warc for (warc,) in catalogue.execute(query)}


def corpus(data: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(data / "corpus")): path.read_bytes() for path in data.glob("corpus/2*/*.txt")
    }


def trace(data: Path) -> int:
    return call("trace", min(corpus(data)), DATA_DIR=str(data))


def test_articles_of_an_imported_archive_lead_to_ours(tmp_path: Path) -> None:
    foreign, data = orla_news(tmp_path / "orla.warc.gz"), tmp_path / "data"
    assert exit_code(replay(foreign, data, **{"import": "1"})) == OK

    (ours,) = (data / "collections" / "news" / "archive").iterdir()
    assert ours.read_bytes().endswith(foreign.read_bytes())
    assert captured_in(data) == {ours.name}
    assert len(corpus(data)) == 2

    foreign.unlink()
    assert trace(data) == 0
    assert exit_code(replay(data / "collections", data, **{"import": "1"})) == OK
    assert list(ours.parent.iterdir()) == [ours]


def test_an_article_from_where_others_keep_it_leads_to_their_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign, data = orla_news(tmp_path / "orla.warc.gz"), tmp_path / "data"
    assert exit_code(replay(foreign, data)) == OK
    assert captured_in(data) == {str(foreign)}

    assert trace(data) == 0
    shown = capsys.readouterr().out
    assert str(foreign) in shown
    assert f"foreign archive   {foreign.stat().st_size} bytes, SHA-256 " in shown
    assert shown.count("agrees") == 4

    size = foreign.stat().st_size
    foreign.write_bytes(foreign.read_bytes() + b"more")
    assert trace(data) == 1
    assert "DISAGREES" in capsys.readouterr().out

    foreign.unlink()
    gone = rf"{foreign} \({size} bytes, SHA-256 \w{{64}}\), which is gone"
    with pytest.raises(OperatorError, match=gone) as failed:
        trace(data)
    assert failed.value.exit_code == 1


@pytest.mark.parametrize("wanted", ["0", "1"])
def test_packages_of_others_are_read_and_imported(
    tmp_path: Path, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    records = orla_news(tmp_path / "orla.warc.gz").read_bytes()
    package = wacz(tmp_path / "others.wacz", [("a.warc.gz", records)])
    data = tmp_path / "data"
    assert exit_code(replay(package, data, **{"import": wanted})) == OK

    assert trace(data) == 0
    is_named = f"{package.stat().st_size} bytes, SHA-256" in capsys.readouterr().out
    assert is_named == (wanted == "0")
    assert len(list(data.rglob("*-import-a-*.warc.gz"))) == int(wanted)


def test_an_archive_that_cannot_be_imported_is_reported_and_the_others_are(tmp_path: Path) -> None:
    orla_news(tmp_path / "others" / "orla.warc.gz")
    (tmp_path / "others" / "broken.warc.gz").write_bytes(b"no archive")
    crawler = replay(tmp_path / "others", tmp_path / "data", **{"import": "1"})
    assert exit_code(crawler) == FAILED
    assert "broken.warc.gz" in recorder_of(crawler).faults[0]
    assert len(corpus(tmp_path / "data")) == 2


def test_an_import_that_the_disk_refuses_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Collection, path: Path, *_: object) -> list[Path]:
        raise OSError(errno.ENOSPC, "No space left on device", "ours.warc.gz.open")

    monkeypatch.setattr(Collection, "bring_in", refuse)
    foreign = orla_news(tmp_path / "orla.warc.gz")
    assert exit_code(replay(foreign, tmp_path / "data", **{"import": "1"})) == STORAGE


def test_a_wrong_wish_is_refused(tmp_path: Path) -> None:
    foreign = orla_news(tmp_path / "orla.warc.gz")
    with pytest.raises(SpiderArgumentError, match="import='yes'"):
        ReplaySpider(**{"path": str(foreign), "import": "yes"})


def test_an_archive_of_ours_is_no_foreign_one_wherever_it_is_named_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = orla_news(tmp_path / "foreign.warc.gz")
    monkeypatch.chdir(tmp_path)
    seeds = str(ROOT / "seeds")
    replay(foreign, Path("data"), seeds=seeds, **{"import": "1"})
    for data in (Path("data"), tmp_path / "data"):
        replay(Path("data/collections/news/archive"), data, seeds=seeds)
    query = "select count(*) from foreign_file"
    with sqlite3.connect(tmp_path / "data" / "catalogue.sqlite") as catalogue:
        assert catalogue.execute(query).fetchone() == (0,)


def bodies(data: Path) -> list[bytes]:
    """What our archive holds of answers."""
    archive = data / "collections" / "news" / "archive"
    paths = sorted(archive.iterdir())
    with CaptureReader(paths, lambda _: None, archive) as reader:
        return [capture.body for path in paths for capture in reader.read(path)]


@pytest.mark.parametrize(
    ("imports", "has_catalogue"),
    [("0", True), ("1", True), ("1", False)],
    ids=["read", "imported", "rebuilt"],
)
def test_what_was_taken_down_does_not_come_back_with_another_copy_of_it(
    tmp_path: Path, imports: str, has_catalogue: bool
) -> None:
    """What is imported is looked up in the manifest too: the catalogue may be a new one."""
    data, gone = tmp_path / "data", b"2 families"
    replay(orla_news(tmp_path / "orla.warc.gz"), data, **{"import": "1"})
    assert call("redact", "https://orla.example/2", "--reason", "x", "--yes", DATA_DIR=str(data)) == 0
    if not has_catalogue:
        (data / "catalogue.sqlite").unlink()

    copy = orla_news(tmp_path / "copy" / "orla-again.warc.gz", pages=3)
    replay(copy, data, **{"import": imports})

    assert any(b"4 families" in text for text in corpus(data).values())
    assert not any(gone in text for text in (*corpus(data).values(), *bodies(data)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"executor": "ray"}, "give executor=dask"),
        ({"executor": "dask"}, "give the address of a Dask scheduler"),
        ({"executor": "dask", "scheduler": "host:8786"}, "scheduler='host:8786'"),
        ({"executor": "dask", "scheduler": "tcp://host"}, "tcp://HOST:PORT"),
        ({"executor": "dask", "scheduler": "http://host:1"}, "tcp://HOST:PORT"),
        ({"scheduler": "tcp://host:8786"}, "is of executor=dask"),
        ({"executor": "dask", "scheduler": "tcp://host:8786", "import": "1"}, "without executor=dask"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "-".join(value),
)
def test_a_cluster_that_cannot_be_meant_is_refused(given: dict[str, str], told: str, tmp_path: Path) -> None:
    foreign = orla_news(tmp_path / "orla.warc.gz")
    with pytest.raises(SpiderArgumentError, match=told):
        ReplaySpider(path=str(foreign), **given)


@pytest.mark.parametrize("address", ["tcp://host-1.example:8786", "tls://10.0.0.1:1", "tcp://[::1]:8786"])
def test_addresses_of_schedulers(address: str) -> None:
    assert select_scheduler({"executor": "dask", "scheduler": address}) == address
