"""Which war a text is about, by the places and actors that its words name."""

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
    named: dict[str, int] = {}
    for each in terms:
        for war in _wars(each):
            named[war] = named.get(war, 0) + 1
    return max(named, key=named.__getitem__, default="")


@lru_cache(1 << 16)
def _wars(term: str) -> tuple[str, ...]:
    """Those of what one word, or a few, may stand for."""
    lexicon = load_lexicon()
    hits: Iterable[Hit] = lexicon.index.find(tokens_of(term))
    wholes = (lexicon.part_of.get(hit.concept, hit.concept) for hit in hits)
    return tuple(FOCUS_OF[whole] for whole in wholes if whole in FOCUS_OF)
