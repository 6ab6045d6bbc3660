"""Whether pages are parts of one article, by what each says of the other; and the text that they make together."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from crawler.extraction.legibility import find_damage
from crawler.http.url_identity import url_key
from crawler.items import Article, Declaration, Part
from crawler.texts.similarity import bands_of

_PAGE_OF = re.compile(
    r"[\[(（]?\s*(?:(?:page|seite|p[aá]gina|strona|strana|stránka|страница|сторінка|sayfa|sivu|sida|side|oldal|trang"
    r"|halaman|σελίδα|الصفحة|صفحة|صفحه|עמוד|ページ|페이지|पृष्ठ|หน้า)\s*\d{1,2}|第\s*\d{1,2}\s*[页頁]"
    r"|\d{1,2}\s*(?:[页頁]|ページ|페이지|쪽)"
    r"|\d{1,2}\s*/\s*\d{1,2})(?:\s*(?:/|of|von|sur|de|di|из|з|z)\s*\d{1,2})?\s*[\])）]?|[\[(（]\d{1,2}[\])）]\s*$",
    re.IGNORECASE,
)
"""What a headline says of the page under it: `(2/3)`, `Seite 2`, `第2页`. A "part 2" is another article."""

_NOT_LETTER = re.compile(r"[\W_]+")

_LEAST_HEADLINE, _ENOUGH = 6, 20
"""Letters that a headline has (a third in scripts without spaces); from which on the beginning of one will do."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

_REPEATABLE = 60
"""Characters of a paragraph above which it is not written twice in one article."""

_SAME_AGAIN = 0.5
"""Share of a page's text that was on earlier pages, from which on it is the same page again."""


@dataclass(frozen=True, slots=True)
class PartText:
    """A page that says of itself that its article is on several."""

    url: str
    title: str
    paragraphs: tuple[str, ...]
    """Its own, without those of other pages."""
    previous: str | None
    next: str | None
    record_id: str = ""
    declared: tuple[Declaration, ...] | None = None
    rights: tuple[str, ...] = ()
    holder: object = field(default=None, compare=False)
    """What its reader keeps with it."""

    @classmethod
    def of(cls, article: Article, record_id: str = "") -> Self:
        """A page as it was extracted, from a record."""
        return cls(
            article.url,
            article.title or "",
            article.paragraphs,
            article.previous_part,
            article.next_part,
            record_id,
            article.declared,
            article.rights,
            article,
        )

    @property
    def key(self) -> bytes:
        return url_key(self.url)


@dataclass(frozen=True, slots=True)
class Chain:
    """The pages around one page that are parts of the same article, in their order."""

    pages: tuple[PartText, ...]
    missing_before: str | None = None
    missing: str | None = None
    """The URLs of pages at either end that are named and not known."""
    is_too_long: bool = False

    @property
    def is_whole(self) -> bool:
        return self.missing_before is None and self.missing is None and not self.is_too_long


Find = Callable[[str], PartText | None]
"""The page of a URL; None if it is not known."""


def resolve(page: PartText, find: Find, most: int) -> Chain:
    """The pages of a page's article, at most so many.

    Two pages belong together if each names the other, under the same headline, and the later one says something new.
    """
    before, missing_before = _walk(page, find, most, lambda each: each.previous, _is_before)
    first = [*reversed(before), page]
    after, missing = _walk(page, find, most, lambda each: each.next, _is_after)
    pages = [*first, *after]
    new = _before_the_first_repeat(pages)
    if new < len(first):
        return Chain((page,))  # it shows again what others showed
    if new < len(pages):
        pages, missing = pages[:new], None
    is_too_long = len(pages) > most or (len(pages) == most and missing is not None)
    return Chain(tuple(pages), missing_before, missing, is_too_long)


