"""What the links between the pages of an article say, in the languages of the registry and some more."""

import re

_PAGE = (
    r"page|p\.|seite|p[aá]gina|pagina|strona|strana|str[aá]nka|stranica|страница|стор[іi]нка|sayfa|sivu|sida|side"
    r"|oldal|trang|halaman|σελίδα|पृष्ठ|पेज|หน้า|صفحة|الصفحة|صفحه|עמוד|페이지|ページ|第"
)
_NUMBERED = re.compile(
    rf"(?:{_PAGE})?\s*[\[(（]?\s*(\d{{1,2}})\s*[\])）]?\s*(?:页|頁|ページ|페이지|쪽)?", re.IGNORECASE
)
_NEXT = re.compile(
    r"next page|(?:page|la page) suivante|(?:nächste|folgende) seite|(?:página siguiente|siguiente página)"
    r"|pr[oó]xima página|página seguinte|pagina (?:successiva|seguente)|volgende pagina|следующая страница"
    r"|наступна сторінка|następna strona|další (?:strana|stránka)|sonraki sayfa|nästa sida|neste side|næste side"
    r"|seuraava sivu|következő oldal|pagina următoare|επόμενη σελίδα|halaman (?:selanjutnya|berikutnya)"
    r"|trang (?:sau|tiếp|tiếp theo)|الصفحة التالية|صفحه (?:بعد|بعدی)|העמוד הבא|अगला (?:पृष्ठ|पेज)|หน้าถัดไป"
    r"|下一[页頁]|下[页頁]|次の?ページ(?:へ)?|다음 ?(?:페이지|쪽)",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"prev(?:ious)? page|(?:page|la page) précédente|(?:vorherige|vorige) seite|(?:página anterior|anterior página)"
    r"|pagina precedente|vorige pagina|предыдущая страница|попередня сторінка|poprzednia strona"
    r"|předchozí (?:strana|stránka)|önceki sayfa|föregående sida|forrige side|edellinen sivu|előző oldal"
    r"|pagina anterioară|προηγούμενη σελίδα|halaman sebelumnya|trang trước|الصفحة السابقة|صفحه (?:قبل|قبلی)"
    r"|העמוד הקודם|पिछला (?:पृष्ठ|पेज)|หน้าก่อนหน้า|上一[页頁]|上[页頁]|前の?ページ(?:へ)?|이전 ?(?:페이지|쪽)",
    re.IGNORECASE,
)
_ARROWS = " \t\r\n\xa0<>«»‹›←→⇐⇒◀▶|:.…"

LONGEST = 40
"""Characters; longer links say something else."""


def page_in(text: str) -> int | None:
    """The page that a link's text names: `2`, `[2]`, `Page 2`, `第2页`; None if it names none."""
    match = _NUMBERED.fullmatch(text.strip(_ARROWS))
    return int(match[1]) if match else None


def says_next_page(text: str) -> bool:
    """Whether a link's text is "next page": next alone may lead to another article."""
    return _NEXT.fullmatch(text.strip(_ARROWS)) is not None


def says_previous_page(text: str) -> bool:
    """Whether a link's text is "previous page"."""
    return _PREVIOUS.fullmatch(text.strip(_ARROWS)) is not None
