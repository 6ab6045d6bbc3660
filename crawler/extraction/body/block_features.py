"""Features of each text block, from which `selection` separates a story from its surroundings."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from crawler.extraction.body.blocks import Block, squeeze
from crawler.extraction.body.labels import is_label
from crawler.extraction.body.marks import MARKS
from crawler.extraction.body.tables import SEPARATOR

Features = dict[str, float]
"""Values by name; a missing one is 0."""

SHORT, SENTENCE, PARAGRAPH = 25, 60, 150
"""Reading lengths: a text below the first is a label; from the others on it can be a sentence, a paragraph."""

_SEPARATOR = SEPARATOR.strip()
_MAX_SCANNED = 300_000_000
"""Characters scanned to locate the blocks of one page: a fraction of a second."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th", "tr", "dt", "dd"})
_TAGS = (
    {"p": "tag p", "li": "tag li"}
    | dict.fromkeys(_HEADINGS, "tag heading")
    | dict.fromkeys(_CELLS, "tag cell")
)
_IN, _NEAR = ({mark: f"{where} {mark}" for mark in MARKS} for where in ("in", "near"))
_STEPS = tuple((step, f"{step:+} links", f"{step:+} found") for step in (-2, -1, 1, 2))
_NEXT = tuple((step, f"{step:+} length", f"{step:+} alike") for step in (-1, 1))
_MANY, _FAR = 40, 10
_COMMA = re.compile(r"[,،，、;；]")
_BLOCK_MARKUP = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6])\b[^<>]*>", re.IGNORECASE)
_INLINE_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_ADDRESS = re.compile(r"https?:|www\.|@|[©ⓒ]")
_APPEALS = tuple(
    """
newsletter| inbox|subscribe|subscription| sign up| signing up| sign in| log in| our app|click here|abonnement|abonnieren
abonnez|abonner|inscrivez|infolettre|suscríb|suscrib|boletín|boletin|iscriviti|inscreva|assine|abbonati|nyhetsbrev
nyhedsbrev|nieuwsbrief|prenumer|uutiskirje|hírlevél|biuletyn|abone ol|bülten|aboneaz|подпиш|подписыва|подписка|подписку
рассылк|підпиш|підписув|підписка|підписку|розсилк|абонира|اشترك|النشرة|تابعونا|خبرنامه|הירשמו|ניוזלטר|订阅|訂閱|关注我们
購読|メルマガ|구독|뉴스레터|สมัครรับ|सब्सक्राइब
""".strip("\n")
    .replace("\n", "|")
    .split("|")
)
_NAMES_OF_NETWORKS = """
facebook twitter instagram whatsapp telegram youtube linkedin tiktok viber wechat weibo 微信 微博
фейсбук телеграм فيسبوك تويتر واتساب تلغرام
"""
_NETWORKS = tuple(_NAMES_OF_NETWORKS.split())
_NOTE = 400
"""Reading length up to which a text can be a request to readers."""


@dataclass(frozen=True, slots=True)
class PageText:
    """Texts about the story from elsewhere on the page, white space removed."""

    titles: frozenset[str] = frozenset()
    """Lower case."""
    description: str = ""
    article_lines: tuple[str, ...] = ()
    """Lines of the JSON-LD's `articleBody`, white space kept."""
    article_body: str = ""
    """The same as one text, white space removed."""

    @classmethod
    def of(cls, titles: Iterable[str], description: str, article_body: str) -> Self:
        """From texts as they are on the page."""
        keys = (squeeze(title).lower() for title in titles)
        lines = tuple(_INLINE_MARKUP.sub("", _BLOCK_MARKUP.sub("\n", article_body)).splitlines())
        return cls(frozenset(filter(None, keys)), squeeze(description), lines, squeeze("".join(lines)))


