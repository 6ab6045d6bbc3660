"""`scrapy export` writes what the catalogue knows, in forms that other programs read without harm."""

import csv
import io
import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.catalogue.exported_articles import FIELDS
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE, USAGE
from crawler.fates import Fate
from crawler.items import Decision, Relevance
from tests.support.commands import call, start_scrapy
from tests.support.outcomes import MOMENT, Shelved, article, filed, outcome_of

TEXT = "قُصف الميناء — «لا ضحايا» 🚒"
TERMS = Relevance(0.75, True, 0.5, True, 0.8, Decision.ACCEPT, ("قصف", "Tarn"))


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


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of articles of several days, languages and sources, from two runs."""
    data_dir = tmp_path_factory.mktemp("week")
    made = [
        article("fr", "Le port rouvre.", language="fr", published="2021-01-10T23:30:00-05:00"),
        article("ar", "قُصف الميناء.", language="ar", published="2021-01-20"),
        article("monthly", "The port burned.", language="en", published=None),
        article("unknown", "Tarn.", language=None, published="2021-02-03", month="2021-02"),
    ]
    with closing(Catalogue.open("", data_dir)) as catalogue:
        for number, each in enumerate(made):
            capture = Shelved(number, captured=MOMENT + timedelta(days=number))
            ended = filed(replace(each, capture=capture), number)
            commit_outcomes(
                catalogue, begin_run(catalogue, "news", {}, ""), [(outcome_of(ended), capture.durable())]
            )
    return data_dir


CHOICES = [
    (["--since", "2021-01-20"], ["ar", "monthly", "unknown"]),  # of one the month alone is known
    (["--until", "2021-01-10"], ["fr", "monthly"]),
    (["--since", "2021-01", "--until", "2021-01"], ["fr", "ar", "monthly"]),
    (["--by", "captured", "--since", "2021-01-30"], ["monthly", "unknown"]),
    (["--language", "ar,unknown"], ["ar", "unknown"]),
    (["--source", "marisol", "--newest", "2"], ["monthly", "unknown"]),
    (["--source", "unknown"], []),
    (["--country", "FR"], []),
    (["--query", "قصف"], ["ar"]),
    (["--run", "3"], ["monthly"]),
    (["--run", "1,4"], ["fr", "unknown"]),
    (["--war", "unknown"], ["fr", "ar", "monthly", "unknown"]),
    (["--war", "SY"], []),
    (["--fate", "saved"], ["fr", "ar", "monthly", "unknown"]),
    (["--fate", "review"], []),
]


@pytest.mark.parametrize(("options", "names"), CHOICES, ids=lambda each: " ".join(each))
def test_only_what_is_wanted_is_exported(
    options: list[str], names: list[str], week: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = exported(week, capfd, "--columns", "url", *options).splitlines()
    assert [json.loads(line)["url"].rpartition("/")[2] for line in lines] == names


def test_columns_are_those_named_in_their_order(week: Path, capfd: pytest.CaptureFixture[str]) -> None:
    line = exported(week, capfd, "--columns", "day, source_name,text", "--newest", "1")
    assert json.loads(line) == {
        "day": "2021-02-03",
        "source_name": "marisol",
        "text": "Tarn.\n\nLa digue a tenu.",
    }


def test_a_sheet_for_excel_has_what_people_read(week: Path, capfd: pytest.CaptureFixture[str]) -> None:
    head, first, *_ = exported(week, capfd, "--for-excel").splitlines()
    assert head.startswith("\ufeffday,title,source_name,")
    assert "2021-01-10 23:30,2021-01-28 09:00" in first


WRONG = [
    (["--columns", "titel"], "There is no column 'titel'; did you mean title"),
    (["--columns", "url,url"], "'url' is named twice"),
    (["--columns", "url", "--format", "tei"], "has no columns to choose"),
    (["--since", "yesterday"], "--since is 'yesterday': give a day"),
    (["--until", "2021-02-30"], "--until is '2021-02-30': give a day"),
    (["--country", "ZZ"], "No source is from 'ZZ'"),
    (["--fate", "savd"], "There is no fate 'savd'; did you mean saved"),
    (["--query", "—"], "give a word"),
    (["--for-excel", "--format", "tei"], "--for-excel is for"),
    (["--format", "hf"], "name it with --output FOLDER"),
    (["--newest", "0"], "--newest is 0"),
    (["--run", "last"], "--run is 'last': give numbers"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=lambda each: " ".join(each))
def test_what_cannot_be_meant_is_one_sentence(options: list[str], sentence: str, week: Path) -> None:
    with pytest.raises(OperatorError, match=re.escape(sentence)) as refused:
        export(week, *options)
    assert refused.value.exit_code == USAGE


def test_postgresql_chooses_alike(
    postgres_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        made = filed(article("pg", "Тармил горит.", language="ru", published="2021-01-20"))
        run = begin_run(catalogue, "news", {}, "")
        commit_outcomes(catalogue, run, [(outcome_of(made), Shelved(0).durable())])
    options = ["--columns", "url", "--since", "2021-01-20", "--until", "2021-01", "--language", "ru"]
    assert call("export", *options, DATA_DIR=str(tmp_path), STORE_URL=postgres_url) == 0
    assert json.loads(capfd.readouterr().out) == {"url": "https://marisol.example/pg"}
    assert call("export", *options, "--language", "fr", DATA_DIR=str(tmp_path), STORE_URL=postgres_url) == 0
    assert capfd.readouterr().out == ""
