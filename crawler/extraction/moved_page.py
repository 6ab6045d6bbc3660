"""Whether a page sends its readers to another one instead of showing an article."""

from lxml.html import HtmlElement

from crawler.fates import Fate
from crawler.http.moves import AT_ONCE_S, SOON_S, Refresh, find_canonical, find_refresh
from crawler.http.url_identity import url_key
from crawler.items import RawPage

_BARE = frozenset({Fate.NO_TEXT, Fate.TOO_SHORT, Fate.JS_SHELL})
"""Verdicts of pages with hardly any text."""


def find_move(
    raw: RawPage, tree: HtmlElement | None, verdict: Fate | None, charset: str = "utf-8"
) -> str | None:
    """The URL to which a page moved; None if it is to be read itself.

    A page that is left at once has moved, whatever it says; one with an article is else never given up for another.
    """
    refresh = find_refresh(raw.url, raw.headers, tree, charset)
    if refresh is not None and _is_move(refresh, raw.url, verdict):
        return refresh.url
    if tree is None or verdict not in _BARE:
        return None
    canonical = find_canonical(raw.url, raw.headers, tree, charset)
    return canonical if canonical and url_key(canonical) != url_key(raw.url) else None


def _is_move(refresh: Refresh, url: str, verdict: Fate | None) -> bool:
    if verdict in _BARE:
        return refresh.after_s <= SOON_S
    return refresh.is_for_all and refresh.after_s <= AT_ONCE_S and url_key(refresh.url) != url_key(url)
