"""The page of a report says what the catalogue says, and what pages say is only text in it."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from lxml import html

from crawler.catalogue.gathering_runs import last_run, run_of, runs_since
from crawler.catalogue.last_crawls import Worker
from crawler.database.catalogue import Catalogue
from crawler.report.report_page import report_page
from crawler.report.report_text import report_lines
from crawler.report.run_report import Report, report_on
from crawler.sources.source import Source
from tests.support.chromium import open_browser
from tests.support.reported_runs import ARABIC, INJECTED, Reported, report_two_runs
from tests.support.tools import find_tool

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Scheme = Literal["light", "dark"]

KNOWN = {"marisol": Source(id="marisol", name="Le Courrier & <b>fils", homepage="", country="MS")}


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    return report_two_runs(tmp_path_factory.mktemp("report"))


def made(reported: Reported, run: int | None = None) -> Report:
    """The report on one run, or on all."""
    with closing(Catalogue.open("", reported.data)) as catalogue:
        one = run_of(catalogue, run) if run else None
        return report_on(catalogue, [one] if one else runs_since(catalogue, "2021-01-01"), KNOWN)


@pytest.fixture(scope="module")
def page(two_runs: Reported) -> str:
    return report_page(made(two_runs))


def text_of(page: str, anchor: str) -> str:
    [element] = html.document_fromstring(page).xpath(f'//*[@id="{anchor}"]')
    return " ".join(str(element.text_content()).split())


def test_what_changed_is_counted_and_named(page: str) -> None:
    assert text_of(page, "new").startswith("New: 3 ")
    assert ARABIC in text_of(page, "updated")
    assert text_of(page, "silent").startswith("Edited without notice: 1 ")
    assert text_of(page, "vanished").startswith("Gone from the web, kept here: 1 ")
    assert "Peut-être" in text_of(page, "review")
    assert text_of(page, "undated").startswith("Of which month?: 1 ")
    assert "server error (HTTP 503)" in text_of(page, "failing")


def test_the_corpus_is_divided(page: str) -> None:
    assert text_of(page, "language-fr").startswith("Language: fr: 2 ")
    assert "--language ar" in page or "Language: ar: 1" in text_of(page, "language-ar")
    assert text_of(page, "country-MS").startswith("Country of the newsroom: MS: 3 ")
    assert text_of(page, "source-marisol").startswith("Source: Le Courrier & <b>fils: 3 ")
    assert "2021-01: 3" in page


def test_each_worker_is_named_with_how_its_last_crawl_fares(two_runs: Reported, page: str) -> None:
    killed = Worker("/srv/<b>news</b> on tarn", 7, "2021-01-05T10:00:00Z", "", False, None, 1200, 8)
    told = text_of(report_page(replace(made(two_runs), workers=[killed])), "workers-table")
    assert told.endswith("/srv/<b>news</b> on tarnrun 72021-01-05 10:00·killed·1,2008")
    assert "workers-table" not in page


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    document = html.document_fromstring(page)
    anchors = {str(each) for each in document.xpath("//@id")}
    assert {str(each)[1:] for each in document.xpath("//a/@href") if str(each).startswith("#")} <= anchors
    assert len(anchors) == len(document.xpath("//@id"))


def test_what_a_page_says_is_text_and_nothing_else(page: str) -> None:
    document = html.document_fromstring(page)
    assert not document.xpath("//script | //img | //b[not(ancestor::li)] | //@onerror | //@style")
    assert INJECTED.replace("\x1b", "\ufffd") in document.text_content()
    assert not re.search("[\x00-\x08\x0b-\x1f]", page)
    assert {str(each).partition(":")[0] for each in document.xpath("//a/@href") if ":" in str(each)} == {
        "https"
    }


def test_headlines_have_their_own_direction_and_language(page: str) -> None:
    document = html.document_fromstring(page)
    found = document.xpath(f'//*[@dir="auto" and @lang="ar" and text()="{ARABIC}"]')
    assert found


def test_the_same_catalogue_gives_the_same_bytes(two_runs: Reported, page: str) -> None:
    assert report_page(made(two_runs)) == page


def test_a_few_lines_say_the_same(two_runs: Reported) -> None:
    lines = list(report_lines(made(two_runs, two_runs.second)))
    assert lines[0].startswith("run 2 (news), ")
    assert lines[1] == "brought   0 new, 1 updated, 1 of them edited without notice; 1 are gone from the web"
    assert "corpus    3 articles; 1 pages wait for review, 1 for a date" in lines


def test_postgresql_says_the_same(postgres_url: str, tmp_path: Path, two_runs: Reported) -> None:
    report_two_runs(tmp_path, postgres_url)
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        there = report_on(catalogue, [run for run in [last_run(catalogue)] if run], KNOWN)
    here = made(two_runs, two_runs.second)
    assert list(report_lines(there))[1:] == list(report_lines(here))[1:]


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with open_browser() as browser:
        yield browser


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
def test_a_browser_shows_it_without_a_fault(
    width: int, scheme: Scheme, page: str, browser: "Browser", tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(page, "utf-8")
    view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=False)
    said: list[str] = []
    view.on("console", lambda message: said.append(message.text))
    view.goto((tmp_path / "report.html").as_uri())
    assert said == []  # the policy allows its style, and nothing else was tried
    assert view.evaluate("document.documentElement.scrollWidth") == width
    assert view.title().startswith("Frontwire: Runs 1 to 2")
    view.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: Scheme, page: str, browser: "Browser", tmp_path: Path) -> None:
    axe = find_tool("TOOL_AXE", "axe.min.js")
    (tmp_path / "report.html").write_text(page, "utf-8")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # for the script of axe
    view = context.new_page()
    view.goto((tmp_path / "report.html").as_uri())
    view.add_script_tag(path=axe)
    found = view.evaluate("async () => (await axe.run()).violations")
    serious = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    assert serious == []
    context.close()
