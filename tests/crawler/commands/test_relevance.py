"""`scrapy relevance` scores texts from anywhere, measures scores against labels, and finds thresholds."""

import json
import tracemalloc
from pathlib import Path

import pytest

from crawler.cli import relevance
from crawler.errors import OperatorError
from crawler.relevance import Scorer
from tests.support.commands import call, scrapy

KEYS = ["id", "score", "accept", "conflict", "conflict_accept", "related", "related_accept", "terms"]
TEXTS: list[dict[str, object]] = [
    {
        "id": "a",
        "lang": "fr",
        "title": "Embuscade près de Palmyre",
        "text": "Des djihadistes ont tué neuf soldats syriens.\n\nDes frappes aériennes russes ont suivi.",
        "label_conflict": 1,
        "label_seed_related": 1,
    },
    {
        "id": 2,
        "lang": "en",
        "title": None,
        "text": "The coach praised the attack after the match: three goals, and the league title is near.",
        "label_conflict": 0,
        "label_seed_related": 0,
    },
    {"id": "c", "title": "Rebels shelled the town of Vella", "label_conflict": 1, "label_seed_related": None},
]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return written(tmp_path / "texts.jsonl", [json.dumps(text) for text in TEXTS])


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_scores_have_the_keys_of_the_contract(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.jsonl"
    result = scrapy("relevance", "score", texts, out)
    assert (result.returncode, result.stderr) == (0, "")
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [(row["id"], row["accept"], row["conflict_accept"]) for row in rows] == [
        ("a", True, True),
        (2, False, False),
        ("c", False, True),
    ]
    assert all((row["score"] >= 0.5) == row["accept"] for row in rows)
    assert "Embuscade" in rows[0]["terms"]


def test_the_mode_decides_what_is_accepted(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.jsonl"
    assert call("relevance", "score", str(texts), str(out), RELEVANCE_MODE="conflict") == 0
    assert [json.loads(line)["accept"] for line in out.read_text("utf-8").splitlines()] == [True, False, True]


def test_measures_are_given_over_all_and_by_language(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("relevance", "eval", str(texts)) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [
        ["conflict", "all"],
        ["conflict", "??"],
        ["conflict", "en"],
        ["conflict", "fr"],
        ["related", "all"],
        ["related", "en"],
        ["related", "fr"],
    ]
    assert "F1 1.000" in said[0]


def test_thresholds_are_given_as_topic_toml_takes_them(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("relevance", "tune", str(texts)) == 0
    said = capsys.readouterr().out
    assert said.startswith("[thresholds]\nconflict = 0.")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_bytes(" date 2021-01 Une embuscade a tué des soldats.".encode())
    (seeds / "topic.toml").write_text(said, encoding="utf-8")
    assert call("relevance", "eval", str(texts), SEEDS_DIR=str(seeds)) == 0


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    scorer = Scorer.from_seeds([])
    text = "Rebels shelled the town of Vella and soldiers fired back. " * 40
    peaks = []
    for count in (20, 200):
        lines = [json.dumps({"id": number, "text": text}) for number in range(count)]
        source = written(tmp_path / f"{count}.jsonl", lines)
        tracemalloc.start()
        relevance.write_scores(scorer, source, tmp_path / "out.jsonl")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", r"Line 1 of .*texts\.jsonl is no JSON\."),
        ("[]", "is no object with an id"),
        ('{"text": "no id"}', "is no object with an id"),
        ('{"id": 1, "text": "no label"}', "has label_conflict or label_seed_related: give 0 or 1"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence):
        call("relevance", "eval", str(written(tmp_path / "texts.jsonl", [line])))


def test_files_that_cannot_be_read_or_written_are_named(texts: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"Cannot read .*missing"):
        call("relevance", "eval", str(tmp_path / "missing"))
    with pytest.raises(OperatorError, match=r"Cannot write .*: No such file"):
        call("relevance", "score", str(texts), str(tmp_path / "missing" / "out"))
    (tmp_path / "data").write_bytes(b"\xff\xfe\n")
    with pytest.raises(OperatorError, match="is not UTF-8"):
        call("relevance", "eval", str(tmp_path / "data"))


@pytest.mark.parametrize("arguments", [("score", "a"), ("eval",), ("weigh", "a"), ("tune", "a", "b")])
def test_wrong_usage_is_one_sentence(arguments: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError, match="usage: scrapy relevance "):
        call("relevance", *arguments)
