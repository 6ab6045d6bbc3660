"""Reads the dates in one block of a page, and what each is the date of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block, ends_sentence, squeeze
from crawler.extraction.dates.about import (
    SEPARATOR,
    About,
    about_by_names,
    about_by_property,
    about_by_words,
    has_words,
    is_ending,
    is_label,
)
from crawler.extraction.dates.headline import element_of
from crawler.extraction.dates.months import plain
from crawler.extraction.dates.timestamps import first_day, parse_timestamp
from crawler.extraction.dates.written import WrittenDate, find_dates, first_date
from crawler.items import DateEvidence, DateKind, DateSource

_LONGEST, _LONGEST_LABEL = 120, 30
"""Longest reading length of a line with author, place and date, and of what stands before a date."""

LINE = 60
"""Reading length up to which a block that ends like a sentence may be a line: `28 января 2021 г.`, `10:20 น.`"""

_HEADLINE = 25
"""Reading length from which on a link is a headline."""

_MOST_TIMES = 20
"""Marked-up dates of one block that are read; a hostile page may have more."""

_DATELINE = 80
"""Characters in which a paragraph's place and date stand."""

_AFTER_DATELINE = re.compile(r"[\s,)\]]*(?:\([^()]{2,30}\)|/[^/]{2,20}/)?\s*(?:[-–—―:]|\.\s?[-–—])\s")

_FIGURE = re.compile(r"\d|年")


@dataclass(frozen=True, slots=True)
class Found:
    """A date of a page, read from its markup (TIME) or its text (TEXT)."""

    evidence: DateEvidence
    is_labelled: bool
    """Whether words, a property or a class say what it is the date of."""
    is_ambiguous: bool = False
    """Whether it is read as if the day came first: `03/04/2021`."""


def has_date(block: Block) -> bool:
    """Whether a block may have a date: it is marked up, or there are figures in a line."""
    return bool(block.times) or (block.length <= _LONGEST and _FIGURE.search(block.text) is not None)


def read_block(blocks: list[Block], at: int) -> Iterator[Found]:
    """The dates of a block; a short one before it may say what they are of."""
    block, about = blocks[at], dict[str, About | None]()
    labelled = list(_label_pieces(block, _label_of(blocks, at)))
    labels = {squeeze(piece): label for piece, label in labelled}
    for element in block.times[:_MOST_TIMES]:
        key = squeeze(element.text or "")
        about[key] = _about_element(element, labels.get(key, ""))
        yield from _read_element(element, about[key])
    # A line may end like a sentence: 28 января 2021 г., 10:20 น.
    if block.length <= (LINE if block.is_sentence else _LONGEST):
        for piece, label in labelled:
            if _FIGURE.search(piece):
                yield from _read_line(block, piece, label, about.get(squeeze(piece)))


def _label_pieces(block: Block, label: str) -> Iterator[tuple[str, str]]:
    """The pieces of a block, each with what stands before it, from the last figures on: `Posted by Ana Veld on`."""
    for piece in block.pieces:
        yield piece, label
        words = f"{label} {plain(piece.strip()[-_LONGEST_LABEL:])}"
        label = "" if _FIGURE.search(piece) else words[-_LONGEST:]


def read_marked_up(element: HtmlElement) -> Iterator[Found]:
    """The date of an element that is marked up as one, unless readers see another."""
    yield from _read_element(element, _about_element(element, ""))


def _read_element(element: HtmlElement, about: About | None) -> Iterator[Found]:
    shown = element.text or ""
    value = parse_timestamp(element.get("datetime") or element.get("content") or shown)
    if value and about is not About.OTHER and not _contradicts(shown, value):
        yield Found(DateEvidence(value, _kind(about), DateSource.TIME), about is not None)


def _about_element(element: HtmlElement, label: str) -> About | None:
    """What a marked-up date is the date of: by its property, the words in and before it, and its classes."""
    if about := about_by_property(element.get("itemprop") or ""):
        return about
    before, around = element.getprevious(), element.getparent()
    beside = (around.text if before is None else before.tail) if around is not None else ""
    for words in (plain(f"{(beside or '')[-_LONGEST:]} {(element.text or '')[:_LONGEST]}"), label):
        if about := about_by_words(words):
            return about
    if element.get("pubdate") is not None:
        return About.PUBLICATION
    names = about_by_names(element.get("class") or "")
    return names or (about_by_names(around.get("class") or "") if around is not None else None)


def read_end(block: Block) -> Iterator[Found]:
    """The date behind the last sentence of a paragraph, if it is not part of it: `<b>The lead.</b> 28 January 2021`."""
    if len(block.pieces) > 1 and ends_sentence(block.pieces[-2].rstrip()):
        yield from _read_line(block, block.pieces[-1], "", None)


