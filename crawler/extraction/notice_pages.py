"""Recognises pages that a site shows instead of what was asked for: checks of robots, errors, consent."""

import re

from crawler.extraction.page import Page
from crawler.extraction.verdict import Verdict
from crawler.fates import Fate

_CHALLENGE_TITLE = re.compile(
    r"^(?:just a moment|attention required|access denied|are you a robot|verify(?:ing)? you are human"
    r"|security check|ddos-guard|один момент|проверка браузера|un instant|einen moment|un momento|um momento"
    r"|bir dakika|잠시만|しばらくお待ち|请稍候|人机验证|安全验证)",
    re.IGNORECASE,
)
_CHALLENGE_MARKUP = re.compile(
    r"/cdn-cgi/challenge-platform|captcha-delivery\.com|_Incapsula_Resource|px-captcha|awswaf|ddos-guard/js|geetest"
)
_NOT_FOUND_TITLE = re.compile(
    r"^(?:error )?404\b|\b404 (?:error|not found)|page not found|page introuvable|seite nicht gefunden"
    r"|p[aá]gina no encontrada|p[aá]gina n[aã]o encontrada|pagina non trovata|pagina niet gevonden"
    r"|sidan (?:kunde inte hittas|hittades inte)|siden (?:blev ikke fundet|finnes ikke)|sivua ei löyt"
    r"|stránka (?:nebyla nalezena|sa nenašla)|az oldal nem található|pagina nu a fost găsită|stranica nije prona"
    r"|страница не найдена|страницата не е намерена|сторінку не знайдено|nie znaleziono strony|sayfa bulunamad"
    r"|η σελίδα δεν βρέθηκε|الصفحة غير موجودة|لم يتم العثور على الصفحة|صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد"
    r"|הדף לא נמצא|העמוד לא נמצא|पृष्ठ नहीं मिला|পৃষ্ঠা পাওয়া যায়নি|ไม่พบหน้า"
    r"|halaman tidak ditemukan|không tìm thấy trang"
    r"|გვერდი ვერ მოიძებნა|페이지를 찾을 수 없|页面不存在|页面未找到|頁面不存在"
    r"|找不到(?:网页|頁面|页面)|ページが見つかりません",
    re.IGNORECASE,
)
_NOT_FOUND_CLASS = re.compile(
    r"(?:^|[\s_-])(?:error-?404|404-?(?:error|page)|page-?404|(?:page-)?not-?found)(?:$|[\s_-])",
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
_MAX_LINKS = 15
_FEW_BLOCKS = 30


def find_notice(page: Page, title: str) -> Verdict | None:
    """The fate of a page that shows a notice in place of an article; None if it shows none.

    Only for pages with little text that do not describe an article: such words stand in articles too.
    """
    if evidence := _find_challenge(page, title):
        return Verdict(Fate.BOT_CHALLENGE, evidence)
    if evidence := _find_error(page, title):
        return Verdict(Fate.SOFT_404, evidence)
    if evidence := _find_consent(page):
        return Verdict(Fate.CONSENT_WALL, evidence)
    return None


def _find_challenge(page: Page, title: str) -> str:
    if _CHALLENGE_TITLE.search(title):
        return f"its title is “{title}”"
    if len(page.blocks) >= _FEW_BLOCKS:
        return ""
    scripts = " ".join(
        f"{script.get('src') or ''} {(script.text or '')[:2000]}" for script in page.tree.iter("script")
    )
    found = _CHALLENGE_MARKUP.search(scripts)
    return f"its scripts name {found[0].strip('/')}" if found else ""


def _find_error(page: Page, title: str) -> str:
    if _NOT_FOUND_TITLE.search(title):
        return f"its title is “{title}”"
    for element in (page.tree, page.tree.find(".//body")):
        names = "" if element is None else f"{element.get('class') or ''} {element.get('id') or ''}"
        if found := _NOT_FOUND_CLASS.search(names):
            return f"it is marked as {found[0].strip()}"
    return ""


def _find_consent(page: Page) -> str:
    """Why nearly all of a page is about consent, without a menu to leave it."""
    if found := _CONSENT_URL.search(page.raw.url):
        return f"its address has {found[0]}"
    if sum(1 for _ in page.tree.iter("a")) > _MAX_LINKS:
        return ""
    shown = [block.text for block in page.blocks if block.length > 20]
    about = [text for text in shown if _CONSENT_WORDS.search(text)]
    words = {word.lower() for text in about for word in _CONSENT_WORDS.findall(text)}
    if len(words) < 3 or sum(map(len, about)) <= 0.6 * sum(map(len, shown)):
        return ""
    return f"{len(about)} of its {len(shown)} texts are about {', '.join(sorted(words)[:3])}"
