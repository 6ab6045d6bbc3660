"""Detects pages that show only the beginning of a paid article."""

import re
from collections.abc import Sequence

from crawler.extraction.body.blocks import ends_sentence, reading_length
from crawler.extraction.jsonld import Node, text_of
from crawler.extraction.page import Page

_STUB = 1000
"""Reading length below which a text may be only the beginning."""

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
_SELECTOR = re.compile(r"[.#][\w-]+")


def is_paywall_stub(page: Page, paragraphs: Sequence[str], story: list[int]) -> bool:
    """Whether the text is only the beginning of a paid article; `story` holds its paragraphs' positions in the page.

    Either a gate follows the text, or the page declares the article paid and the paid part is missing: metered
    sites declare all articles paid and show them in full.
    """
    if not 0 < reading_length("".join(paragraphs)) < _STUB:
        return False
    if any(map(_is_gate, _texts_behind(page, story))):
        return True
    if not _is_for_subscribers(page.article):
        return False
    return is_cut(paragraphs) or _lacks_paid_part(page, story)


def _texts_behind(page: Page, story: list[int]) -> list[str]:
    end = story[-1] + 1 if story else 0
    return [block.text for block in page.blocks[end : end + _BEHIND] if not block.marks & {"comments"}]


def _is_gate(text: str) -> bool:
    return reading_length(text) < _STUB and bool(_GATE.search(text))


def _lacks_paid_part(page: Page, story: list[int]) -> bool:
    """Whether the element that the page declares as paid does not contain the end of the text.

    Declared by schema.org's `hasPart` with `cssSelector` (Google's "Subscription and paywalled content").
    """
    parts = page.article.get("hasPart")
    part = parts[0] if isinstance(parts, list) and parts else parts
    names = _SELECTOR.findall(text_of(part.get("cssSelector"))) if isinstance(part, dict) else []
    if not names:
        return False
    return not any(name[1:] in _names_around(page, story) for name in names)


def _names_around(page: Page, story: list[int]) -> set[str]:
    """Classes and ids of the last paragraph and its ancestors."""
    if not story:
        return set()
    last = page.blocks[story[-1]]
    around = (last.container, *last.container.iterancestors())
    names = (f"{element.get('id') or ''} {element.get('class') or ''}" for element in around)
    return {name for text in (last.style[1], last.style[3], *names) for name in text.split()}


def _is_for_subscribers(article: Node) -> bool:
    free = article.get("isAccessibleForFree")
    return free is False or text_of(free).lower() == "false"


def is_cut(paragraphs: Sequence[str]) -> bool:
    """Whether a text ends in the middle of a sentence or with an ellipsis."""
    last = paragraphs[-1].rstrip() if paragraphs else ""
    return last.endswith(("…", "...")) or not ends_sentence(last)
