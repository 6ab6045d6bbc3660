"""Selects the paragraphs of the story from the blocks of a page.

trafilatura finds the region of the story; a linear model over a few features (of the block, its neighbours and its
place; weights in `weights.py`) then decides for each block. Paragraphs are blocks of the page, not lines of
trafilatura, so that they break where the page breaks them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from itertools import compress

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.body.block_features import (
    SENTENCE,
    SHORT,
    Features,
    PageText,
    describe_blocks,
    is_heading,
    is_running,
    locate,
)
from crawler.extraction.body.blocks import Block, is_teaser, reading_length, squeeze
from crawler.extraction.body.copies import without_copies
from crawler.extraction.body.labels import is_appeal, is_label
from crawler.extraction.body.model import MODEL, Model
from crawler.extraction.body.wholes import judge_wholes
from crawler.extraction.page import Page
from crawler.extraction.trafilatura_internals import find_body

_MIN_STORY = 250
"""Reading length below which the selection is doubtful."""

_DOUBT = 0.6
"""Score below zero down to which a block is doubtful: the margin of the fit."""

_MOST = 0.7
"""If this share of the sentences of one container and style is selected, all of them are."""

_TEASERS = 3
"""Number of paragraphs under links from which on they are teasers, not chance."""

_ENOUGH = 0.6
"""Share of the running text from which on the result of trafilatura's fast mode is accepted."""

_NEVER_STORY = {
    "in signup",
    "in comments",
    "in share",
    "in ad",
    "in aside",
    "label",
    "label and link",
    "appeal",
}

_NO_TEXT = {"figcaption", "spoken"}

_QUESTION_MARKS = ("?", "？", "؟", ";", "՞", "፧")

_MOST_PORTRAITS = 2000
"""Reading length above which what is named like portraits of the authors is more than that."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of the blocks of a page before a model judges them."""

    blocks: list[Block]
    described: list[Features]
    found: list[bool]
    """Whether trafilatura found the block."""
    page_text: PageText


def find_paragraphs(page: Page, page_text: PageText) -> list[str]:
    """The paragraphs of the story, without headline, captions and surroundings.

    If the page shows no story but its JSON-LD contains one (a script would show it), the paragraphs of that.
    """
    return select(examine(page, page_text))


def examine(page: Page, page_text: PageText) -> Examined:
    """What can be known of each block of a page."""
    blocks = page.blocks
    found = locate(blocks, find_text(page))
    return Examined(blocks, describe_blocks(blocks, page_text, found), found, page_text)


def select(examined: Examined, model: Model = MODEL) -> list[str]:
    """The paragraphs that a model chooses, as `find_paragraphs` describes them."""
    story, page_text = _find_story(examined, model), examined.page_text
    if _length(story) < _MIN_STORY < reading_length(page_text.article_body):
        return list(page_text.article_lines)
    return [block.text for block in story]


def _find_story(examined: Examined, model: Model) -> list[Block]:
    blocks, described = examined.blocks, examined.described
    scores = model.scores(described)
    chosen = [score > 0 for score in scores]
    _add_lead(examined, scores, chosen)
    wholes = judge_wholes(blocks, described, scores, chosen)
    _add_siblings(blocks, described, chosen)
    _add_headings(blocks, chosen)
    _drop_teasers(blocks, chosen)
    outside = _outside_marks(blocks)
    story = _clean(compress(blocks, chosen), examined.page_text, outside, wholes)
    if _length(story) < _MIN_STORY:
        found = [
            is_found and not features.keys() & _NEVER_STORY
            for is_found, features in zip(examined.found, described, strict=True)
        ]
        story = max(story, _clean(compress(blocks, found), examined.page_text, outside), key=_length)
    return story


def _add_lead(examined: Examined, scores: list[float], chosen: list[bool]) -> None:
    """Select doubtful prose before the story if trafilatura begins with it: the model has seen nothing before it."""
    prose = [
        at
        for at, block in enumerate(examined.blocks)
        if examined.found[at] and is_running(block) and not examined.described[at].keys() & _NEVER_STORY
    ]
    if len(prose) > 1 and scores[prose[0]] > -_DOUBT and chosen[prose[1]]:
        chosen[prose[0]] = True


