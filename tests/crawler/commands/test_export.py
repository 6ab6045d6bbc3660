"""`scrapy export` writes what the catalogue knows, in forms that other programs read without harm."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue.exported_articles import FIELDS
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.cli.export import write_csv, write_jsonl
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE, USAGE
from crawler.fates import Fate
from crawler.items import Decision, Relevance
from tests.support.commands import call, start_scrapy
from tests.support.outcomes import Shelved, article, filed, outcome_of

TEXT = "قُصف الميناء — «لا ضحايا» 🚒"
TERMS = Relevance(0.75, True, 0.5, True, 0.8, Decision.ACCEPT, ("قصف", "Tarn"))
HOSTILE = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("http://tarn.example")',
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of one saved article and one page that is off topic."""
    data_dir = tmp_path_factory.mktemp("export")
    saved = filed(
        article("one", TEXT, title="=cmd|' /C calc'!A0", authors=("Élise", "نور"), relevance=TERMS), 0
    )
    refused = article("two", "La soupe du jour.", capture=Shelved(1))
    with closing(Catalogue.open("", data_dir)) as catalogue:
        run = begin_run(catalogue, "news", {}, "")
        commit_outcomes(
            catalogue,
            run,
            [
                (outcome_of(saved), Shelved(0).durable()),
                (outcome_of(refused, Fate.OFF_TOPIC), Shelved(1).durable()),
            ],
        )
    return data_dir


def export(data_dir: Path, *arguments: str) -> int:
    return call("export", *arguments, DATA_DIR=str(data_dir))


def exported(data_dir: Path, capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert export(data_dir, *arguments) == 0
    return capfd.readouterr().out


def test_jsonl_has_one_object_for_each_article(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    [line] = exported(data, capfd, "--format", "jsonl").splitlines()
    row = json.loads(line)
    assert tuple(row) == tuple(name for name in FIELDS if name != "text")
    assert (row["url"], row["fate"], row["modified"]) == ("https://marisol.example/one", "saved", None)
    assert (row["authors"], row["terms"]) == (["Élise", "نور"], ["قصف", "Tarn"])
    assert "نور" in line  # readable, not escaped


def test_all_takes_every_extracted_page(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = exported(data, capfd, "--all").splitlines()
    assert [json.loads(line)["fate"] for line in lines] == ["saved", "off_topic"]


def test_text_adds_the_body(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    row = json.loads(exported(data, capfd, "--text"))
    assert tuple(row) == FIELDS
    assert row["text"] == f"{TEXT}\n\nLa digue a tenu."


def test_csv_has_a_header_and_the_same_fields(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = exported(data, capfd, "--format", "csv", "--text", "--all")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == FIELDS
    saved, refused = (dict(zip(FIELDS, row, strict=True)) for row in rows[1:])
    assert saved["authors"] == "Élise; نور"
    assert saved["text"] == f"{TEXT}\n\nLa digue a tenu."
    assert saved["title"] == "'=cmd|' /C calc'!A0"
    assert (saved["conflict"], saved["offset"], saved["modified"]) == ("0.75", "0", "")
    assert refused["fate"] == "off_topic"


def test_a_file_is_written_as_what_goes_to_standard_output(
    data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for form in ("csv", "jsonl"):
        assert export(data, "--format", form, "--output", str(tmp_path / form)) == 0
        assert capfd.readouterr().out == ""
        assert (tmp_path / form).read_bytes().decode() == exported(data, capfd, "--format", form)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_becomes_a_formula(text: str) -> None:
    out = io.StringIO(newline="")
    write_csv([{"title": text, "terms": (text, "Tarn"), "score": -0.5}], ["title", "terms", "score"], out)
    _, [title, terms, score] = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert (title, terms) == (f"'{text}", f"'{text}; Tarn")
    assert score == "-0.5"  # ours, and a number


VALUES = st.text()


@given(st.lists(st.fixed_dictionaries({"title": st.none() | VALUES, "terms": st.lists(VALUES)})))
def test_any_text_survives_jsonl(rows: list[dict[str, Any]]) -> None:
    out = io.StringIO(newline="")
    write_jsonl(rows, ["title", "terms"], out)
    lines = out.getvalue().encode().split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == rows


@given(st.lists(VALUES.filter(lambda text: "\0" not in text)))
def test_any_text_survives_csv(texts: list[str]) -> None:
    out = io.StringIO(newline="")
    write_csv([{"title": text} for text in texts], ["title"], out)
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(out.getvalue(), newline=""))]
    assert [cell.removeprefix("'") for cell in cells[1:]] == [text.removeprefix("'") for text in texts]


def test_without_a_catalogue_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=f"no catalogue in {tmp_path}") as failure:
        export(tmp_path)
    assert failure.value.exit_code == USAGE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["articles.jsonl"], ["--everything"]])
def test_an_unknown_argument_is_refused(data: Path, arguments: list[str]) -> None:
    with pytest.raises(OperatorError, match=f"Unknown argument '{arguments[0]}'") as failure:
        export(data, *arguments)
    assert failure.value.exit_code == USAGE


def test_a_file_that_cannot_be_made_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match=r"Cannot write .*file/out\.csv: Not a directory"):
        export(data, "--format", "csv", "--output", str(tmp_path / "file" / "out.csv"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_a_storage_failure(data: Path) -> None:
    with pytest.raises(OperatorError, match="Cannot write /dev/full: No space left on device") as failure:
        export(data, "--output", "/dev/full")
    assert failure.value.exit_code == STORAGE


def test_the_locale_does_not_matter(data: Path) -> None:
    environment = {"PYTHONIOENCODING": "latin-1"}
    result = start_scrapy("export", "-s", f"DATA_DIR={data}", "--text", environment=environment)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["authors"] == ["Élise", "نور"]
    assert result.stderr == ""
