"""What a text says, as numbers: how present concepts are, where they stand, and what stands together."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.relevance.lexicon import OTHER, Lexicon
from crawler.relevance.words import tokens_of, word_count

Vector = Mapping[str, float]

# A headline and a lead say what a text is about; in a long text each mention says less.
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 1.5
_LEAD_TOKENS = 100
_USUAL_WORDS = 150


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was found in a text."""

    presence: Vector
    """How present each concept and entity is, from 0 to 1."""
    surfaces: Mapping[str, str]
    """As which words each of them was seen first."""
    title: frozenset[str]
    """Those of the headline."""
    lead: frozenset[str]
    """Those of the first words of the text."""
    words: int
    """Length, headline included."""
    is_titled: bool
    """Whether it has a headline and something below it."""


def find_mentions(lexicon: Lexicon, title: str | None, paragraphs: Sequence[str]) -> Mentions:
    """Find concepts and entities in a text of any language."""
    headline = tokens_of(title or "")
    tokens = headline + tokens_of("\n".join(paragraphs))
    lead_end = len(headline) + _LEAD_TOKENS
    counts: defaultdict[str, float] = defaultdict(float)
    surfaces: dict[str, str] = {}
    in_title: set[str] = set()
    in_lead: set[str] = set()
    for hit in lexicon.index.find(tokens):
        weight = 1.0
        if hit.position < len(headline):
            weight = _TITLE_WEIGHT
            in_title.add(hit.concept)
        elif hit.position < lead_end:
            weight = _LEAD_WEIGHT
            in_lead.add(hit.concept)
        counts[hit.concept] += weight
        if whole := lexicon.part_of.get(hit.concept):
            counts[whole] += weight
        surfaces.setdefault(hit.concept, hit.surface)
    words = word_count(tokens)
    dilution = min(1.0, _USUAL_WORDS / max(1, words))
    presence = {name: _saturated(count * dilution) for name, count in counts.items()}
    is_titled = 0 < len(headline) < len(tokens)
    return Mentions(presence, surfaces, frozenset(in_title), frozenset(in_lead), words, is_titled)


def describe(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """The features of a text by name, each from 0 to about 1; what is not named is 0."""
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
    """What concepts say together: how many of war there are, how many of something else, who did what."""
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
