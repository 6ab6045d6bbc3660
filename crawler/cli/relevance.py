"""The scorer by itself, on texts from anywhere, one JSON object a line."""

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from scrapy.settings import BaseSettings

from crawler.cli.tuning import show_in_force, tune_from_reviews, untune
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE
from crawler.relevance import Scorer
from crawler.relevance.measures import Measures, Row, best_threshold
from crawler.relevance.seeds import scorer_in_force

SCORE_FIELDS = ("score", "accept", "conflict", "conflict_accept", "related", "related_accept", "terms")
"""What is written about each text; `docs/commands.md` lists it."""

_USAGE = "usage: scrapy relevance [score IN.jsonl OUT.jsonl | eval FILE | tune FILE | tune --from-reviews | untune]"

_LABELS = {"conflict": "label_conflict", "related": "label_seed_related"}

Document = Mapping[str, object]


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Score texts, measure scores against labels, find thresholds, or show which are in force."""
    action, paths = (args[0], [Path(arg) for arg in args[1:]]) if args else ("", [])
    takes = {"": 0, "untune": 0, "score": 2, "eval": 1, "tune": 0 if opts.from_reviews else 1}
    if takes.get(action) != len(paths) or (opts.from_reviews and action != "tune"):
        raise OperatorError(_USAGE)
    if not paths:
        {"": show_in_force, "untune": untune, "tune": tune_from_reviews}[action](settings)
        return OK
    scorer = scorer_in_force(settings)
    if action == "score":
        write_scores(scorer, *paths)
    elif action == "eval":
        show_measures(scorer, paths[0])
    else:
        show_thresholds(scorer, paths[0])
    return OK


def write_scores(scorer: Scorer, source: Path, target: Path) -> None:
    """One object a line: the id, and SCORE_FIELDS."""
    with written(target) as out:
        for document in documents(source):
            line = json.dumps({"id": document["id"], **judge(scorer, document)}, ensure_ascii=False)
            out.write(f"{line}\n")


def judge(scorer: Scorer, document: Document) -> dict[str, object]:
    """The scorer's result for a document."""
    title, text, language = (str(document.get(name) or "") for name in ("title", "text", "lang"))
    found = scorer.score(title, text.split("\n\n"), language or None)
    return {name: getattr(found, name) for name in SCORE_FIELDS}


def show_measures(scorer: Scorer, source: Path) -> None:
    """Print how well each score agrees with its label, over all texts and by language."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for score, language, row in labelled(scorer, source):
        for part in ("all", language):
            rows.setdefault((score, part), []).append(row)
    for (score, part), found in sorted(
        rows.items(), key=lambda item: (item[0][0], item[0][1] != "all", item[0])
    ):
        print(f"{score:8} {part:4} {Measures.of(found)}")


def show_thresholds(scorer: Scorer, source: Path) -> None:
    """Print the thresholds with the best F1, as lines of topic.toml."""
    rows: dict[str, list[Row]] = {}
    for score, _, row in labelled(scorer, source):
        rows.setdefault(score, []).append(row)
    print("[thresholds]")
    for score, found in sorted(rows.items()):
        threshold, f1 = best_threshold(found)
        print(f"{score} = {threshold:g}  # F1 {f1:.3f}; now {Measures.of(found).f1:.3f}")


def labelled(scorer: Scorer, source: Path) -> Iterator[tuple[str, str, Row]]:
    """Each score that has a label, with the language of its text; OperatorError if there is none."""
    count = 0
    for document in documents(source):
        found: dict[str, object] | None = None
        for score, label in _LABELS.items():
            if document.get(label) is not None:
                found = found or judge(scorer, document)
                row = Row(bool(document[label]), float(str(found[score])), bool(found[f"{score}_accept"]))
                yield score, str(document.get("lang") or "??"), row
                count += 1
    if not count:
        raise OperatorError(f"No line of {source} has {' or '.join(_LABELS.values())}: give 0 or 1.")


def documents(source: Path) -> Iterator[Document]:
    """The objects of a JSONL file; OperatorError with the line that is none, or has no id."""
    try:
        with source.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _document(line, f"Line {number} of {source}")
    except UnicodeDecodeError:
        raise OperatorError(f"{source} is not UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"Cannot read {source}: {error.strerror}.") from None


def _document(line: str, where: str) -> Document:
    try:
        document = json.loads(line)
    except ValueError:
        raise OperatorError(f"{where} is no JSON.") from None
    if not isinstance(document, dict) or "id" not in document:
        raise OperatorError(f"{where} is no object with an id.")
    return document


@contextmanager
def written(target: Path) -> Iterator[TextIO]:
    """A file that is written; OperatorError if the disk refuses."""
    is_new = not target.exists()
    try:
        with target.open("w", encoding="utf-8") as out:
            yield out
    except OperatorError:  # of what is read
        if is_new:
            target.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise OperatorError(
            f"Cannot write {target}: {error.strerror}. Free space, or name another file.", STORAGE
        ) from None
