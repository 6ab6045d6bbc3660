"""A takedown with several workers is done where its command is given, and says where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli.takedown_report import Remains
from tests.support.two_workers import (
    COPY,
    EARLIER,
    FIRST,
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


@pytest.mark.parametrize(("url", "order"), [(REVISED, (A, B)), (REVISED, (B, A)), (SAME, (B, A))])
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


def test_all_places_are_done_by_one_command(three: Workers, capsys: pytest.CaptureFixture[str]) -> None:
    assert three.redact(C, REVISED, "--all-places") == 0
    said = capsys.readouterr().out
    assert said.count(f"Redacted {REVISED} here.") == 3
    assert said.endswith(f"Redacted {REVISED}.\n")
    assert "3 of 3 data directories are done and in order." in said
    assert not any(three.holds(name, word) for name in (A, B) for word in (EARLIER, LATER))
    assert [three.faults(name) for name in (A, B, C)] == [[], [], []]


def test_what_was_not_searched_is_named_where_nothing_is_known_to_be(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    assert three.redact(A, ONLY_A) == 0
    said = capsys.readouterr().out
    assert f"Redacted {ONLY_A}." in said
    assert f"Not searched: the archive of {three.data(B)}" in said
    assert three.redact(A, ONLY_B) == 1
    assert f"but in the data directory {three.data(B)}" in capsys.readouterr().out
    assert three.holds(B, TEXTS[ONLY_B])
    assert three.redact(B, ONLY_B) == 0
    assert not three.holds(B, TEXTS[ONLY_B])


def test_the_copy_of_another_worker_stays_and_can_take_the_place(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    assert three.redact(A, FIRST) == 0
    said = capsys.readouterr().out
    assert (
        f"{COPY} has the same text and was left out for it: scrapy rederive --apply can bring it in" in said
    )
    assert f"in the data directory {three.data(B)}." in said
    assert not three.holds(A, TEXTS[FIRST])
    assert three.captures(B, COPY) == 1
    assert three.redact(A, COPY) == 1
    assert three.redact(B, COPY) == 0
    assert not three.holds(B, TEXTS[FIRST])


def test_the_text_that_another_worker_has_goes_when_its_next_run_begins(three: Workers) -> None:
    """What a killed run left there under other numbers is known by its digest."""
    (file,) = three.files(REVISED)
    corpus = three.data(B) / "corpus"
    strays = [corpus / file.replace("/00", "/77"), corpus / ".revisions" / file.replace("/00", "/78")]
    strays[1].parent.mkdir(parents=True, exist_ok=True)
    for stray in strays:
        stray.write_bytes((corpus / file).read_bytes())
    assert three.redact(A, REVISED) == 1
    assert any("was taken down in another data directory" in fault for fault in three.faults(B))
    three.replay(B, {"https://orla.example/next": "Whinmoor"})
    assert not any(LATER in text for text in three.corpus(B))
    put_away = [corpus / ".revisions" / each for each in (file, strays[0].relative_to(corpus))]
    assert not any(each.exists() for each in put_away), "they were removed"
    assert three.captures(B, REVISED) == 1, "the record waits for the command"
    assert three.redact(B, REVISED) == 0
    assert not any(LATER in text for text in three.texts(B))


def test_a_file_of_another_page_with_the_same_number_stays(three: Workers) -> None:
    """Two workers that run at once may give the same number, each in its corpus."""
    (mine,), (other,) = three.files(ONLY_A), three.files(ONLY_B)
    month, number = mine.split("/")[0], int(mine.split("/")[1][:3])
    twin = f"{month}/{number:03d}{other[other.index('_') :]}"
    (three.data(B) / "corpus" / other).rename(three.data(B) / "corpus" / twin)
    three.ask(f"update article set file = '{twin}', number = {number} where file = '{other}'")
    assert three.faults(B) == []
    assert three.redact(A, ONLY_A) == 0
    assert three.redact(B, ONLY_A) == 0
    three.replay(B, {"https://orla.example/next": "Whinmoor"})
    assert (three.data(B) / "corpus" / twin).is_file()
    assert three.faults(B) == []


def test_an_archive_that_could_not_be_searched_is_not_done_with(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = three.data(A) / "collections" / "news" / "archive" / "damaged.warc.gz"
    damaged.write_bytes(b"")
    assert three.redact(A, SAME) == 1
    assert three.redact(B, SAME) == 1
    assert f"but in the data directory {three.data(A)}" in capsys.readouterr().out
    damaged.unlink()
    assert three.redact(A, SAME) == 0
    assert three.redact(B, SAME) == 0


def test_what_is_left_is_said_in_sentences() -> None:
    names = {"0a": "/srv/a", "0b": "/srv/b on press-2"}
    remains = Remains({}, [], [], [("x.warc.gz", "0b"), ("y.warc.gz", ""), ("z.warc.gz", "0c")], ["0a"])
    there, moved, unknown, in_hand = remains.sentences(names)
    assert (
        "in x.warc.gz, which is not in this archive, but in the data directory /srv/b on press-2: give"
        in there
    )
    assert there.endswith(", or --all-places.")
    assert "in y.warc.gz, which is not in this archive: give" in moved
    assert not moved.endswith("--all-places.")
    assert "but in the data directory 0c: give" in unknown
    assert in_hand.startswith("A run in /srv/a is fetching the page: give the same command there when it")
    assert [*remains.here.sentences(names)] == [moved]
    assert not Remains({}, [], [])
