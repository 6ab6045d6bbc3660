"""replayweb.page, in a browser on this machine, shows every page of a package and verifies its signature."""

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.support.chromium import open_browser
from tests.support.commands import scrapy
from tests.support.folders import serve_folder
from tests.support.newsroom_runs import run_twice_in_weeks
from tests.support.styled_site import LOOK, crawl_styled_site, look_of
from tests.support.tools import find_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Page

pytestmark = pytest.mark.slow

# Hashes are checked where the service worker is told to, and where it loads the package itself; the viewer appends
# `?serveIndex=1` to the name.
EMBEDDING = """<!doctype html><script src="/replay/ui.js"></script><body style="margin: 0"><script>
const viewer = document.createElement("replay-web-page");
for (const [name, value] of new URLSearchParams(location.search)) viewer.setAttribute(name, value);
viewer.setAttribute("swname", "sw.js?serveIndex=1&useHashCheck=1&rest=");
viewer.setAttribute("noWebWorker", "");
viewer.setAttribute("embed", "replay-with-info");
document.body.append(viewer);
</script>"""

# https://specs.webrecorder.net/wacz-auth/0.1.0/: what is signed is the hash of the list, with the name of its method.
VERIFY = """async ([list, digest]) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(list)));
    const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const { publicKey, signature } = JSON.parse(digest).signedData;
    const curve = { name: "ECDSA", namedCurve: "P-384" };
    const key = await crypto.subtle.importKey("spki", bytes(publicKey), curve, true, ["verify"]);
    const text = new TextEncoder().encode(`sha256:${hex}`);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), text);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the viewer, a page that embeds it, and the package of two runs."""
    folder = tmp_path_factory.mktemp("viewer")
    (folder / "replay").symlink_to(find_folder("TOOL_REPLAYWEBPAGE", "replaywebpage"))
    (folder / "index.html").write_text(EMBEDDING)
    run_twice_in_weeks().pack(folder / "news.wacz")
    return folder


@pytest.fixture(scope="module")
def base(site: Path) -> Iterator[str]:
    """The URL of the folder."""
    with serve_folder(site) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A tab that knows nothing of other tests' packages."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000}, locale="en-GB")
    yield context.new_page()
    context.close()


def pages_of(package: Path) -> list[dict[str, str]]:
    """The pages that a package offers."""
    with zipfile.ZipFile(package) as members:
        _, *lines = members.read("pages/pages.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


def view(page: "Page", base: str, package: str, listed: dict[str, str]) -> "FrameLocator":
    """Open a listed page of a package: the viewer's frame."""
    moment = "".join(filter(str.isdigit, listed["ts"]))[:14]
    page.goto(base + "?" + urlencode({"source": f"/{package}", "url": listed["url"], "ts": moment}))
    return page.frame_locator("iframe")


def tamper(package: Path, out: Path, name: str, old: bytes, new: bytes) -> None:
    """Copy a package, with some bytes of one member changed."""
    with zipfile.ZipFile(package) as members, zipfile.ZipFile(out, "w") as changed:
        for entry in members.infolist():
            content = members.read(entry)
            if entry.filename == name:
                assert old in content
                content = content.replace(old, new)
            changed.writestr(entry, content)


def words(text: str) -> str:
    return " ".join(text.split())


def validation(viewer: "FrameLocator") -> str:
    """The verdict of the viewer's panel on the package's hashes and signature."""
    viewer.locator("wr-coll-replay iframe").wait_for()
    viewer.locator("button.embed-info").click()
    return str(viewer.locator("h3:has-text('Validation') + p").inner_text())


def test_the_viewer_renders_every_page(page: "Page", base: str, site: Path) -> None:
    listed = pages_of(site / "news.wacz")
    assert len(listed) > 20
    for article in listed:
        first, *others = article["text"].split("\n\n")
        shown = view(page, base, "news.wacz", article).frame_locator("iframe").locator("body")
        shown.get_by_text(words(first)[:60]).first.wait_for()
        replayed = words(shown.inner_text())
        assert [text for text in others if words(text) not in replayed] == [], article["url"]


def test_the_viewer_shows_a_page_with_style_sheets_font_and_pictures(
    page: "Page", base: str, site: Path, tmp_path: Path
) -> None:
    data, _ = crawl_styled_site(tmp_path)
    packed = scrapy("wacz", site / "styled.wacz", "-s", f"DATA_DIR={data}")
    assert packed.returncode == 0, packed.stderr
    [article] = pages_of(site / "styled.wacz")
    shown = view(page, base, "styled.wacz", article).frame_locator("iframe").locator("body")
    shown.get_by_text("Weather").wait_for()

    assert look_of(shown) == LOOK


def test_the_viewer_says_that_hashes_and_signature_are_right(page: "Page", base: str, site: Path) -> None:
    viewer = view(page, base, "news.wacz", pages_of(site / "news.wacz")[0])

    # The signature, the list of members, the list of pages.
    assert validation(viewer) == "3 hashes verified"


def test_the_viewer_says_that_a_page_list_was_changed(page: "Page", base: str, site: Path) -> None:
    package = site / "news.wacz"
    tamper(
        package, site / "changed.wacz", "pages/pages.jsonl", b'"title": "Articles"', b'"title": "Article5"'
    )

    assert (
        validation(view(page, base, "changed.wacz", pages_of(package)[0])) == "2 hashes verified, 1 invalid"
    )


@pytest.mark.parametrize(("new", "is_right"), [(b'"path": "', True), (b'"path":  "', False)])
def test_webcrypto_verifies_the_signature(
    page: "Page", base: str, site: Path, tmp_path: Path, new: bytes, is_right: bool
) -> None:
    tamper(site / "news.wacz", tmp_path / "x.wacz", "datapackage.json", b'"path": "', new)
    with zipfile.ZipFile(tmp_path / "x.wacz") as members:
        content = members.read("datapackage.json")
        digest = members.read("datapackage-digest.json").decode()
    page.goto(base)

    assert page.evaluate(VERIFY, [base64.b64encode(content).decode(), digest]) is is_right
