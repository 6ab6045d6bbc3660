"""The places of war that an article tells of, by the names that were found in it when it was judged."""

from collections.abc import Iterable
from functools import lru_cache

from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.words import tokens_of

_KINDS = ("place", "country")


def places_of(terms: Iterable[str]) -> tuple[str, ...]:
    """The places and countries that terms name, as the gazetteer calls them, with the countries of places."""
    return tuple(dict.fromkeys(place for term in terms for place in places_named(term)))


@lru_cache(maxsize=50_000)
def places_named(words: str) -> tuple[str, ...]:
    """The places that words in any language name; empty if the gazetteer knows none."""
    lexicon = load_lexicon()
    hits = lexicon.index.find(tokens_of(words))
    found = [hit.concept for hit in hits if lexicon.kinds.get(hit.concept) in _KINDS]
    wholes = [lexicon.part_of[each] for each in found if each in lexicon.part_of]
    return tuple(dict.fromkeys(each for each in (*found, *wholes) if lexicon.kinds.get(each) in _KINDS))
