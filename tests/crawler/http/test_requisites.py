"""Which files that pages are shown with are fetched, and what becomes of them."""

from dataclasses import replace

import pytest

from crawler.fates import Fate
from crawler.http.requisites import (
    fate_of_requisite,
    image_links,
    kinds_to_fetch,
    look_links,
    wants_images,
    wants_look,
)
from crawler.items import REQUISITES, Discovery, Evidence, Link, UrlKind
from tests.support.outcomes import article


@pytest.mark.parametrize(
    ("setting", "kinds", "images", "look"),
    [
        ("", set(), False, False),
        ("images", {UrlKind.IMAGE}, True, False),
        ("page", {UrlKind.IMAGE, UrlKind.STYLE, UrlKind.FONT}, True, True),
    ],
)
def test_nothing_but_pages_is_wanted_unless_more_is_named(
    setting: str, kinds: set[UrlKind], images: bool, look: bool
) -> None:
    assert (wants_images(setting), wants_look(setting)) == (images, look)
    assert kinds_to_fetch(setting) == {*UrlKind} - REQUISITES | kinds


def test_a_picture_is_named_by_its_article_and_belongs_to_its_source() -> None:
    made = article("one", images=("https://cdn.example/a.jpg",))
    made = replace(made, evidence=replace(made.evidence, language="fr"))
    evidence = Evidence(
        source="marisol", how=Discovery.IMAGE, via=made.url, zone="Europe/Paris", language="fr"
    )
    assert image_links(made) == [Link("https://cdn.example/a.jpg", UrlKind.IMAGE, evidence)]
    file = UrlKind.FONT, "https://cdn.example/a.woff2"
    look = replace(evidence, how=Discovery.LOOK)
    assert look_links(made.url, made.evidence, [file], 2) == (Link(file[1], UrlKind.FONT, look, depth=2),)


@pytest.mark.parametrize("kind", sorted(REQUISITES))
@pytest.mark.parametrize(
    ("content_type", "fate"),
    [
        ("image/jpeg", Fate.NOT_HTML),
        ("IMAGE/SVG+XML; charset=utf-8", Fate.NOT_HTML),
        ("application/octet-stream", Fate.NOT_HTML),
        ("", Fate.NOT_HTML),
        ("text/html; charset=utf-8", Fate.SOFT_404),
        ("TEXT/HTML ;charset=utf-8", Fate.SOFT_404),
        ("application/xhtml+xml", Fate.SOFT_404),
    ],
)
def test_an_answer_is_what_was_expected_unless_it_is_a_web_page(
    kind: UrlKind, content_type: str, fate: Fate
) -> None:
    link = Link("https://cdn.example/a", kind, Evidence(via="https://marisol.example/one"))
    found, reason = fate_of_requisite(link, {"content-type": content_type} if content_type else {})
    assert found is fate
    name = {UrlKind.IMAGE: "image", UrlKind.STYLE: "style sheet", UrlKind.FONT: "font"}[kind]
    assert f"{name} of https://marisol.example/one" in reason
