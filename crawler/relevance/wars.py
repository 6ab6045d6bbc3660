"""Which war a text is about, by the places and actors that its words name."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.terms import Hit
from crawler.relevance.words import tokens_of

FOCUS_OF = {
    "afghanistan": "AF",
    "cameroon": "CM",
    "car": "CF",
    "chad": "TD",
    "colombia": "CO",
    "drc": "CD",
    "ethiopia": "ET",
    "haiti": "HT",
    "iraq": "IQ",
    "karabakh": "AZ",
    "kashmir": "Kashmir",
    "kosovo": "XK",
    "lebanon": "LB",
    "libya": "LY",
    "mozambique": "MZ",
    "myanmar": "MM",
    "nigeria": "NG",
    "palestinians": "PS",
    "philippines": "PH",
    "sahel": "Sahel",
    "somalia": "SO",
    "southsudan": "SS",
    "sudan": "SD",
    "syria": "SY",
    "ukraine": "UA",
    "yemen": "YE",
}
"""The `focus` of sources for the countries and regions at war of gazetteer.tsv."""


def war_in(terms: Iterable[str]) -> str:
    """The country or region at war that most of these words name, as `focus` has it; empty if none does."""
    part_of = load_lexicon().part_of
    wholes = (part_of.get(name, name) for each in terms for name in _names(each))
    named = Counter(FOCUS_OF[whole] for whole in wholes if whole in FOCUS_OF)
    return max(named, key=named.__getitem__, default="")


@lru_cache(1 << 16)
def _names(term: str) -> tuple[str, ...]:
    """The concepts and entities that one word, or a few, may stand for."""
    hits: Iterable[Hit] = load_lexicon().index.find(tokens_of(term))
    return tuple(hit.concept for hit in hits)
