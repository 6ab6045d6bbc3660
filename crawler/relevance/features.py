"""Features of a text: which concepts it mentions, how prominently, and in which combinations."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.relevance.lexicon import OTHER, Lexicon
from crawler.relevance.reading import LEAD_WORDS, Reading
from crawler.relevance.terms import Hit
from crawler.relevance.words import word_count

Vector = Mapping[str, float]

# Headline and lead show what a text is about; in a long text each mention counts less.
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 1.5
_USUAL_WORDS = 150

_ELSEWHERE = frozenset(
    {"trial", "memory", "exercise", "procurement", "threat", "figurative", "satire"}
    | {"history", "screen", "fiction", "sport", "market", "labour"}
)
"""In a sentence with one of these, words of war are about one that is past, feared, rehearsed, tried, played."""
_OF_ELSEWHERE = 0.6
"""What a mention in such a sentence counts; chosen by cross-validation, where 0.3 and 1 were little worse."""

_PEACEFUL = frozenset({"diplomacy"})
"""Settings of war that are those of peace too: they do not count as its variety."""
_VIOLENT = frozenset({"act", "force", "means", "harm"})
_NAMING = frozenset({"country", "place", "group"})
_OLD_YEARS = range(1400, 1990)
_BRIEF_WORDS = 40


@dataclass(frozen=True, slots=True)
class Mentions:
    """The concepts and entities that a text mentions."""

    presence: Vector
    """How prominent each of them is, from 0 to 1."""
    surfaces: Mapping[str, str]
    """The words of the first mention of each."""
    title: frozenset[str]
    """Mentioned in the headline, or in the first sentence of a text without one."""
    lead: frozenset[str]
    """Mentioned in the first words behind it."""
    sentences: tuple[frozenset[str], ...]
    """Mentioned in each sentence, the headline first."""
    years: tuple[tuple[int, int], ...]
    """The sentence and the value of each number that may be a year."""
    words: int
    """Length of the text in words, headline included."""
    is_titled: bool
    """Whether a headline was given."""

    @property
    def dilution(self) -> float:
        """What one mention counts, from 0 to 1: less in a long text."""
        return _dilution(self.words)


def find_mentions(lexicon: Lexicon, title: str | None, paragraphs: Sequence[str]) -> Mentions:
    """Find concepts and entities in a text of any language."""
    reading = Reading.of(title, paragraphs)
    hits = lexicon.index.find(reading.tokens)
    sentences = _by_sentence(reading, hits)
    surfaces: dict[str, str] = {}
    for hit in hits:
        surfaces.setdefault(hit.concept, hit.surface)
    lead = range(reading.headline, reading.headline + LEAD_WORDS)
    words = word_count(reading.tokens)
    counts = _counts(hits, reading, sentences, lexicon)
    return Mentions(
        presence={name: _saturated(count * _dilution(words)) for name, count in counts.items()},
        surfaces=surfaces,
        title=frozenset(hit.concept for hit in hits if hit.position < reading.headline),
        lead=frozenset(hit.concept for hit in hits if hit.position in lead),
        sentences=sentences,
        years=tuple(reading.years()),
        words=words,
        is_titled=reading.is_titled,
    )


def _by_sentence(reading: Reading, hits: Iterable[Hit]) -> tuple[frozenset[str], ...]:
    sentences: list[set[str]] = [set() for _ in reading.starts]
    for hit in hits:
        sentences[reading.sentence_of(hit.position)].add(hit.concept)
    return tuple(map(frozenset, sentences))


def _counts(
    hits: Sequence[Hit], reading: Reading, sentences: Sequence[frozenset[str]], lexicon: Lexicon
) -> Mapping[str, float]:
    """Weighted mentions of each concept and entity, and of the country that an entity is part of."""
    is_elsewhere = [not _ELSEWHERE.isdisjoint(sentence) for sentence in sentences]
    counts: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        weight = _zone_weight(hit.position, reading.headline)
        if (
            lexicon.groups.get(hit.concept, OTHER) != OTHER
            and is_elsewhere[reading.sentence_of(hit.position)]
        ):
            weight *= _OF_ELSEWHERE
        counts[hit.concept] += weight
        if whole := lexicon.part_of.get(hit.concept):
            counts[whole] += weight
    return counts


def _zone_weight(position: int, headline: int) -> float:
    if position < headline:
        return _TITLE_WEIGHT
    return _LEAD_WEIGHT if position < headline + LEAD_WORDS else 1.0


def describe(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """The features of a text by name, each from 0 to about 1; a missing one is 0."""
    features = {name: value for name, value in mentions.presence.items() if name in lexicon.groups}
    features |= _combined(features, lexicon)
    features |= _zones(mentions, lexicon)
    features |= _entities(mentions, lexicon)
    features |= _sentences(mentions, lexicon)
    features |= _shape(mentions, lexicon)
    return {name: float(value) for name, value in features.items() if value}


def _combined(presence: Vector, lexicon: Lexicon) -> dict[str, float]:
    """Features of several concepts: the variety of war concepts, the share of others, harm done by force."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for name, value in presence.items():
        if name not in _PEACEFUL:
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


