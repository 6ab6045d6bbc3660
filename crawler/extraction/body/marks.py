"""Groups the class names and ids of a page's elements: advertising, byline, comments, and so on."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_LANDMARKS = {
    tag: frozenset({tag})
    for tag in ("aside", "article", "blockquote", "figcaption", "figure", "footer", "form", "header", "main")
}
_NONE, _HIDDEN = frozenset[str](), frozenset({"hidden"})

_VOCABULARY = {
    "share": """share shares sharing social socials follow twitter facebook whatsapp telegram
        addthis sharethis sns toolbar tools actions print email""",
    "related": """related recommend recommended recommendation recommendations recirc readmore more
        also next prev previous popular trending teaser teasers promo latest outbrain
        taboola widget widgets rail most read links linklist topics similar suggested
        zergnet inline embed crosslink""",
    "ad": "ad ads adv advert advertisement advertising banner sponsor sponsored dfp adslot adbox",
    "signup": """newsletter newsletters subscribe subscription subscriptions signup paywall register
        registration login signin piano donate donation membership cta offer regwall optin""",
    "comments": "comment comments disqus reply replies discussion respond commentlist feedback",
    "caption": """caption captions credit credits figcaption figure image images img photo photos
        picture gallery slideshow slider carousel video player media lightbox thumbnail
        thumb legend""",
    "byline": """author authors byline bylines bio meta metadata date time timestamp datetime
        published pubdate dateline contributor contributors writer posted updated info infos
        submitted source signature agency""",
    "chrome": """nav navigation menu breadcrumb breadcrumbs footer header sidebar tag tags keywords
        category categories pagination pager cookie cookies consent gdpr popup modal overlay
        skip search masthead topbar copyright disclaimer rating votes vote counter counters
        views""",
    "lead": "lead lede standfirst summary intro excerpt dek subhead description abstract chapo sapo lid",
}
"""Words in class names and ids, which are English on pages of all languages."""

_PERSON = {
    "author",
    "authors",
    "contributor",
    "contributors",
    "journalist",
    "reporter",
    "writer",
    "auteur",
    "autor",
}
_PORTRAIT = {
    "about",
    "bio",
    "biography",
    "biographie",
    "blurb",
    "box",
    "card",
    "description",
    "desc",
    "profile",
}
"""In one name they mean what a page tells about who wrote it, beside the story."""

MARKS = frozenset({*_LANDMARKS, *_VOCABULARY, "portrait", "hidden", "spoken"})
"""All marks there are; `blocks` adds `spoken` to what only screen readers say."""

_NAMING = frozenset({"class", "id", "itemprop", "data-testid", "data-component", "role"})
_TELLING = _NAMING | {"style", "aria-hidden"}
_GROUPS = {word: group for group, words in _VOCABULARY.items() for word in words.split()}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def own_marks(element: HtmlElement, tag: str) -> frozenset[str]:
    """The marks of an element, from its tag, names and style."""
    marks = _LANDMARKS.get(tag, _NONE)
    # Most elements have one or two attributes, each of which takes as long to find as all together.
    for name, value in element.items():
        if name in _TELLING and value:
            marks |= _name_groups(value) if name in _NAMING else _hiding(name, value)
        elif name == "hidden":
            marks |= _HIDDEN
    return marks


def _hiding(name: str, value: str) -> frozenset[str]:
    is_hidden = value == "true" if name == "aria-hidden" else "display:none" in value.replace(" ", "")
    return _HIDDEN if is_hidden else _NONE


@lru_cache(maxsize=4096)
def _name_groups(names: str) -> frozenset[str]:
    words = [word.lower() for word in _WORD.findall(names)]
    groups = frozenset(_GROUPS[word] for word in words if word in _GROUPS)
    if _PERSON.isdisjoint(words) or _PORTRAIT.isdisjoint(words):
        return groups
    return groups | {"portrait"} if any(map(_is_portrait, names.split())) else groups


def _is_portrait(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    return not _PERSON.isdisjoint(words) and not _PORTRAIT.isdisjoint(words)
