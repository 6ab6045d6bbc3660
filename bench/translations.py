"""Measures how well articles that tell the same in two languages are found among articles on one war.

    python -m bench.translations bench/relevance_sets/translations.jsonl

TEXTS has one JSON object per line: story, lang, title and text. Of the stories in each language a part is left out at
random, so that many an article has no translation to be found; the figures are means over twenty such draws.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

from crawler.relevance.encoder import LANGUAGES, find_encoder
from crawler.relevance.translations import Meaning, find_translations

_DRAWS = 20

Told = tuple[str, Meaning]
"""The story that an article tells, and what its opening means."""


def read_told(path: Path) -> list[Told]:
    """The articles in languages that the encoder knows."""
    encoder = find_encoder()
    assert encoder is not None, "needs the extra `encoder`"
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] in LANGUAGES]
    return [
        (row["story"], Meaning.of(row["lang"], encoder.vector(row["title"], [row["text"]]))) for row in rows
    ]


def counted(told: Sequence[Told]) -> tuple[int, int, int]:
    """Links found, those of them that are right, and those that there are; each pair counts from both sides."""
    found = right = there = 0
    for story, meaning in told:
        others = [(of, other) for of, other in told if other is not meaning]
        there += sum(of == story and other.language != meaning.language for of, other in others)
        story_of = {id(other): of for of, other in others}
        links = find_translations(meaning, [other for _, other in others])
        found += len(links)
        right += sum(story_of[id(other)] == story for other in links.values())
    return found, right, there


def main() -> None:
    """Print precision and recall for several shares of stories that are told in each language."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    told, chance = read_told(parser.parse_args().texts), random.Random(0)
    for share in (0.9, 0.5, 0.3):
        draws = [counted([each for each in told if chance.random() < share]) for _ in range(_DRAWS)]
        found, right, there = map(sum, zip(*draws, strict=True))
        print(f"{share:.0%} told in each language: precision {right / found:.3f}  recall {right / there:.3f}")


if __name__ == "__main__":
    main()
