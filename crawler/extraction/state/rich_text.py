"""Turns the bodies that editing systems keep (HTML, lists of blocks, trees of nodes) into markup.

Known by their shape rather than by their names: content elements of Arc, Draft.js, ProseMirror, Portable Text,
Contentful, Lexical, Slate, EditorJS, Gutenberg, serialised DOM, blocks with a `model` or `data`.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

from crawler.extraction.body.blocks import ends_sentence, reading_length, squeeze
from crawler.extraction.lenient_json import Json, load_values

_DEEPEST = 40
_MOST_NODES = 50_000
_LINE, _SENTENCE, _LONG = 25, 60, 250
"""Reading lengths from which on a text under an unknown name is a sentence, prose without its end, a story."""

_KINDS = (
    "_type",
    "type",
    "nodeType",
    "blockName",
    "__typename",
    "kind",
    "name",
    "tag",
    "tagName",
    "bodyElementType",
)
_INLINE_NAMES = """
children content text html value data attributes model blocks innerHTML body paragraph props htmlText spans fields items
"""
_INLINE_KEYS = _INLINE_NAMES.split()
"""Keys of a paragraph's text, from the most telling one."""

_SPELLINGS = ("html", "rendered", "content", "text", "value", "markdown", "raw")
"""Keys under which a node has its text more than once; the best one first."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORDS_BESIDE = """
ad ads advert advertisement advertising alt analytics author authors bio biography breadcrumb breadcrumbs button byline
caption captions categories category comment comments config consent contributor contributors cookie copyright
correlated credit credits css description disclaimer divider embed excerpt facebook footer gallery i18n icon iframe
image images instagram interstitial keywords labels layout license link links locale map menu meta metadata nav
navigation newsletter next opta pagination photo photos picture podcast poll popular prev preview previous promo quiz
recirculation recommend recommendation recommendations recommended related rights script sdc separator seo share
sharing signup slideshow social sponsor style styles subscribe subscription summary tag tags taxonomy teaser teasers
thumbnail tooltip topics tracking trending tweet twitter video videos widget youtube
"""
_BESIDE = frozenset(_WORDS_BESIDE.split())
"""Words in names of keys and kinds of nodes that are not the story."""

_HEADING = re.compile(r"(?:^|/|-)(?:h[1-6]|head(?:ing|er)|header-\w+|sub-?head\w*)$", re.IGNORECASE)
_BLOCK = re.compile(
    r"paragraph|^p$|^unstyled$|^block$|list.?item$|^li$|quote$|^html-?text\w*$", re.IGNORECASE
)
_LIST = re.compile(r"(?:^|/|-|ordered)(?:list|ul|ol)$", re.IGNORECASE)
_TEXT = re.compile(r"^(?:\w*text\w*|html|span|raw_html|richtext)$", re.IGNORECASE)
_BLOCK_MARKUP = re.compile(r"<(?:p|div|br|ul|ol|li|h[1-6]|blockquote|table|section|figure)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
_NO_PROSE = re.compile(r"\s*(?:https?:|//|/|data:|[{\[#@.]|\S+$)")


def render(body: Json, references: Mapping[str, Json]) -> str:
    """The body as markup, a `<p>` for each paragraph; empty if there is no text in it.

    `references`: what `{"__ref": name}` stands for.
    """
    return "\n".join(_Renderer(references).blocks(body, "text", 0))


def plain_length(markup: str) -> int:
    """Reading length of the sentences in markup."""
    lines = _ANY_TAG.sub("", re.sub(r"</?(?:p|div|br|li|h[1-6])\b[^<>]*>", "\n", markup)).splitlines()
    lengths = ((line, reading_length(line)) for line in lines)
    return sum(length for line, length in lengths if length >= _LONG or ends_sentence(line.rstrip()))


def words_of(name: str) -> set[str]:
    """The words of a name in camel case or with other signs between them."""
    return {word.lower() for word in _WORD.findall(name)}


def is_beside_story(name: str) -> bool:
    """Whether a key, or a kind of node, is that of pictures, teasers, people and other things beside a story."""
    return not _BESIDE.isdisjoint(words_of(name))


class _Renderer:
    """Walks a body once, within limits."""

    def __init__(self, references: Mapping[str, Json]) -> None:
        self._references = references
        self._left = _MOST_NODES
        self._seen: set[str] = set()

    def blocks(self, value: Json, key: str, depth: int) -> Iterator[str]:
        """The markup of each block of the value of a key."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return
        if isinstance(value, str):
            yield from self._string(value, bool(_TEXT.search(key) or _BLOCK.search(key)), depth)
        elif isinstance(value, list):
            yield from self._list(value, key, depth)
        elif isinstance(value, dict):
            yield from self._node(value, depth)

    def _string(self, text: str, is_text: bool, depth: int) -> Iterator[str]:
        if text.lstrip()[:2] in ('{"', "[{", '["'):
            for value in load_values(text):
                yield from self.blocks(value, "text", depth + 1) if not isinstance(value, str) else ()
        elif _BLOCK_MARKUP.search(text):
            yield from self._once(text, _COMMENT.sub("", text))
        elif is_text or _is_prose(text):
            for line in text.splitlines():
                yield from self._paragraph(line, "p")

    def _list(self, values: list[Json], key: str, depth: int) -> Iterator[str]:
        if (element := _as_node(values)) is not None:
            yield from self._node(element, depth + 1)
        elif _is_line(values):
            yield from self._paragraph("".join(self._inline(value, depth) for value in values), "p")
        else:
            for value in values:
                yield from self.blocks(value, key, depth + 1)

    def _node(self, node: dict[str, Json], depth: int) -> Iterator[str]:
        if (name := _reference_in(node)) is not None:
            yield from self.blocks(self._references.get(name), "text", depth + 1)
            return
        kinds = _kinds_of(node)
        if any(map(is_beside_story, kinds)):
            return
        if any(map(_HEADING.search, kinds)):
            yield from self._paragraph(self._inline(node, depth), "h2")
        elif any(map(_BLOCK.search, kinds)):
            inline = self._inline(node, depth)
            yield from (
                self._once(inline, inline) if _BLOCK_MARKUP.search(inline) else self._paragraph(inline, "p")
            )
        elif any(map(_LIST.search, kinds)):
            yield from self._items(node, depth)
        else:
            is_text = any(map(_TEXT.search, kinds))
            spare = [key for key in _SPELLINGS if isinstance(node.get(key), str) and node[key]][1:]
            for key, value in node.items():
                if key in _KINDS or key in spare or is_beside_story(key):
                    continue
                yield from self.blocks(value, "text" if is_text and key in _INLINE_KEYS else key, depth + 1)

    def _items(self, node: dict[str, Json], depth: int) -> Iterator[str]:
        lists = (value for value in _flat(node) if isinstance(value, list) and value)
        for item in next(lists, []):
            yield from self._paragraph(self._inline(item, depth), "li")

    def _inline(self, value: Json, depth: int) -> str:
        """All text of a value as one line."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            element = _as_node(value)
            return (
                self._inline(element, depth + 1)
                if element is not None
                else "".join(self._inline(item, depth + 1) for item in value)
            )
        if not isinstance(value, dict):
            return ""
        if (name := _reference_in(value)) is not None:
            return self._inline(self._references.get(name), depth + 1)
        return next(filter(None, (self._inline(value.get(key), depth + 1) for key in _INLINE_KEYS)), "")

    def _paragraph(self, text: str, tag: str) -> Iterator[str]:
        if text and not text.isspace():
            content = text if _MARKUP.search(text) or "&" in text else escape(text, quote=False)
            yield from self._once(text, f"<{tag}>{content}</{tag}>")

    def _once(self, text: str, markup: str) -> Iterator[str]:
        key = squeeze(_ANY_TAG.sub("", text))
        if key not in self._seen:
            self._seen.add(key)
            yield markup


def _flat(node: dict[str, Json]) -> Iterator[Json]:
    """The values of a node and of the objects in it."""
    for key in _INLINE_KEYS:
        value = node.get(key)
        yield from _flat(value) if isinstance(value, dict) else (value,)


def _reference_in(node: dict[str, Json]) -> str | None:
    """The name of the object that a node of Apollo's store stands for."""
    name = node.get("id") if "generated" in node else node.get("__ref")
    return name if isinstance(name, str) else None


