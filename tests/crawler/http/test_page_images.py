"""Which pictures are fetched, and what becomes of them."""

from dataclasses import replace

import pytest

from crawler.fates import Fate
from crawler.http.page_images import fate_of_image, image_links, kinds_to_fetch, wants_images
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.outcomes import article


def test_nothing_but_pages_is_wanted_unless_images_are_named() -> None:
    assert not wants_images("")
    assert wants_images("images")
    assert kinds_to_fetch("images") == {*UrlKind}
    assert kinds_to_fetch("") == {*UrlKind} - {UrlKind.IMAGE}


def test_a_picture_is_named_by_its_article_and_belongs_to_its_source() -> None:
    made = article("one", images=("https://cdn.example/a.jpg",))
    made = replace(made, evidence=replace(made.evidence, language="fr"))
    evidence = Evidence(
        source="marisol", how=Discovery.IMAGE, via=made.url, zone="Europe/Paris", language="fr"
    )
    assert image_links(made) == [Link("https://cdn.example/a.jpg", UrlKind.IMAGE, evidence)]


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
def test_an_answer_is_a_picture_unless_it_is_a_web_page(content_type: str, fate: Fate) -> None:
    (link,) = image_links(replace(article("one"), images=("https://cdn.example/a.jpg",)))
    found, reason = fate_of_image(link, {"content-type": content_type} if content_type else {})
    assert found is fate
    assert "image of https://marisol.example/one" in reason
