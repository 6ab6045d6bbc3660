"""Judges lists and tables as a whole: one item alone (a name, a number) looks like a scrap, all of them like facts."""

from itertools import groupby

from crawler.extraction.body.block_features import PARAGRAPH, Features, is_heading
from crawler.extraction.body.blocks import Block

_BESIDE = 1.5
"""What a paragraph of the story before or after a list adds to its score; fitted by hand on lists of many sites."""

_FOUND = 0.5
"""What it adds that trafilatura takes the list for a part of the story."""

_PARAGRAPH = 0.8
"""What it adds that short lines were one paragraph of some length before they were split."""

_MOST_LINKS, _MOST_LINKS_ALONE = 0.5, 0.2
"""Share of its text inside links from which on a list is a menu or names other articles: within a story, elsewhere."""

_LINES = 3
"""Number of lines from which on a broken paragraph at the end of a story is a list, not a signature."""

_NEAR = 3
"""Number of headings and introductions that may stand between a paragraph and a list."""

_TEASERS = 2
"""Number of items that are links as long as headlines from which on a list names other articles."""

_NEVER_STORY = {"in signup", "in comments", "in share", "in ad", "in aside", "in hidden"}
_ITEMS = {"dd", "dt", "li", "tr"}
_INTRODUCES = (":", "：", "፦", "՝")


def judge_wholes(
    blocks: list[Block], described: list[Features], scores: list[float], chosen: list[bool]
) -> set[object]:
    """Select all or no blocks of each list and table, and what introduces it; gives those that are selected."""
    taken: set[object] = set()
    runs = [(whole, list(run)) for whole, run in groupby(range(len(blocks)), lambda at: blocks[at].whole)]
    for whole, run in runs:
        if whole is None:
            continue
        first, last = run[0], run[-1]
        if described[first].keys() & _NEVER_STORY or _names_articles(blocks, run):
            continue
        before = _beside(blocks, chosen, range(first - 1, max(-1, first - 1 - _NEAR), -1))
        after = _beside(blocks, chosen, range(last + 1, min(len(blocks), last + 1 + _NEAR)))
        is_story = _is_story(blocks, described, scores, run, before + after)
        for at in run:
            chosen[at] = is_story
        if is_story and (blocks[first].tag in _ITEMS or len(run) >= _LINES):
            taken.add(whole)
        if is_story and before:
            _take_introduction(blocks, chosen, first)
    return taken


def _names_articles(blocks: list[Block], run: list[int]) -> bool:
    heads = sum(blocks[at].is_pointer and blocks[at].link_share > 0.8 for at in run)
    return heads >= _TEASERS


def _is_story(
    blocks: list[Block], described: list[Features], scores: list[float], run: list[int], beside: int
) -> bool:
    length = sum(blocks[at].length for at in run)
    linked = sum(blocks[at].length * blocks[at].link_share for at in run)
    found = sum(blocks[at].length for at in run if "found" in described[at])
    score = sum(blocks[at].length * scores[at] for at in run)
    most_links = _MOST_LINKS if beside else _MOST_LINKS_ALONE
    bonus = _BESIDE * beside
    if blocks[run[0]].tag not in _ITEMS and length > PARAGRAPH:
        bonus += _PARAGRAPH
    return linked < most_links * length and score + _FOUND * found + bonus * length > 0


def _beside(blocks: list[Block], chosen: list[bool], places: range) -> int:
    """1 if the nearest block that is no heading and introduces nothing is part of the story, else 0."""
    for at in places:
        if chosen[at]:
            return 1
        if not _introduces(blocks[at]):
            return 0
    return 0


def _introduces(block: Block) -> bool:
    return block.link_share < _MOST_LINKS and (is_heading(block) or block.text.rstrip().endswith(_INTRODUCES))


def _take_introduction(blocks: list[Block], chosen: list[bool], first: int) -> None:
    for at in range(first - 1, max(-1, first - 1 - _NEAR), -1):
        if chosen[at] or not _introduces(blocks[at]):
            return
        chosen[at] = True
