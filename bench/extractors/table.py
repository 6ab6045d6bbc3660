"""Compares the predictions of several extractors on labelled pages: a Markdown table per set and per group.

    python -m bench.extractors.table EVALUATE.py TRUTH.jsonl FRONTWIRE.jsonl OTHER.jsonl... [--by language]

EVALUATE.py has `load(path)` and `score(truth, prediction)`; a predictions file is named after its extractor. Every
figure is a mean over pages. Intervals are 95 % of a bootstrap that draws whole sites, for pages of one site fail
together; p is of a paired test that flips the sign of the first extractor's lead site by site.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from bench.extraction import Evaluator, load_evaluator

Row = Mapping[str, str | None]
Scores = Mapping[str, float]
Floats = npt.NDArray[np.float64]

MEASURES = {
    "f1": "body F1",
    "p": "precision",
    "r": "recall",
    "para": "paragraphs",
    "leak": "leaks",
    "empty": "empty",
    "title": "titles",
    "month": "month right",
    "nodate": "no month",
}
"""Keys of the evaluator's scores, and their headings."""

_NEEDED = {"title": "title", "month": "date", "nodate": "date"}
"""What of a prediction a measure is about, where it is not the text."""

_DRAWS = 2000
_FEWEST = 8
"""Pages below which a group is not shown."""


def site_of(page: Row) -> str:
    """The site of a page: its host without `www.`."""
    return (urlsplit(page["url"] or "").hostname or "").removeprefix("www.")


def score_all(evaluator: Evaluator, truth: Iterable[Row], predictions: Path) -> list[Scores]:
    """The scores of each page of the truth; a page without a prediction has an empty one.

    What an extractor says of no page at all (titles, dates) is not scored.
    """
    with predictions.open(encoding="utf-8") as lines:
        found = {row["url"]: row for row in map(json.loads, lines)}
    said = {name for row in found.values() for name, value in row.items() if value}
    scored = [name for name in MEASURES if _NEEDED.get(name, "text") in said]
    scores = (evaluator.score(page, found.get(page["url"], {})) for page in truth)
    return [{name: score[name] for name in scored if name in score} for score in scores]


def sums_by_site(values: Sequence[float | None], sites: Sequence[str]) -> tuple[Floats, Floats]:
    """The sum of the values and their number, per site; None is no value."""
    sums, counts = defaultdict[str, float](float), defaultdict[str, int](int)
    for value, site in zip(values, sites, strict=True):
        if value is not None:
            sums[site] += value
            counts[site] += 1
    return np.array([sums[site] for site in counts]), np.array([float(counts[site]) for site in counts])


def interval(values: Sequence[float | None], sites: Sequence[str]) -> tuple[float, float, float]:
    """The mean over pages, and the bounds of its 95 % interval over draws of sites."""
    sums, counts = sums_by_site(values, sites)
    draws = np.random.default_rng(1).integers(0, len(sums), (_DRAWS, len(sums)))
    means = sums[draws].sum(1) / counts[draws].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(sums.sum() / counts.sum()), float(low), float(high)


def chance(leads: Sequence[float | None], sites: Sequence[str]) -> float:
    """How often sites with random signs lead at least as far: the p of a two-sided paired test."""
    sums, _ = sums_by_site(leads, sites)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (_DRAWS, len(sums)))
    return float((1 + (np.abs(signs @ sums) >= abs(sums.sum()) - 1e-12).sum()) / (1 + _DRAWS))


def write_table(names: Sequence[str], scores: Mapping[str, Sequence[Scores]], sites: Sequence[str]) -> str:
    """One row per extractor, in Markdown; the first is compared with the others by body F1."""
    measures = [key for key in MEASURES if any(key in score for name in names for score in scores[name])]
    lines = [
        f"| | {' | '.join(MEASURES[key] for key in measures)} | behind, p |",
        "|---" * (len(measures) + 2) + "|",
    ]
    own = [score.get("f1") for score in scores[names[0]]]
    for name in names:
        cells = []
        for key in measures:
            values = [score.get(key) for score in scores[name]]
            cells.append(
                _cell(values, sites, with_bounds=key == "f1")
                if any(value is not None for value in values)
                else ""
            )
        other = [score.get("f1") for score in scores[name]]
        leads = [a - b if a is not None and b is not None else None for a, b in zip(own, other, strict=True)]
        lead, _, _ = interval(leads, sites)
        cells.append("" if name == names[0] else f"{lead:+.3f}, {chance(leads, sites):.3f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(values: Sequence[float | None], sites: Sequence[str], with_bounds: bool) -> str:
    mean, low, high = interval(values, sites)
    return f"{mean:.3f} ({low:.3f}-{high:.3f})" if with_bounds else f"{mean:.3f}"


def write_groups(
    truth: Sequence[Row], key: str, names: Sequence[str], scores: Mapping[str, Sequence[Scores]]
) -> str:
    """The mean body F1 of each extractor per group of pages, in Markdown."""
    groups = defaultdict[str, list[int]](list)
    for at, page in enumerate(truth):
        if "f1" in scores[names[0]][at]:
            groups[str(page.get(key))].append(at)
    lines = [f"| {key} | pages | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for group, places in sorted(groups.items(), key=lambda item: -len(item[1])):
        if len(places) >= _FEWEST:
            means = (np.mean([scores[name][at]["f1"] for at in places]) for name in names)
            lines.append(f"| {group} | {len(places)} | {' | '.join(f'{mean:.3f}' for mean in means)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evaluator", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("predictions", type=Path, nargs="+")
    parser.add_argument("--by", help="a key of the truth, for a second table: language, dataset, quality")
    arguments = parser.parse_args()
    evaluator = load_evaluator(arguments.evaluator)
    truth = evaluator.load(arguments.truth)
    names = [path.stem for path in arguments.predictions]
    scores = {path.stem: score_all(evaluator, truth, path) for path in arguments.predictions}
    sites = [site_of(page) for page in truth]
    print(f"{len(truth)} pages of {len(set(sites))} sites\n")
    print(write_table(names, scores, sites))
    if arguments.by:
        print(f"\n{write_groups(truth, arguments.by, names, scores)}")


if __name__ == "__main__":
    main()
