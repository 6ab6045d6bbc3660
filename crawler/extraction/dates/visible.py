"""Reads the dates beside a headline: in a byline, or in a line of their own.

A page also shows dates of other articles (teasers, lists, comments). A wrong month is worse than none: only lines
between the headline and the first paragraph, or right above the headline, are read; a date inside a sentence does
not count, and if two months are found, neither does.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise, product, takewhile

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block
from crawler.extraction.dates.months import plain
from crawler.extraction.dates.timestamps import first_day, parse_timestamp
from crawler.extraction.dates.written import find_dates, first_date
from crawler.items import DateEvidence, DateKind, DateSource

_ABOVE, _BELOW = 3, 12
"""Number of blocks above and below the headline that are read; most are buttons and captions."""

_LONGEST = 120
"""Longest reading length of a line with author, place and date."""

_LONGEST_LABEL = 30
_ELSEWHERE = frozenset(
    {"aside", "footer", "figure", "figcaption", "caption", "related", "comments", "signup", "ad"}
)
_NOT_IN = frozenset({"aside", "nav", "footer", "figure", "li"})
_PUBLISHED = """
publish- posted created publie- publicad- publicat- publicer- publiser- pubblicat- gepubliceerd geplaatst
veröffentlicht erschienen erstellt julkaist- opublikowan- utworzono zveřejněn- objavljen- megjelen- közzétév-
yayın- eklenme δημοσι- опублик- размещен- создан- оприлюднен- публикуван- објављен- نشر منتشر انتشار تاريخ تاریخ
פורסם תאריך प्रकाशित প্রকাশ- شائع terbit diterbitkan dipublikasikan tayang đăng xuất 发布- 發布- 发表- 發表- 日期
公開- 掲載- 投稿- 配信- 게시- 등록- 입력-
"""
_UPDATED = """
updat- modif- edited revised actuali- atualiz- aggiorn- aktuali- geändert änderung mis mise bijgewerkt gewijzigd
uppdater- oppdater- opdater- päivitet- muokat- zmian- zmienion- frissít- módosít- uprav- ažurir- posodob- обновл-
онов- изменен- змінен- güncel- ενημερ- τροποπ- تحديث التحديث تعديل بروزرسانی ویرایش עודכן עדכון अपडेट अद्यतन
হালনাগাদ আপডেট diperbarui cập 更新- 修改- 업데이트- 수정-
"""
_BY = """
by von par por di da door av af od przez от автор текст بقلم كتب نوشته מאת 作者- 记者- 記者- 来源- 來源- 출처-
"""
"""Words of bylines in the languages of `months`; `-` marks the beginning of a word."""

_AROUND = """
at a à as um uhr klo kl o ob om v в г р ч года року saat ore alle h hs hrs heures am pm le el il la den der de on del
est edt cst cdt mst pst pdt gmt utc bst cet cest mez mesz eet eest msk мск ist wib wita jst kst
الساعة ساعت بتوقيت غرينتش ص م في בשעה ב lúc
"""
"""Words between a date and its time of day, and after the time."""

_SEPARATOR = re.compile(r"[|·•/\n(\[)\]»>]| [–—-] |^\s*[–—-]|[–—-]\s*$")
# Not \w, which leaves out the vowel signs of Indian scripts.
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~،।：「」“”«»–—·•]+")


def _vocabulary(*texts: str) -> re.Pattern[str]:
    words = (plain(word) for text in texts for word in text.split())
    return re.compile("|".join(word[:-1] if word.endswith("-") else f"{word}$" for word in words))


_IS_UPDATE = _vocabulary(_UPDATED)
_IS_NAMING = _vocabulary(_PUBLISHED, _UPDATED, _BY)
_IS_TIME = _vocabulary(_AROUND)


def read_visible_dates(
    blocks: list[Block], titles: Collection[str], story: Collection[str], captured: date
) -> list[DateEvidence]:
    """Dates beside the headline, marked up (TIME) or only written (TEXT).

    `titles` are the titles of the page as block keys in lower case, `story` the keys of the story's paragraphs,
    `captured` is the day on which the page was fetched.
    """
    paragraphs = [at for at, block in enumerate(blocks) if block.key in story]
    at = _find_headline(blocks, titles, paragraphs[0] if paragraphs else len(blocks))
    if at is None:
        return []
    begin, second = [*(place for place in paragraphs if place > at), len(blocks), len(blocks)][:2]
    found = [*_read_blocks(_below(blocks, at, begin), blocks[at])]
    if not found:
        # A summary in bold above the byline was taken for the first paragraph.
        bylines = (block for block in _below(blocks, begin, second) if "byline" in block.marks)
        found = [*_read_blocks(bylines, blocks[at])]
    if not found:
        above = (
            block for block in blocks[max(0, at - _ABOVE) : at] if block.container is blocks[at].container
        )
        # Many sites show today's date at the top.
        before = captured - timedelta(days=1)
        found = [item for item in _read_blocks(above, blocks[at]) if first_day(item.value) < before]
    return [
        item
        for sort in product(DateKind, (DateSource.TIME, DateSource.TEXT))
        for item in _agreed(found, sort)
    ]


def _below(blocks: list[Block], begin: int, end: int) -> Iterable[Block]:
    """The blocks between two blocks, up to the first that names another article."""
    return takewhile(
        lambda block: not block.is_pointer or "share" in block.marks,
        blocks[begin + 1 : min(end, begin + 1 + _BELOW)],
    )


def _find_headline(blocks: list[Block], titles: Collection[str], begin: int) -> int | None:
    """Index of the last headline above the story: earlier ones are in menus and breadcrumbs."""
    named = [at for at, block in enumerate(blocks) if block.key.lower() in titles]
    headlines = named or [at for at, block in enumerate(blocks) if block.tag == "h1"]
    return max((at for at in headlines if at < begin), default=min(headlines, default=None))


def _agreed(found: list[DateEvidence], sort: tuple[DateKind, DateSource]) -> list[DateEvidence]:
    """The dates of one kind and source; none if they are of different months."""
    items = [item for item in dict.fromkeys(found) if (item.kind, item.where) == sort]
    return items if len({item.value[:7] for item in items}) == 1 else []


def _read_blocks(blocks: Iterable[Block], headline: Block) -> Iterator[DateEvidence]:
    for block in blocks:
        if block.is_pointer or _is_listed(block) or (block.marks - headline.marks) & _ELSEWHERE:
            continue
        for element in block.times:
            yield from _read_element(element)
        if block.length <= _LONGEST and not block.is_sentence:
            for label, piece in pairwise(("", *block.pieces)):
                yield from _read_line(plain(piece), plain(label[-_LONGEST_LABEL:]))


def _is_listed(block: Block) -> bool:
    around = (block.container, *block.container.iterancestors())
    return block.tag == "li" or any(element.tag in _NOT_IN for element in around)


def _read_element(element: HtmlElement) -> Iterator[DateEvidence]:
    before, around = element.getprevious(), element.getparent()
    label = (around.text if before is None else before.tail) if around is not None else ""
    shown = element.text or ""
    value = parse_timestamp(element.get("datetime") or element.get("content") or shown)
    if value and not _contradicts(shown, value):
        names = filter(None, (element.get("class"), element.get("itemprop"), label, shown))
        is_update = _has_word(plain(" ".join(names)), _IS_UPDATE)
        yield DateEvidence(value, _kind(is_update), DateSource.TIME)


def _kind(is_update: bool) -> DateKind:
    return DateKind.MODIFIED if is_update else DateKind.PUBLISHED


def _contradicts(shown: str, value: str) -> bool:
    """Whether the visible and the marked-up day differ by more than a time zone explains."""
    seen = first_date(shown)
    return seen is not None and abs(first_day(seen) - first_day(value)) > timedelta(days=1)


def _read_line(line: str, label: str) -> Iterator[DateEvidence]:
    """The dates of a line (in plain form), if it contains nothing that a byline would not."""
    found = find_dates(line)
    ends = [0, *(item.end for item in found)]
    begins = [*(item.begin for item in found), len(line)]
    gaps = [line[end:begin] for end, begin in zip(ends, begins, strict=True)]
    if not all(_is_label(gap) for gap in gaps[:-1]) or not _is_ending(gaps[-1]):
        return
    for item, gap in zip(found, gaps, strict=False):
        is_update = _has_word(gap if _WORD.search(gap) else label, _IS_UPDATE)
        yield DateEvidence(item.value, _kind(is_update), DateSource.TEXT)


def _is_label(text: str) -> bool:
    """Whether a text can precede a date: nothing, a weekday, a place, `Published by Ana Veld on`."""
    last = _SEPARATOR.split(text)[-1]
    words = _WORD.findall(last)
    is_place = len(words) <= 3 and len(_WORD.findall(re.split("[,،]", last)[-1])) <= 1
    return is_place or _has_word(last, _IS_NAMING)


def _is_ending(text: str) -> bool:
    """Whether a text can follow a date: nothing, a time of day, another part of the line, the author."""
    words = _WORD.findall(_SEPARATOR.split(text)[0])
    return all(map(_IS_TIME.match, takewhile(lambda word: not _IS_NAMING.match(word), words)))


def _has_word(text: str, kind: re.Pattern[str]) -> bool:
    return any(map(kind.match, _WORD.findall(text)))
