"""Each day on which a source gave nothing is named by its cause."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.catalogue.silences import Day, Ends, Poll, Silence, silence_of
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, feed, http, redirect
from tests.support.newsroom_runs import make_due
from tests.support.origin import Origin, serve

ON = date(2026, 11, 20)
READ, KNOWN = Poll("discovery", items=20, new=3), Poll("discovery", items=20, newest="2026-11-18")
FORBIDDEN = "https://tarn.example/robots.txt disallows this path for frontwire"


@pytest.mark.parametrize(
    ("polls", "ends", "silence"),
    [
        ([KNOWN, Poll("unchanged")], [], Silence.NOTHING),
        ([READ], [Ends("saved", False, 1), Ends("off_topic", False, 9)], None),
        ([READ], [Ends("off_topic", False, 2), Ends("review", False, 1)], Silence.OFF_TOPIC),
        ([READ], [Ends("off_topic", False, 1), Ends("paywall_stub", False, 2)], Silence.NOT_KEPT),
        ([READ], [Ends("http_error", True, 2), Ends("off_topic", False, 1)], Silence.BLOCKED),
        ([READ], [Ends("robots_disallowed", False, 2)], Silence.ROBOTS),
        ([READ], [], Silence.WAITING),
        ([Poll("http_error", "HTTP 429"), Poll("timeout", "no answer")] * 2, [], Silence.BLOCKED),
        ([Poll("robots_disallowed", FORBIDDEN)], [], Silence.ROBOTS),
        ([Poll("robots_disallowed", "robots.txt could not be fetched: HTTP 503")], [], Silence.UNREACHABLE),
        ([Poll("redirected", "to https://tarn.example/x"), Poll("gone", "HTTP 404")], [], Silence.MOVED),
        ([Poll("redirected", "to https://tarn.example/x"), KNOWN], [], Silence.NOTHING),
        ([Poll("gone", "HTTP 410")], [], Silence.DEAD),
        ([Poll("soft_404", "a web page where a feed was expected")], [], Silence.DEAD),
        ([Poll("discovery")], [], Silence.DEAD),
        ([Poll("discovery", items=20, newest="2026-09-01")], [], Silence.DEAD),
        ([Poll("network_error", "The server refused the connection")], [], Silence.UNREACHABLE),
        ([Poll("http_error", "HTTP 500")], [], Silence.UNREACHABLE),
        ([], [], Silence.NOT_POLLED),
        (
            [Poll("discovery", items=9, new=9, shared=0, form="RSS feed")],
            [Ends("saved", False, 9)],
            Silence.MISSED,
        ),
        (
            [
                Poll("discovery", items=9, new=9, shared=0, form="RSS feed"),
                Poll("discovery", items=99, form="sitemap"),
            ],
            [Ends("saved", False, 9)],
            None,
        ),
    ],
)
def test_what_was_seen_on_a_day_names_its_cause(
    polls: list[Poll], ends: list[Ends], silence: Silence | None
) -> None:
    found = silence_of(Day(polls, ends), ON, has_run=True)
    assert (found and found[0]) == silence


def test_a_day_without_a_run_is_ours() -> None:
    assert silence_of(Day(), ON, has_run=False) == (Silence.NO_RUN, "")


SOUP = http(
    b"<!doctype html><html lang=en><head><title>Soup</title>"
    b'<meta property="article:published_time" content="2021-01-11T10:00:00+00:00"></head><body><article><h1>Soup</h1>'
    + "".join(
        f"<p>Peel the {name}, cut them small and let them simmer in butter until they are soft and smell of summer.</p>"
        for name in ("carrots", "leeks", "onions", "parsnips", "turnips")
    ).encode()
    + b"</article></body></html>"
)
EXPECTED = {
    "quiet": "nothing published",
    "forbidding": "blocked",
    "busy": "blocked",
    "walled": "blocked",
    "shy": "robots.txt forbids",
    "moved": "feed moved",
    "gone": "feed dead",
    "parked": "feed dead",
    "stale": "feed dead",
    "broken": "not reachable",
    "down": "not reachable",
    "cook": "all off topic",
}


def write_registry(path: Path, feeds: dict[str, str]) -> None:
    tables = (
        f'[[source]]\nid = "{name}"\nname = "{name}"\nhomepage = "{url}"\nfeeds = ["{url}"]\n'
        for name, url in feeds.items()
    )
    path.write_text("\n".join(tables), encoding="utf-8")


def fall_silent(site: Site, shy: Site, origin: Origin) -> None:
    """Let each source fall silent in its own way, but for one."""
    site |= {"/soup": SOUP, "/new": article("Orla"), "/shut": http(b"", status="403 Forbidden")}
    for name, path in (("fine", "/new"), ("cook", "/soup"), ("walled", "/shut")):
        site[f"/{name}"] = feed([origin.url("/old"), origin.url(path)])
    site |= {"/forbidding": site["/shut"], "/busy": http(b"", status="429 Too Many Requests")}
    site |= {"/moved": redirect("/nowhere"), "/parked": http(b"<!doctype html><html><p>Buy this domain.")}
    site["/broken"] = http(b"", status="500 Internal Server Error")
    del site["/gone"]
    shy["/robots.txt"] = http(b"User-agent: *\nDisallow: /\n", "text/plain")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of two crawls, with a day between; in the second one all sources but one were silent."""
    folder = tmp_path_factory.mktemp("silent")
    given = SETTINGS | {"DATA_DIR": str(folder), "RELEVANCE_MODE": "conflict", "RETRY_TIMES": 0}
    site, shy, down = Site({"/old": article("Veld")}), Site(), Site()
    with serve(site) as origin, serve(shy) as forbids:
        with serve(down) as falls:
            homes = {"shy": (shy, forbids), "down": (down, falls)}
            feeds = {name: homes.get(name, (site, origin)) for name in (*EXPECTED, "fine")}
            for name, (its, _) in feeds.items():
                its[f"/{name}"] = feed([origin.url("/old")])
            dated = "<item><link>/old</link><pubDate>Mon, 11 Jan 2021 10:00:00 GMT</pubDate></item>"
            site["/stale"] = http(f"<rss><channel>{dated}</channel></rss>".encode(), "text/xml")
            write_registry(
                folder / "mine.toml", {name: at.url(f"/{name}") for name, (_, at) in feeds.items()}
            )
            run_crawl("news", given, sources=str(folder / "mine.toml"))
        make_due(folder)
        fall_silent(site, shy, origin)
        run_crawl("news", given, sources=str(folder / "mine.toml"))
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue, catalogue:
        first = "select capture_id from visit where run_id = 1"
        for table, column, which in (
            ("run", "started", "1"),
            ("run", "ended", "1"),
            ("capture", "captured", first),
        ):
            earlier = f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-2 days')"
            catalogue.execute(f"update {table} set {column} = {earlier} where id in ({which})")
    yield folder


