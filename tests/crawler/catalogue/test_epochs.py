"""From when to when each source gave articles, was silent or blocked, or was not listened to."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.catalogue.epochs import SILENT_AFTER, Epoch, State, epochs_of
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.days import article_of, move_into_past, path_of
from tests.support.hostile_site import SETTINGS, Site, feed, http
from tests.support.newsroom_runs import make_due
from tests.support.origin import serve

FIRST = date(2026, 3, 1)
WEEK = SILENT_AFTER.days
GIVES, SILENT, BLOCKED, OUTAGE = State.ADDED, State.SILENT, State.BLOCKED, State.OUTAGE


def stretches(*lengths: tuple[State, int]) -> Iterator[Epoch]:
    day = FIRST
    for state, length in lengths:
        yield Epoch("tarn", day, day + timedelta(days=length - 1), state)
        day += timedelta(days=length)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(GIVES, 9)], ["added 9"]),
        ([(GIVES, 3), (SILENT, WEEK - 1), (GIVES, 2)], [f"added {WEEK + 4}"]),
        ([(GIVES, 3), (SILENT, WEEK), (GIVES, 2)], ["added 3", f"silent {WEEK}", "back 2"]),
        (
            [(GIVES, 3), (BLOCKED, 1), (GIVES, 1), (OUTAGE, 2)],
            ["added 3", "blocked 1", "back 1", "our outage 2"],
        ),
        ([(BLOCKED, 2), (GIVES, 1)], ["blocked 2", "added 1"]),
        (
            [(GIVES, 1), (OUTAGE, 2), (SILENT, 1), (OUTAGE, 3)],
            ["added 1", "our outage 2", "back 1", "our outage 3"],
        ),
        ([(GIVES, 1), (SILENT, 2), (BLOCKED, 2), (SILENT, 2)], ["added 3", "blocked 2", "back 2"]),
        ([], []),
    ],
)
def test_stretches_of_days_make_epochs(given: list[tuple[State, int]], expected: list[str]) -> None:
    found = epochs_of([*stretches(*given)])
    assert [f"{epoch.state} {epoch.days}" for epoch in found] == expected
    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawls 12, 11, 3 and 0 days ago, of a source that gives, and one that is added late and blocks the last one."""
    folder = tmp_path_factory.mktemp("watched")
    tarn, orla, today = Site(), Site(), datetime.now(UTC).date()
    with ExitStack() as stack:
        homes = {
            name: (site, stack.enter_context(serve(site))) for name, site in (("tarn", tarn), ("orla", orla))
        }
        for ago, names, before in (
            (12, ["tarn"], 1),
            (11, ["tarn"], 8),
            (3, ["tarn", "orla"], 3),
            (0, ["tarn", "orla"], 0),
        ):
            day = today - timedelta(days=ago)
            for name, (site, origin) in homes.items():
                site[path_of(day)] = article_of(day, name.title())
                site["/feed"] = feed(origin.url(path) for path in site if path.startswith("/20"))
            if ago == 0:
                orla["/feed"] = http(b"", status="403 Forbidden")
            entries = (
                f'[[source]]\nid = "{name}"\nname = "{name}"\nhomepage = "{at.url("/")}"\nfeeds = ["{at.url("/feed")}"]'
                for name, (_, at) in homes.items()
                if name in names
            )
            (folder / "mine.toml").write_text("\n".join(entries), encoding="utf-8")
            given = SETTINGS | {"DATA_DIR": str(folder), "RETRY_TIMES": 0}
            run_crawl("news", given, sources=str(folder / "mine.toml"))
            if before:
                move_into_past(folder, before)
                make_due(folder)
    return folder


def test_epochs_follow_from_what_crawls_saw(watched: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(UTC).date()
    assert call("gaps", "--epochs", DATA_DIR=str(watched)) == OK
    header, *rows, last = capsys.readouterr().out.splitlines()
    assert header.split("\t") == ["source", "from", "to", "epoch", "days", "causes"]
    found = [tuple(row.split("\t")) for row in rows]
    ago = {str(today - timedelta(days=number)): number for number in range(20)}
    assert [(source, ago[first], ago[end], *rest) for source, first, end, *rest in found] == [
        ("orla", 3, 3, "added", "1", "-"),
        ("orla", 2, 1, "our outage", "2", "2 our run missing"),
        ("orla", 0, 0, "blocked", "1", "1 blocked"),
        ("tarn", 12, 11, "added", "2", "-"),
        ("tarn", 10, 4, "our outage", "7", "7 our run missing"),
        ("tarn", 3, 3, "back", "1", "-"),
        ("tarn", 2, 1, "our outage", "2", "2 our run missing"),
        ("tarn", 0, 0, "back", "1", "-"),
    ]
    assert last == "Epochs: 3 our outage, 2 added, 2 back, 1 blocked."


def test_a_period_shows_the_epochs_that_reach_into_it(
    watched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    since = str(datetime.now(UTC).date() - timedelta(days=5))
    assert call("gaps", "--epochs", "--since", since, DATA_DIR=str(watched)) == OK
    states = [
        row.split("\t")[3] for row in capsys.readouterr().out.splitlines()[1:-1] if row.startswith("tarn")
    ]
    assert states == ["our outage", "back", "our outage", "back"]


def test_epochs_are_not_strict(watched: Path) -> None:
    with pytest.raises(OperatorError, match="leave out --epochs"):
        call("gaps", "--epochs", "--strict", DATA_DIR=str(watched))
