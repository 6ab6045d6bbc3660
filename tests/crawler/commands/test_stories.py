"""What tells one story is shown together: by `explain`, `trace` and `export`, and the same in every replay."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogues import articles
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import http
from tests.support.rebuilds import rebuild_here
from tests.support.warcs import news
from tests.support.wire.texts import STORIES, Text, cut, updated

STORY, OTHER, THIRD = STORIES["en"][:3]
FIRST, COPY, LATER, LONE = (f"https://{site}.example/news" for site in ("marisol", "tarn", "veld", "calder"))
SITES = {
    FIRST: STORY,
    COPY: (f"MARISOL (AFP) - {STORY[0]}", *cut(STORY, 0.8)[1:]),
    LATER: updated(STORY, OTHER, 0.6),
    LONE: THIRD,
}


def page(text: Text, day: int) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    date = f'<meta property="article:published_time" content="2021-01-{day}T10:00:00+00:00">'
    return http(
        f"<html lang=en><head>{date}</head><body><article>{body}</article></body></html>".encode()
    ).data


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = news(0)
    for number, (url, text) in enumerate(SITES.items()):
        made.exchange(url, page(text, 20 - number))
    return made.save(tmp_path_factory.mktemp("stories") / "archive.warc.gz")


def replay(archive: Path, data: Path) -> Path:
    imported: dict[str, Any] = {"path": str(archive), "import": "1"}
    run_crawl("replay", {"DATA_DIR": str(data), "RELEVANCE_MODE": "off"}, **imported)
    return data


@pytest.fixture(scope="module")
def replayed(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return replay(archive, tmp_path_factory.mktemp("replayed") / "data")


def said(capsys: pytest.CaptureFixture[str], *command: str, data: Path) -> list[str]:
    capsys.readouterr()
    assert call(*command, DATA_DIR=str(data)) == 0
    return capsys.readouterr().out.splitlines()


def test_an_export_says_what_each_page_is_to_its_story(replayed: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    assert call("export", "--all", "--output", str(out), DATA_DIR=str(replayed)) == 0
    rows = {row["url"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    keys = ("relation", "relates_to", "cluster_agency", "cluster_first", "fate")
    assert {url: tuple(row[key] for key in keys) for url, row in rows.items()} == {
        FIRST: (None, None, "AFP", LATER, "saved"),
        COPY: ("copy", FIRST, "AFP", LATER, "syndicated"),
        LATER: ("develops", FIRST, "AFP", LATER, "saved"),
        LONE: (None, None, None, LONE, "saved"),
    }
    assert len({rows[url]["cluster"] for url in (FIRST, COPY, LATER)}) == 1
    assert rows[LONE]["cluster"] != rows[FIRST]["cluster"]


def test_a_page_is_explained_with_the_others_of_its_story(
    replayed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(capsys, "explain", LATER, data=replayed)
    assert f"story         develops {FIRST}" in shown
    assert shown[-3:] == [
        f"story             3 pages, from AFP; {LATER} had it first (2021-01-18T10:00:00+00:00)",
        f"{'':17} {FIRST} began it here",
        f"{'':17} {COPY} repeats {FIRST}",
    ]
    assert not any(line.startswith("story ") for line in said(capsys, "explain", LONE, data=replayed))


def test_a_file_is_traced_with_the_others_of_its_story(
    replayed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [file] = [row.file for row in articles(replayed) if row.url == FIRST]
    shown = said(capsys, "trace", str(file), data=replayed)
    assert shown[-1] == f"{'':17} {LATER} develops {FIRST}"
    assert sum(COPY in line for line in shown) == 1


def test_relations_are_the_same_in_a_replay_and_in_a_catalogue_made_again(
    replayed: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(data: Path) -> list[tuple[str | None, ...]]:
        rows = articles(data, everything=True)
        return [(row.url, row.cluster, row.relation, row.relates_to, row.fate) for row in rows]

    assert told(replay(archive, tmp_path / "again")) == told(replayed)
    lost = shutil.copytree(replayed, tmp_path / "lost")
    for file in lost.glob("catalogue.sqlite*"):
        file.unlink()
    monkeypatch.setattr("crawler.audit.rebuilding._replay", rebuild_here)
    assert call("store", "rebuild", DATA_DIR=str(lost), RELEVANCE_MODE="off") == 0
    assert told(lost) == told(replayed)
