"""Fits and measures the sentence encoder's opinion on whether a text is about armed conflict.

    python -m bench.encoder fit VECTORS.npz TEXTS.jsonl... > crawler/relevance/encoder_weights.tsv
    python -m bench.encoder measure VECTORS.npz TEXTS.jsonl...
    python -m bench.encoder cost VECTORS.npz TEXTS.jsonl...

TEXTS as for `bench.fit_relevance`. VECTORS keeps the vector of each opening, so that each is computed once.
`cost` prints what the start and a text cost (set OPENBLAS_NUM_THREADS=1, as the product does), `fit` the table;
`measure` the opinion by words, the encoder's and both together on texts of publishers, and of languages, to which
nothing was fitted, and what then waits for review.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.fit_relevance import Fit, Sample, read_samples
from bench.thresholds import Texts as Scored
from bench.thresholds import show_review
from crawler.relevance.encoder import DIMENSIONS, LANGUAGES, find_encoder, opening
from crawler.relevance.measures import Measures, Row, best_threshold
from crawler.relevance.opinion import ASKED_BELOW, ASKED_FROM, FUSION, OPPOSED, log_odds
from crawler.relevance.topic import Thresholds
from crawler.run.memory import own_bytes

Matrix = npt.NDArray[np.float64]

_FOLDS = 12
_PENALTY = 60.0
"""Strength of the prior of the encoder's weights, which are for centred vectors."""
_THRESHOLD = 0.5
_FEW = 5
"""Texts about conflict that a language must have to count for the mean over languages."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Labelled texts, in one order."""

    samples: Sequence[Sample]
    vectors: Matrix
    wanted: Matrix
    kinds: Sequence[str]
    """What a text is that only sounds like conflict, where the labels say so."""
    is_encoded: npt.NDArray[np.bool_]
    """In a language that the encoder knows: of the others only words say anything."""

    def folds(self, group: Callable[[Sample], str]) -> npt.NDArray[np.int64]:
        """The fold of each text: a group is never in two of them."""
        return np.array([crc32(group(sample).encode()) % _FOLDS for sample in self.samples])


def read_texts(paths: Sequence[Path], kept: Path) -> Texts:
    """The labelled texts of several files with their vectors."""
    samples = [sample for sample in read_samples(paths) if not sample.is_part]
    rows = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            rows += [row for row in map(json.loads, lines) if row["label_conflict"] is not None]
    openings = [opening(row["title"], (row["text"] or "").split("\n\n")) for row in rows]
    wanted = np.array([float(sample.is_conflict) for sample in samples])
    kinds = ["" if row["label_conflict"] else row.get("kind") or "" for row in rows]
    is_encoded = np.array([sample.language in LANGUAGES for sample in samples])
    return Texts(samples, _vectors(openings, kept), wanted, kinds, is_encoded)


def _vectors(openings: Sequence[str], kept: Path) -> Matrix:
    encoder = find_encoder()
    assert encoder is not None, "needs the extra `encoder`"
    known: dict[str, Matrix] = dict(np.load(kept)) if kept.exists() else {}
    for text in openings:
        if (key := _key(text)) not in known:
            known[key] = np.array(encoder.vector(None, [text]))
    np.savez(kept, **known)  # type: ignore[arg-type]
    return np.array([known[_key(text)] for text in openings])


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def logistic(values: Matrix, wanted: Matrix, penalty: float) -> Matrix:
    """The weights of a logistic regression, the constant last (Newton's method)."""
    values = np.c_[values, np.ones(len(values))]
    strength = np.full(values.shape[1], penalty)
    strength[-1] = 1e-3
    theta = np.zeros(values.shape[1])
    for _ in range(8):
        found = 1 / (1 + np.exp(-values @ theta))
        slope = values.T @ (found - wanted) + strength * theta
        theta -= np.linalg.solve(
            (values * (found * (1 - found))[:, None]).T @ values + np.diag(strength), slope
        )
    return theta


def by_meaning(texts: Texts, chosen: npt.NDArray[np.bool_]) -> Matrix:
    """Weights and bias of the encoder's opinion, fitted to the chosen texts."""
    mean, spread = texts.vectors[chosen].mean(axis=0), texts.vectors[chosen].std()
    *weights, bias = logistic((texts.vectors[chosen] - mean) / spread, texts.wanted[chosen], _PENALTY)
    scaled = np.array(weights) / spread
    return np.append(scaled, bias - mean @ scaled)


def held_out_meaning(texts: Texts, folds: npt.NDArray[np.int64]) -> Matrix:
    """The encoder's log odds for each text, from weights that were fitted without its fold."""
    odds = np.zeros(len(folds))
    for fold in set(folds.tolist()):
        *weights, bias = by_meaning(texts, (folds != fold) & texts.is_encoded)
        odds[folds == fold] = texts.vectors[folds == fold] @ np.array(weights) + bias
    return odds


def held_out_words(texts: Texts, folds: npt.NDArray[np.int64]) -> Matrix:
    """The same by words, as probabilities."""
    fit, found = Fit(texts.samples), np.zeros(len(folds))
    start = fit.weights()
    for fold in set(folds.tolist()):
        found[folds == fold] = fit.scores(fit.weights(folds != fold, start), folds == fold)
    return found


