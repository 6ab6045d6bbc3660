"""Fits the weights with which extraction separates the text blocks of a story from the rest of a page.

    python -m bench.fit_blocks PAGES.warc.gz TRUTH.jsonl [PAGES.warc.gz TRUTH.jsonl …] > weights.py

TRUTH has one JSON object per line: url, and text as a person copied it from the page. A block is part of the story if
most of its words are in that text. The model is a logistic regression; the first set counts twice, the pages of a
set count alike, the blocks of a page are weighted by the square root of their number of words.

`bench.cross_validation` measures what such weights are worth on sites that they were not fitted on.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.extraction import read_pages
from crawler.extraction.body.blocks import Block
from crawler.extraction.body.model import Model
from crawler.extraction.body.selection import Examined, examine
from crawler.extraction.metadata import read_page_text
from crawler.extraction.page import read_page
from crawler.extraction.titles import title_candidates
from crawler.items import RawPage

Matrix = npt.NDArray[np.float64]

_TOKEN = re.compile(
    r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_MARGIN = 0.75
"""Subtracted from the bias: a line too many is worse than one too few."""

_PENALTY = 3e-3
_STEPS = 10
_FEWEST_PAGES = 10
_WEAK = 0.03
"""Effect of a feature below which it is left out: its weight for one standard deviation."""

_FIRST = 1.3
"""Weight of the first set: news is what is collected."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page whose story is known, without its tree: it can be sent to other processes."""

    url: str
    examined: Examined
    is_story: list[bool]
    """Of each block."""
    weights: list[float]


def read_samples(warc: Path, truth: Path) -> list[Sample]:
    """The pages of a set whose story is known; two processes."""
    with truth.open(encoding="utf-8") as file:
        pages = [json.loads(line) for line in file]
    # Truths that are not text of the page would mislead the model.
    truths = {page["url"]: page["text"] for page in pages if page["text"] and not page.get("truth_suspect")}
    raw = [page for page in read_pages(warc) if page.url in truths]
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(sample_page, raw, (truths[page.url] for page in raw), chunksize=8)
        return [sample for sample in found if sample is not None]


def sample_page(raw: RawPage, truth: str) -> Sample | None:
    """One page as a sample for the model; None if it is empty."""
    page = read_page(raw)
    if page is None:
        return None
    examined = examine(page, read_page_text(page, title_candidates(page)))
    tokens = [_TOKEN.findall(block.text.lower()) for block in page.blocks]
    total = sum(map(len, tokens)) or 1
    story = _TOKEN.findall(truth.lower())
    shingles, joined = set(_shingles(story)), f" {' '.join(story)} "
    return Sample(
        raw.url,
        replace(examined, blocks=_without_elements(examined.blocks)),
        [bool(words) and _is_part(words, shingles, joined) for words in tokens],
        [(len(words) / total) ** 0.5 for words in tokens],
    )


def _without_elements(blocks: list[Block]) -> list[Block]:
    containers: dict[object, object] = {}
    for block in blocks:
        block.container = containers.setdefault(block.container, len(containers))  # type: ignore[assignment]
        block.whole = containers.setdefault(block.whole, len(containers)) if block.whole is not None else None
        block.times = ()
    return blocks


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + 4]) for at in range(len(words) - 3)]


def _is_part(words: list[str], shingles: set[tuple[str, ...]], joined: str) -> bool:
    own = _shingles(words)
    if not own:
        return f" {' '.join(words)} " in joined
    return sum(shingle in shingles for shingle in own) >= len(own) / 2


def fit(sets: Iterable[Sequence[Sample]]) -> Model:
    """A logistic regression of the blocks of several sets, on the features that tell something."""
    sets = list(sets)
    counts = Counter(name for samples in sets for sample in samples for name in _names_of(sample))
    names = sorted(name for name, pages in counts.items() if pages >= _FEWEST_PAGES)
    values = np.array([row for samples in sets for sample in samples for row in _rows(sample, names)])
    wanted = np.array([is_story for samples in sets for sample in samples for is_story in sample.is_story])
    weights = np.concatenate(
        [_weights(samples) * share for samples, share in zip(sets, _shares(len(sets)), strict=True)]
    )
    theta, _ = _regress(values, wanted, weights)
    strong = np.abs(theta * values.std(0)) >= _WEAK
    theta, bias = _regress(values[:, strong], wanted, weights)
    kept = [name for name, is_strong in zip(names, strong, strict=True) if is_strong]
    return Model(dict(zip(kept, map(float, theta), strict=True)), bias - _MARGIN)


def _names_of(sample: Sample) -> set[str]:
    return {name for features in sample.examined.described for name in features}


def _rows(sample: Sample, names: Sequence[str]) -> list[Matrix]:
    return [
        np.array([features.get(name, 0.0) for name in names], np.float32)
        for features in sample.examined.described
    ]


def _shares(sets: int) -> list[float]:
    return [_FIRST, *[1.0] * (sets - 1)]


def _weights(samples: Sequence[Sample]) -> Matrix:
    """The weights of the blocks of a set: the same for each page, 1 for all."""
    pages = (np.array(sample.weights) / (sum(sample.weights) or 1) for sample in samples)
    return np.concatenate(list(pages)) / len(samples)


def _regress(values: Matrix, wanted: npt.NDArray[np.bool_], weights: Matrix) -> tuple[Matrix, float]:
    """The weights and the bias of a ridge-penalised logistic regression (Newton's method)."""
    mean, spread = values.mean(0), values.std(0) + 1e-6
    scaled = np.hstack([(values - mean) / spread, np.ones((len(values), 1))])
    ridge = np.append(np.full(values.shape[1], _PENALTY), 0)
    weights = weights / weights.sum()
    theta = np.zeros(len(ridge))
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-scaled @ theta))
        slope = scaled.T @ (weights * (guess - wanted)) + ridge * theta
        curve = (scaled * (weights * guess * (1 - guess))[:, None]).T @ scaled + np.diag(ridge)
        theta = theta - np.linalg.solve(curve, slope)
    unscaled = theta[:-1] / spread
    return unscaled, float(theta[-1] - mean @ unscaled)


def write(model: Model) -> None:
    """Print the module of weights."""
    print(
        '"""Weights of the features of `block_features.py`, fitted by `bench/fit_blocks.py`; positive means story."""'
    )
    print(f"\nBIAS = {model.bias:.2f}\n\nWEIGHTS = {{")
    for name, weight in sorted(model.weights.items(), key=lambda item: -item[1]):
        print(f'    "{name}": {weight:.2f},')
    print("}")


def main() -> None:
    """Read the sets and fit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", help="PAGES.warc.gz and TRUTH.jsonl of each set")
    files = parser.parse_args().files
    write(fit([read_samples(warc, truth) for warc, truth in zip(files[::2], files[1::2], strict=True)]))


if __name__ == "__main__":
    main()
