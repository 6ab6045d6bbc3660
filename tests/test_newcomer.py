"""A newcomer's first minutes with a list of their own: imported, checked, crawled; a site added by its address."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import Newsroom
from tests.support.commands import scrapy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as serving:
        yield serving


def opml(newsroom: Newsroom) -> str:
    """What a feed reader exports of three sites: one with its feed, one with a wrong one, one as a link alone."""
    sites = {site.language: site for site in newsroom.sites}
    outlines = (
        f'<outline text="Levant" xmlUrl="{sites["fr"].url}/feed/" htmlUrl="{sites["fr"].url}/"/>'
        f'<outline text="Faro" xmlUrl="{sites["es"].url}/gone.xml" htmlUrl="{sites["es"].url}/"/>'
        f'<outline text="Ledger" type="link" url="{sites["en"].url}/"/>'
    )
    return f'<?xml version="1.0"?><opml version="2.0"><body><outline text="Press">{outlines}</outline></body></opml>'


def test_a_list_becomes_articles_and_a_site_is_added_by_its_address(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    def ask(*arguments: object) -> tuple[int, str]:
        given = {
            "DATA_DIR": tmp_path / "data",
            "ADDRESS_GUARD_ALLOW": "127.0.0.1",
            "OPERATOR": "Test desk, desk@newsroom.example",
            "DOWNLOAD_DELAY": 0,
        }
        done = scrapy(
            *arguments, *(word for name, value in given.items() for word in ("-s", f"{name}={value}"))
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    mine = tmp_path / "mine.toml"
    (tmp_path / "reader.opml").write_text(opml(newsroom), encoding="utf-8")
    code, said = ask("sources", "import", tmp_path / "reader.opml", "--to", mine)
    assert (code, "3 sources were added to" in said) == (0, True)

    code, said = ask("sources", "check", "--sources", mine)
    assert code == 0
    results = [line.split("\t")[0] for line in said.splitlines() if "\thttp://127.0.0.1:" in line]
    assert sorted(results) == ["gone (HTTP 404)", "ok", "ok"]

    code, said = ask("crawl", "news", "-a", f"sources={mine}")
    assert code == 0 and "Run finished" in said and "gone: " in said
    languages = {row["language"] for row in exported(ask("export")[1])}
    assert languages == {"fr", "es", "en"}  # the feed that is gone was found again on the front page

    added = next(site for site in newsroom.sites if site.language == "ru")
    code, said = ask("sources", "add", f"{added.url}/", "--to", mine, "--yes")
    assert code == 0 and f"Added to {mine}" in said and added.name in mine.read_text(encoding="utf-8")
    *_, last = said.split("-a source=")
    code, said = ask("crawl", "news", "-a", f"sources={mine}", "-a", f"source={last.split()[0]}")
    assert code == 0
    assert "ru" in {row["language"] for row in exported(ask("export")[1])}


def exported(lines: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.splitlines() if line.startswith("{")]


def test_what_the_demo_names_is_there_and_its_next_steps_work(tmp_path: Path) -> None:
    ran = scrapy("demo", "-s", f"DATA_DIR={tmp_path}")
    assert ran.returncode == 0
    named = [Path(word) for word in ran.stdout.split() if word.startswith(f"{tmp_path}/demo/")]
    assert {path.name for path in named} >= {"corpus", "archive", "catalogue.sqlite", "latest.html"}
    assert [path for path in named if not path.exists()] == []
    steps = [line.split() for line in ran.stdout.splitlines() if line.startswith("  scrapy ")]
    assert [command for _, command, *_ in steps] == ["browse", "trace", "verify"]
    for _, *step in steps[1:]:
        assert scrapy(*step).returncode == 0
