"""Which links of a section page lead to articles, judged by their addresses in any language."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

LONG_SLUG_WORDS = 5
"""Words of a slug that only headlines have: sections have up to four (`middle-east-north-africa`)."""

SLUG_WORDS = 3
HEADLINE_CHARS = 25
"""A shorter slug counts where the link's text is as long as a headline (in scripts without spaces, a third)."""

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
"""Names that content systems give to what is no article, wherever in a path they stand."""

# Years of the Gregorian and of the Persian and Islamic calendars.
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
    """True where a link's address, or failing that its address and text, look like an article's.

    It is a sieve, not a judge: extraction decides what a page is. A date with something after it, a number or
    a code as identity, or a slug of many words are enough; a short slug or a page type needs a headline.
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
    """True for the page itself and the sections that it lies in."""
    return not parts.query and f"{own.path.rstrip('/')}/".startswith(f"{parts.path.rstrip('/')}/")


def _is_dated(path: str) -> bool:
    """True for a day with something after it; a day alone is a day's archive."""
    day = _DAY.search(path)
    return day is not None and bool(path[day.end() :].strip("/-_"))


def _has_identity(names: list[str], query: str) -> bool:
    if _ID_PARAMETER.search(query):
        return True
    # Some systems put a code or the language after the slug.
    folder, last = ["", "", *names][-2:]
    return (
        _ID.search("/".join(names)) is not None
        or max(_count_words(folder), _count_words(last)) >= LONG_SLUG_WORDS
        or (_ARTICLE_FOLDER.fullmatch(folder) is not None and _CODE.fullmatch(last) is not None)
    )


def _has_headline(segments: list[str], text: str) -> bool:
    """A middling address under a text as long as a headline."""
    length = len(text) + 2 * len(_UNSPACED.findall(text))
    if not segments or length < HEADLINE_CHARS:
        return False
    last = segments[-1]
    return _PAGE_TYPE.search(last) is not None or _count_words(last) >= SLUG_WORDS


def _count_words(slug: str) -> int:
    """Words of a slug; where a script has no spaces, two letters count as a word."""
    return len(_WORDS.findall(slug)) + len(_UNSPACED.findall(slug)) // 2
