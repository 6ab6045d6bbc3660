"""Reads the dates that a page shows: in a byline beside the headline, or in a line of their own.

A page also shows dates of other articles (teasers, lists, comments). A wrong month is worse than none: only lines
between the headline and the first paragraphs, or right above the headline, are read, and elsewhere only what says that
it is the publication; a date inside a sentence does not count, and if two months are found, neither does.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, product, takewhile

from crawler.extraction.body.blocks import Block, squeeze
from crawler.extraction.body.marks import own_marks
from crawler.extraction.dates.headline import find_headlines
from crawler.extraction.dates.lines import (
    LINE,
    Found,
    has_date,
    is_date_line,
    names_other,
    read_block,
    read_dateline,
    read_end,
    read_marked_up,
)
from crawler.extraction.dates.timestamps import first_day
from crawler.items import DateEvidence, DateKind, DateSource

_ABOVE, _BELOW = 4, 12
"""Number of blocks above and below the headline that are read; most are buttons and captions."""

_AFTER = 40
"""Number of blocks below the story in which a labelled date is looked for."""

_LONGEST_LIST = 250
"""Most characters of a list of author, date and section."""

_ELSEWHERE = frozenset(
    {"aside", "footer", "figure", "figcaption", "caption", "related", "comments", "signup", "ad"}
)
_NOT_IN = frozenset({"aside", "nav", "footer", "figure"})
_CLOSE = frozenset({"body", "html"})


def read_visible_dates(
    blocks: list[Block],
    titles: Collection[str],
    story: Collection[str],
    captured: date,
    *,
    is_day_first: bool = False,
) -> list[DateEvidence]:
    """Dates beside the headline, marked up (TIME) or only written (TEXT).

    `titles` are the titles of the page as block keys in lower case, `story` the keys of the story's paragraphs,
    `captured` is the day on which the page was fetched. `is_day_first` tells whether `03/04/2021` is a day in April;
    else it is no date.
    """
    paragraphs = _paragraphs(blocks, story)
    headlines = find_headlines(blocks, titles, paragraphs[0] if paragraphs else len(blocks))
    if not headlines:
        return []
    found: list[Found] = []
    for region in _beside(blocks, headlines, paragraphs, captured):
        found += [item for item in region if is_day_first or not item.is_ambiguous]
        if any(item.evidence.kind is DateKind.PUBLISHED for item in found):
            break
    return _agreed(found)


def read_dates_elsewhere(
    blocks: list[Block], titles: Collection[str], story: Collection[str], *, is_day_first: bool = False
) -> Iterator[DateEvidence]:
    """The publication that is not beside the headline: named as such anywhere in the article, else below the story in
    a byline, else in the dateline of its first paragraph.

    Arguments as of `read_visible_dates`.
    """
    paragraphs = _paragraphs(blocks, story)
    headlines = find_headlines(blocks, titles, paragraphs[0] if paragraphs else len(blocks))
    begin = headlines[-1] if headlines else paragraphs[0] if paragraphs else 0
    end = paragraphs[-1] if paragraphs else begin
    lines = range(max(0, begin - _ABOVE), min(end + _AFTER, len(blocks)))
    closing = [at for at in range(end + 1, min(end + _BELOW, len(blocks))) if _closes(blocks, at, end)]
    for found in (
        [item for item in _read_own(blocks, lines, begin) if item.is_labelled],
        _read(blocks, closing, blocks[begin]) if closing else [],
        [item for at in paragraphs[:1] for item in read_dateline(blocks[at])],
    ):
        sure = [item for item in found if is_day_first or not item.is_ambiguous]
        if published := [item for item in _agreed(sure) if item.kind is DateKind.PUBLISHED]:
            yield from published
            return


def _read_own(blocks: list[Block], places: range, begin: int) -> Iterator[Found]:
    """The dates of lines that are not about other articles or comments."""
    for at in places:
        is_others = (blocks[at].marks - blocks[begin].marks) & {"related", "comments"}
        if (
            has_date(blocks[at])
            and not is_others
            and not any(map(names_other, blocks[max(0, at - 1) : at + 2]))
        ):
            yield from read_block(blocks, at)


def _closes(blocks: list[Block], at: int, end: int) -> bool:
    """Whether a block below the story is a byline, with nothing of other articles in between."""
    return "byline" in blocks[at].near and not any(map(names_other, blocks[end + 1 : at + 1]))


def _paragraphs(blocks: list[Block], story: Collection[str]) -> list[int]:
    """Indices of the story's paragraphs; headings, and a byline that was taken for one, are none."""
    return [
        at
        for at, block in enumerate(blocks)
        if (block.is_sentence or block.length > LINE) and block.key in story and not is_date_line(block)
    ]


