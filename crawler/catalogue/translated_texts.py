"""Which article of the corpus an article is a translation of, or the other way round: neither is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from crawler.catalogue.sketches import Kept, Told, day_of
from crawler.http.url_identity import url_key
from crawler.items import Article, Relation
from crawler.relevance.translations import Meaning, find_candidates, find_translation


class Meanings(Protocol):
    """What the articles of the corpus mean that one reader can see."""

    def sketches_around(self, day: str) -> list[Kept]: ...
    def told(self, articles: Sequence[int | str]) -> Mapping[int | str, Told]: ...


def with_translation(article: Article, corpus: Meanings) -> Article:
    """The article with the one that tells the same in another language in these days, if it is nobody's kin.

    Of several languages the surest one counts.
    """
    day = day_of(article.published)
    if article.kin is not None or article.meaning is None or article.language is None or day is None:
        return article
    meaning, others = Meaning(article.language, article.meaning), corpus.sketches_around(day)
    nearest = [(others[place].article, least) for place, least in find_candidates(meaning, others)]
    known = corpus.told([name for name, _ in nearest])
    candidates = [(known[name], least) for name, least in nearest if name in known]
    found = find_translation(meaning, [(other.meaning, least) for other, least in candidates])
    if found is None or url_key(candidates[found][0].url) == url_key(article.url):
        return article
    return replace(article, kinship=Relation.TRANSLATION, kin=candidates[found][0].url)
