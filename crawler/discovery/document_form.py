"""Recognises what a document is by its root element, not by what stands somewhere in it."""

import html
import re
from dataclasses import dataclass
from enum import StrEnum

_HEAD_CHARS = 64 * 1024
"""Characters within which the root element must begin, after declarations, comments and output of a broken server."""


class Form(StrEnum):
    """What a document is, in words for people."""

    RSS = "RSS feed"
    RDF = "RSS 1.0 feed"
    ATOM = "Atom feed"
    JSON = "JSON document"
    URLSET = "sitemap"
    INDEX = "sitemap index"
    OPML = "OPML list of feeds"
    HTML = "web page"
    PLAIN = "plain text"
    OTHER = "document of another kind"


_ROOTS = {
    "rss": Form.RSS,
    "rdf": Form.RDF,
    "feed": Form.ATOM,
    "urlset": Form.URLSET,
    "sitemapindex": Form.INDEX,
    "opml": Form.OPML,
}
FEEDS = frozenset((Form.RSS, Form.RDF, Form.ATOM))
SITEMAPS = frozenset((Form.URLSET, Form.INDEX))

_SPACE = "\ufeff \t\r\n\f\0"
_PROLOG = re.compile(
    r"(?:[\s\ufeff\0]+|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html)[^\[>]*(?:\[.*?\]\s*)?>)*",
    re.IGNORECASE | re.DOTALL,
)
"""What may stand before a root element (XML 1.0, 2.8), and what does so although it may not."""

_JSON = re.compile(r"""[\[{]\s*["\d\[\]{}tfn-]""")
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)(?=[\s/>])")
_DOCTYPE_HTML = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_ANY_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(_ROOTS)})(?=[\s/>])", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\s", re.IGNORECASE)
_OF_A_PAGE = re.compile(r"<(?:html|head|body|a|script|article|main|!doctype\s+html)(?=[\s/>])", re.IGNORECASE)
"""What the messages of a broken server have not: with it, what follows is quoted by a web page."""

_WRAPPER = re.compile(
    r"(?:\s+|<!doctype[^>]*>|<!--.*?-->|<head\b.*?</head\s*>|</?(?:html|body|pre|code|div|span|p|br)\b[^>]*>)*",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = re.compile(
    rf"(?:<|&lt;)(?:\?xml\s|(?:[\w.-]+:)?(?:{'|'.join(_ROOTS)})(?:[\s/>]|&gt;))", re.IGNORECASE
)
_ROOT_END = re.compile(rf"</(?:[\w.-]+:)?(?:{'|'.join(_ROOTS)})\s*>", re.IGNORECASE)
_PAGE_END = re.compile(r"</(?:pre|body|html)\b", re.IGNORECASE)
_TAIL_CHARS = 10_000
_WRAPPER_ENDS = re.compile(r"(?:\s|</?[a-z]+[^>]*>|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A document and what it is."""

    form: Form
    text: str
    """From its root element on."""
    prolog: str = ""
    """What stands before it."""


def recognise(text: str) -> Document:
    """What a document is, by its root element."""
    head = text[:_HEAD_CHARS]
    text = text[len(head) - len(head.lstrip(_SPACE)) :] if head.strip(_SPACE) else ""
    if _JSON.match(text):
        return Document(Form.JSON, text)
    start = _prolog_end(text, 0)
    name = _name_at(text, start)
    if form := _ROOTS.get(name):
        return Document(form, text[start:], text[:start])
    if name in ("html", "head", "body") or _DOCTYPE_HTML.match(text, start):
        inner = _unwrapped(text[start:])
        return recognise(inner) if inner else Document(Form.HTML, text)
    return _behind_output(text) or Document(_form_without_root(text), text)


def _prolog_end(text: str, start: int) -> int:
    found = _PROLOG.match(text, start)
    return found.end() if found else start


def _name_at(text: str, start: int) -> str:
    found = _TAG.match(text, start)
    return found[1].lower() if found else ""


def _behind_output(text: str) -> Document | None:
    """The document that begins after what a broken server printed; None if there is none."""
    for pattern in (_DECLARATION, _ANY_ROOT):
        found = pattern.search(text, 0, _HEAD_CHARS)
        if found is None or _OF_A_PAGE.search(text, 0, found.start()):
            continue
        start = _prolog_end(text, found.start())
        if form := _ROOTS.get(_name_at(text, start)):
            return Document(form, text[start:], text[:start])
    return None


def _form_without_root(text: str) -> Form:
    if not re.search(r"<[a-z]", text[:_HEAD_CHARS], re.IGNORECASE):
        return Form.PLAIN
    # Fragments are pages too; XML of other vocabularies is none.
    return Form.OTHER if _DECLARATION.match(text) else Form.HTML


def _unwrapped(page: str) -> str:
    """The document that a web page is wrapped around, by a server or a browser; empty if the page holds more."""
    wrapper = _WRAPPER.match(page)
    start = wrapper.end() if wrapper else 0
    if not _WRAPPED.match(page, start):
        return ""
    inner = page[start:]
    if inner[0] == "&":
        end = _PAGE_END.search(inner)
        inner, rest = (inner[: end.start()], inner[end.start() :]) if end else (inner, "")
        inner = html.unescape(inner)
    else:
        ends = [found.end() for found in _ROOT_END.finditer(inner)]
        if not ends and _PAGE_END.search(inner):
            return ""
        rest = inner[ends[-1] :] if ends else ""
    return inner if len(rest) <= _TAIL_CHARS and _WRAPPER_ENDS.match(rest) else ""
