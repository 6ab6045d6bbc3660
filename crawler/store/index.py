"""What the corpus holds, the articles included that are still on their way to the disk."""

from crawler.identity import url_key
from crawler.items import Article
from crawler.store.store import Kept, Store


class CorpusIndex:
    """The store's answers, corrected by what this run let pass and the committer may not have written yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_body: dict[bytes, Kept] = {}
        self._by_url: dict[bytes, Kept] = {}
        self._replaced: set[str] = set()
        self._numbers: dict[str, int] = {}

    def same_text(self, body_hash: bytes) -> Kept | None:
        """The article of the corpus with this body that came first."""
        kept = self._by_body.get(body_hash) or self._store.same_text(body_hash)
        return kept if kept and kept.file not in self._replaced else None

    def text_of_url(self, url: str) -> Kept | None:
        """The present text of a URL."""
        return self._by_url.get(url_key(url)) or self._store.text_of_url(url)

    def next_number(self, month: str) -> int:
        """A file index that this month of the corpus never used."""
        if month not in self._numbers:
            self._numbers[month] = self._store.last_index(month)
        self._numbers[month] += 1
        return self._numbers[month]

    def add(self, article: Article) -> None:
        """Take an article that is about to become a file of the corpus."""
        assert article.body_hash is not None
        assert article.file is not None
        kept = Kept(article.url, article.evidence.source, article.body_hash, article.file)
        if article.revises is not None:
            self._replaced.add(article.revises)
        if self.same_text(article.body_hash) is None:
            self._by_body[article.body_hash] = kept
        self._by_url[url_key(article.url)] = kept
