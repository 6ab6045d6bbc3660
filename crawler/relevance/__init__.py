"""Judges whether an article is about armed conflict and related to the seed documents."""

from crawler.relevance.scorer import Scorer, TopicProfile
from crawler.relevance.topic import NO_TOPIC, Topic, TopicError

__all__ = ["NO_TOPIC", "Scorer", "Topic", "TopicError", "TopicProfile"]