def together(words: Matrix, meaning: Matrix, texts: Texts, folds: npt.NDArray[np.int64]) -> Matrix:
    """Both opinions as one probability, by weights that were fitted without the fold of each text."""
    columns, found = np.c_[np.vectorize(log_odds)(words), meaning], np.zeros(len(folds))
    for fold in set(folds.tolist()):
        others = (folds != fold) & texts.is_encoded
        *weights, constant = logistic(columns[others], texts.wanted[others], 0.1)
        found[folds == fold] = _sigmoid(columns[folds == fold] @ np.array(weights) + constant)
    return found


def _sigmoid(odds: Matrix) -> Matrix:
    probability: Matrix = 1 / (1 + np.exp(-odds))
    return probability


def fit(texts: Texts) -> None:
    """Print the table of weights."""
    encoder = find_encoder()
    assert encoder is not None
    folds = texts.folds(_publisher)
    meaning, words = held_out_meaning(texts, folds), held_out_words(texts, folds)
    its, wanted = texts.is_encoded, texts.wanted[texts.is_encoded]
    *weights, bias = by_meaning(texts, its)
    both = logistic(np.c_[np.vectorize(log_odds)(words), meaning][its], wanted, 0.1)
    alone, constant = logistic(meaning[its][:, None], wanted, 0.1)
    rows = [
        row for row, each in zip(_rows(texts, _sigmoid(alone * meaning + constant)), its, strict=True) if each
    ]
    cut = log_odds(best_threshold(rows)[0])
    print(f"name\tweight\nweights hash\t{encoder.weights_hash}")
    for name, value in zip(FUSION, (bias, *both, alone, constant - cut), strict=True):
        print(f"{name}\t{value:.3f}")
    for number in range(DIMENSIONS):
        print(f"{number}\t{weights[number]:.2f}")


def measure(texts: Texts) -> None:
    """Print how good each opinion is alone and together."""
    for name, group in (("publishers", _publisher), ("languages", _language)):
        folds = texts.folds(group)
        words, meaning = held_out_words(texts, folds), held_out_meaning(texts, folds)
        both = together(words, meaning, texts, folds)
        silent = np.array([not sample.features for sample in texts.samples])
        asked = texts.is_encoded & (silent | ((words > ASKED_FROM) & (words < ASKED_BELOW)))
        print(
            f"{name} left out, texts in the encoder's languages ({asked[texts.is_encoded].mean():.0%} asked about)"
        )
        _show("words", texts, words, texts.is_encoded)
        _show("encoder", texts, _sigmoid(meaning), texts.is_encoded)
        _show("both", texts, both, texts.is_encoded)
        _show("both, where asked", texts, np.where(asked, both, words), texts.is_encoded)
        print(f"{name} left out, all texts ({asked.mean():.0%} asked about)")
        everything = np.ones(len(folds), bool)
        _show("words", texts, words, everything)
        final = np.where(asked, both, words)
        _show("both, where asked", texts, final, everything)
        odds = np.vectorize(log_odds)(words)
        is_opposed = asked & (odds * meaning < 0) & (np.minimum(abs(odds), abs(meaning)) > OPPOSED)
        show_review(Scored(texts.wanted > 0, final), Thresholds(), is_opposed)


def _publisher(sample: Sample) -> str:
    return sample.publisher


def _language(sample: Sample) -> str:
    return sample.language


def _show(name: str, texts: Texts, found: Matrix, chosen: npt.NDArray[np.bool_]) -> None:
    """Two lines of measures of the chosen texts."""
    triples = [
        triple
        for triple, each in zip(
            zip(_rows(texts, found), texts.samples, texts.kinds, strict=True), chosen, strict=True
        )
        if each
    ]
    rows = [row for row, _, _ in triples]
    of_language = [
        Measures.of(row for row, sample, _ in triples if sample.language == language)
        for language in sorted({sample.language for _, sample, _ in triples})
    ]
    macro = np.mean([each.f1 for each in of_language if each.wanted >= _FEW])
    hard = [row.is_accepted for row, _, kind in triples if kind not in ("", "other")]
    threshold, f1 = best_threshold(rows)
    print(
        f"  {name:18} {Measures.of(rows)}\n{'':20} languages {macro:.3f}  "
        f"hard others accepted {np.mean(hard or [False]):.3f}  "
        f"best F1 {f1:.3f} at {threshold:.2f}"
    )


def _rows(texts: Texts, found: Matrix) -> list[Row]:
    return [
        Row(bool(wanted), score, score >= _THRESHOLD)
        for wanted, score in zip(texts.wanted, found.tolist(), strict=True)
    ]


def cost(paths: Sequence[Path]) -> None:
    """Print the CPU time and memory of the start, and the CPU time of a text."""
    encoder = find_encoder()
    assert encoder is not None
    rows = [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()[:100]
    ]
    before, began = own_bytes(os.getpid()), time.process_time()
    encoder.vector(None, [""])
    loaded = time.process_time()
    for row in rows:
        encoder.vector(row["title"], (row["text"] or "").split("\n\n"))
    spent = time.process_time() - loaded
    print(
        f"start {loaded - began:.2f} s, {(own_bytes(os.getpid()) - before) / 1e6:.0f} MB, "
        f"{1000 * spent / len(rows):.1f} ms a text"
    )


def main() -> None:
    """Fit or measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("cost", "fit", "measure"))
    parser.add_argument("vectors", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.action == "cost":
        cost(arguments.texts)
        return
    texts = read_texts(arguments.texts, arguments.vectors)
    (fit if arguments.action == "fit" else measure)(texts)


if __name__ == "__main__":
    main()
