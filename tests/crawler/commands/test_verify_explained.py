"""Differences that an upgrade, other settings or a kill explain are no faults of `scrapy verify`."""

from pathlib import Path

import pytest

from tests.support.catalogues import (
    EARLIER,
    articles,
    change,
    extracted_earlier,
    known,
    leave_pending,
    lone_articles,
    put,
)
from tests.support.verifying import verify, warc

pytestmark = pytest.mark.usefixtures("replays_here")


def test_what_an_upgrade_would_change_is_listed_and_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, months = lone_articles(data)[:2]
    text = extracted_earlier(data, texts, text=texts.text.rpartition("\n\n")[0])
    month = extracted_earlier(data, months, month="2020-12")
    assert verify(data) == 0
    said = capsys.readouterr().out
    assert f"{text} would have another text: extracted by {EARLIER}, now " in said
    assert f"{month} would have the month {months.month}: extracted by {EARLIER}, now " in said
    assert "2 articles of the corpus and 0 other entries" in said
    assert "scrapy rederive" in said


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            {"RELEVANCE_MODE": "off"},
            "would be in the corpus; it is off_topic: judged by mode both, now mode off",
        ),
        (
            {"RIGHTS_POLICY": "drop"},
            "would not be in the corpus: rights_dropped: judged by another RIGHTS_POLICY",
        ),
    ],
)
def test_other_settings_explain_a_difference(
    data: Path, settings: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(data, **settings) == 0
    assert named in capsys.readouterr().out


def test_a_page_that_a_killed_run_left_pending_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = lone_articles(data)[0]
    leave_pending(data, row)
    assert verify(data) == 0
    assert f"{row.url} would be in the corpus" in capsys.readouterr().out


def test_a_file_that_a_killed_run_left_open_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = warc(data)
    path.rename(f"{path}.open")
    assert verify(data) == 0
    assert f"{path.name} is still open: a crawl was killed" in capsys.readouterr().out


def test_other_indexes_are_no_difference(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, row in enumerate(reversed(articles(data))):
        put(data, row, known(row.month), row.text, 100 + number)
    assert verify(data) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_which_of_equal_texts_is_kept_is_no_difference(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = next(row for row in articles(data, everything=True) if row.fate == "syndicated")
    kept = next(row for row in articles(data) if row.url == other.duplicate_of)
    put(data, other, known(other.month), other.text, 500)
    change(data, "update article set fate = 'saved', duplicate_of = null where id = ?", other.id)
    (data / "corpus" / known(kept.file)).unlink()
    change(
        data,
        "update article set file = null, number = null, sha256 = null, fate = 'syndicated', duplicate_of = ? "
        "where id = ?",
        *(other.url, kept.id),
    )
    assert verify(data) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
