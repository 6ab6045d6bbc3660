"""What the corpus holds, the articles included that are still on their way to the disk."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from crawler.catalogue.corpus_texts import nearest
from crawler.catalogue.store import Store
from crawler.http.url_identity import url_key
from crawler.items import Article
from crawler.texts.corpus_text import CorpusText


class CorpusIndex:
    """The store's answers, corrected by what this run let pass and the committer may not have written yet.

    What is committed is forgotten, so that a run may be as long as it likes.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._in_flight: dict[str, Article] = {}
        """By file, in the order of their coming."""
        self._by_body: dict[bytes, CorpusText] = {}
        self._by_url: dict[bytes, CorpusText] = {}
        self._by_band: defaultdict[int, list[str]] = defaultdict(list)
        self._replaced: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._settled: str | None = None

    def same_text(self, body_hash: bytes) -> CorpusText | None:
        """The article of the corpus with this body that came first."""
        kept = self._by_body.get(body_hash) or self._store.same_text(body_hash)
        return kept if kept and kept.file not in self._replaced else None

    def text_of_url(self, url: str) -> CorpusText | None:
        """The present text of a URL."""
        return self._by_url.get(url_key(url)) or self._store.text_of_url(url)

    def near_texts(self, bands: tuple[int, ...]) -> list[CorpusText]:
        """Articles that share keys with a text, those first that share the most."""
        if not bands:
            return []
        found = {kept.file: (shared, kept) for shared, kept in self._store.near_texts(bands)}
        found |= self._near_in_flight(bands)
        return nearest(each for file, each in found.items() if file not in self._replaced)

    def _near_in_flight(self, bands: tuple[int, ...]) -> dict[str, tuple[int, CorpusText]]:
        hit = [key for key in bands if key in self._by_band]
        full = self._store.full_bands(hit) if hit else ()
        shared = Counter(file for key in hit if key not in full for file in self._by_band[key])
        ordered = sorted(shared, key=list(self._in_flight).index)
        return {file: (shared[file], _kept(self._in_flight[file])) for file in ordered}

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
        self._forget_settled()
        kept = _kept(article)
        if article.revises is not None:
            self._replaced.add(article.revises)
        if self.same_text(article.body_hash) is None:
            self._by_body[article.body_hash] = kept
        self._by_url[url_key(article.url)] = kept
        for key in article.bands:
            self._by_band[key].append(article.file)
        self._in_flight[article.file] = article

    def settle(self, articles: Sequence[Article]) -> None:
        """Learn that articles are committed, in the order in which they came; may be called from any thread."""
        if files := [article.file for article in articles if article.file is not None]:
            self._settled = files[-1]

    def _forget_settled(self) -> None:
        settled = self._settled
        while settled in self._in_flight:
            file = next(iter(self._in_flight))
            self._forget(self._in_flight.pop(file), file)

    def _forget(self, article: Article, file: str) -> None:
        for known, key in ((self._by_body, article.body_hash), (self._by_url, url_key(article.url))):
            if key in known and known[key].file == file:
                del known[key]
        for band in article.bands:
            self._by_band[band].remove(file)
            if not self._by_band[band]:
                del self._by_band[band]
        self._replaced.discard(article.revises or "")


def _kept(article: Article) -> CorpusText:
    assert article.body_hash is not None
    assert article.file is not None
    return CorpusText(
        article.url,
        article.evidence.source,
        article.body_hash,
        article.file,
        "\n\n".join(article.paragraphs),
        article.modified,
    )