def combined(article: Article, pages: Sequence[PartText]) -> Article:
    """The article of the first page with the text of all, which depends on what was extracted from them alone."""
    own, *others = put_together(pages)
    paragraphs = tuple(text for given in (own, *others) for text in given)
    further = zip(pages[1:], others, strict=True)
    return replace(
        article,
        paragraphs=paragraphs,
        bands=bands_of("\n\n".join(paragraphs)),
        relevance=None,  # what was judged is the text of the first page
        meaning=None,
        damage=next(filter(None, [article.damage, *map(_damage_of, pages), find_damage(paragraphs)]), ""),
        verdict=None if others else article.verdict,
        verdict_reason="" if others else article.verdict_reason,
        previous_part=None,
        next_part=pages[1].url if others else None,
        parts=tuple(Part(page.url, page.record_id, len(given)) for page, given in further),
        rights=tuple(dict.fromkeys(right for page in pages for right in page.rights)),
        declared=tuple(dict.fromkeys(each for page in pages for each in page.declared or ())),
    )


def _damage_of(page: PartText) -> str:
    """What was seen when a page was extracted; of one from the catalogue its text shows it."""
    return page.holder.damage if isinstance(page.holder, Article) else ""


def put_together(pages: Sequence[PartText]) -> list[tuple[str, ...]]:
    """The paragraphs that each page gives to the article: those that no earlier page had."""
    seen: set[str] = set()
    given = []
    for page in pages:
        given.append(tuple(text for text in page.paragraphs if text not in seen))
        seen.update(text for text in page.paragraphs if len(text) > _REPEATABLE)
    return given


def is_same_headline(one: str, other: str) -> bool:
    """Whether two pages have one headline, but for what it says of the page."""
    first, second = sorted((_letters(one), _letters(other)), key=len)
    least = _LEAST_HEADLINE if not _UNSPACED.search(first) else _LEAST_HEADLINE // 3
    if len(first) < least:
        return False
    return first == second or (len(first) >= _ENOUGH and second.startswith(first))


def _walk(
    page: PartText,
    find: Find,
    most: int,
    onward: Callable[[PartText], str | None],
    fits: Callable[[PartText, PartText, Find], bool],
) -> tuple[list[PartText], str | None]:
    """The pages in one direction, and the URL of the one that is not known, if the way ends there."""
    found: list[PartText] = []
    current = page
    while (url := onward(current)) is not None and len(found) < most:
        neighbour = find(url)
        if neighbour is None:
            return found, url
        if not fits(neighbour, current, find) or neighbour.key in {page.key, *(each.key for each in found)}:
            break
        found.append(neighbour)
        current = neighbour
    return found, None


def _is_before(neighbour: PartText, current: PartText, find: Find) -> bool:
    return _belong_together(neighbour, current, find)


def _is_after(neighbour: PartText, current: PartText, find: Find) -> bool:
    return _belong_together(current, neighbour, find)


def _belong_together(earlier: PartText, later: PartText, find: Find) -> bool:
    return (
        is_same_headline(earlier.title, later.title)
        and _names(earlier.next, later, find)
        and _names(later.previous, earlier, find)
        and not _is_same_again(later, earlier.paragraphs)
    )


def _names(url: str | None, page: PartText, find: Find) -> bool:
    """Whether a URL leads to a page, be it by a redirect."""
    return url is not None and (
        url_key(url) == page.key or ((led := find(url)) is not None and led.key == page.key)
    )


def _before_the_first_repeat(pages: Sequence[PartText]) -> int:
    """The number of pages before one that shows again what earlier ones showed: all, if none does."""
    seen: set[str] = set()
    for at, page in enumerate(pages):
        if at and _is_same_again(page, seen):
            return at
        seen.update(page.paragraphs)
    return len(pages)


def _is_same_again(page: PartText, earlier: Iterable[str]) -> bool:
    known = set(earlier)
    repeated = sum(len(text) for text in page.paragraphs if text in known)
    return repeated >= _SAME_AGAIN * sum(map(len, page.paragraphs))


def _letters(title: str) -> str:
    return _NOT_LETTER.sub("", _PAGE_OF.sub(" ", title)).lower()
