"""What a person does in the browser, with the mouse or with keys only: one server and one Chromium for all."""

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import pytest

from crawler.catalogue.articles import pages_of
from crawler.catalogue.reviews import decisions_on
from crawler.database.catalogue import Catalogue
from tests.support.browsing import browsing
from tests.support.catalogues import articles, change, known, lone_articles
from tests.support.chromium import open_browser
from tests.support.tools import find_tool

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

Scheme = Literal["light", "dark"]

ARABIC = "قال الجيش إن الطريق إلى البلدة فُتح"


@pytest.fixture(scope="module")
def data(newsroom_crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that wait for a decision, an Arabic article, and one whose text was changed."""
    data = Path(shutil.copytree(newsroom_crawl, tmp_path_factory.mktemp("browsed") / "data"))
    changed, replaced, arabic = [row for row in lone_articles(data) if row.language == "fr"][:3]
    arabic_text = "update article set language = 'ar', title = ?, text = ? where id = ?"
    change(data, arabic_text, f"{ARABIC} (عنوان)", f"{ARABIC}.\n\nوأضاف.", arabic.id)
    text = changed.text.replace("soldats", "militaires") + "\n\nUn ajout."
    its = "url_id = (select url_id from article where id = ?), text = ?, silent_edit = 1"
    change(data, f"update article set {its} where id = ?", changed.id, text, replaced.id)
    change(data, "update article set file = null where id = ?", changed.id)
    waiting = [row for row in articles(data, everything=True) if row.fate == "off_topic" and row.text][:4]
    for row in waiting:
        change(data, "update article set fate = 'review' where id = ?", row.id)
    return data


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wayback = os.environ.get("TOOL_PYWB", "")
    with browsing(data, port, **({"BROWSE_WAYBACK": wayback} if wayback else {})):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A tab; whatever a page complains of fails the test."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "sandboxed" not in text and "404" not in text] == []


def paths(data: Path) -> list[str]:
    """One page of each kind."""
    url, changed = quote(lone_articles(data)[0].url), quote(changed_page(data))
    shown = [f"/article?url={each}" for each in (url, changed)]
    return ["/", "/search?q=soldats", *shown, f"/page?url={url}", "/review", f"/why?url={url}"]


def changed_page(data: Path) -> str:
    """The URL of the article whose text was changed."""
    with closing(Catalogue.open("", data)) as catalogue:
        return next(row.url for row in articles(data) if len(pages_of(catalogue, row.url)) == 2)


def press(page: "Page", key: str, until: str) -> None:
    """Press a key until what has the focus fits a selector."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", until):
            return
    pytest.fail(f"{key} never reaches {until}")


def test_an_article_is_found_and_read_by_keys_alone(page: "Page", address: str) -> None:
    page.goto(address)
    press(page, "Tab", "#q")
    page.keyboard.type("الجَيش")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    assert page.locator("mark").first.inner_text() == "الجيش"
    press(page, "Tab", ".hits a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/article"))
    assert ARABIC in page.locator("h1").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('.text p')).direction") == "rtl"
    assert "2 of" not in page.locator(".evidence").inner_text()


def test_a_search_is_narrowed_and_widened_again(page: "Page", address: str) -> None:
    page.goto(f"{address}/search?q=-nothingatall")
    everything = page.locator("h1").inner_text()
    page.locator(".facets a", has_text="fr").first.click()
    assert "Language: fr" in page.locator(".chosen").inner_text()
    assert page.locator("h1").inner_text() != everything
    page.locator(".chosen a", has_text="Language: fr").click()
    assert page.locator("h1").inner_text() == everything


def test_a_change_shows_what_left_and_what_came(page: "Page", address: str, data: Path) -> None:
    page.goto(f"{address}/article?url={quote(changed_page(data))}")
    assert "without notice" in page.locator("#changes").inner_text()
    assert "Un ajout." in " ".join(page.locator("#changes ins").all_inner_texts())


def test_the_page_is_shown_as_it_looked_and_none_of_its_scripts_runs(
    page: "Page", address: str, data: Path
) -> None:
    find_tool("TOOL_PYWB", "wayback")
    row = next(row for row in lone_articles(data) if row.language == "en")
    page.goto(f"{address}/article?url={quote(row.url)}")
    page.get_by_role("link", name="The page as it looked").click()
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == "allow-same-origin"
    assert not known(frame.get_attribute("src")).startswith(f"{address}/")
    assert row.text.split("\n\n")[0][:20] in page.frame_locator("iframe").locator("body").inner_text()


def test_pages_are_decided_by_keys_alone(page: "Page", address: str, data: Path) -> None:
    page.goto(f"{address}/review")
    urls = [known(each.get_attribute("value")) for each in page.locator(".waiting [name=url]").all()]
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("n")
    page.keyboard.type("named by a witness")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("r")
    first, second = page.locator(".waiting output").nth(0), page.locator(".waiting output").nth(1)
    first.get_by_text("accepted").wait_for()
    second.get_by_text("rejected").wait_for()
    with closing(Catalogue.open("", data)) as catalogue:
        assert [(d.choice, d.note) for d in decisions_on(catalogue, urls[0])] == [
            ("accept", "named by a witness")
        ]
        assert [d.choice for d in decisions_on(catalogue, urls[1])] == ["reject"]
    page.reload()
    assert urls[0] not in [each.get_attribute("value") for each in page.locator(".waiting [name=url]").all()]


def test_a_page_is_decided_and_dated_without_scripts(browser: "Browser", address: str, data: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/review")
    page.locator(".waiting button.bad").first.click()
    assert "rejected." in page.locator("[role=status]").first.inner_text()
    undated = next(row for row in articles(data, everything=True) if row.fate == "undated")
    page.goto(f"{address}/why?url={quote(undated.url)}")
    assert "no trustworthy date" in page.locator("main").inner_text()
    page.get_by_role("link", name="The article").click()
    page.locator("[name=month]").fill("2021-02")
    page.locator("[name=note]").fill("printed on page 3")
    page.get_by_role("button", name="State it").click()
    assert "dated 2021-02" in page.locator("[role=status]").inner_text()
    assert "person" in page.locator(".evidence section").first.inner_text()
    context.close()


@pytest.mark.parametrize("width", [400, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits(browser: "Browser", address: str, data: Path, width: int, scheme: Scheme) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for path in paths(data):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: "Browser", address: str, data: Path, scheme: Scheme) -> None:
    axe = find_tool("TOOL_AXE", "axe.min.js")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # for the script of axe
    page = context.new_page()
    found: dict[str, list[tuple[str, str]]] = {}
    for path in paths(data):
        page.goto(address + path)
        page.add_script_tag(path=axe)
        run = (
            "async () => (await axe.run({ exclude: ['iframe'] })).violations"  # what is archived is not ours
        )
        serious = [each for each in page.evaluate(run) if each["impact"] in ("serious", "critical")]
        found |= {path: [(each["id"], each["nodes"][0]["html"]) for each in serious]} if serious else {}
    context.close()
    assert found == {}
