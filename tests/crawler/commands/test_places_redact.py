"""A takedown with several workers is done where its command is given, and says where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.two_workers import (
    COPY,
    EARLIER,
    LATER,
    ONLY_A,
    ONLY_B,
    REVISED,
    SAME,
    TEXTS,
    A,
    B,
    C,
    Workers,
    workers,
)


@pytest.fixture
def three(postgres: str, tmp_path: Path) -> Iterator[Workers]:
    with workers(postgres, tmp_path) as made:
        yield made


def test_what_the_tests_look_for_is_there_before(three: Workers) -> None:
    assert three.ask("select count(distinct place), count(distinct id) from capture")[0][0] == 3
    fates = dict(
        three.ask(
            "select url || ' ' || place.path, article.fate from article join url on url.id = url_id"
            " join capture on capture.id = capture_id join place on place.id = place"
        )
    )
    assert fates[f"{REVISED} {three.data(B)}"] == "updated"
    assert fates[f"{SAME} {three.data(B)}"] == "unchanged"
    assert fates[f"{COPY} {three.data(B)}"] == "syndicated"
    assert all(three.holds(A, word) for word in (EARLIER, TEXTS[ONLY_A], TEXTS[SAME]))
    assert all(three.holds(B, word) for word in (LATER, TEXTS[ONLY_B], TEXTS[SAME]))


@pytest.mark.parametrize("order", [(A, B), (B, A)])
@pytest.mark.parametrize("url", [REVISED, SAME])
def test_a_page_of_two_workers_is_gone_when_the_command_was_given_to_both(
    three: Workers, url: str, order: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = order
    words = (EARLIER, LATER) if url == REVISED else (TEXTS[SAME],)
    assert three.redact(first, url) == 1
    said = capsys.readouterr().out
    assert f"{url} was redacted only in part:" in said
    assert f"but in the data directory {three.data(second)}: give the same command" in said
    assert not any(three.holds(first, word) for word in words)
    assert three.redact(first, url) == 1, "nothing has changed there"
    assert three.captures(second, url) == 1
    capsys.readouterr()

    assert three.redact(second, url) == 0
    assert f"Redacted {url}." in capsys.readouterr().out
    assert not any(three.holds(name, word) for name in (A, B) for word in words)
    assert not any(word in each for name in (A, B) for each in three.texts(name) for word in words)
    assert three.redact(first, url) == 0
    assert three.redact(C, url) == 0
