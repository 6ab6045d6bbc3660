"""A small site with a look of its own, and what shows that a browser has it: its colour, its letters, its pictures."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.demo.pictures import draw_picture
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, http, open_site

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# Made with fontTools: a font (WOFF) in which each letter is a box, twice as wide as it is high.
_BOXES = base64.b64decode(
    "d09GRgABAAAAAAJkAAoAAAAAAzQAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAABPUy8yAAABZAAAACkAAABgRP9KrmNtYXAAAAGYAAAA"
    "OwAAAKwBHQHLZ2x5ZgAAAdwAAAAkAAAANNQ51DhoZWFkAAAA9AAAADYAAAA2NU8PEGhoZWEAAAEsAAAAHwAAACQK8gduaG10eAAA"
    "AZAAAAAGAAAABgg0AGRsb2NhAAAB1AAAAAYAAAAGABoADW1heHAAAAFMAAAAFgAAACAABAAGbmFtZQAAAgAAAABXAAAAnAf4IJZw"
    "b3N0AAACWAAAAAwAAAAgAAMAAAABAAAAAQAAz8/pTV8PPPUAAwPoAAAAAOc0ZYgAAAAA5zRliABkAAAHbAMgAAAAAwACAAAAAAAA"
    "eJxjYGRgYFb4b8HAwH6BIYUhhT2HASiCAhgBV5kDcAB4nGNgZGBgYGJgYQDRIBYaAAABEgALAAB4nGNgZr/AOIGBlYGFgTBgRObY"
    "AwGQUmCoYlYA8YHkCTT1QHEA0eUEOgAAAAfQAGQAZAAAeJxjYGBgYmBgYAZiESDJCKZZGGYAaQ4gBMkpMEQxVP3/D2Y5MiT+////"
    "IQMIgNSyMViAWXSBAF9lCOUAAAAADQAaAAB4nGNgZEhhYGDPYVZgYGZgMFYUVExh5/jxA8hlwCkDALXQCBV4nGNgYGBj8GNgZmBk"
    "4WRgZOBiYICymRj4gDwImxlJnIVBikECymYFqjKCstmA4iYMTgz5DBUMqQzFDEFAMp2hlCGHIZGhCElcAU3GEElOF1UOAAg/EKcA"
    "eJxjYGbACwAAfQAE"
)
_SHEET = (
    "@import url('parts/base.css');h1{color:rgb(20,60,200);font:20px Boxes}body{background:url(paper.png)}"
)
_BASE = "@font-face{font-family:Boxes;src:url(../../boxes.woff)format('woff')}aside{border-left:7px solid}"
_HEAD = "<link rel=stylesheet href=/css/site.css><link rel=icon href=/icon.png>"
_ASIDE = "</p><aside>Weather</aside><img class=logo src=/logo.png><script src=/colour.js></script><p>"

FILES = ("/css/site.css", "/css/parts/base.css", "/boxes.woff", "/css/paper.png", "/logo.png", "/icon.png")
"""What the page is shown with."""

LOOK: Mapping[str, object] = {
    "colour": "rgb(20, 60, 200)",
    "border": "7px",
    "fonts": ["Boxes loaded"],
    "letter": 40,
    "logo": 16,
}
"""What `look_of` gives where all of that is there."""

_MEASURE = """async (body) => {
    await document.fonts.ready;
    const [h1, aside, logo] = ["h1", "aside", ".logo"].map((each) => body.querySelector(each));
    const span = document.createRange();
    span.setStart(h1.firstChild, 0);
    span.setEnd(h1.firstChild, 1);
    return {
        colour: getComputedStyle(h1).color,
        border: getComputedStyle(aside).borderLeftWidth,
        fonts: Array.from(document.fonts, (font) => `${font.family} ${font.status}`),
        letter: Math.round(span.getBoundingClientRect().width),
        logo: logo.naturalWidth,
    };
}"""


def crawl_styled_site(folder: Path) -> tuple[Path, str]:
    """Crawl the site with ARCHIVE_REQUISITES=page, and end it: the data directory, and the URL of its page."""
    site = Site({"/one": article("Veld", _ASIDE, head=_HEAD)})
    site |= {
        "/css/site.css": http(_SHEET.encode(), "text/css"),
        "/css/parts/base.css": http(_BASE.encode(), "text/css"),
    }
    site |= {path: http(draw_picture(path), "image/png") for path in FILES if path.endswith(".png")}
    site |= {
        "/boxes.woff": http(_BOXES, "font/woff"),
        "/colour.js": http(b"document.title = ''", "text/javascript"),
    }
    with open_site(site, ["/one"], folder) as origin:
        given = SETTINGS | {"DATA_DIR": str(folder / "data"), "ARCHIVE_REQUISITES": "page"}
        result = recorder_of(run_crawl("news", given, sources=str(folder / "sources.txt"))).result
        assert result is not None and "1 of 1 fonts, 3 of 3 images, 2 of 2 style sheets" in result.sentence
        assert not origin.read["/colour.js"]
        return folder / "data", origin.url("/one")


def look_of(body: "Locator") -> Mapping[str, object]:
    """What a browser made of the page."""
    found: Mapping[str, object] = body.evaluate(_MEASURE)
    return found
