"""Listing pages as a crawl hands them over."""

from datetime import UTC, datetime

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
