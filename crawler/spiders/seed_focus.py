"""The wars that the seeds are about, which choose the sources of a run that names none."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.seeds import read_seeds
from crawler.relevance.wars import FOCUS_OF
from crawler.relevance.words import tokens_of
from crawler.sources.source import Source

logger = logging.getLogger(__name__)

_SHARE = 0.2
"""Of the mentions of the war that a seed names most: one that is named in passing is not what it is about."""


def sources_for_seeds(sources: Sequence[Source], seeds: Path) -> list[Source]:
    """The sources that cover the wars of the seeds in this folder; those that cover any war, if the seeds name none.

    Logs how many there are and how to choose others. OperatorError if the folder has no seeds.
    """
    named = focus_of(read_seeds(seeds))
    chosen = [each for each in sources if named.intersection(each.focus)] or [
        each for each in sources if each.focus
    ]
    logger.info(
        "The built-in registry has %s sources; this run takes the %s that cover %s, as the seeds do. Choose others "
        "with -a country=, focus=, language=, kind=, owner= or source=; `scrapy sources list` shows them.",
        len(sources),
        len(chosen),
        ", ".join(sorted(named)) or "any war",
    )
    return chosen


def focus_of(seeds: Iterable[Sequence[str]]) -> set[str]:
    """The countries and regions at war that the seeds are about, as `focus` has them."""
    return {focus for seed in seeds for focus in _focus_of_one(seed)}


def _focus_of_one(seed: Sequence[str]) -> set[str]:
    lexicon = load_lexicon()
    names = (hit.concept for hit in lexicon.index.find(tokens_of("\n".join(seed))))
    wholes = (lexicon.part_of.get(name, name) for name in names)
    mentions = Counter(FOCUS_OF[whole] for whole in wholes if whole in FOCUS_OF)
    return {focus for focus, count in mentions.items() if count >= _SHARE * max(mentions.values())}
