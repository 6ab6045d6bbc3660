"""Measures on labelled pairs of news what is refused as a copy: `python -m bench.duplicate_pairs PAIRS.jsonl`.

PAIRS has one JSON object per line: id, set, label, lang, tags, and the texts a and b with loc (its corpus before the
colon), url and paras (paragraphs). Both are compared as known_texts does, b after a and a after b; publishers are told
apart by the hosts of the URLs. A changed text under a renamed address is a revision, which is no loss.

The same is counted once more in letters without capitals, in which names are not known: each letter becomes a Korean
syllable, so that nothing else changes. (House style is not recognised then, either.)

Then the limits are fitted anew without each corpus, and without each language, and what they do to it is counted.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from statistics import median_high, median_low
from typing import Any, NamedTuple

from crawler.http.url_identity import is_renamed
from crawler.http.urls import is_same_host
from crawler.texts.overlap import LIMITS, Limits, Overlap
from crawler.texts.similarity import ComparedText, compare

BOTH_ORDERS = {"copy", "contained", "same_event", "template", "different"}
"""Labels that say something of both orders; the others only of b after a."""

REFUSED, KEPT = ("copy",), ("update", "same_event", "template", "different")
"""Labels whose later text should stay out, and those whose should stay."""

GRID = [
    Limits(known, news) for known, news in product((0.85, 0.9, 0.95, 1.0, 1.05, 1.1), (40, 60, 80, 100, 120))
]

_SYLLABLES = 0xAC00
"""The first Korean syllable of Unicode."""


class Case(NamedTuple):
    """A later text and an earlier one."""

    set: str
    label: str
    lang: str
    corpus: str
    tags: tuple[str, ...]
    order: str
    overlap: Overlap
    is_same_host: bool
    is_renamed: bool

    def is_refused(self, limits: Limits = LIMITS) -> bool:
        return not self.is_renamed and self.overlap.is_repeat(self.is_same_host, limits)

    def is_right(self, limits: Limits) -> bool:
        """Whether a copy stays out, or is a revision, and anything else stays."""
        return (
            self.is_refused(limits) or self.is_renamed
            if self.label in REFUSED
            else not self.is_refused(limits)
        )


def cases(pair: dict[str, Any]) -> Iterator[Case]:
    """The orders of a pair of which its label says something."""
    texts = {name: ComparedText("\n\n".join(pair[name]["paras"])) for name in "ab"}
    urls = [pair[name]["url"] or "" for name in "ab"]
    of_pair = (
        pair["set"],
        pair["label"],
        pair["lang"],
        pair["a"]["loc"].partition(":")[0],
        tuple(pair["tags"]),
    )
    for later, earlier in (("b", "a"), ("a", "b")) if pair["label"] in BOTH_ORDERS else (("b", "a"),):
        overlap = compare(texts[later], texts[earlier])
        yield Case(
            *of_pair,
            f"{later} after {earlier}",
            overlap,
            all(urls) and is_same_host(*urls),
            is_renamed(*urls),
        )


def fit(some: Sequence[Case]) -> Limits:
    """The limits that are right most often, each label counting the same; of equal ones those in their middle."""
    labels = {each.label for each in some} & {*REFUSED, *KEPT}

    def score(limits: Limits) -> float:
        shares = [_share(each.is_right(limits) for each in some if each.label == label) for label in labels]
        return round(sum(shares), 6)

    scores = {limits: score(limits) for limits in GRID}
    best = [limits for limits, each in scores.items() if each == max(scores.values())]
    return Limits(median_high(each.known for each in best), median_low(each.news for each in best))


def without_capitals(pairs: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same pairs in letters of a script without capitals, one for each letter."""
    written = "".join(paragraph for pair in pairs for name in "ab" for paragraph in pair[name]["paras"])
    letters = sorted(set(filter(str.isalpha, written.lower())))
    syllable = {letter: chr(_SYLLABLES + number) for number, letter in enumerate(letters)}
    table = str.maketrans({letter: syllable.get(letter.lower(), letter) for letter in set(written)})
    for pair in pairs:
        texts = {name: [each.translate(table) for each in pair[name]["paras"]] for name in "ab"}
        yield pair | {name: pair[name] | {"paras": texts[name]} for name in "ab"}


def print_refused(some: Iterable[Case]) -> None:
    """Print what is refused of each label, order, tag and language."""
    refused = defaultdict[tuple[str, ...], list[bool]](list)
    for case in some:
        for group in (case.order, case.lang, *(f"tag {tag}" for tag in case.tags)):
            refused[case.set, case.label, group].append(case.is_refused())
    for names, each in sorted(refused.items()):
        print(f"{' | '.join(names):40} {sum(each):3} of {len(each):3} refused")


def print_without_capitals(written: Sequence[Case], caseless: Sequence[Case]) -> None:
    """Print what is refused of each label as it is written, and in letters without capitals."""
    refused = defaultdict[tuple[str, str], list[tuple[bool, bool]]](list)
    for case, other in zip(written, caseless, strict=True):
        refused[case.set, case.label].append((case.is_refused(), other.is_refused()))
    for names, each in sorted(refused.items()):
        one, other_one = (sum(found) for found in zip(*each, strict=True))
        print(
            f"without capitals {' | '.join(names):22} {other_one:3} of {len(each):3} refused ({one} as written)"
        )


def print_relations(some: Iterable[Case]) -> None:
    """Print what the later texts of each label are to the earlier ones."""
    told = Counter((each.label, each.overlap.relation(each.is_same_host) or "nothing") for each in some)
    for (label, relation), count in sorted(told.items()):
        print(f"{label:12} {relation:10} {count:3}")


def print_held_out(some: Sequence[Case], group: Callable[[Case], str]) -> None:
    """Print for each label how many are right of a group by limits that were fitted without it."""
    right = defaultdict[str, list[bool]](list)
    for name in sorted({group(each) for each in some}):
        limits = fit([each for each in some if group(each) != name])
        print(f"without {name}: {limits}")
        for each in some:
            if group(each) == name:
                right[each.label].append(each.is_right(limits))
    for label in (*REFUSED, *KEPT):
        print(f"  {label:12} {sum(right[label]):3} of {len(right[label]):3} right, held out")


def _share(right: Iterable[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted)


def main() -> None:
    """Print what is refused, and what would be by limits that were fitted on others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    with parser.parse_args().pairs.open(encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    found = [case for pair in pairs for case in cases(pair)]
    print_refused(found)
    print_without_capitals(found, [case for pair in without_capitals(pairs) for case in cases(pair)])
    print_relations(case for case in found if case.set == "real" and not case.is_renamed)
    real = [case for case in found if case.set != "noised" and case.label in (*REFUSED, *KEPT)]
    print_held_out(real, lambda case: f"corpus {case.corpus}")
    print_held_out(real, lambda case: f"language {case.lang}")


if __name__ == "__main__":
    main()
