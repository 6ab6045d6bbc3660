"""Decides which links of a section page lead to articles, by their URLs, in any language."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

LONG_SLUG_WORDS = 5
"""Words from which on a slug is a headline: sections have up to four (`middle-east-north-africa`)."""

SLUG_WORDS = 3
HEADLINE_CHARS = 25
"""Characters from which on a link's text is a headline (a third in scripts without spaces): a short slug needs one."""

_ID_DIGITS = 5

_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|rss|atom|txt|pdf|epub|docx?|xlsx?|pptx?|zip|gz|rar|apk"
    r"|mp[34]|m4[av]|m3u8?|mov|avi|webm|og[gv]|wav)$",
    re.IGNORECASE,
)
_PAGE_TYPE = re.compile(r"\.(?:html?|xhtml|shtml|php|aspx?|jsp|cms|ece|stm)$", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"tags?|hashtags?|topics?|themes?|thema|themen|sujets?|mots?-cles|temas?|etiquetas?"
    r"|authors?|auteurs?|autore?s?|autori|avtor|contributors?|profiles?|users?"
    r"|categor(?:y|ies|ie|ia|ias)|rubri(?:c|k|que|ques)|sections?|seccion|pages?"
    r"|log-?in|logout|sign-?in|sign-?up|register|registration|account|subscri(?:be|ption|ptions)|abonnements?"
    r"|suscripcion|newsletters?|donate|cart|checkout|search|recherche|buscar|feeds?|rss|sitemap"
    r"|about(?:-us)?|contacts?|contact-us|privacy(?:-policy)?|terms(?:-of-use)?|cookies?|cookie-policy|legal"
    r"|advertise|careers|jobs|faq|help|wp-(?:admin|content|json)|cdn-cgi|share|print|trackback|embed|comment-page-\d+"
)
"""Names in paths, at any place, that content systems give to pages that are not articles."""

# Years of the Gregorian, the Persian and the Islamic calendar.
_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20|13|14)\d\d)(?:([/_-])(?:0?[1-9]|1[0-2]|[a-z]{3})\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.IGNORECASE,
)
_ID = re.compile(rf"(?<!\d)\d{{{_ID_DIGITS},}}(?!\d)")
_ARTICLE_FOLDER = re.compile(r"articles?|articulos?|artikel|story|stories|docs?|posts?|archives?|statya")
_CODE = re.compile(r"\d{3,}|(?=.*\d)[a-z0-9]{8,}")
_ID_PARAMETER = re.compile(
    r"(?:^|&)(?:p|[ansi]?id|(?:news|article|art|story|item|post)_?(?:id)?)=?\d{3,}(?:&|$)", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def is_article_link(url: str, text: str, page: str) -> bool:
    """Whether the URL of a link, or its URL and text together, look like an article's.

    Only a coarse filter: extraction decides what a page is. A date with something after it, a number or code that
    identifies the page, or a slug of many words is enough; a short slug or a page type needs a headline as text.
    """
    parts, own = urlsplit(url), urlsplit(page)
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    names = [_PAGE_TYPE.sub("", segment) for segment in segments]
    if not (names or parts.query) or _is_above(parts, own) or _ASSET.search(parts.path):
        return False
    if _NO_ARTICLE.fullmatch(names[-1] if names else ""):
        return False
    if _is_dated("/".join(segments)):
        return True
    if any(_NO_ARTICLE.fullmatch(name) for name in names):
        return False
    return _has_identity(names, parts.query) or _has_headline(segments, text)


def _is_above(parts: SplitResult, own: SplitResult) -> bool:
    """Whether a URL is the page itself or a section above it."""
    return not parts.query and f"{own.path.rstrip('/')}/".startswith(f"{parts.path.rstrip('/')}/")


def _is_dated(path: str) -> bool:
    """Whether a path has a day with something after it; a day alone is the archive of that day."""
    day = _DAY.search(path)
    return day is not None and bool(path[day.end() :].strip("/-_"))


def _has_identity(names: list[str], query: str) -> bool:
    if _ID_PARAMETER.search(query):
        return True
    # Some systems add a code or the language after the slug.
    folder, last = ["", "", *names][-2:]
    return (
        _ID.search("/".join(names)) is not None
        or max(_count_words(folder), _count_words(last)) >= LONG_SLUG_WORDS
        or (_ARTICLE_FOLDER.fullmatch(folder) is not None and _CODE.fullmatch(last) is not None)
    )


def _has_headline(segments: list[str], text: str) -> bool:
    """Whether a slug or page type has a link text as long as a headline."""
    length = len(text) + 2 * len(_UNSPACED.findall(text))
    if not segments or length < HEADLINE_CHARS:
        return False
    last = segments[-1]
    return _PAGE_TYPE.search(last) is not None or _count_words(last) >= SLUG_WORDS


def _count_words(slug: str) -> int:
    """Number of words in a slug; in scripts without spaces two letters count as a word."""
    return len(_WORDS.findall(slug)) + len(_UNSPACED.findall(slug)) // 2
