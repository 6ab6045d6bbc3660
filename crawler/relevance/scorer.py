"""How much a text is about armed conflict, and how similar it is to the seed documents."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from crawler.items import Decision, Reason, Relevance
from crawler.relevance.conflict import BIAS, ConflictModel, load_model
from crawler.relevance.embedding import SHARE, Embedder
from crawler.relevance.features import Mentions, describe, find_mentions
from crawler.relevance.lexicon import OTHER, Lexicon, load_lexicon, word_lists_hash
from crawler.relevance.related import NOTHING, Likeness, TopicVector, unknown_names
from crawler.relevance.topic import NO_TOPIC, Thresholds, Topic

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


MAX_TERMS = 12
MAX_REASONS = 24


@dataclass(frozen=True, slots=True)
class Score:
    """One of the two scores, with its thresholds."""

    score: float
    threshold: float
    review: float

    @property
    def decision(self) -> Decision:
        """What this score alone decides."""
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
        embedder: Embedder | None = None,
    ) -> None:
        """`seeds` are lists of paragraphs, `mode` is RELEVANCE_MODE, `topic` names additions to the lexicon."""
        self._mode, self._thresholds, self._conflict = mode, thresholds, conflict
        self._seeds, self._word_lists, self._embedder = seeds, lexicon, embedder
        self.languages = lexicon.languages
        """Languages (ISO 639-1) in which conflict can be judged."""
        self.model = (
            f"mode {mode}, thresholds {thresholds}, "
            f"word lists {word_lists_hash()}, seeds {_hash_seeds(seeds)}{topic and f', topic {topic}'}"
        )
        if embedder:
            self.model += f", embedder {embedder.digest}"

    @classmethod
    def of(cls, profile: TopicProfile, embedder: Embedder | None = None) -> Self:
        """The scorer of a topic."""
        return cls.from_seeds(profile.seeds, profile.mode, profile.topic, embedder)

    @classmethod
    def from_seeds(
        cls,
        seeds: Iterable[Sequence[str]],
        mode: str = "both",
        topic: Topic = NO_TOPIC,
        embedder: Embedder | None = None,
    ) -> Self:
        """A scorer for seed documents, each a list of paragraphs, with the operator's additions."""
        lexicon, conflict = topic.extend(load_lexicon()), load_model(topic.weights)
        return cls(list(seeds), lexicon, conflict, topic.thresholds, mode, topic.digest, embedder)

    def score(self, title: str | None, paragraphs: Sequence[str]) -> Relevance:
        """Score a text of any language, or a headline alone; the mode says which score decides."""
        mentions = self._mentions(title, paragraphs)
        features = describe(mentions, self._lexicon)
        likeness = self._with_meaning(self._likeness(mentions), title, paragraphs)
        limits = self._thresholds
        conflict = Score(
            round(self._conflict.probability(features), 4), limits.conflict, limits.conflict_review
        )
        related = Score(round(likeness.score, 4), limits.related, limits.related_review)
        deciding = self._deciding(conflict, related)
        return Relevance(
            conflict=conflict.score,
            conflict_accept=conflict.decision is Decision.ACCEPT,
            related=related.score,
            related_accept=related.decision is Decision.ACCEPT,
            score=round(min((each.scaled for each in deciding), default=1.0), 4),
            decision=min((each.decision for each in deciding), default=Decision.ACCEPT),
            terms=self._terms(mentions),
            reasons=self._reasons(features, mentions, likeness),
            model=self.model,
        )

    def link_score(self, title: str, words: Sequence[str]) -> float:
        """How likely a page is on topic, 0 to 1, judged by its title and other words known before it is fetched."""
        found = self.score(title, words)
        related = found.related / (found.related + self._thresholds.related) if found.related else 0.0
        if self._mode == "both":
            return (found.conflict + related) / 2
        return related if self._mode == "related" else found.conflict

    @cached_property
    def _lexicon(self) -> Lexicon:
        """The word lists, with names in the seeds that they lack."""
        return self._word_lists.with_names(unknown_names(self._seeds, self._word_lists.index))

    @cached_property
    def _topics(self) -> list[TopicVector]:
        """What each seed document is about."""
        found = (self._mentions(None, seed) for seed in self._seeds)
        return [TopicVector.of(mentions.presence, self._lexicon) for mentions in found]

    @cached_property
    def _seed_vectors(self) -> "list[npt.NDArray[np.float64]]":
        """What each seed document means to the sentence model."""
        return [self._embedder.vector(None, seed) for seed in self._seeds] if self._embedder else []

    def _mentions(self, title: str | None, paragraphs: Sequence[str]) -> Mentions:
        return find_mentions(self._lexicon, title, paragraphs)

    def _likeness(self, mentions: Mentions) -> Likeness:
        """The likeness to the most similar seed document."""
        text = TopicVector.of(mentions.presence, self._lexicon)
        return max((seed.likeness(text) for seed in self._topics), key=_score_of, default=NOTHING)

    def _with_meaning(self, likeness: Likeness, title: str | None, paragraphs: Sequence[str]) -> Likeness:
        """The likeness with the sentence model's share in it, if there is a model."""
        if self._embedder is None:
            return likeness
        vector = self._embedder.vector(title, paragraphs)
        nearest = max((float(vector @ seed) for seed in self._seed_vectors), default=0.0)
        shared = {name: (1 - SHARE) * value for name, value in likeness.shared.items()}
        shared["meaning"] = SHARE * max(nearest, 0.0)
        return Likeness((1 - SHARE) * likeness.score + shared["meaning"], shared)

    def _deciding(self, conflict: Score, related: Score) -> list[Score]:
        return {"both": [conflict, related], "conflict": [conflict], "related": [related], "off": []}[
            self._mode
        ]

    def _terms(self, mentions: Mentions) -> tuple[str, ...]:
        weights = {**self._lexicon.rarity, **self._lexicon.entities}
        names = [name for name in mentions.surfaces if self._lexicon.groups.get(name) != OTHER]
        found = sorted(names, key=lambda name: -weights[name] * mentions.presence[name])
        return tuple(dict.fromkeys(mentions.surfaces[name] for name in found))[:MAX_TERMS]

    def _reasons(
        self, features: Mapping[str, float], mentions: Mentions, likeness: Likeness
    ) -> tuple[Reason, ...]:
        """What moved the two scores, strongest first; the weakest are left out in long texts."""
        added = {BIAS: self._conflict.weights[BIAS], **self._conflict.contributions(features)}
        reasons = [
            Reason(
                name=name,
                seen=mentions.surfaces.get(name, ""),
                conflict=round(added.get(name, 0.0), 3),
                related=round(likeness.shared.get(name, 0.0), 3),
            )
            for name in {**added, **likeness.shared}
        ]
        reasons.sort(key=lambda reason: (-abs(reason.conflict) - 10 * reason.related, reason.name))
        return tuple(reasons[:MAX_REASONS])


def _score_of(likeness: Likeness) -> float:
    return likeness.score


def _hash_seeds(seeds: Sequence[Sequence[str]]) -> str:
    """Eight hex digits that identify a set of seed documents, in any order."""
    texts = sorted("\n\n".join(seed) for seed in seeds)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
