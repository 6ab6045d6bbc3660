"""What an operator says wrongly about a back-fill is told in one sentence, and nothing is fetched or written."""

from pathlib import Path

import pytest

from crawler.exit_codes import OK
from tests.support.commands import scrapy

JANUARY = ("since=2021-01", "until=2021-01")


def plan(folder: Path, *arguments: str, **settings: object) -> tuple[int, str, str]:
    """Exit code, plan and complaint of a back-fill of one source that nobody answers."""
    (folder / "feeds.txt").write_text("http://127.0.0.1:9/feed\n", encoding="utf-8")
    given = [part for each in (f"sources={folder / 'feeds.txt'}", *arguments) for part in ("-a", each)]
    settings = {"DATA_DIR": folder / "data", "OPERATOR": "Test desk, desk@newsroom.example", **settings}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    done = scrapy("crawl", "backfill", *given, *options, "-s", "LOG_LEVEL=WARNING")
    assert not (folder / "data").exists()
    return done.returncode, " ".join(done.stdout.split()), done.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["since=2021-01"], "Say from when to when: scrapy crawl backfill"),
        (
            ["since=yesterday", "until=2021"],
            "since='yesterday' is no year, month or day: give it like since=2021-01.",
        ),
        (["since=2021-02-30", "until=2021"], "since='2021-02-30' is no year, month or day"),
        (["since=2021-02", "until=2021-01"], "since=2021-02 until=2021-01 is no time in the past"),
        (["since=2931", "until=2932"], "since=2931 until=2932 is no time in the past"),
        ([*JANUARY, "via=heritage"], "via='heritage' is no way to the past: it is one of sitemap, wayback"),
        ([*JANUARY, "yes=maybe"], "yes='maybe': give yes=1, or leave it out."),
        (["gaps=maybe"], "gaps='maybe': give gaps=1, or leave it out."),
        (["gaps=1", "until=2021-13"], "until='2021-13' is no year, month or day"),
        ([*JANUARY, "via=ccnews"], "add -a yes=1 to begin all the same, or choose less."),
        (
            ["since=2010", "until=2010", "via=gdelt,ccnews"],
            "has nothing of 2010-01-01 to 2010-12-31: GDELT began in",
        ),
        (
            [*JANUARY, "when=now"],
            "The spider backfill has no argument 'when'; it takes since=, until=, gaps=, via=,",
        ),
    ],
)
def test_a_wrong_argument_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    exit_code, _, complaint = plan(tmp_path, *arguments)
    assert exit_code == 2
    assert complaint.startswith("frontwire: ")
    assert complaint.count("\n") == 0
    assert sentence in complaint


@pytest.mark.parametrize("address", ["", "web.archive.org", "ftp://web.archive.org", "http://["])
def test_an_address_that_is_none_is_one_sentence(tmp_path: Path, address: str) -> None:
    exit_code, _, complaint = plan(tmp_path, *JANUARY, BACKFILL_WAYBACK_URL=address)
    assert exit_code == 2
    assert complaint.startswith(
        f"frontwire: BACKFILL_WAYBACK_URL is {address!r}: give an address that begins with"
    )
    assert complaint.count("\n") == 0


@pytest.mark.parametrize(("requests", "size"), [(100, 10**12), (10**6, 1000)])
def test_a_plan_that_exceeds_the_budget_does_not_begin(tmp_path: Path, requests: int, size: int) -> None:
    given = {"BACKFILL_REQUESTS": requests, "BACKFILL_BYTES": size}
    exit_code, said, complaint = plan(tmp_path, *JANUARY, "via=wayback", **given)
    assert exit_code == 2
    assert "Back-fill of 2021-01-01 to 2021-01-31, estimated:" in said
    assert f"more than BACKFILL_REQUESTS ({requests})" in complaint


def test_a_plan_may_be_looked_at_alone(tmp_path: Path) -> None:
    exit_code, said, complaint = plan(
        tmp_path, *JANUARY, "via=gdelt,ccnews", "dry_run=1", BACKFILL_REQUESTS=1
    )
    assert (exit_code, complaint) == (OK, "")
    assert "gdelt all 5,952" in said, "a source whose language nobody knows may be among the translated ones"
    assert "ccnews all" in said
