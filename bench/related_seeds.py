"""Measures `related` with other seeds: `python -m bench.related_seeds TEXTS.jsonl…`.

TEXTS as for `bench.fit_relevance`. Each labelled text that is related to the project's seed is the only seed once, and
several are together; what is asked is whether the other related texts about conflict come before the rest. Names that
the gazetteer lacks are left out of it. Thresholds and weights were not chosen with these seeds.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from crawler.relevance.features import find_mentions
from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.measures import Measures, Row
from crawler.relevance.related import TopicVector
from crawler.relevance.topic import Thresholds

_SHORT = 60
_TOGETHER, _DRAWN = 5, 15


class Text(NamedTuple):
    """A text about armed conflict."""

    is_related: bool
    topic: TopicVector
    words: int


def read_texts(files: Iterable[Path]) -> list[Text]:
    """The texts about conflict of which it is labelled whether they are related."""
    lexicon, texts = load_lexicon(), []
    for file in files:
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if row["label_conflict"] == 1 and row["label_seed_related"] is not None:
                found = find_mentions(lexicon, row["title"], (row["text"] or "").split("\n\n"))
                topic = TopicVector.of(found.presence, lexicon)
                texts.append(Text(bool(row["label_seed_related"]), topic, found.words))
    return texts


def measure(seeds: Sequence[Text], texts: Sequence[Text]) -> Measures:
    """How well the texts that are no seeds are told apart."""
    topics, limit = [seed.topic.focused() for seed in seeds], Thresholds().related
    others = [text for text in texts if all(text is not seed for seed in seeds)]
    scores = [max(topic.likeness(text.topic).score for topic in topics) for text in others]
    return Measures.of(
        Row(text.is_related, score, score >= limit) for text, score in zip(others, scores, strict=True)
    )


def show(name: str, found: Sequence[Measures]) -> None:
    """Print the means of measures."""
    means = {
        kind: fmean(getattr(each, kind) for each in found)
        for kind in ("average_precision", "precision", "recall", "f1")
    }
    print(f"{name:12} {len(found):3}  " + "  ".join(f"{kind} {mean:.3f}" for kind, mean in means.items()))


def main() -> None:
    """Measure each seed, and several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, nargs="+")
    texts = read_texts(parser.parse_args().texts)
    related = [text for text in texts if text.is_related]
    chooser = random.Random(1)
    show("short seeds", [measure([seed], texts) for seed in related if seed.words < _SHORT])
    show("longer seeds", [measure([seed], texts) for seed in related if seed.words >= _SHORT])
    show("five seeds", [measure(chooser.sample(related, _TOGETHER), texts) for _ in range(_DRAWN)])


if __name__ == "__main__":
    main()
