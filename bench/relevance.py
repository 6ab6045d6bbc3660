"""Measures relevance on labelled texts, each scored with weights that were fitted without its publisher.

    python -m bench.relevance TEXTS.jsonl [TEXTS.jsonl …] [--out FILE] [--languages]

TEXTS as for `bench.fit_relevance`; a publisher is a collection with all its parts. Prints what scoring a text costs;
F1, average precision and the share of other texts that are accepted: of all texts, by genre, file, language and kind;
how well one threshold serves all publishers, and what the band for review holds, beside what calibrated scores would
give (`bench.thresholds`); and a list of words. --languages leaves out whole languages instead of publishers. --out
writes a line for each text: id, source, lang, score, label. `related` is measured among the texts about conflict, by
file and in all; no weight was fitted to its labels.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import TypedDict

import numpy as np

from bench.fit_relevance import NEAR_WAR, Fit, Sample, read_samples
from bench.thresholds import Texts, show_publishers, show_review
from crawler.relevance import Scorer
from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.measures import Measures, Row, average_precision, best_threshold
from crawler.relevance.seeds import read_seeds
from crawler.relevance.topic import Thresholds

Judged = tuple[Sample, float]
KeyOf = Callable[[Sample], str]


class Labelled(TypedDict):
    """A labelled text."""

    title: str | None
    text: str | None
    label_conflict: int | None
    label_seed_related: int | None


_ENOUGH = 5
"""Texts about conflict, and others, that a language needs to count in the mean over languages."""
_ENOUGH_FOR_THRESHOLD = 8
"""The same for a publisher whose best threshold is looked for."""
_RESAMPLED = 1000


def cross_validate(samples: Sequence[Sample], key_of: KeyOf) -> list[Judged]:
    """Each sample with its score by weights that were fitted without any sample of the same key."""
    fit = Fit(samples)
    everything = fit.weights()
    keys = np.array([key_of(sample) for sample in samples])
    scores = np.zeros(len(samples))
    for key in sorted(set(keys)):
        held_out = keys == key
        scores[held_out] = fit.scores(fit.weights(~held_out, everything), held_out)
    return list(zip(samples, map(float, scores), strict=True))


def show(judged: Sequence[Judged]) -> None:
    """Print the measures of all texts, and of groups of them."""
    texts = [each for each in judged if not each[0].is_part]
    report("all", texts)
    report("headlines alone", [each for each in judged if each[0].is_part or each[0].genre == "title"])
    for name, key_of in _GROUPS.items():
        for key, members in _grouped(texts, key_of).items():
            report(f"{name} {key}", members)
    languages = [
        each for each in _grouped(texts, lambda sample: sample.language).values() if _has(each, _ENOUGH)
    ]
    print(f"mean over {len(languages)} languages: F1 {fmean(measure(each).f1 for each in languages):.3f}")
    show_accepted_others(texts)
    show_thresholds(texts)
    show_review(_scores(texts), Thresholds())


_GROUPS: dict[str, KeyOf] = {
    "genre": lambda sample: sample.genre,
    "file": lambda sample: sample.file,
    "language": lambda sample: sample.language,
}


def _grouped(judged: Iterable[Judged], key_of: KeyOf) -> dict[str, list[Judged]]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        groups[key_of(each[0])].append(each)
    return {key: groups[key] for key in sorted(groups)}


def _has(judged: Sequence[Judged], enough: int) -> bool:
    wanted = sum(sample.is_conflict for sample, _ in judged)
    return min(wanted, len(judged) - wanted) >= enough


def _rows(judged: Iterable[Judged]) -> list[Row]:
    threshold = Thresholds().conflict
    return [Row(sample.is_conflict, score, score >= threshold) for sample, score in judged]


def measure(judged: Iterable[Judged]) -> Measures:
    """The measures with the shipped threshold."""
    return Measures.of(_rows(judged))


def report(name: str, judged: Sequence[Judged]) -> None:
    """Print one line of measures."""
    print(f"{name:20} {measure(judged)}")


def show_accepted_others(texts: Sequence[Judged]) -> None:
    """Print how many texts that are not about conflict are accepted, by kind."""
    others = [each for each in texts if each[0].kind and not each[0].is_conflict]
    named = [each for each in others if each[0].kind != "other"]
    near = [each for each in others if each[0].kind in NEAR_WAR]
    for name, members in (("named kinds", named), ("near war", near)):
        print(f"accepted of {name}: {measure(members).false_accepts:.3f} of {len(members)}")
    shares = [
        f"{kind} {measure(members).false}/{len(members)}"
        for kind, members in _grouped(others, lambda sample: sample.kind).items()
    ]
    print("  " + ", ".join(shares))


def show_thresholds(texts: Sequence[Judged]) -> None:
    """Print how well one threshold serves every publisher."""
    publishers = _grouped(texts, lambda sample: sample.publisher).values()
    counted = [_scores(each) for each in publishers if _has(each, _ENOUGH_FOR_THRESHOLD)]
    show_publishers([_scores(each) for each in publishers], counted, Thresholds().conflict)


def _scores(judged: Iterable[Judged]) -> Texts:
    wanted, scores = zip(*((sample.is_conflict, score) for sample, score in judged), strict=True)
    return Texts(np.array(wanted), np.array(scores))


def show_word_list(samples: Sequence[Sample]) -> None:
    """Print the measures of a rival: how many different concepts of war a text has, with the best threshold on all."""
    groups = load_lexicon().groups
    texts = [sample for sample in samples if not sample.is_part]
    found = [float(sum(groups.get(name, "other") != "other" for name in each.features)) for each in texts]
    limit, _ = best_threshold(
        Row(text.is_conflict, score, False) for text, score in zip(texts, found, strict=True)
    )
    rows = [Row(text.is_conflict, score, score >= limit) for text, score in zip(texts, found, strict=True)]
    print(f"{'words of war, tuned':20} {Measures.of(rows)}")


def measure_scorer(files: Sequence[Path], seeds: Path) -> None:
    """Print the CPU time of the start and of each score, and how well texts related to the seeds are found."""
    begin = time.process_time()
    scorer = Scorer.from_seeds(read_seeds(seeds))
    scorer.score(None, ("word",))
    print(f"start {time.process_time() - begin:.2f} s")
    every: list[Row] = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            every += measure_related(scorer, file.stem, [json.loads(line) for line in lines])
    report_related("in all", every)


def measure_related(scorer: Scorer, name: str, texts: Sequence[Labelled]) -> list[Row]:
    """Print the cost of a text, and how well those about conflict are told apart; their scores."""
    rows, spent = [], []
    for row in texts:
        begin = time.process_time()
        found = scorer.score(row["title"], (row["text"] or "").split("\n\n"))
        spent.append(1000 * (time.process_time() - begin))
        if row["label_conflict"] == 1 and row["label_seed_related"] is not None:
            rows.append(Row(bool(row["label_seed_related"]), found.related, found.related_accept))
    report_related(name, rows)
    print(f"  {np.median(spent):.2f} ms a text at median, {np.quantile(spent, 0.99):.1f} at 99 %")
    return rows


def report_related(name: str, rows: Sequence[Row]) -> None:
    """Print one line of measures, with the interval of the average precision."""
    low, high = interval(rows)
    print(f"related {name:12} {Measures.of(rows)}, AP {low:.3f} to {high:.3f}")


def interval(rows: Sequence[Row]) -> tuple[float, float]:
    """Where 95 % of the average precisions of resampled rows lie."""
    chooser = random.Random(1)
    drawn = (chooser.choices(rows, k=len(rows)) for _ in range(_RESAMPLED))
    found = sorted(average_precision(each) for each in drawn)
    return found[int(0.025 * _RESAMPLED)], found[int(0.975 * _RESAMPLED)]


def _write(path: Path, judged: Iterable[Judged]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for sample, score in judged:
            if not sample.is_part:
                line = {"id": sample.id, "source": sample.source, "lang": sample.language, "score": score}
                out.write(json.dumps(line | {"label": int(sample.is_conflict)}, ensure_ascii=False) + "\n")


def main() -> None:
    """Measure the two scores."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--languages", action="store_true", help="leave out whole languages")
    arguments = parser.parse_args()
    measure_scorer(arguments.texts, Path("seeds"))
    samples = read_samples(arguments.texts)
    show_word_list(samples)
    judged = cross_validate(
        samples, _GROUPS["language"] if arguments.languages else lambda each: each.publisher
    )
    show(judged)
    if arguments.out:
        _write(arguments.out, judged)


if __name__ == "__main__":
    main()