def _beside(
    blocks: list[Block], headlines: list[int], paragraphs: list[int], captured: date
) -> Iterator[list[Found]]:
    """What is found in the places where bylines stand, the likeliest first."""
    at = headlines[-1]
    begin, *later = [*(place for place in paragraphs if place > at), len(blocks)][:3]
    headline = blocks[at]
    yield [item for element in headline.times[:1] for item in read_marked_up(element)]
    yield _read(blocks, range(at + 1, min(begin, at + 1 + _BELOW)), headline)
    # A summary in bold above the byline was taken for the first paragraph, or has it at its end.
    if later:
        yield list(read_end(blocks[begin]))
        yield _read_inside(blocks, range(begin + 1, later[-1]), paragraphs, headline)
    yield _read_above(blocks, headlines, captured)


def _read(blocks: list[Block], places: Iterable[int], headline: Block) -> list[Found]:
    """The dates in the blocks at these places, up to the first that names another article."""
    own = takewhile(lambda at: _continues(blocks[at]), places)
    return [
        item
        for at in own
        if has_date(blocks[at]) and not _is_elsewhere(blocks[at], headline)
        for item in read_block(blocks, at)
        if not _is_listed(blocks[at])
    ]


def _continues(block: Block) -> bool:
    """Whether the head of the article goes on after a block: long links there are of buttons and authors."""
    return (
        not names_other(block) or "share" in block.marks or ("byline" in block.near and not has_date(block))
    )


def _read_inside(blocks: list[Block], places: range, paragraphs: list[int], headline: Block) -> list[Found]:
    """Bylines among the first paragraphs, and lines of a date alone if the story has just one: others divide it."""
    bylines = [at for at in places if "byline" in blocks[at].near]
    if found := _read(blocks, bylines, headline):
        return found
    alone = [at for at in places if is_date_line(blocks[at])]
    if len(alone) != 1 or any(is_date_line(blocks[at]) for at in range(places.stop, paragraphs[-1])):
        return []
    return _read(blocks, alone, headline)


def _read_above(blocks: list[Block], headlines: list[int], captured: date) -> list[Found]:
    """Dates right above the headline, or between it and another one that says the same."""
    at = headlines[-1]
    begin = max(0, at - _ABOVE)
    if len(headlines) > 1 and at - headlines[-2] <= _BELOW:
        begin = min(begin, headlines[-2] + 1)
    places = [place for place in range(begin, at) if _is_close(blocks[place], blocks[at])]
    bylines = [place for place in places if _is_own(blocks[place], blocks[at])]
    return _read(blocks, bylines, blocks[at]) or [
        # Many sites show today's date at the top.
        item
        for item in _read(blocks, places, blocks[at])
        if item.is_labelled or first_day(item.evidence.value) < captured - timedelta(days=1)
    ]


def _is_own(block: Block, headline: Block) -> bool:
    """Whether a block above the headline is the byline beside it, not the head of the site."""
    return "byline" in block.near and block.container is headline.container


def _is_close(block: Block, headline: Block) -> bool:
    """Whether a block above the headline belongs to it: in the same part of the page, or named as a byline."""
    ours, its = ({each.container, each.container.getparent()} for each in (headline, block))
    together = any(element is not None and element.tag not in _CLOSE for element in ours & its)
    is_byline = "byline" in block.near and not (block.marks - headline.marks) & {"header", "chrome", "nav"}
    return block.container is headline.container or together or is_byline


def _is_elsewhere(block: Block, headline: Block) -> bool:
    """Whether a block is in a part of the page that is not the article's head."""
    places = (block.container, *block.container.iterancestors())
    outside = (block.marks - headline.marks) & _ELSEWHERE
    if "related" in outside and not any("related" in own_marks(each, str(each.tag)) for each in places):
        outside -= {"related"}  # a line is called `inline` or `embed`, a box of other articles is around it
    parts = _NOT_IN.intersection(element.tag for element in places)
    if "byline" in block.near and "article" in block.marks:
        outside, parts = outside - {"footer"}, parts - {"footer"}
    return bool(outside or parts)


def _is_listed(block: Block) -> bool:
    """Whether it is an item of a list that is not a byline: one of few words, with a class that says so."""
    places = (block.container, *block.container.iterancestors())
    around = next((element for element in places if element.tag in ("ul", "ol", "dl")), None)
    if block.tag != "li" and around is None:
        return False
    words = "".join(islice(around.itertext(), _LONGEST_LIST)) if around is not None else ""
    is_long = len(squeeze(words)) > _LONGEST_LIST
    return is_long or "byline" not in block.near


def _agreed(found: list[Found]) -> list[DateEvidence]:
    """The dates of each kind and source, the labelled ones if there are any; none if they are of different months."""
    agreed: list[DateEvidence] = []
    for kind, where in product(DateKind, (DateSource.TIME, DateSource.TEXT)):
        items = [item for item in found if (item.evidence.kind, item.evidence.where) == (kind, where)]
        items = [item for item in items if item.is_labelled] or items
        if len({item.evidence.value[:7] for item in items}) == 1:
            agreed += dict.fromkeys(item.evidence for item in items)
    return agreed
