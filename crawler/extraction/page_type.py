"""Decides from its content whether a page is an article at all."""

from collections.abc import Sequence

from crawler.extraction.body.blocks import is_teaser, reading_length, squeeze
from crawler.extraction.jsonld import types_of
from crawler.extraction.live_blog import find_live_blog
from crawler.extraction.notice_pages import find_notice
from crawler.extraction.page import Page
from crawler.extraction.paywall import find_paywall, is_cut
from crawler.extraction.story import app_roots
from crawler.extraction.verdict import Verdict
from crawler.fates import Fate

MIN_LENGTH = 200
"""Reading length below which a text is too short for an article (about 70 Chinese characters)."""

_FLASH = 80
"""Reading length of one sentence: enough if the page declares itself an article."""

_TEASER = 200
"""Mean reading length of paragraphs below which they may be teasers."""

_NOTICE = 1500
"""Reading length above which a page is more than a notice, whatever words it contains."""

_CONNECTED = 400
"""Reading length of paragraphs in a row from which on they are a story, however many links surround it."""

_PICTURES = 4
"""Pictures with captions that make a gallery of a page with hardly any text."""

_INDEX_TYPES = {"CollectionPage", "SearchResultsPage", "ProfilePage"}
_VIDEO_TYPES = {"VideoObject", "VideoGallery", "Clip", "BroadcastEvent"}
_GALLERY_TYPES = {"ImageGallery", "MediaGallery"}


def judge(page: Page, title: str, paragraphs: Sequence[str]) -> Verdict | None:
    """What a page is that is surely not a complete article, else None: losing an article is the worst error.

    Texts below MIN_LENGTH are `too_short`, whatever the reason. A longer text is refused only if it is short enough
    for a notice and the page itself shows what it is.
    """
    length = reading_length("".join(paragraphs))
    story = _places(page, paragraphs)
    if evidence := find_live_blog(page, title):
        return Verdict(Fate.LIVE_BLOG, evidence)
    if evidence := _find_teasers(page, story):
        return Verdict(Fate.INDEX_PAGE, evidence)
    if length < _NOTICE and not page.article:
        if notice := find_notice(page, title):
            return notice
        if evidence := _find_index(page, story, length):
            return Verdict(Fate.INDEX_PAGE, evidence)
    if evidence := find_paywall(page, paragraphs, story):
        return Verdict(Fate.PAYWALL_STUB, evidence)
    return _judge_length(page, paragraphs, length)


def _judge_length(page: Page, paragraphs: Sequence[str], length: int) -> Verdict | None:
    if length >= MIN_LENGTH or (_is_declared(page) and any(map(_is_flash, paragraphs))):
        return None
    if evidence := _find_shell(page):
        return Verdict(Fate.JS_SHELL, evidence)
    kind = _kind_of_media(page)
    if not length:
        return Verdict(Fate.NO_TEXT, kind or f"none of its {len(page.blocks)} texts is one of a story")
    size = f"it has {length} letters, an article has {MIN_LENGTH}"
    return Verdict(Fate.TOO_SHORT, f"{kind}, {size}" if kind else size)


def _is_declared(page: Page) -> bool:
    return bool(page.article) or "article" in page.metas.get("og:type", [])


def _is_flash(paragraph: str) -> bool:
    return reading_length(paragraph) >= _FLASH and not is_cut([paragraph])


def _kind_of_media(page: Page) -> str:
    """What a page with hardly any text shows instead."""
    declared = {name for node in page.nodes for name in types_of(node)}
    if declared & _VIDEO_TYPES or any(name.startswith("video") for name in page.metas.get("og:type", [])):
        return "it is a page of a video"
    captions = sum("figcaption" in block.marks for block in page.blocks)
    if declared & _GALLERY_TYPES or captions >= _PICTURES:
        return f"it is a gallery with {captions} captions" if captions else "it is a gallery"
    return ""


def _find_index(page: Page, story: list[int], length: int) -> str:
    """Why a page is a list: it declares so, or is mostly links and never declares itself an article."""
    if declared := {name for node in page.nodes for name in types_of(node) & _INDEX_TYPES}:
        return f"it declares itself a {min(declared)}"
    if "article" in page.metas.get("og:type", []) or "article:published_time" in page.metas:
        return ""
    links = [block for block in page.blocks if block.link_share > 0.8 and block.length > 30]
    linked = sum(block.length for block in links)
    if linked <= 10 * (length + MIN_LENGTH) or _is_connected(page, story):
        return ""
    return f"{len(links)} of its texts are links to other pages, {length} letters are not"


def _is_connected(page: Page, story: list[int]) -> bool:
    """Whether some paragraphs follow each other as those of a story do, not those of a list."""
    longest = run = 0
    for at, before in zip(story, [-2, *story], strict=False):
        block = page.blocks[at]
        is_prose = block.is_sentence and block.link_share < 0.5
        run = (run if at == before + 1 else 0) + block.length if is_prose else 0
        longest = max(longest, run)
    return longest >= _CONNECTED


def _places(page: Page, paragraphs: Sequence[str]) -> list[int]:
    """The positions of the paragraphs among the page's blocks; the first one of repeated paragraphs."""
    wanted = set(map(squeeze, paragraphs))
    firsts: dict[str, int] = {}
    for at, block in enumerate(page.blocks):
        if block.key in wanted:
            firsts.setdefault(block.key, at)
    return list(firsts.values())


def _find_teasers(page: Page, story: list[int]) -> str:
    """Why nearly all paragraphs are teasers: they are short and are, or follow, headlines of other articles."""
    teasers = sum(is_teaser(page.blocks, at) for at in story)
    length = sum(page.blocks[at].length for at in story)
    if teasers < max(3, 0.8 * len(story)) or length >= _TEASER * len(story):
        return ""
    return f"{teasers} of its {len(story)} paragraphs stand below links to other articles"


def _find_shell(page: Page) -> str:
    """Why a page is an empty shell that a script fills."""
    if sum(block.length for block in page.blocks) >= MIN_LENGTH:
        return ""
    if (root := next(app_roots(page), None)) is not None:
        return f"a script fills its element {root.get('id')}"
    asks = any("javascript" in "".join(element.itertext()).lower() for element in page.tree.iter("noscript"))
    return "it asks for JavaScript" if asks else ""