def _kinds_of(node: dict[str, Json]) -> list[str]:
    kinds = (node.get(key) for key in _KINDS)
    return [kind for kind in kinds if isinstance(kind, str) and 0 < len(kind) <= 40 and kind != "tag"]


def _as_node(values: list[Json]) -> dict[str, Json] | None:
    """The element that a list stands for, as minimark (`["p", {}, "The …"]`) and React write it."""
    if len(values) == 4 and values[0] == "$" and isinstance(values[3], dict):
        return {"type": values[1], "children": values[3].get("children")}
    is_element = (
        len(values) > 1 and isinstance(values[0], str) and values[0].isalnum() and isinstance(values[1], dict)
    )
    if (
        is_element
        and len(str(values[0])) <= 12
        and not isinstance(values[1], str)
        and not _kinds_of(_dict(values[1]))
    ):
        return {"type": values[0], "children": values[2:]}
    return None


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _is_line(values: list[Json]) -> bool:
    """Whether the items are pieces of one line, not paragraphs: most do not end as sentences do."""
    texts = [_leaf_text(value) for value in values]
    if len(values) < 2 or None in texts:
        return False
    ended = sum(text is not None and ends_sentence(text.rstrip()) for text in texts)
    is_marked_up = any(text is not None and _BLOCK_MARKUP.search(text) for text in texts)
    return not is_marked_up and ended * 2 < len(texts) and any(_is_prose(text or "") for text in texts)


def _leaf_text(value: Json) -> str | None:
    """The text of an item that has nothing but a text; None of others."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or any(map(_BLOCK.search, _kinds_of(value))):
        return None
    texts = [text for key in ("text", "value", "data", "content") if isinstance(text := value.get(key), str)]
    has_parts = any(
        isinstance(value.get(key), list) and value[key] for key in ("children", "content", "blocks", "items")
    )
    return texts[0] if texts and not has_parts else None


def _is_prose(text: str) -> bool:
    """Whether a text under an unknown name is that of a reader: an address, a name or a number is none."""
    length = reading_length(text)
    if length < _LINE or (_NO_PROSE.match(text) and text.isascii()):
        return False
    return length >= _SENTENCE or ends_sentence(text.rstrip())
