"""Detects pages that show only the beginning of a paid article."""

import re
from collections.abc import Sequence

from crawler.extraction.body.blocks import Block, ends_sentence, reading_length, squeeze
from crawler.extraction.jsonld import Node, text_of
from crawler.extraction.page import Page

_STUB = 1000
"""Reading length below which a text may be only the beginning."""

_LONGEST_STUB = 3000
"""The same where the page declares the article paid and the text ends with an ellipsis."""

_GATE_LINE = 300
"""Reading length below which a paragraph with such words is a gate, not a story about one."""

_ELLIPSES = ("…", "...", "[…]", "[...]")

_QUOTED = 80
"""Letters of an offer that the evidence quotes."""

_LONGEST_WORDS = 12
"""Mean length of words from which on a script does not separate them by spaces."""

_BEHIND = 6
"""Number of blocks after the text in which a gate for subscribers is looked for."""

_GATE = re.compile(
    r"(?:story|article|content|is|are|only|available|exclusive) (?:only |exclusively )?(?:for|to) (?:our )?(?:\w+ )?"
    r"subscribers"
    r"|subscribers?[- ]only|subscriber[- ]exclusive|already a (?:subscriber|member)"
    r"|to (?:continue|keep|finish) reading|(?:read|unlock) (?:the|this) (?:full|rest|whole|entire|article|story)"
    r"|subscribe (?:now )?to (?:read|continue|unlock)|limit of free articles"
    r"|(?:réservée?s?|exclusive?s?) aux? abonnés|déjà abonné|pour lire la suite|il vous reste \d+"
    r"|nur für abonnenten|exklusiv für abonnent|jetzt weiterlesen|um weiterzulesen|weiterlesen mit|bereits abonnent"
    r"|(?:exclusivo|solo|sólo) para su[sb]scriptores|para seguir leyendo|sigue leyendo con|ya eres suscriptor"
    r"|(?:exclusivo|só|apenas) para assinantes|já é assinante|para continuar (?:lendo|a ler|leyendo)"
    r"|riservat[oi] agli abbonati|per continuare a leggere|sei già abbonato"
    r"|(?:alleen|exclusief) voor abonnees|om verder te lezen|endast för prenumeranter|(?:kun|bare) for abonnent"
    r"|vain tilaajille"
    r"|dla (?:prenumeratorów|subskrybentów)|czytaj dalej z|pouze pro předplatitele|samo za pretplatnike"
    r"|только для подписчиков|доступн\w+ подписчикам|оформите подписку|чтобы (?:читать дальше|продолжить чтение)"
    r"|лише для передплатників|оформіть передплату|yalnızca aboneler|abonelere özel|devamını okumak için"
    r"|للمشتركين فقط|اشترك لمتابعة|لمتابعة القراءة|ویژه مشترکین|למנויים בלבד|להמשך קריאה"
    r"|会员专享|订阅后|登录后阅读全文|会員限定|有料会員|残り\s?\d+\s?文字|続きを読むには|구독자 전용|유료회원",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"cancel (?:at )?any ?time|free trial|(?:per|a|/) ?(?:month|week|year)\b|billed (?:monthly|annually)"
    r"|choose (?:a|your) plan"
    r"|unlimited (?:digital )?access|jederzeit kündbar|(?:pro|im) monat\b|monatlich|sans engagement|par mois\b"
    r"|résiliable|al mes\b|cancela cuando|suscríbete|por mês\b|assine\b|al mese\b|abbonati\b|per maand|per måned"
    r"|per månad|kuukau|miesięcznie|в месяц|отменить в любой|на місяць|aylık|abone ol|شهري|اشترك|לחודש|प्रति माह|月額"
    r"|每月|订阅|매월|구독",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[$€£₹¥₽₩₺₴]\s?\d|\d\s?(?:[$€£₹¥₽₩₺₴]|kr\b|zł\b|Kč\b|руб|грн|円|元|원)")
_SELECTOR = re.compile(r"[.#][\w-]+")
_ELSEWHERE = frozenset(("footer", "header", "chrome", "aside"))
"""Marks of what stands on every page of a site."""


def find_paywall(page: Page, paragraphs: Sequence[str], story: list[int]) -> str:
    """Why the text is only the beginning of a paid article; empty if it is not.

    `story` holds its paragraphs' positions in the page. A wall counts only where the text breaks off: at a gate that
    follows it, inside it, or without the part that the page declares as paid. Metered sites declare all articles paid
    and show them in full; sites offer subscriptions on the pages of free articles too.
    """
    length = reading_length("".join(paragraphs))
    if not 0 < length < _LONGEST_STUB:
        return ""
    is_paid = _is_for_subscribers(page.article)
    if length >= _STUB:
        is_broken = is_paid and paragraphs[-1].rstrip().endswith(_ELLIPSES)
        return "declared as paid, and it breaks off" if is_broken else ""
    return (
        _find_offer(page, paragraphs)
        or _find_gate(page, paragraphs, story)
        or (_find_missing(page, paragraphs, story) if is_paid else "")
    )


def _find_gate(page: Page, paragraphs: Sequence[str], story: list[int]) -> str:
    """A gate behind the text: where the text seems whole, not one in the frame of the site or of a free article."""
    is_whole = not _breaks_off(page, paragraphs)
    if is_whole and _is_declared_free(page.article):
        return ""
    for block in _blocks_behind(page, story):
        if is_whole and not _ELSEWHERE.isdisjoint(block.marks):
            continue
        if reading_length(block.text) < _STUB and _GATE.search(block.text):
            return f"“{_quoted(block.text)}” stands behind it"
    return ""


def _find_offer(page: Page, paragraphs: Sequence[str]) -> str:
    """An offer of a subscription that was taken for the text or its end; a story about such offers is none."""
    in_forms = {block.key for block in page.blocks if not block.marks.isdisjoint(("signup", "form"))}
    offers = [line for line in paragraphs if _is_offer(line, squeeze(line) in in_forms)]
    if not offers:
        return ""
    share = reading_length("".join(offers)) / reading_length("".join(paragraphs))
    is_end = paragraphs[-1] in offers and not _is_declared_free(page.article)
    return f"it ends with an offer: “{_quoted(offers[-1])}”" if is_end or share > 0.5 else ""


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"


def _is_offer(line: str, is_in_form: bool) -> bool:
    """Whether a line is hardly more than a gate, or names a price at one or in a form."""
    gate, has_price = _GATE.search(line), bool(_OFFER.search(line) and _PRICE.search(line))
    if gate is None:
        return is_in_form and has_price
    is_short = reading_length(line) < _GATE_LINE
    return is_in_form or (is_short and (has_price or len(gate[0]) > 0.2 * len(line)))


def _breaks_off(page: Page, paragraphs: Sequence[str]) -> bool:
    """Whether a text ends in the middle, or has less than half of the words that the page declares."""
    words = [word for line in paragraphs for word in line.split()]
    declared = page.article.get("wordCount")
    count = int(declared) if isinstance(declared, (int, float, str)) and str(declared).isdecimal() else 0
    has_spaces = sum(map(len, words)) < _LONGEST_WORDS * len(words)
    return is_cut(paragraphs) or (has_spaces and count > 2 * len(words))


def _find_missing(page: Page, paragraphs: Sequence[str], story: list[int]) -> str:
    if _breaks_off(page, paragraphs):
        return "declared as paid, and it breaks off"
    return "it lacks the part that is declared as paid" if _lacks_paid_part(page, story) else ""


def _blocks_behind(page: Page, story: list[int]) -> list[Block]:
    end = story[-1] + 1 if story else 0
    return [block for block in page.blocks[end : end + _BEHIND] if not block.marks & {"comments"}]


def _lacks_paid_part(page: Page, story: list[int]) -> bool:
    """Whether the element that the page declares as paid does not contain the end of the text.

    Declared by schema.org's `hasPart` with `cssSelector` (Google's "Subscription and paywalled content").
    """
    parts = page.article.get("hasPart")
    paid = [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]
    names = [name for part in paid for name in _SELECTOR.findall(text_of(part.get("cssSelector")))]
    return bool(names) and _names_around(page, story).isdisjoint(name[1:] for name in names)


def _names_around(page: Page, story: list[int]) -> set[str]:
    """Classes and ids of the last paragraph and of the elements around it."""
    if not story:
        return set()
    last = page.blocks[story[-1]]
    # Between the paragraph and its container are those that have no other text.
    inner = (each for each in last.container.iter() if squeeze("".join(each.itertext())) == last.key)
    around = (*inner, last.container, *last.container.iterancestors())
    names = (f"{element.get('id') or ''} {element.get('class') or ''}" for element in around)
    return {name for text in (last.style[1], last.style[3], *names) for name in text.split()}


def _is_declared_free(article: Node) -> bool:
    free = article.get("isAccessibleForFree")
    return free is True or text_of(free).lower() == "true"


def _is_for_subscribers(article: Node) -> bool:
    free = article.get("isAccessibleForFree")
    return free is False or text_of(free).lower() == "false"


def is_cut(paragraphs: Sequence[str]) -> bool:
    """Whether a text ends in the middle of a sentence or with an ellipsis."""
    last = paragraphs[-1].rstrip() if paragraphs else ""
    return last.endswith(_ELLIPSES) or not ends_sentence(last)