def read_dateline(block: Block) -> Iterator[Found]:
    """The date at the beginning of a paragraph, after its place: `HALVIK, Jan 28, 2021 (Lamp) - The ferry`."""
    found, gaps = _split(plain(block.text.strip()[:_DATELINE]))
    if found and has_words(gaps[0]) and is_label(gaps[0]) and _AFTER_DATELINE.match(gaps[1]):
        evidence = DateEvidence(found[0].value, DateKind.PUBLISHED, DateSource.TEXT)
        yield Found(evidence, is_labelled=False, is_ambiguous=found[0].is_ambiguous)


def _kind(about: About | None) -> DateKind:
    return DateKind.MODIFIED if about is About.CHANGE else DateKind.PUBLISHED


def _contradicts(shown: str, value: str) -> bool:
    """Whether the visible and the marked-up day differ by more than a time zone explains."""
    seen = first_date(shown)
    return seen is not None and abs(first_day(seen) - first_day(value)) > timedelta(days=1)


def _read_line(block: Block, piece: str, label: str, about: About | None) -> Iterator[Found]:
    """The dates of a line, if it contains nothing that a byline would not.

    `label` is what stands before it (plain), `about` what markup says of it.
    """
    found, gaps = _split(plain(piece))
    if not found or not _is_byline(gaps):
        return
    if len(found) > 1 or about_by_words(" ".join(gaps)):
        about = None  # markup may say it of a part of the line
    elif about is None:
        about = _about_names(block, piece)
    for item, before, after in zip(found, _labels(gaps), _labels_after(gaps), strict=True):
        words = before if has_words(before) else label
        its = about_by_words(words) or about_by_words(after) or about
        if its is not About.OTHER:
            evidence = DateEvidence(item.value, _kind(its), DateSource.TEXT)
            yield Found(evidence, its is not None, item.is_ambiguous)


def _labels(gaps: list[str]) -> list[str]:
    """What stands before each date; of a text between two, the part that does not go with the first."""
    return [gaps[0], *(SEPARATOR.split(gap, maxsplit=1)[-1] for gap in gaps[1:-1])]


def _labels_after(gaps: list[str]) -> list[str]:
    """What stands after each date, up to a separator or the end, as in Korean: `2021.01.28 10:20 입력 | … 수정`."""
    between = (SEPARATOR.split(gap, maxsplit=1) for gap in gaps[1:-1])
    return [*(parts[0] if len(parts) > 1 else "" for parts in between), SEPARATOR.split(gaps[-1])[0]]


def _split(line: str) -> tuple[list[WrittenDate], list[str]]:
    """The dates of a line (plain) and the texts before, between and after them."""
    found = find_dates(line)
    ends = [0, *(item.end for item in found)]
    begins = [*(item.begin for item in found), len(line)]
    return found, [line[end:begin] for end, begin in zip(ends, begins, strict=True)]


def _is_byline(gaps: list[str]) -> bool:
    return all(map(is_label, gaps[:-1])) and is_ending(gaps[-1])


def _about_names(block: Block, piece: str) -> About | None:
    """What the classes of the elements around a piece of a block say."""
    element = element_of(block, piece)
    inner = "" if element is None else f"{element.get('class') or ''} {element.get('id') or ''}"
    return about_by_names(inner) or about_by_names(block.style[1]) or about_by_names(block.style[3])


def is_date_line(block: Block) -> bool:
    """Whether a block is short, no heading, and has a date."""
    is_short = block.length < LINE and block.tag[0] != "h"
    return is_short and bool(_FIGURE.search(block.text)) and bool(find_dates(plain(block.text)))


def names_other(block: Block) -> bool:
    """Whether its links name other articles; a date may be a link too."""
    if not block.is_pointer:
        return False
    dates = sum(len(squeeze(piece)) for piece in block.pieces if _is_linked_date(block, piece))
    return (block.link_chars - dates) / len(block.key) * block.length >= _HEADLINE * block.links


def _is_linked_date(block: Block, piece: str) -> bool:
    found, gaps = _split(plain(piece))
    if not found or not _is_byline(gaps):
        return False
    element = element_of(block, piece)
    return element is not None and any(each.tag == "a" for each in (element, *element.iterancestors()))


def _label_of(blocks: list[Block], at: int) -> str:
    """What the block before says, if it is short and has no date itself: `Published`."""
    before = blocks[at - 1].text.strip() if at else ""
    return "" if len(before) > _LONGEST_LABEL or _FIGURE.search(before) else plain(before)
