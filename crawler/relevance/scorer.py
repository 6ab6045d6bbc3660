"""How much a text is about armed conflict, and how similar it is to the seed documents."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

from crawler.items import Decision, Reason, Relevance
from crawler.relevance.conflict import BIAS, ConflictModel, load_model
from crawler.relevance.encoder import LANGUAGES
from crawler.relevance.features import Mentions, describe, find_mentions
from crawler.relevance.lexicon import OTHER, Lexicon, load_lexicon, word_lists_hash
from crawler.relevance.opinion import Opinion, SecondOpinion, find_second_opinion, is_open
from crawler.relevance.related import NOTHING, Likeness, TopicVector, unknown_names
from crawler.relevance.topic import NO_TOPIC, Thresholds, Topic
from crawler.relevance.tuning import NO_TUNING, Tuning

MAX_TERMS = 12
MAX_REASONS = 24
MEANING = "meaning (sentence encoder)"

FAR_CONFLICT, FAR_RELATED = 0.02, 0.01
"""Scores of the beginning of a page below which its story is not read; `bench.prefilter` says what that loses."""

_ENOUGH_CHARS = 200
"""Characters of a beginning from which on it says what a page is about."""

_BY_CONFLICT = ("both", "conflict")
"""Modes in which the score `conflict` has a say."""


@dataclass(frozen=True, slots=True)
class Score:
    """One of the two scores, with its thresholds."""

    score: float
    threshold: float
    review: float
    is_disputed: bool = False
    """Two ways to come to it say clearly different things."""

    @property
    def decision(self) -> Decision:
        """What this score alone decides."""
        if self.is_disputed:
            return Decision.REVIEW
        if self.score >= self.threshold:
            return Decision.ACCEPT
        return Decision.REVIEW if self.score >= self.review else Decision.REFUSE

    @property
    def scaled(self) -> float:
        """The score, scaled so that the threshold is 0.5."""
        if self.score < self.threshold:
            return 0.5 * self.score / self.threshold
        rest = 1.0 - self.threshold
        return 0.5 + 0.5 * (self.score - self.threshold) / rest if rest > 0 else 1.0


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """What a run looks for: seed documents (lists of paragraphs), RELEVANCE_MODE, and the operator's additions."""

    seeds: tuple[tuple[str, ...], ...]
    mode: str = "both"
    topic: Topic = NO_TOPIC
    asks_encoder: bool = False
    """Whether a sentence encoder, if one is installed, gives a second opinion."""
    tuning: Tuning = NO_TUNING


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the words of a text say."""

    mentions: Mentions
    features: Mapping[str, float]
    conflict: float
    """Probability of armed conflict."""
    likeness: Likeness
    language: str | None


class Scorer:
    """Scores texts by a lexicon of armed conflict and by their likeness to the seed documents.

    The index of terms is built when the first text is scored: a scorer made to check the operator's files is cheap.
    """

    def __init__(
        self,
        seeds: Sequence[Sequence[str]],
        lexicon: Lexicon,
        conflict: ConflictModel,
        thresholds: Thresholds,
        mode: str = "both",
        topic: str = "",
        second: SecondOpinion | None = None,
        tuning: str = "",
    ) -> None:
        """`seeds` are lists of paragraphs, `mode` is RELEVANCE_MODE, `topic` names additions to the lexicon.

        `tuning` names what moved the thresholds.
        """
        self._mode, self._thresholds, self._conflict = mode, thresholds, conflict
        self._seeds, self._word_lists, self._second = seeds, lexicon, second
        self.languages = lexicon.languages
        """Languages (ISO 639-1) in which conflict can be judged."""
        self.model = (
            f"mode {mode}, thresholds {thresholds}, "
            f"word lists {word_lists_hash()}, seeds {_hash_seeds(seeds)}{topic and f', topic {topic}'}"
        )
        self.model += f", {second.name if second else 'no encoder'}{tuning and f', tuning {tuning}'}"

    @classmethod
    def of(cls, profile: TopicProfile) -> Self:
        """The scorer of a topic; OperatorError if the encoder that is installed is none to be used."""
        second = find_second_opinion() if profile.asks_encoder else None
        return cls.from_seeds(profile.seeds, profile.mode, profile.topic, second, profile.tuning)

    @classmethod
    def from_seeds(
        cls,
        seeds: Iterable[Sequence[str]],
        mode: str = "both",
        topic: Topic = NO_TOPIC,
        second: SecondOpinion | None = None,
        tuning: Tuning = NO_TUNING,
    ) -> Self:
        """A scorer for seed documents, each a list of paragraphs, with the operator's additions and a tuning."""
        lexicon, conflict = topic.extend(load_lexicon()), load_model(topic.weights)
        limits = tuning.applied(topic.thresholds) if tuning.digest else topic.thresholds
        return cls(list(seeds), lexicon, conflict, limits, mode, topic.digest, second, tuning.digest)

    def can_judge(self, language: str) -> bool:
        """Whether the deciding scores mean anything in a language: `conflict` needs its words, or an encoder."""
        is_encoded = self._second is not None and language in LANGUAGES
        return is_encoded or language in self.languages or self._mode not in _BY_CONFLICT

    def score(self, title: str | None, paragraphs: Sequence[str], language: str | None = None) -> Relevance:
        """Score a text of any language (ISO 639-1), or a headline alone; the mode says which score decides."""
        read = self._read(title, paragraphs, language)
        if self._second is None or not self._is_open(read):
            return self._relevance(read)
        words_count = language is None or language in self.languages
        return self._relevance(read, self._second.on(read.conflict, words_count, title, paragraphs))

    def score_by_words(
        self, title: str | None, paragraphs: Sequence[str], language: str | None
    ) -> Relevance | None:
        """The same without loading the encoder; None if it has to be asked."""
        read = self._read(title, paragraphs, language)
        return None if self._second and self._is_open(read) else self._relevance(read)

    def _is_open(self, read: _Reading) -> bool:
        words_speak = bool(read.mentions.surfaces) and (
            read.language is None or read.language in self.languages
        )
        return self._mode in _BY_CONFLICT and is_open(read.conflict, words_speak, read.language)

    def _read(self, title: str | None, paragraphs: Sequence[str], language: str | None) -> _Reading:
        mentions = self._mentions(title, paragraphs)
        features = describe(mentions, self._lexicon)
        conflict = self._conflict.probability(features)
        return _Reading(mentions, features, conflict, self._likeness(mentions), language)

    def _relevance(self, read: _Reading, opinion: Opinion | None = None) -> Relevance:
        conflict, related = self._scores(read, opinion)
        deciding = self._deciding(conflict, related)
        return Relevance(
            conflict=conflict.score,
            conflict_accept=conflict.decision is Decision.ACCEPT,
            related=related.score,
            related_accept=related.decision is Decision.ACCEPT,
            score=self._scaled(conflict, related),
            decision=min((each.decision for each in deciding), default=Decision.ACCEPT),
            terms=self._terms(read.mentions),
            reasons=self._reasons(read, opinion),
            model=self.model,
        )

    def rules_out(self, title: str, paragraphs: Sequence[str], languages: Collection[str]) -> str:
        """The scores by which the beginning of a page rules out that it is accepted; empty if it does not.

        It never does where it is short, or where the page may be in a language (ISO 639-1) without a word list.
        """
        is_telling = sum(map(len, paragraphs)) >= _ENOUGH_CHARS and bool(languages)
        if not is_telling or not self.languages.issuperset(languages):
            return ""
        read, limits = self._read(title, paragraphs, None), self._thresholds
        far = {
            "conflict": read.conflict < min(FAR_CONFLICT, limits.conflict_review),
            "related": read.likeness.score < min(FAR_RELATED, limits.related_review),
        }
        is_ruled_out = any(far.values()) if self._mode == "both" else far.get(self._mode, False)
        return f"conflict {read.conflict:.2f}, related {read.likeness.score:.2f}" if is_ruled_out else ""

    def link_score(self, title: str, words: Sequence[str]) -> float:
        """How likely a page is on topic, 0 to 1, judged by its title and other words known before it is fetched."""
        found = self._relevance(
            self._read(title, words, None)
        )  # there are thousands of links: the encoder reads none
        related = found.related / (found.related + self._thresholds.related) if found.related else 0.0
        if self._mode == "both":
            return (found.conflict + related) / 2
        return related if self._mode == "related" else found.conflict

    def deciding(self, found: Relevance) -> tuple[float | None, float | None]:
        """The scores `conflict` and `related` of a text, each scaled to its threshold; None for one without a say."""
        limits = self._thresholds
        conflict = Score(found.conflict, limits.conflict, limits.conflict_review)
        related = Score(found.related, limits.related, limits.related_review)
        has_say = {id(each) for each in self._deciding(conflict, related)}
        one, other = (each.scaled if id(each) in has_say else None for each in (conflict, related))
        return one, other

    def scale(self, conflict: float, related: float) -> float:
        """Both scores as one, scaled so that an article is accepted from 0.5 upwards; the mode says which counts."""
        limits = self._thresholds
        return self._scaled(
            Score(conflict, limits.conflict, limits.conflict_review),
            Score(related, limits.related, limits.related_review),
        )

    def _scaled(self, conflict: Score, related: Score) -> float:
        return round(min((each.scaled for each in self._deciding(conflict, related)), default=1.0), 4)

    @cached_property
    def _lexicon(self) -> Lexicon:
        """The word lists, with names in the seeds that they lack."""
        return self._word_lists.with_names(unknown_names(self._seeds, self._word_lists.index))

    @cached_property
    def _topics(self) -> list[TopicVector]:
        """What each seed document is about."""
        found = (self._mentions(None, seed) for seed in self._seeds)
        return [TopicVector.of(mentions.presence, self._lexicon).focused() for mentions in found]

    def _mentions(self, title: str | None, paragraphs: Sequence[str]) -> Mentions:
        return find_mentions(self._lexicon, title, paragraphs)

    def _likeness(self, mentions: Mentions) -> Likeness:
        """The likeness to the most similar seed document."""
        text = TopicVector.of(mentions.presence, self._lexicon)
        return max((seed.likeness(text) for seed in self._topics), key=_score_of, default=NOTHING)

    def _scores(self, read: _Reading, opinion: Opinion | None) -> tuple[Score, Score]:
        """The scores `conflict` and `related`."""
        limits = self._thresholds
        conflict = opinion.probability if opinion else read.conflict
        is_disputed = opinion is not None and opinion.is_opposed
        return (
            Score(round(conflict, 4), limits.conflict, limits.conflict_review, is_disputed),
            Score(round(read.likeness.score, 4), limits.related, limits.related_review),
        )

    def _deciding(self, conflict: Score, related: Score) -> list[Score]:
        return {"both": [conflict, related], "conflict": [conflict], "related": [related], "off": []}[
            self._mode
        ]

    def _terms(self, mentions: Mentions) -> tuple[str, ...]:
        weights = {**self._lexicon.rarity, **self._lexicon.entities}
        names = [name for name in mentions.surfaces if self._lexicon.groups.get(name) != OTHER]
        found = sorted(names, key=lambda name: -weights[name] * mentions.presence[name])
        return tuple(dict.fromkeys(mentions.surfaces[name] for name in found))[:MAX_TERMS]

    def _reasons(self, read: _Reading, opinion: Opinion | None) -> tuple[Reason, ...]:
        """What moved the two scores, strongest first; the weakest are left out in long texts."""
        shared = read.likeness.shared
        added = {BIAS: self._conflict.weights[BIAS], **self._conflict.contributions(read.features)}
        reasons = [
            Reason(
                name=name,
                seen=read.mentions.surfaces.get(name, ""),
                conflict=round(added.get(name, 0.0), 3),
                related=round(shared.get(name, 0.0), 3),
            )
            for name in {**added, **shared}
        ]
        reasons.sort(key=lambda reason: (-abs(reason.conflict) - 10 * reason.related, reason.name))
        meaning = [Reason(MEANING, "", round(opinion.added, 3), 0.0)] if opinion else []
        return tuple(meaning + reasons[:MAX_REASONS])


@lru_cache(maxsize=4)
def scorer_of(profile: TopicProfile) -> Scorer:
    """The scorer of a topic, made once in a process."""
    return Scorer.of(profile)


def _score_of(likeness: Likeness) -> float:
    return likeness.score


def _hash_seeds(seeds: Sequence[Sequence[str]]) -> str:
    """Eight hex digits that identify a set of seed documents, in any order."""
    texts = sorted("\n\n".join(seed) for seed in seeds)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
