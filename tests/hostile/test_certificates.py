"""A site with an untrusted certificate is fetched only where the registry says so."""

from pathlib import Path

import pytest

from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, feed
from tests.support.origin import make_certificate, serve

REGISTRY = """
[[source]]
id = "veld-herald"
name = "Veld Herald"
homepage = "{url}"
country = "XK"
languages = ["en"]
timezone = "UTC"
kind = "newspaper"
feeds = ["{url}feed"]
{more}
"""


@pytest.mark.parametrize(
    ("more", "fates", "files"),
    [
        ("", {"robots_disallowed": 1}, 0),
        ("verify_tls = true", {"robots_disallowed": 1}, 0),
        ("verify_tls = false", {"discovery": 1, "saved": 1}, 1),
    ],
)
def test_only_a_source_that_is_excepted_may_have_any_certificate(
    tmp_path: Path, more: str, fates: dict[str, int], files: int
) -> None:
    data = tmp_path / "data"
    site = Site({"/a": article("Veld"), "/feed": feed(["/a"])})
    with serve(site, make_certificate(tmp_path)) as origin:
        registry = tmp_path / "sources.toml"
        registry.write_text(REGISTRY.format(url=origin.url("/"), more=more), encoding="utf-8")
        also = {"ARCHIVE_UNVERIFIED_HOSTS": "marisol.example"}  # what an operator names is not all
        settings = SETTINGS | also | {"DATA_DIR": str(data), "RETRY_TIMES": 0}
        result = recorder_of(run_crawl("news", settings, sources=str(registry))).result
    assert result is not None
    assert (result.tally.fates, len(corpus(data))) == (fates, files)
