"""Whether an article is about armed conflict, and related to the seed documents."""

from crawler.relevance.scorer import MODES, Scorer
from crawler.relevance.topic import Topic, TopicError

__all__ = ["MODES", "Scorer", "Topic", "TopicError"]
