"""A page with a look of its own is shown as it looked, when its site is long gone."""

import os
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.support.browsing import browsing
from tests.support.chromium import open_browser
from tests.support.styled_site import FILES, LOOK, crawl_styled_site, look_of
from tests.support.tools import find_tool

pytestmark = pytest.mark.slow


def test_style_sheets_fonts_and_pictures_come_from_the_archive_and_nothing_else_does(tmp_path: Path) -> None:
    wayback = find_tool("TOOL_PYWB", "wayback")
    data, url = crawl_styled_site(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with browsing(data, port, BROWSE_WAYBACK=wayback), open_browser() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        answered: dict[str, int] = {}
        page.on("response", lambda response: answered.update({response.url: response.status}))
        page.goto(f"http://127.0.0.1:{port}/page?url={quote(url)}", wait_until="networkidle")
        shown = look_of(page.frame_locator("iframe").locator("body"))
        page.screenshot(path=os.environ.get("LOOK_PICTURE"))
    assert shown == LOOK
    site = urlsplit(url).netloc
    archived = {address.partition(site)[2]: status for address, status in answered.items() if site in address}
    assert {path: archived.get(path) for path in ("/one", *FILES[:-1])} == dict.fromkeys(
        ("/one", *FILES[:-1]), 200
    )
    assert [address for address in answered if urlsplit(address).netloc == site] == []
    assert "/colour.js" not in archived