def gaps(
    folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[tuple[str, str], str]]:
    exit_code = call("gaps", *arguments, DATA_DIR=str(folder))
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()[1:-1]]
    return exit_code, {(source, day): cause for source, day, cause, _ in rows}


def test_each_kind_of_silence_is_named_rightly(silent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(UTC).date()
    exit_code, found = gaps(silent, capsys)
    assert exit_code == OK
    assert {source: cause for (source, day), cause in found.items() if day == str(today)} == EXPECTED
    missing = {source for (source, day), cause in found.items() if cause == "our run missing"}
    assert missing == {*EXPECTED, "fine"}
    assert all(day >= str(today - timedelta(days=2)) for _, day in found)


def test_strict_is_about_days_that_may_have_had_news(
    silent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry, today = str(silent / "mine.toml"), str(datetime.now(UTC).date())
    for source, exit_code in (("quiet,cook,fine", OK), ("quiet,down", FAILED)):
        chosen = ("--sources", registry, "--source", source, "--since", today)
        assert gaps(silent, capsys, *chosen, "-a", "strict=1")[0] == exit_code
        assert gaps(silent, capsys, *chosen, "--strict")[0] == exit_code


def test_a_source_that_no_registry_has_any_more_is_named_by_its_id(
    silent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for named, sources in (("quiet,cook", {"quiet", "cook"}), ("bbc-amharic,cook", {"cook"})):
        exit_code, found = gaps(silent, capsys, "--source", named)
        assert (exit_code, {source for source, _ in found}) == (OK, sources)
    assert call("series", "--source", "cook", DATA_DIR=str(silent)) == OK
    assert ",cook,1,0,1,1" in capsys.readouterr().out
    with pytest.raises(OperatorError, match="no enabled source 'nobody'"):
        gaps(silent, capsys, "--source", "cook,nobody")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "--since is 'yesterday'"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "the other way round"),
        (("-a", "strickt=1"), "-a strickt=1"),
        (("--source", "nobody"), "nobody"),
    ],
)
def test_a_wrong_argument_is_a_sentence(silent: Path, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        call("gaps", *arguments, DATA_DIR=str(silent))
