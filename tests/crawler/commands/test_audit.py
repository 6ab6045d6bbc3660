"""`scrapy audit` asks people about a sample of pages and says how good the corpus is."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from crawler.catalogue.samples import Answer
from crawler.cli.judging_by_file import COLUMNS
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.catalogues import articles, ask, change, seed_files
from tests.support.commands import call, scrapy

Typing = Callable[[str], None]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Types lines at the terminal, after which its input ends."""
    monkeypatch.setenv("COLUMNS", "80")
    return lambda keys: monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in keys)))


def audit(data: Path, *arguments: str, by: str = "Ada") -> int:
    return call("audit", *arguments, "--by", by, DATA_DIR=str(data))


def answers(data: Path) -> list[tuple[str, str]]:
    """Who answered what, in the order in which it was given."""
    return ask(data, "select who, answer from judgement order by id")


@pytest.fixture
def drawn(data: Path) -> Path:
    """A crawl from which twelve pages were drawn."""
    assert audit(data, "draw", "-n", "12", "--seed", "7") == OK
    return data


@pytest.fixture
def no_copies(data: Path) -> None:
    """A sample without copies, about which a second question may be asked."""
    change(data, "update article set fate = 'off_topic', duplicate_of = null where duplicate_of is not null")


def test_a_sample_is_judged_in_two_sittings_and_by_two_people(
    no_copies: None, drawn: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    types("myns")
    assert audit(drawn) == OK
    said = capsys.readouterr().out
    assert "Ada, a page belongs if it is an article about armed conflict" in said
    assert "── 1 of 12 " in said or "1 of 12 ──" in said
    assert said.endswith("3 answers of Ada are kept. 9 are left: scrapy audit goes on.\n")
    assert answers(drawn) == [("Ada", "yes"), ("Ada", "no"), ("Ada", "skipped")]
    types("nby" + "ny" * 20)
    assert audit(drawn, by="Ben") == OK
    assert "scrapy audit report shows what it comes to." in capsys.readouterr().out
    # Ben is asked what Ada could not tell, and said another thing when he came back to the first page.
    assert {who for who, _ in answers(drawn)[3:]} == {"Ben"}
    assert len({record for (record,) in ask(drawn, "select record_id from judgement")}) == 12
    types("y" * 30)
    assert audit(drawn, "--second") == OK
    capsys.readouterr()
    assert audit(drawn, "report") == OK
    report = capsys.readouterr().out
    assert "12 are judged (by Ada, Ben)." in report
    assert "pages were judged by two people, who agreed on" in report
    assert max(map(len, report.partition("Judged to belong")[0].splitlines())) <= 80


def test_nothing_that_was_decided_is_shown_before_the_answer(
    drawn: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    types("s" * 12)
    assert audit(drawn) == OK
    said = capsys.readouterr().out
    fates = {row.fate for row in articles(drawn, everything=True)} - {"saved"}
    assert not [word for word in (*fates, "conflict 0", "related 0") if word in said]


def test_what_people_judged_changes_no_page(drawn: Path, types: Typing) -> None:
    before = seed_files(drawn), ask(drawn, "select url, fate from url order by url")
    types("n" * 12)
    assert audit(drawn) == OK
    assert (seed_files(drawn), ask(drawn, "select url, fate from url order by url")) == before
    assert call("verify", DATA_DIR=str(drawn)) == OK


def test_the_archive_states_each_answer_and_a_busy_one_later(
    no_copies: None, drawn: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    types("yn")
    with DataDir.at(drawn).held():
        assert audit(drawn) == OK
    assert "A run is at work: the answers are in the catalogue" in capsys.readouterr().out
    assert ask(drawn, "select count(*) from judgement where stated is null") == [(2,)]
    types("y")
    assert audit(drawn) == OK
    assert ask(drawn, "select count(*) from judgement where stated is null") == [(0,)]
    assert ask(drawn, "select count(*) from sample where stated is null") == [(0,)]


def test_answers_come_back_from_a_spreadsheet(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(drawn, "update article set title = '=1+1'")
    file = tmp_path / "answers.csv"
    assert audit(drawn, "export", str(file)) == OK
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert (len(rows), tuple(rows[0])) == (12, COLUMNS)
    assert all(row["text"] and row["url"].startswith("http") for row in rows)
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    given = ["y", "No", "s", "d", ""]
    save(file, rows, given)
    capsys.readouterr()
    assert audit(drawn, "import", str(file), by="Ben") == OK
    assert capsys.readouterr().out == f"4 answers of Ben were read from {file}.\n"
    assert answers(drawn) == [
        ("Ben", answer) for answer in (Answer.YES, Answer.NO, Answer.SKIPPED, Answer.LOST)
    ]
    with pytest.raises(OperatorError, match=r"exists, perhaps with answers"):
        audit(drawn, "export", str(file))


def save(file: Path, rows: Sequence[dict[str, str]], given: Sequence[str]) -> None:
    """What a spreadsheet with decimal commas writes, in another order of lines."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, delimiter=";")
        writer.writeheader()
        for row, answer in zip(rows, given, strict=False):
            writer.writerow(row | {"answer": answer})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("record,answer\n<urn:uuid:x>,y\n", "Line 2 of .* is of no page of this sample"),
        ("title\nx\n", "has no columns `record` and `answer`"),
        ("record,answer\n{record},perhaps\n", "Line 2 of .*: the answer is 'perhaps'; give y, n, s or d"),
        ("\xe9", "is not UTF-8: save it as CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_back_is_told_in_a_sentence(
    drawn: Path, tmp_path: Path, content: str, sentence: str
) -> None:
    [(pages,)] = ask(drawn, "select pages from sample")
    record = pages.split('"')[1]
    file = tmp_path / "answers.csv"
    file.write_bytes(content.replace("{record}", record).encode("latin-1"))
    with pytest.raises(OperatorError, match=sentence):
        audit(drawn, "import", str(file))
    assert answers(drawn) == []


def test_a_page_that_was_taken_down_or_lost_its_record_stays_unjudged(
    data: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = articles(data)[0].url
    assert call("redact", gone, "--reason", "as asked", "--yes", DATA_DIR=str(data)) == OK
    assert audit(data, "draw", "-n", "500", "--seed", "1") == OK
    [(left_out, pages)] = ask(data, "select left_out, pages from sample")
    assert left_out == '{"taken down": 1}'
    assert gone not in pages
    change(
        data, "update capture set record_id = '<urn:uuid:other>' where id in (select capture_id from article)"
    )
    types("y" * 500)
    capsys.readouterr()
    assert audit(data) == OK
    said = capsys.readouterr().out
    assert "cannot be judged: the catalogue knows its record no more. It stays unjudged." in said
    assert answers(data) == []
    assert audit(data, "report") == OK
    assert "None of them is judged yet" in capsys.readouterr().out


def test_a_copy_is_shown_with_what_the_corpus_has_instead(
    data: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(data, "draw", "-n", "500", "--seed", "1") == OK
    [(copy, kept)] = ask(
        data,
        "select url, duplicate_of from article join url on url.id = url_id where article.fate = 'syndicated'",
    )
    change(
        data,
        "update sample set pages = (select json_group_array(json(value)) from json_each(pages)"
        " where value ->> 1 = ?)",
        copy,
    )
    types("yn")
    capsys.readouterr()
    assert audit(data) == OK
    said = capsys.readouterr().out
    assert kept in said
    assert "The corpus has this text instead:" in said
    assert answers(data) == [("Ada", "lost")]


def test_without_a_sample_or_pages_it_is_one_sentence(data: Path) -> None:
    for arguments in ((), ("report",), ("export", "a.csv")):
        with pytest.raises(OperatorError, match="No sample was drawn yet: scrapy audit draw does it"):
            audit(data, *arguments)
    with pytest.raises(OperatorError, match="are too few for the"):
        audit(data, "draw", "-n", "2")
    change(data, "update url set kind = 'feed'")
    change(data, "delete from article")
    with pytest.raises(OperatorError, match="Nothing was extracted yet"):
        audit(data, "draw")


@pytest.mark.parametrize("arguments", [("draws",), ("export",), ("draw", "more"), ("report", "a.csv")])
def test_wrong_usage_is_one_sentence(data: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError, match="usage: scrapy audit"):
        audit(data, *arguments)


def test_the_name_is_that_of_the_operator(drawn: Path) -> None:
    settings = ("-s", f"DATA_DIR={drawn}", "-s", "OPERATOR=Ada Veld, ada@vella.example")
    assert scrapy("audit", *settings).stdout.startswith("Ada Veld, a page belongs if ")