@dataclass(slots=True)
class _Page:
    """Facts about the page that its blocks are compared with."""

    found: list[bool]
    containers: dict[object, float]
    """Amount of running text by container, as a share of the largest."""
    styles: dict[object, float]
    """Amount of found text by style, as a share of the largest."""
    total: int
    """Length of the found text."""
    wrappers: frozenset[str]
    """Marks of most of the found text: they belong to the page's frame and mean nothing."""
    headline: int
    """Index of the first headline; 0 if there is none."""
    story: range
    """From the first to the last running text that was found."""
    found_share: float
    """Share of all text that was found."""
    found_styles: Counter[object]
    """Amount of found text by style."""
    all_styles: Counter[object]
    """Amount of text by style."""
    sizes: Counter[object]
    """Number of blocks by container."""
    repeats: Counter[str]
    """Number of blocks by text."""


def describe_blocks(blocks: list[Block], page_text: PageText, found: list[bool]) -> list[Features]:
    """Features of each block, given which ones trafilatura found: see `locate`."""
    page = _survey(blocks, page_text, found)
    described = [_describe(block, page) for block in blocks]
    _describe_page_text(blocks, described, page_text)
    _describe_order(blocks, described, page)
    _describe_neighbours(blocks, described, page.found)
    for block, features, is_found in zip(blocks, described, page.found, strict=True):
        if is_found:
            _describe_found(features)
        elif is_running(block) and features["style"] > 0.5:
            # Advertising can split a story: a block that looks like the first half belongs to it.
            features["looks like found"] = 1
    return described


def locate(blocks: list[Block], text: str) -> list[bool]:
    """For each block, whether a text contains it; a short block counts only if it is found in order."""
    position, located = 0, []
    # Searching the whole text for each of 100,000 paragraphs would take hours.
    searches = _MAX_SCANNED // (len(text) + 1)
    for block in blocks:
        key = block.key.replace(_SEPARATOR, "") if block.tag == "tr" else block.key
        may_search = block.length >= SHORT and searches > 0
        at = text.find(key, position, len(text) if may_search else position + len(key) + 2)
        if at != position and may_search:
            searches -= 1
            if at < 0 and block.length > SENTENCE:
                at = _find_anywhere(key, text)
        if at >= 0:
            position = max(position, at + len(key))
        located.append(at >= 0)
    return located


def is_heading(block: Block) -> bool:
    return block.tag in _HEADINGS


def is_running(block: Block) -> bool:
    """Whether a block has sentences of some length and is not a list of links."""
    return block.is_sentence and block.length >= SENTENCE and block.link_share < 0.5


def _find_anywhere(key: str, text: str) -> int:
    """Position of the block, or else of its middle: extractors drop notes and links inside blocks."""
    whole, third = text.find(key), len(key) // 3
    if whole >= 0:
        return whole
    part = text.find(key[third : third + SHORT])
    return max(0, part - third) if part >= 0 else -1


def _survey(blocks: list[Block], page_text: PageText, found: list[bool]) -> _Page:
    containers, styles, marks = Counter[object](), Counter[object](), Counter[str]()
    all_styles = Counter[object]()
    for block, is_found in zip(blocks, found, strict=True):
        all_styles[block.style] += block.length
        if is_running(block):
            containers[block.container] += block.length
        if is_found:
            styles[block.style] += block.length
            marks.update(dict.fromkeys(block.marks, block.length))
    half = styles.total() / 2
    headlines = (
        at for at, block in enumerate(blocks) if block.tag == "h1" or block.key.lower() in page_text.titles
    )
    told = [at for at, block in enumerate(blocks) if found[at] and is_running(block)] or [0]
    return _Page(
        found,
        _shares(containers),
        _shares(styles),
        total=styles.total(),
        wrappers=frozenset(mark for mark, length in marks.items() if length > half),
        headline=next(headlines, 0),
        story=range(told[0], told[-1] + 1),
        found_share=styles.total() / (all_styles.total() or 1),
        found_styles=styles,
        all_styles=all_styles,
        sizes=Counter(block.container for block in blocks),
        repeats=Counter(block.key for block in blocks),
    )


