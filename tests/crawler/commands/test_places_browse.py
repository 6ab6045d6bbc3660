"""`scrapy browse` where several data directories share a catalogue: whose articles it proves, and how it ends."""

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.catalogue.articles import pages_of
from crawler.cli.browse import make_site
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.exit_codes import FAILED, OK
from tests.support.two_workers import ONLY_A, ONLY_B, A, C, Workers, workers


@pytest.fixture
def three(postgres: str, tmp_path: Path) -> Iterator[Workers]:
    with workers(postgres, tmp_path) as made:
        yield made


def test_an_article_is_proved_by_the_file_and_the_record_of_the_place_that_has_it(three: Workers) -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict(three.settings(A), priority="cmdline")
    with closing(open_catalogue(settings)) as catalogue:
        site = make_site(settings, catalogue, DataDir.of(settings), 8080)
        for url in (ONLY_A, ONLY_B):
            [row] = pages_of(catalogue, url)
            checks = site.prove(row)
            assert len(checks) >= 3
            assert all(check.agrees for check in checks), checks


@pytest.mark.parametrize(
    ("options", "is_missing", "code"),
    [([], False, OK), ([], True, OK), (["--all-places"], False, OK), (["--all-places"], True, FAILED)],
)
def test_it_fails_if_a_place_that_was_asked_for_is_missing(
    three: Workers, monkeypatch: pytest.MonkeyPatch, options: list[str], is_missing: bool, code: int
) -> None:
    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.cli.browse._serve", press_ctrl_c)
    if is_missing:
        (three.data(C) / "place.id").unlink()
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert three.call(A, "browse", "--port", "0", *options) == code
    finally:
        signal.signal(signal.SIGTERM, handler)
