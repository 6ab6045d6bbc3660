"""Which elements begin and end a block, and in which the line breaks of the markup count."""

import re

from lxml.html import HtmlElement

from crawler.extraction.body.looks import Look

_SKIPPED = """
applet audio button canvas datalist embed fencedframe frame head iframe input map math menu nav noframes
noscript object option progress script select style svg template textarea title video
"""
_BLOCKS = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main ol optgroup p plaintext pre search
section summary table tbody td tfoot th thead tr ul xmp
"""
_INLINE = """
a abbr acronym area b base basefont bdi bdo big blink br cite code col colgroup data del dfn em font frameset
html i image img ins kbd label link mark marquee meta meter nobr output param picture q rb rp rt rtc ruby s
samp slot small source span strike strong sub sup time track tt u var wbr
"""
SKIPPED = frozenset(_SKIPPED.split())
"""Elements without running text."""

BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin and end a block, as in a browser's default style sheet."""

INLINE = frozenset(_INLINE.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_OF_LINES = HEADINGS | {"p", "dt", "summary", "figcaption"}
_PREFORMATTED = frozenset({"listing", "plaintext", "pre", "xmp"})
_CODE = re.compile(
    r"code|highlight|lang(?:uage)?-|prettyprint|brush|syntax|shiki|console|terminal", re.IGNORECASE
)
_SHORT = 60


def breaks_lines(element: HtmlElement, look: Look) -> bool:
    """Whether an element begins and ends a block.

    An element that HTML does not know does unless it stands in a line: custom elements hold paragraphs on some sites
    and single words on others, and the sheets that tell are elsewhere.
    """
    tag = element.tag
    return tag in BLOCKS or look.is_block or (tag not in INLINE and not _stands_in_line(element))


def _stands_in_line(element: HtmlElement) -> bool:
    parent, before = element.getparent(), element.getprevious()
    if parent is None or parent.tag in INLINE or parent.tag in _OF_LINES:
        return True
    around = (parent.text if before is None else before.tail, element.tail)
    if any(text and not text.isspace() for text in around):
        return True
    is_in_text = any(
        text and not text.isspace() for text in (parent.text, *(child.tail for child in parent[:_SHORT]))
    )
    return is_in_text and len("".join(element.itertext())) < _SHORT


def is_heading_button(element: HtmlElement) -> bool:
    """Whether a button is the whole heading of what it unfolds."""
    parent = element.getparent()
    return element.tag == "button" and parent is not None and parent.tag in HEADINGS


def keeps_lines(element: HtmlElement, tag: str, look: Look) -> bool:
    """Whether line breaks in the text of an element are shown, and it is not code."""
    if tag not in _PREFORMATTED:
        return look.keeps_lines
    return not _CODE.search(element.get("class") or "") and element.find(".//code") is None
