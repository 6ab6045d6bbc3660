"""Measures how well articles that tell the same in two languages are found among articles on one war.

    python -m bench.translations bench/relevance_sets/translations.jsonl [--among TEXTS.jsonl...]

The first file has one JSON object per line: story, lang, title and text. Of the stories in each language a part is left
out at random, so that many an article has no translation to be found, and the others come one after the other, each
among all before it; the figures are means over twenty such draws. TEXTS, as for `bench.fit_relevance`, are the news
among which they come, all of one week: what is linked of them is printed, for a reader to judge. Last come the costs.
"""

import argparse
import json
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from crawler.relevance.encoder import LANGUAGES, find_encoder
from crawler.relevance.translations import Meaning, find_candidates, find_translation

_DRAWS = 20


class Told(NamedTuple):
    """The story that an article tells, and what its opening means."""

    story: str
    shown: str
    meaning: Meaning


def read_told(rows: Iterable[dict[str, str]]) -> list[Told]:
    """The articles in languages that the encoder knows; one that names no story tells its own."""
    encoder = find_encoder()
    assert encoder is not None, "needs the extra `encoder`"
    found = []
    for number, row in enumerate(row for row in rows if row["lang"] in LANGUAGES):
        vector = encoder.vector(row["title"], (row["text"] or "").split("\n\n"))
        shown = f"{row['lang']} {row['title'] or (row['text'] or '')[:100]}"
        found.append(Told(row.get("story", f"story {number}"), shown, Meaning.of(row["lang"], vector)))
    return found


def read_rows(paths: Sequence[Path]) -> list[dict[str, str]]:
    """Those of several files that are about armed conflict, or of stories."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.get("label_conflict", True)]


def link(told: Told, earlier: Sequence[Told]) -> Told | None:
    """The earlier article that the product links an article to."""
    nearest = find_candidates(told.meaning, [other.meaning for other in earlier])
    found = find_translation(told.meaning, [(earlier[place].meaning, least) for place, least in nearest])
    return None if found is None else earlier[nearest[found].place]


def counted(order: Sequence[Told]) -> tuple[int, int, int]:
    """Links found, those of them that are right, and articles that have an earlier translation."""
    found = right = there = 0
    for place, told in enumerate(order):
        other = link(told, order[:place])
        there += any(each.story == told.story for each in order[:place])
        found += other is not None
        right += other is not None and other.story == told.story
    return found, right, there


def print_among(told: Sequence[Told], among: Sequence[Told], chance: random.Random) -> None:
    """Print what is found of stories that come after other news, and which of those are linked."""
    drawn = [each for each in told if chance.random() < 0.5]
    found = [(each, link(each, [*among, *drawn[:place]])) for place, each in enumerate(drawn)]
    right = sum(other is not None and other.story == each.story for each, other in found)
    wrong = sum(other is not None for _, other in found) - right
    there = sum(any(each.story == other.story for other in drawn[:place]) for place, each in enumerate(drawn))
    print(f"after {len(among)} other articles of that week: {right} of {there} found, {wrong} wrong links")
    order = list(among)
    chance.shuffle(order)
    linked = [(each, link(each, order[:place])) for place, each in enumerate(order)]
    pairs = [(each.shown, other.shown) for each, other in linked if other]
    print(f"of these, one after the other, {len(pairs)} have a link:")
    for one, other in pairs:
        print(f"  {one} | {other}")


def print_cost(told: Sequence[Told], many: Sequence[int] = (100, 1000, 4096)) -> None:
    """Print what it costs to look for a translation among so many articles of a week."""
    for count in many:
        others = (list(told) * (count // len(told) + 1))[:count]
        assert all(each.meaning.signs for each in others)
        began = time.process_time()
        for each in told[:20]:
            link(each, others)
        print(f"among {count}: {1000 * (time.process_time() - began) / 20:.2f} ms")


def main() -> None:
    """Print precision and recall for several shares of stories that are told in each language."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--among", type=Path, nargs="*", default=())
    arguments = parser.parse_args()
    told, chance = read_told(read_rows([arguments.texts])), random.Random(0)
    for share in (0.9, 0.5, 0.3):
        draws = []
        for _ in range(_DRAWS):
            order = [each for each in told if chance.random() < share]
            chance.shuffle(order)
            draws.append(counted(order))
        found, right, there = map(sum, zip(*draws, strict=True))
        print(f"{share:.0%} told in each language: precision {right / found:.3f}  recall {right / there:.3f}")
    if arguments.among:
        print_among(told, read_told(read_rows(arguments.among)), chance)
    print_cost(told)


if __name__ == "__main__":
    main()
