"""Fits the weights with which extraction separates the text blocks of a story from the rest of a page.

    python -m bench.fit_blocks PAGES.warc.gz TRUTH.jsonl > crawler/extraction/body/weights.py

TRUTH has one JSON object per line: url, and text as a person copied it from the page. A block is part of the story if
most of its words are in that text. The model is a logistic regression; pages have equal weight, the blocks of a page
are weighted by the square root of their number of words.
"""

import argparse
import json
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.extraction import read_pages
from crawler.extraction.body.block_features import Features, describe_blocks
from crawler.extraction.body.selection import find_text
from crawler.extraction.body.weights import WEIGHTS
from crawler.extraction.metadata import read_page_text
from crawler.extraction.page import read_page
from crawler.extraction.titles import title_candidates
from crawler.items import RawPage

Sample = tuple[Features, bool, float]
"""The features of a block, whether it is part of the story, and its weight."""

Matrix = npt.NDArray[np.float64]

_TOKEN = re.compile(
    r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_NAMES = sorted(WEIGHTS)
_MARGIN = 0.3
"""Subtracted from the bias: a line too many is worse than one too few."""

_PENALTY = 3e-3
_STEPS = 12


def sample_page(raw: RawPage, truth: str) -> list[Sample]:
    """The blocks of one page as samples for the model."""
    page = read_page(raw)
    if page is None:
        return []
    described = describe_blocks(page.blocks, read_page_text(page, title_candidates(page)), find_text(page))
    tokens = [_TOKEN.findall(block.text.lower()) for block in page.blocks]
    total = sum(map(len, tokens)) or 1
    story = _TOKEN.findall(truth.lower())
    shingles, joined = set(_shingles(story)), f" {' '.join(story)} "
    return [
        (features, _is_part(words, shingles, joined), (len(words) / total) ** 0.5)
        for features, words in zip(described, tokens, strict=True)
        if words
    ]


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + 4]) for at in range(len(words) - 3)]


def _is_part(words: list[str], shingles: set[tuple[str, ...]], joined: str) -> bool:
    own = _shingles(words)
    if not own:
        return f" {' '.join(words)} " in joined
    return sum(shingle in shingles for shingle in own) >= len(own) / 2


def fit(samples: list[Sample]) -> tuple[dict[str, float], float]:
    """Weights by name, and bias, of a ridge-penalised logistic regression (Newton's method)."""
    values: Matrix = np.array([[features.get(name, 0.0) for name in _NAMES] for features, _, _ in samples])
    wanted: Matrix = np.array([float(is_story) for _, is_story, _ in samples])
    counts: Matrix = np.array([count for _, _, count in samples])
    mean, spread = values.mean(0), values.std(0) + 1e-6
    scaled: Matrix = np.hstack([(values - mean) / spread, np.ones((len(values), 1))])
    penalty = _PENALTY * np.eye(len(_NAMES) + 1)
    counts = counts / counts.sum()
    theta: Matrix = np.zeros(len(_NAMES) + 1)
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-scaled @ theta))
        slope = scaled.T @ (counts * (guess - wanted)) + _PENALTY * np.append(theta[:-1], 0)
        curve = (scaled * (counts * guess * (1 - guess))[:, None]).T @ scaled + penalty
        theta = theta - np.linalg.solve(curve, slope)
    weights = theta[:-1] / spread
    return dict(zip(_NAMES, map(float, weights), strict=True)), float(theta[-1] - mean @ weights) - _MARGIN


def main() -> None:
    """Print the module of weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warc", type=Path)
    parser.add_argument("truth", type=Path)
    arguments = parser.parse_args()
    lines = map(json.loads, arguments.truth.read_text("utf-8").splitlines())
    # Truths that are not text of the page would mislead the model.
    truths = {line["url"]: line["text"] for line in lines if line["text"] and not line.get("truth_suspect")}
    pages = [page for page in read_pages(arguments.warc) if page.url in truths]
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(sample_page, pages, (truths[page.url] for page in pages), chunksize=8)
        samples = [sample for page_samples in found for sample in page_samples]
    weights, bias = fit(samples)
    print(
        '"""Weights of the features of `features.py`, fitted by `bench/fit_blocks.py`; positive means story."""'
    )
    print(f"\nBIAS = {bias:.2f}\n\nWEIGHTS = {{")
    for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
        print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
