"""Listing pages as a crawl hands them over."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from crawler.items import Discovery, Evidence, RawPage

URL = "https://www.tarn-courier.example/world/"
START = Evidence(
    source="tarn-courier", how=Discovery.START, zone="Africa/Bamako", language="fr", title="not inherited"
)


def page(body: bytes | str, url: str = URL, **headers: str) -> RawPage:
    """An answer with that body; headers by name with `_` for `-`."""
    content = body.encode() if isinstance(body, str) else body
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawPage(url, content, names, datetime(2026, 11, 23, 8, tzinfo=UTC), START)


PIECES = (
    "http://",
    "HTTPS://",
    "//",
    "/",
    "..",
    "?",
    "#",
    "@",
    ":",
    "[",
    "]",
    "%",
    "\\",
    "tarn.example",
    "\ud800",
)
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=())))).map(
    "".join
)
"""Texts that try to be URLs, and whatever else a page may have written in their place."""
