"""Decides from its content whether a page is an article at all."""

import re
from collections.abc import Sequence

from crawler.extraction.body.blocks import is_teaser, reading_length, squeeze
from crawler.extraction.jsonld import types_of
from crawler.extraction.page import Page
from crawler.extraction.paywall import is_cut, is_paywall_stub
from crawler.fates import Fate

MIN_LENGTH = 200
"""Reading length below which a text is too short for an article (about 80 Chinese characters)."""

_FLASH = 80
"""Reading length of one sentence: enough if the page declares itself an article."""

_TEASER = 200
"""Mean reading length of paragraphs below which they may be teasers."""

_NOTICE = 1500
"""Reading length above which a page is more than a notice, whatever words it contains."""

_CHALLENGE_TITLE = re.compile(
    r"^(?:just a moment|attention required|access denied|are you a robot|verify(?:ing)? you are human"
    r"|security check|ddos-guard|один момент|проверка браузера|un instant|einen moment"
    r"|请稍候|人机验证|安全验证)",
    re.IGNORECASE,
)
_CHALLENGE_MARKUP = re.compile(
    r"/cdn-cgi/challenge-platform|captcha-delivery\.com|_Incapsula_Resource|px-captcha|awswaf|ddos-guard/js|geetest",
)
_NOT_FOUND_TITLE = re.compile(
    r"^(?:error )?404\b|\b404 (?:error|not found)|page not found|page introuvable|seite nicht gefunden"
    r"|p[aá]gina no encontrada|p[aá]gina n[aã]o encontrada|pagina non trovata|страница не найдена"
    r"|сторінку не знайдено|nie znaleziono strony|sayfa bulunamad"
    r"|الصفحة غير موجودة|页面不存在|页面未找到|ページが見つかりません",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"cookie|consent|gdpr|privacy|accept all|partners|consentement|partenaires|einwilligung|datenschutz"
    r"|zustimmen|consentimiento|privacidad|aceptar|consenso|zgoda|согласи|конфиденциальн|ملفات تعريف|الخصوصية"
    r"|同意|隐私",
    re.IGNORECASE,
)
_CONSENT_URL = re.compile(
    r"^https?://(?:consent|privacy|cmp)\.|/(?:consent|privacy-?(?:gate|wall))\b", re.IGNORECASE
)
_APP_ROOTS = ("root", "app", "__next", "__nuxt", "app-root", "svelte")
_MAX_LINKS = 15
_INDEX_TYPES = {"CollectionPage", "SearchResultsPage", "ProfilePage"}


def judge(page: Page, title: str, paragraphs: Sequence[str]) -> Fate | None:
    """The fate of a page that is surely not a complete article, else None: losing an article is the worst error.

    Texts below MIN_LENGTH are `too_short`, whatever the reason. A longer text is refused only if it is short enough
    for a notice and the page itself shows what it is.
    """
    length = reading_length("".join(paragraphs))
    story = _places(page, paragraphs)
    if "LiveBlogPosting" in types_of(page.article):
        return Fate.LIVE_BLOG
    if _is_teasers(page, story):
        return Fate.INDEX_PAGE
    if length < _NOTICE and not page.article:
        notice = _judge_notice(page, title, length)
        if notice is not None:
            return notice
    if is_paywall_stub(page, paragraphs, story):
        return Fate.PAYWALL_STUB
    return _judge_length(page, paragraphs, length)


def _judge_length(page: Page, paragraphs: Sequence[str], length: int) -> Fate | None:
    if length >= MIN_LENGTH or (_is_declared(page) and any(map(_is_flash, paragraphs))):
        return None
    if _is_js_shell(page):
        return Fate.JS_SHELL
    return Fate.TOO_SHORT if length else Fate.NO_TEXT


def _is_declared(page: Page) -> bool:
    return bool(page.article) or "article" in page.metas.get("og:type", [])


def _is_flash(paragraph: str) -> bool:
    return reading_length(paragraph) >= _FLASH and not is_cut([paragraph])


def _judge_notice(page: Page, title: str, length: int) -> Fate | None:
    scripts = " ".join(
        f"{script.get('src') or ''} {(script.text or '')[:2000]}" for script in page.tree.iter("script")
    )
    if _CHALLENGE_TITLE.search(title) or (len(page.blocks) < 30 and _CHALLENGE_MARKUP.search(scripts)):
        return Fate.BOT_CHALLENGE
    if _NOT_FOUND_TITLE.search(title):
        return Fate.SOFT_404
    if _is_consent_wall(page):
        return Fate.CONSENT_WALL
    return Fate.INDEX_PAGE if _is_index(page, length) else None


def _is_consent_wall(page: Page) -> bool:
    """Whether nearly all of the page is about consent, without a menu to leave it."""
    if _CONSENT_URL.search(page.raw.url):
        return True
    if sum(1 for _ in page.tree.iter("a")) > _MAX_LINKS:
        return False
    shown = [block.text for block in page.blocks if block.length > 20]
    about = [text for text in shown if _CONSENT_WORDS.search(text)]
    words = {word.lower() for text in about for word in _CONSENT_WORDS.findall(text)}
    return len(words) >= 3 and sum(map(len, about)) > 0.6 * sum(map(len, shown))


def _is_index(page: Page, length: int) -> bool:
    """Whether the page declares itself a list, or is mostly links and never declares itself an article."""
    if any(_INDEX_TYPES & types_of(node) for node in page.nodes):
        return True
    if "article" in page.metas.get("og:type", []) or "article:published_time" in page.metas:
        return False
    linked = sum(block.length for block in page.blocks if block.link_share > 0.8 and block.length > 30)
    return linked > 10 * (length + MIN_LENGTH)


def _places(page: Page, paragraphs: Sequence[str]) -> list[int]:
    """The positions of the paragraphs among the page's blocks; the first one of repeated paragraphs."""
    wanted = set(map(squeeze, paragraphs))
    firsts: dict[str, int] = {}
    for at, block in enumerate(page.blocks):
        if block.key in wanted:
            firsts.setdefault(block.key, at)
    return list(firsts.values())


def _is_teasers(page: Page, story: list[int]) -> bool:
    """Whether nearly all paragraphs are short and are, or follow, headlines of other articles."""
    teasers = sum(is_teaser(page.blocks, at) for at in story)
    length = sum(page.blocks[at].length for at in story)
    return teasers >= max(3, 0.8 * len(story)) and length < _TEASER * len(story)


def _is_js_shell(page: Page) -> bool:
    """Whether the page is an empty shell that a script fills."""
    shown = sum(block.length for block in page.blocks)
    roots = any(element.get("id") in _APP_ROOTS for element in page.tree.iter("div", "app-root"))
    asks = any("javascript" in "".join(element.itertext()).lower() for element in page.tree.iter("noscript"))
    return shown < MIN_LENGTH and (roots or asks)
