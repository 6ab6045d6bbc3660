"""Brings a parsed tree to what a browser shows: shadow roots in their places, readings of characters and offers out."""

import re

from lxml.html import HtmlElement

_HEAD_MATTER = frozenset({"link", "meta", "script", "style"})
_REFUSAL = re.compile(r"\s*(?:not\b|!)|^(?:content-not-granted|actions|error)$", re.IGNORECASE)
_ACCESS = ("subscriptions-section", "subscriptions-display", "amp-access")
_ACCESS_BEGINS = (b"subscriptions-", b"amp-access")
_READINGS = ("rt", "rp", "rtc")


def show(tree: HtmlElement, markup: bytes) -> None:
    """Change a tree in place; the markup it was parsed from tells what to look for."""
    if b"shadowroot" in markup:
        _open_shadow_roots(tree)
    if next(tree.iter("rt", "rtc"), None) is not None:
        _drop_readings(tree)
    if any(name in markup for name in _ACCESS_BEGINS):
        _drop_offers(tree)


def _open_shadow_roots(tree: HtmlElement) -> None:
    """Put declarative shadow roots in place of their templates, what the host holds in their slots.

    HTML standard, 4.12.3 "shadowrootmode"; the innermost first, whose slots may hold slots of outer ones.
    """
    for template in reversed(list(tree.iter("template"))):
        host = template.getparent()
        if host is not None and ("shadowrootmode" in template.attrib or "shadowroot" in template.attrib):
            _fill_slots(host, template)
            template.drop_tag()


def _fill_slots(host: HtmlElement, template: HtmlElement) -> None:
    given = [child for child in host if child is not template and child.tag not in _HEAD_MATTER]
    slots = list(template.iter("slot"))
    if not slots and not _has_text(template):
        return  # a script fills it
    for child in given:
        host.remove(child)  # with the text behind it
    text = f"{host.text or ''}{template.tail or ''}"
    host.text = template.tail = None
    by_name: dict[str, list[HtmlElement]] = {"": []}
    for child in given:
        by_name.setdefault(child.get("slot") or "", []).append(child)
    for slot in slots:
        name = slot.get("name") or ""
        own = by_name.pop(name, [])  # the first slot of a name takes all
        if own or (not name and text.strip()):
            slot[:] = own
            slot.text, text = ("", text) if name else (text, "")
        slot.drop_tag()


def _drop_readings(tree: HtmlElement) -> None:
    """Remove the pronunciations above or beside characters (`ruby`), which are read in place of them."""
    for reading in list(tree.iter(*_READINGS)):
        base = reading.find(".//rb")
        if base is not None:  # inside, because neither was closed
            reading.addnext(base)
        reading.drop_tree()


def _drop_offers(tree: HtmlElement) -> None:
    """Remove what AMP shows to those without access where the page also holds what the others see.

    amp-subscriptions ("Showing/hiding premium and fallback content") and amp-access ("Access Content Markup").
    """
    parts = [element for name in _ACCESS for element in tree.iterfind(f".//*[@{name}]")]
    refused = [part for part in parts if _is_refusal(part)]
    if any(not _is_refusal(part) and _has_text(part) for part in parts):
        for part in refused:
            if part.getparent() is not None:
                part.drop_tree()


def _is_refusal(part: HtmlElement) -> bool:
    return any(_REFUSAL.search(part.get(name) or "") for name in _ACCESS)


def _has_text(element: HtmlElement) -> bool:
    texts = (child.text for child in element.iter() if child.tag not in _HEAD_MATTER)
    return any(text and not text.isspace() for text in texts)