def _add_siblings(blocks: list[Block], described: list[Features], chosen: list[bool]) -> None:
    """Select the sentences that share container and style with most of the story."""
    story, alike = Counter[object](), Counter[object]()
    begins: dict[object, int] = {}
    for at, block in enumerate(blocks):
        if block.is_sentence:
            kind = (block.container, block.style)
            alike[kind] += block.length
            if chosen[at]:
                story[kind] += block.length
                begins.setdefault(kind, at)
    for at, block in enumerate(blocks):
        kind = (block.container, block.style)
        if not chosen[at] and story[kind] > _MOST * alike[kind] and at > begins[kind]:
            chosen[at] = _can_be_story(block, described[at])


def _drop_teasers(blocks: list[Block], chosen: list[bool]) -> None:
    """Deselect paragraphs at the end that each follow a link as long as a headline: they are teasers."""
    story = [at for at, is_chosen in enumerate(chosen) if is_chosen]
    kept = next((n for n in range(len(story), 0, -1) if not is_teaser(blocks, story[n - 1])), 0)
    styles = Counter[object]()
    for at in story[:kept]:
        styles[blocks[at].style] += blocks[at].length
    # In the style of the earlier story they belong to it: it has links between its paragraphs.
    teasers = [at for at in story[kept:] if styles[blocks[at].style] < max(styles.values(), default=0)]
    if len(teasers) >= _TEASERS:
        for at in teasers:
            chosen[at] = False


def _can_be_story(block: Block, features: Features) -> bool:
    is_prose = block.is_sentence and block.length >= SHORT and block.link_share < 0.3
    return is_prose and not features.keys() & {"label", "address", "label and link"}


def _add_headings(blocks: list[Block], chosen: list[bool]) -> None:
    """Select headings between two paragraphs of the story."""
    for at in range(1, len(blocks) - 1):
        block = blocks[at]
        if (
            is_heading(block)
            and block.link_share < 0.5
            and chosen[at - 1]
            and chosen[at + 1]
            and (is_running(blocks[at + 1]) or _asks(block))
            and not is_label(block)
        ):
            chosen[at] = True


def _asks(block: Block) -> bool:
    """Whether a heading is a question, which may have a short answer."""
    return block.text.rstrip().endswith(_QUESTION_MARKS)


def find_text(page: Page) -> str:
    """The story as trafilatura finds it, white space removed; in its slow mode if the fast one finds little."""
    running = sum(
        block.length
        for block in page.blocks
        if is_running(block) and not block.marks & {"comments", "signup"}
    )
    text = _trafilatura(page.tree, fast=True)
    if reading_length(text) < max(_MIN_STORY, _ENOUGH * running):
        text = f"{text} {_trafilatura(page.tree, fast=False)}"
    return text


def _trafilatura(tree: HtmlElement, fast: bool) -> str:
    try:
        return squeeze(find_body(tree, fast=fast))
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError, etree.LxmlError):
        return ""  # a page on which trafilatura fails is judged without it


def _clean(
    story: Iterable[Block], page_text: PageText, outside: Set[str], wholes: Collection[object] = frozenset()
) -> list[Block]:
    """The blocks without headlines, captions, appeals, copies and scraps at both ends; lists may be at the end."""
    kept = without_copies(
        [
            block
            for block in story
            if not (block.key.lower() in page_text.titles or block.marks & outside or is_appeal(block))
        ]
    )
    begin = next((at for at, block in enumerate(kept) if not _is_scrap(block)), len(kept))
    while kept and kept[-1].whole not in wholes and (_is_scrap(kept[-1]) or is_heading(kept[-1])):
        kept.pop()
    return kept[begin:]


def _outside_marks(blocks: list[Block]) -> Set[str]:
    """Marks of what is never the story."""
    portraits = sum(block.length for block in blocks if "portrait" in block.marks)
    return _NO_TEXT | {"portrait"} if portraits < _MOST_PORTRAITS else _NO_TEXT


def _is_scrap(block: Block) -> bool:
    """Whether a block at either end of a story is a byline, a date or a label: short, and not a sentence."""
    return block.length < SENTENCE and not block.is_sentence


def _length(blocks: Iterable[Block]) -> int:
    return sum(block.length for block in blocks)
