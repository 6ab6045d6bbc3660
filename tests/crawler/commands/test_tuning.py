"""`scrapy relevance tune --from-reviews` moves thresholds as people decided, and `untune` puts them back."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.http.url_identity import url_key
from tests.support.catalogues import articles, ask, by_text
from tests.support.commands import call

DOUBTFUL = "The general of Vella said that troops could be sent to the border if talks fail."
PEACEFUL = "The bakery of Vella opened."


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    """A catalogue in which people accepted doubtful pages and rejected peaceful ones, of six sources."""
    return decisions(tmp_path / "data", accepted=45, rejected=20)


def decisions(data: Path, accepted: int, rejected: int) -> Path:
    data.mkdir()
    with closing(Catalogue.open("", data)) as catalogue:
        run_id = begin_run(catalogue, "news", {}, "frontwire/0")

        def enter(connection: Connection) -> None:
            for number in range(accepted + rejected):
                is_kept = number < accepted
                choice = ReviewChoice.ACCEPT if is_kept else ReviewChoice.REJECT
                url = f"https://vella.example/{number}"
                _enter_page(
                    connection, run_id, url, f"source {number % 6}", DOUBTFUL if is_kept else PEACEFUL
                )
                note_decisions(connection, [ReviewDecision.now(url, choice, "Ada")])

        catalogue.write(enter)
    return data


def _enter_page(connection: Connection, run_id: int, url: str, source: str, text: str) -> None:
    page: dict[str, object] = {
        "key": url_key(url),
        "url": url,
        "kind": "article",
        "state": "done",
        "evidence": "{}",
        "run_id": run_id,
    }
    row: dict[str, object] = {
        "fate": "review",
        "origin": "live",
        "source": source,
        "text": text,
        "language": "en",
        "authors": "[]",
    }
    row |= {
        "rights": "[]",
        "terms": "[]",
        "date_conflict": False,
        "extractor": "frontwire 0",
        "run_id": run_id,
    }
    connection.execute(insert(schema.article), [row | {"url_id": insert_row(connection, schema.url, page)}])


def relevance(data: Path, *arguments: str) -> int:
    return call("relevance", *arguments, DATA_DIR=str(data), RELEVANCE_MODE="conflict")


def test_decisions_move_the_threshold_and_one_command_undoes_it(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert relevance(decided) == OK
    shipped = capsys.readouterr().out
    assert "Not tuned" in shipped
    assert relevance(decided, "tune", "--from-reviews") == OK
    said = capsys.readouterr().out
    assert "Of 65 decisions the shipped thresholds agree with 20, tuned ones with 65" in said
    assert "That is +45; 95 % interval +3" in said
    assert "conflict: accepted from 0.5 -> 0." in said
    assert relevance(decided) == OK
    tuned = capsys.readouterr().out
    assert ", tuning " in tuned
    assert "Of 65 decisions the shipped thresholds agree with 20" in tuned
    assert "conflict: accepted from 0.5," not in tuned
    (decided / "tuning.toml").write_text("broken", encoding="utf-8")
    assert relevance(decided, "tune", "--from-reviews") == OK
    assert capsys.readouterr().out == said
    assert relevance(decided, "untune") == OK
    capsys.readouterr()
    assert relevance(decided) == OK
    assert capsys.readouterr().out == shipped
    assert relevance(decided, "untune") == OK
    assert capsys.readouterr().out.startswith("Nothing was tuned here")
    assert ask(decided, "select count(*) from review") == [(65,)]


def test_a_tuning_that_does_not_help_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = decisions(tmp_path / "data", accepted=10, rejected=60)
    assert relevance(data, "tune", "--from-reviews") == OK
    assert capsys.readouterr().out.endswith("So nothing was changed.\n")
    assert not (data / "tuning.toml").exists()


@pytest.mark.parametrize(("accepted", "rejected"), [(20, 20), (60, 3), (4, 60)])
def test_too_few_decisions_are_refused_in_a_sentence(tmp_path: Path, accepted: int, rejected: int) -> None:
    data = decisions(tmp_path / "data", accepted, rejected)
    with pytest.raises(
        OperatorError, match=rf"^{accepted + rejected} pages .* \({accepted} belong\): tuning needs 50"
    ):
        relevance(data, "tune", "--from-reviews")


@pytest.mark.parametrize(
    "arguments", [("tune",), ("untune", "a"), ("eval", "a", "--from-reviews"), ("show",)]
)
def test_wrong_usage_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError, match="usage: scrapy relevance"):
        relevance(tmp_path, *arguments)


def test_derivations_use_what_was_tuned_and_explain_says_so(
    data: Path, replays_here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = by_text(data)
    (data / "tuning.toml").write_text("[shift]\nconflict = -2.0\nrelated = -2.0\n", encoding="utf-8")
    assert call("rederive", "--apply", DATA_DIR=str(data)) == OK
    assert len(by_text(data)) < len(before)
    capsys.readouterr()
    assert call("explain", articles(data, everything=True)[0].url, DATA_DIR=str(data)) == OK
    assert ", tuning " in capsys.readouterr().out
    assert call("relevance", "untune", DATA_DIR=str(data)) == OK
    # A setting that changes nothing here: replays with equal settings are made once a session.
    assert call("rederive", "--apply", DATA_DIR=str(data), EXTRACTION_TIMEOUT_S="61") == OK
    assert by_text(data) == before
