"""What the corpus holds, the articles included that are still on their way to the disk."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crawler.catalogue import corpus_texts, sketches
from crawler.catalogue.corpus_files import last_number
from crawler.catalogue.sketches import Kept, Told
from crawler.catalogue.stated_decisions import LeftOut
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import url_key
from crawler.items import Article
from crawler.relevance.translations import Meaning
from crawler.texts.corpus_text import CorpusText
from crawler.texts.seed_format import name_end


class PendingArticles:
    """What the catalogue says, corrected by what this run let pass and the committer may not have written yet.

    What is committed is forgotten, so that a run may be as long as it likes.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._pending: dict[str, Article] = {}
        """By file, in the order of their coming."""
        self._by_body: dict[bytes, CorpusText] = {}
        self._by_url: dict[bytes, CorpusText] = {}
        self._by_band: defaultdict[int, list[str]] = defaultdict(list)
        self._replaced: set[str] = set()
        self._file_numbers: dict[str, int] = {}
        self._kept: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        """Numbers of files that are there already, by month and end of the name."""
        self._taken: defaultdict[str, set[int]] = defaultdict(set)
        self._settled: str | None = None
        self.left_out: Mapping[bytes, LeftOut] = {}
        """Pages, by their keys, that stay out for texts which were taken down."""

    def same_text(self, body_hash: bytes) -> CorpusText | None:
        """The article of the corpus with this body that came first."""
        known = self._by_body.get(body_hash)
        if known is None:
            with self._catalogue.read() as connection:
                known = corpus_texts.same_text(connection, body_hash)
        return known if known and known.file not in self._replaced else None

    def text_of_url(self, url: str) -> CorpusText | None:
        """The present text of a URL."""
        if known := self._by_url.get(url_key(url)):
            return known
        with self._catalogue.read() as connection:
            return corpus_texts.text_of_url(connection, url)

    def near_texts(self, bands: tuple[int, ...]) -> list[CorpusText]:
        """Articles that share keys with a text, those first that share the most."""
        if not bands:
            return []
        hit = [key for key in bands if key in self._by_band]
        with self._catalogue.read() as connection:
            near = corpus_texts.near_texts(connection, bands)
            full = corpus_texts.full_bands(connection, hit) if hit else set()
        found = {text.file: (shared, text) for shared, text in near}
        found |= self._pending_near(key for key in hit if key not in full)
        return corpus_texts.nearest(each for file, each in found.items() if file not in self._replaced)

    def sketches_around(self, day: str) -> list[Kept]:
        """What the articles of the days around one mean, in the order of days and of their coming."""
        with self._catalogue.read() as connection:
            found = sketches.sketches_around(connection, day)
            gone = {*self._replaced, *sketches.ids_of(connection, self._replaced)}
        first, last = sketches.days_around(day)
        pending = [each for each in map(_kept, self._pending.values()) if each and first <= each.day <= last]
        return sketches.latest(each for each in found + pending if each.article not in gone)

    def told(self, articles: Sequence[int | str]) -> Mapping[int | str, Told]:
        """What articles mean."""
        with self._catalogue.read() as connection:
            known = sketches.told(connection, articles)
        return {**known, **{each: _told(self._pending[each]) for each in articles if isinstance(each, str)}}

    def keep_numbers(self, files: Iterable[tuple[str, int, str]]) -> None:
        """Let articles have the numbers of files that are there: month, number, and end of the name of each."""
        for month, number, end in sorted(files):
            self._kept[month, end].append(number)
            self._taken[month].add(number)

    def file_number(self, month: str, sha256: str) -> int:
        """The number of the file with this SHA-256 (hex): the one that it has already, or one that was never used."""
        kept = self._kept.get((month, name_end(sha256)))
        if kept:
            self._file_numbers[month] = max(self._last_number(month), kept[0])
            return kept.pop(0)
        number = self.next_file_number(month)
        while number in self._taken[month]:
            number = self.next_file_number(month)
        return number

    def next_file_number(self, month: str) -> int:
        """A file number that this month of the corpus never used."""
        self._file_numbers[month] = self._last_number(month) + 1
        return self._file_numbers[month]

    def add(self, article: Article) -> None:
        """Take an article that is about to become a file of the corpus."""
        text = _corpus_text(article)
        self._forget_settled()
        if article.revises is not None:
            self._replaced.add(article.revises)
        if self.same_text(text.body_hash) is None:
            self._by_body[text.body_hash] = text
        self._by_url[url_key(article.url)] = text
        for key in article.bands:
            self._by_band[key].append(text.file)
        self._pending[text.file] = article

    def settle(self, articles: Sequence[Article]) -> None:
        """Learn that articles are committed, in the order in which they came; may be called from any thread."""
        if files := [article.file for article in articles if article.file is not None]:
            self._settled = files[-1]

    def _last_number(self, month: str) -> int:
        if month not in self._file_numbers:
            self._file_numbers[month] = last_number(self._catalogue, month)
        return self._file_numbers[month]

    def _pending_near(self, bands: Iterable[int]) -> dict[str, tuple[int, CorpusText]]:
        shared = Counter(file for key in bands for file in self._by_band[key])
        ordered = sorted(shared, key=list(self._pending).index)
        return {file: (shared[file], _corpus_text(self._pending[file])) for file in ordered}

    def _forget_settled(self) -> None:
        settled = self._settled
        while settled in self._pending:
            file = next(iter(self._pending))
            self._forget(self._pending.pop(file), file)

    def _forget(self, article: Article, file: str) -> None:
        for known, key in ((self._by_body, article.body_hash), (self._by_url, url_key(article.url))):
            if key in known and known[key].file == file:
                del known[key]
        for band in article.bands:
            self._by_band[band].remove(file)
            if not self._by_band[band]:
                del self._by_band[band]
        self._replaced.discard(article.revises or "")


def _corpus_text(article: Article) -> CorpusText:
    assert article.body_hash is not None
    assert article.file is not None
    return CorpusText(
        article.url,
        article.evidence.source,
        article.body_hash,
        article.file,
        article.text,
        article.modified,
        article.published,
    )


def _kept(article: Article) -> Kept | None:
    day = sketches.day_of(article.published)
    if day is None or article.meaning is None or article.language is None:
        return None
    signs = Meaning(article.language, article.meaning).signs
    return Kept(article.file or "", day, article.language, signs)


def _told(article: Article) -> Told:
    return Told(article.url, Meaning(article.language or "", article.meaning or b""))
