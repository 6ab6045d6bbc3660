"""Measures relevance on labelled texts, each scored with weights that were fitted without its source.

    python -m bench.relevance TEXTS.jsonl [OUT.jsonl]

TEXTS as for `bench.fit_relevance`. OUT gets one object per line: id, score, accept. Prints what scoring a text costs,
then F1, average precision and the share of other texts that are accepted.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.fit_relevance import Fit, Sample, read_samples
from crawler.relevance import Scorer
from crawler.relevance.measures import Measures, Row
from crawler.relevance.seeds import read_seeds
from crawler.relevance.topic import Thresholds

_LANGUAGES = ("ar", "de", "en", "fr", "he", "ru")

T = TypeVar("T")
Judged = tuple[Sample, float]


def leave_one_source_out(samples: Sequence[Sample]) -> list[Judged]:
    """Each sample with its score by weights that were fitted without its source."""
    fit = Fit(samples)
    everything = fit.weights()
    sources = np.array([sample.source for sample in samples])
    scores = np.zeros(len(samples))
    for source in sorted(set(sources)):
        held_out = sources == source
        scores[held_out] = fit.scores(fit.weights(~held_out, everything), held_out)
    return list(zip(samples, map(float, scores), strict=True))


def show(judged: Iterable[Judged]) -> None:
    """Print the measures of all texts, of articles, of headlines and of each language."""
    judged = list(judged)
    texts = [each for each in judged if not each[0].is_title]
    report("all texts", texts)
    report("articles", [each for each in texts if each[0].is_article])
    report("headlines", [each for each in judged if each[0].is_title])
    for language in _LANGUAGES:
        report(language, [each for each in texts if each[0].language == language])


def report(name: str, judged: Sequence[Judged]) -> None:
    threshold = Thresholds().conflict
    measures = Measures.of(Row(sample.is_conflict, score, score >= threshold) for sample, score in judged)
    print(f"{name:10} {measures}")


def measure_scorer(texts: Path, seeds: Path) -> None:
    """Print the CPU time of the start and of each score, and how well texts related to the seeds are found.

    No weight was fitted to the labels of related texts.
    """
    scorer, start = _timed(lambda: Scorer.from_seeds(read_seeds(seeds)))
    with texts.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found, spent = _timed(
        lambda: [scorer.score(row["title"], (row["text"] or "").split("\n\n")) for row in rows]
    )
    folder = Path(__file__).parent.parent / "crawler" / "relevance"
    size = sum(file.stat().st_size for file in folder.glob("*.tsv"))
    print(f"start {start:.2f} s, {1000 * spent / len(rows):.2f} ms a text, word lists {size / 1e6:.2f} MB")
    labelled = [
        Row(bool(row["label_seed_related"]), each.related, each.related_accept)
        for row, each in zip(rows, found, strict=True)
        if row.get("label_seed_related") is not None
    ]
    print(f"{'related':10} {Measures.of(labelled)}")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.process_time()
    return work(), time.process_time() - begin


def main() -> None:
    """Measure both profiles."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    arguments = parser.parse_args()
    measure_scorer(arguments.texts, Path("seeds"))
    samples = read_samples(arguments.texts)
    judged = leave_one_source_out([sample for sample in samples if sample.is_short])
    judged += leave_one_source_out([sample for sample in samples if not sample.is_short])
    show(judged)
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8") as out:
            for sample, score in judged:
                if not sample.is_title:
                    line = {"id": sample.id, "score": score, "accept": score >= Thresholds().conflict}
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
