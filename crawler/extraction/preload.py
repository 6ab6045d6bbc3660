"""Loads what every extraction needs: imported by the server that worker processes are forked from."""

import sys
from contextlib import suppress

# itemadapter loads Scrapy, with Twisted and OpenSSL, if it can, only to recognise Scrapy's items: 30 MB for nothing.
if "scrapy" not in sys.modules:
    sys.modules["scrapy"] = None  # type: ignore[assignment]
    import itemadapter  # noqa: F401

    del sys.modules["scrapy"]

from datetime import UTC, datetime

from crawler.extraction import extract
from crawler.extraction.dates.months import load_weekdays
from crawler.extraction.language import load_identifier
from crawler.items import Evidence, RawPage

_TEXT = "The ferry of Tarn left the harbour on Monday with forty passengers, as its owner said. " * 4
_PAGE = (
    "<html lang='en'><head><title>Ferry leaves Tarn | Tarn Post</title><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "headline": "Ferry leaves Tarn", "author": {"name": "Una Berg"}}</script></head>'
    "<body><main><article><h1>Ferry leaves Tarn</h1><p class='byline'>By Una Berg</p>"
    "<time>28 January 2021</time><figure><img src='/ferry.jpg' width='600'><figcaption>The ferry</figcaption></figure>"
    f"{f'<p>{_TEXT}</p>' * 3}<a href='?page=2'>2</a></article></main></body></html>"
)


def _extract_a_page() -> None:
    """Have all made that is made for the first page: patterns, paths, the names of months."""
    captured = datetime(2021, 1, 28, tzinfo=UTC)
    extract(RawPage("https://tarn.example/2021/ferry", _PAGE.encode(), {}, captured, Evidence()))


load_weekdays()
with suppress(OSError):
    # It unpacks into a temporary file; where none can be written, each worker tries again.
    load_identifier()
    _extract_a_page()
