"""What a person sees of a run: a view at a terminal, lines elsewhere; the last line is the same."""

import re
from collections.abc import Mapping
from pathlib import Path

import pyte
import pytest
from scrapy.settings import Settings

from crawler.watching.live import is_wanted
from tests.support.commands import scrapy
from tests.support.hostile_site import SETTINGS, Site, article, open_site
from tests.support.pseudo_terminal import scrapy_at_terminal

WARNED = re.compile(r"\b(?:WARNING|ERROR|CRITICAL)\b")


def options(data: Path, **more: object) -> list[str]:
    given: Mapping[str, object] = SETTINGS | {"DATA_DIR": data, "FRONTIER_PATIENCE_S": 5} | more
    return [part for name, value in given.items() for part in ("-s", f"{name}={value}")]


def crawled(tmp_path: Path) -> list[str]:
    return ["crawl", "news", "-a", f"sources={tmp_path / 'sources.txt'}"]


def test_a_log_tells_where_a_run_begins_and_how_it_ended(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        ran = scrapy(*crawled(tmp_path), *options(data))
    lines = ran.stderr.splitlines()
    assert f"Run 1 (news) begins in {data}." in lines[0]
    assert lines[-1].endswith(
        f"Run finished: 2 URLs = 1 discovery, 1 saved + 0 pending. The article is in {data / 'corpus'}."
    )
    assert len(lines) <= 4
    assert not WARNED.search(ran.stderr)
    assert "\x1b" not in ran.stderr


@pytest.mark.slow
def test_at_a_terminal_the_view_is_below_the_log_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)  # there it is off
    data = tmp_path / "data"
    pages = {f"/a{number}": article(f"Veld {number}") for number in range(4)}
    with open_site(Site(dict(pages)), pages, tmp_path):
        slow = options(data, DOWNLOAD_DELAY=0.7, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        code, shown = scrapy_at_terminal(*crawled(tmp_path), *slow, typed="")
    assert code == 0
    assert "known URLs" in shown
    assert "Shelling near Veld" in shown
    screen = pyte.Screen(160, 24)
    pyte.Stream(screen).feed(shown.replace("\n", "\r\n"))
    left = " ".join(line.rstrip() for line in screen.display).strip()
    assert "known URLs" not in left
    assert "4 saved" in left
    assert screen.cursor.hidden is False


@pytest.mark.parametrize(
    ("setting", "environment"),
    [
        ({"LIVE_VIEW": False}, {}),
        ({"LIVE_VIEW": True, "LOG_JSON": True}, {}),
        ({"LIVE_VIEW": True}, {"CI": "1"}),
    ],
)
def test_it_can_be_switched_off(
    setting: dict[str, bool], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert is_wanted(Settings({"LIVE_VIEW": True}), {})
    assert not is_wanted(Settings(setting), environment)