def _zones(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """Which groups of concepts stand in headline and lead, and how many of war."""
    features: dict[str, float] = {}
    for zone, names in (("title", mentions.title), ("lead", mentions.lead)):
        groups = [lexicon.groups[name] for name in names - _PEACEFUL if name in lexicon.groups]
        features |= {f"{zone} {group}": 1.0 for group in groups}
        features[f"{zone} variety"] = math.log2(1 + len(groups) - groups.count(OTHER)) / 3
    return features


def _entities(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """The most prominent entity of each kind, and whether the headline names a place or a group."""
    kinds = {name: lexicon.kinds[name] for name in mentions.surfaces if name in lexicon.kinds}
    features: dict[str, float] = {}
    for name, kind in kinds.items():
        features[f"entity {kind}"] = max(features.get(f"entity {kind}", 0.0), mentions.presence[name])
    features["title names"] = any(kinds.get(name) in _NAMING for name in mentions.title)
    return features


def _sentences(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """How many sentences tell of violence and of who does it or suffers it, and how many of them name a year."""
    groups = [_groups(sentence, lexicon) for sentence in mentions.sentences]
    count = max(1, len(groups))
    is_violent = [not _VIOLENT.isdisjoint(each) for each in groups]
    is_event = [bool(each & {"act", "means"} and each & {"force", "harm"}) for each in groups]
    dated = {sentence for sentence, _ in mentions.years}
    old = sum(year in _OLD_YEARS for _, year in mentions.years)
    return {
        "violent share": sum(is_violent) / count,
        "event share": sum(is_event) / count,
        "years": _saturated(len(dated) * mentions.dilution),
        "violent years": _saturated(sum(is_violent[each] for each in dated) * mentions.dilution),
        "old years": _saturated(old * mentions.dilution),
    }


def _shape(mentions: Mentions, lexicon: Lexicon) -> dict[str, float]:
    """How long a text is, and what its headline is about if not war."""
    groups = _groups(mentions.title, lexicon)
    return {
        "title only other": OTHER in groups and groups.isdisjoint(_VIOLENT),
        "title silent": bool(mentions.words) and not groups,
        "untitled": not mentions.is_titled,
        "length": math.log(1 + mentions.words) / 6,
        "brief": mentions.words < _BRIEF_WORDS,
        "silent": not any(_groups(sentence, lexicon) for sentence in mentions.sentences),
    }


def _groups(names: Iterable[str], lexicon: Lexicon) -> set[str]:
    return {lexicon.groups[name] for name in names if name in lexicon.groups}


def _dilution(words: int) -> float:
    return min(1.0, _USUAL_WORDS / max(1, words))


def _saturated(count: float) -> float:
    return count / (count + 1.0)
