"""Features of a text: which concepts it mentions, how prominently, and in which combinations."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.relevance.lexicon import OTHER, Lexicon
from crawler.relevance.terms import Hit
from crawler.relevance.words import tokens_of, word_count

Vector = Mapping[str, float]

# Headline and lead show what a text is about; in a long text each mention counts less.
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 1.5
_LEAD_TOKENS = 100
_USUAL_WORDS = 150


@dataclass(frozen=True, slots=True)
class Mentions:
    """The concepts and entities that a text mentions."""

    presence: Vector
    """How prominent each of them is, from 0 to 1."""
    surfaces: Mapping[str, str]
    """The words of the first mention of each."""
    title: frozenset[str]
    """Mentioned in the headline."""
    lead: frozenset[str]
    """Mentioned in the first words of the text."""
    words: int
    """Length of the text in words, headline included."""
    is_titled: bool
    """Whether the text has a headline and a body."""


def find_mentions(lexicon: Lexicon, title: str | None, paragraphs: Sequence[str]) -> Mentions:
    """Find concepts and entities in a text of any language."""
    headline = tokens_of(title or "")
    tokens = headline + tokens_of("\n".join(paragraphs))
    body = len(headline)
    hits = lexicon.index.find(tokens)
    surfaces: dict[str, str] = {}
    for hit in hits:
        surfaces.setdefault(hit.concept, hit.surface)
    words = word_count(tokens)
    dilution = min(1.0, _USUAL_WORDS / max(1, words))
    return Mentions(
        presence={name: _saturated(count * dilution) for name, count in _counts(hits, body, lexicon).items()},
        surfaces=surfaces,
        title=frozenset(hit.concept for hit in hits if hit.position < body),
        lead=frozenset(hit.concept for hit in hits if body <= hit.position < body + _LEAD_TOKENS),
        words=words,
        is_titled=0 < body < len(tokens),
    )


def _counts(hits: Sequence[Hit], body: int, lexicon: Lexicon) -> Mapping[str, float]:
    """Weighted mentions of each concept; `body` is the position of the first word below the headline."""
    counts: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        weight = _TITLE_WEIGHT if hit.position < body else 1.0
        if body <= hit.position < body + _LEAD_TOKENS:
            weight = _LEAD_WEIGHT
        counts[hit.concept] += weight
        if whole := lexicon.part_of.get(hit.concept):
            counts[whole] += weight
    return counts


def describe(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """The features of a text by name, each from 0 to about 1; a missing one is 0."""
    features = {name: value for name, value in mentions.presence.items() if name in lexicon.groups}
    features |= _combined(features, lexicon)
    for zone, names in (("title", mentions.title), ("lead", mentions.lead)):
        groups = [lexicon.groups[name] for name in names if name in lexicon.groups]
        features |= {f"{zone} {group}": 1.0 for group in groups}
        features[f"{zone} variety"] = math.log2(1 + len(groups) - groups.count(OTHER)) / 3
    for name in mentions.surfaces:
        if name in lexicon.kinds:
            kind = f"entity {lexicon.kinds[name]}"
            features[kind] = max(features.get(kind, 0.0), mentions.presence[name])
    return {name: value for name, value in features.items() if value}


def _combined(presence: Vector, lexicon: Lexicon) -> dict[str, float]:
    """Features of several concepts: the variety of war concepts, the share of others, harm done by force."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for name, value in presence.items():
        groups[lexicon.groups[name]].append(value)
    other = sum(groups.pop(OTHER, ()))
    violent = [value for values in groups.values() for value in values]
    most = {group: max(values) for group, values in groups.items()}
    force = max(most.get("force", 0.0), most.get("means", 0.0))
    return {
        "variety": math.log2(1 + len(violent)) / 4,
        "other share": other / (other + sum(violent)) if other else 0.0,
        "harm by force": min(most.get("harm", 0.0), force),
        "act by force": min(most.get("act", 0.0), force),
    }


def _saturated(count: float) -> float:
    return count / (count + 1.0)