def _describe(block: Block, page: _Page) -> Features:
    features: Features = {
        "length": min(block.length, 650) ** 0.5 / 10,
        "commas": min(3, len(_COMMA.findall(block.text))) / 3,
        "links": block.link_share,
        "parent": page.containers.get(block.container, 0),
        "style": page.styles.get(block.style, 0),
        "container size": min(page.sizes[block.container], _MANY) / _MANY,
        "page found": page.found_share,
    }
    _describe_text(block, features)
    _describe_place(block, page, features)
    return features


def _describe_text(block: Block, features: Features) -> None:
    length, share = block.length, block.link_share
    if length < SHORT:
        features["short"] = 1
    elif length >= PARAGRAPH:
        features["paragraph"] = 1
    if block.is_sentence:
        features["stop"] = 1
    if is_label(block):
        features["label"] = 1
    if _ADDRESS.search(block.text):
        features["address"] = 1
    # "Read also:" and a headline, in any language.
    if 0.3 < share <= 0.8 and len(block.key) - block.link_chars < SHORT:
        features["label and link"] = 1
    if SHORT <= length < _NOTE:
        text = f" {block.text.casefold()}"
        if _mentions(text, _APPEALS):
            features["appeal"] = 1
        if _mentions(text, _NETWORKS):
            features["network"] = 1


def _mentions(text: str, words: Iterable[str]) -> bool:
    """Whether a text of some length, which can be a request to readers, has one of these words."""
    for word in words:  # noqa: SIM110  # twice as fast as `any`
        if word in text:
            return True
    return False


def _describe_place(block: Block, page: _Page, features: Features) -> None:
    if block.tag in _TAGS:
        features[_TAGS[block.tag]] = 1
    if block.style[2] in ("ul", "ol"):
        features["listed"] = 1
    if page.repeats[block.key] > 1:
        features["repeated"] = 1
    for mark in block.marks:
        if mark not in page.wrappers:
            features[_IN[mark]] = 1
    for mark in block.near:
        if mark not in page.wrappers:
            features[_NEAR[mark]] = 1


def _describe_page_text(blocks: list[Block], described: list[Features], page_text: PageText) -> None:
    body, lead = page_text.article_body, page_text.description
    for block, features in zip(blocks, described, strict=True):
        key, middle = block.key, len(block.key) // 2
        if len(lead) > SHORT and (key[:40] in lead or lead[:40] in key):
            features["description"] = 1
        if block.length > SHORT and len(body) > PARAGRAPH and key[max(0, middle - 15) : middle + 15] in body:
            features["in article body"] = 1


def _describe_order(blocks: list[Block], described: list[Features], page: _Page) -> None:
    total = page.total or 1
    passed, since = 0, _FAR
    for at, (block, features) in enumerate(zip(blocks, described, strict=True)):
        features["position"] = passed / total
        features["since found"] = since / _FAR
        if at < page.headline:
            features["above headline"] = 1
        if at in page.story:
            features["inside"] = 1
        others = page.all_styles[block.style] - block.length
        is_found = page.found[at]
        if others > 0:
            features["style found"] = (page.found_styles[block.style] - is_found * block.length) / others
        if is_found:
            passed += block.length
        since = 1 if is_found else min(since + 1, _FAR)


def _describe_neighbours(blocks: list[Block], described: list[Features], found: list[bool]) -> None:
    count = len(blocks)
    for at, features in enumerate(described):
        for step, links, is_found in _STEPS:
            if 0 <= (place := at + step) < count:
                features[links] = blocks[place].link_share
                features[is_found] = float(found[place])
        for step, length, alike in _NEXT:
            if 0 <= (place := at + step) < count:
                other = blocks[place]
                features[length] = min(other.length, 400) / 400
                if other.style == blocks[at].style:
                    features[alike] = 1
        if at and is_heading(blocks[at - 1]):
            features["below heading"] = 1


def _describe_found(features: Features) -> None:
    features["found"] = 1
    features["found length"] = features["length"]
    if "stop" in features:
        features["found stop"] = 1
    if "tag heading" in features:
        features["found heading"] = 1


def _shares(counter: Counter[object]) -> dict[object, float]:
    largest = max(counter.values(), default=0) or 1
    return {key: count / largest for key, count in counter.items()}
