"""The pictures of the story are found, lazily loaded ones too, and no others."""

import pytest

from crawler.extraction import extract
from crawler.extraction.images.story_images import MAX_IMAGES
from tests.support.pages import news_page, raw_page, story

SITE = "https://news.example"
LEAD = f"{SITE}/world/bridge.jpg"
"""The picture that `news_page` puts between headline and story."""


def images_of(html: str) -> list[str]:
    return [url.removeprefix(f"{SITE}/world/") for url in extract(raw_page(html)).images]


def images_with(markup: str, head: str = "") -> list[str]:
    """Pictures of a page with this markup behind its first paragraph, the lead picture left out."""
    first, *others = (f"<p>{paragraph}</p>" for paragraph in story())
    return [
        url
        for url in images_of(news_page(body=f"{first}{markup}{''.join(others)}", head=head))
        if url != "bridge.jpg"
    ]


def test_the_lead_picture_is_found() -> None:
    assert extract(raw_page(news_page())).images == (LEAD,)


@pytest.mark.parametrize(
    ("markup", "urls"),
    [
        ("<img src='a.jpg'>", ["a.jpg"]),
        ("<p><img src='//cdn.example/a.jpg?w=640&amp;h=2'></p>", ["https://cdn.example/a.jpg?w=640&h=2"]),
        ("<img src='a.jpg#top'><img src=a.jpg>", ["a.jpg"]),
        ("<img src='data:image/gif;base64,R0lGOD' data-src='a.jpg'>", ["a.jpg"]),
        ("<img src='small.jpg' data-original='a.jpg'>", ["small.jpg", "a.jpg"]),
        ("<img data-lazy-src='a.jpg'><noscript><img src='b.jpg'></noscript>", ["a.jpg", "b.jpg"]),
        ("<img src='a.jpg' srcset='b.jpg 2x, c.jpg 3x'>", ["a.jpg", "c.jpg"]),
        ("<img src='a.jpg' srcset='b.jpg 300w, c.jpg 800w, d.jpg 2000w' sizes=700px>", ["c.jpg", "d.jpg"]),
        ("<img data-srcset='b.jpg 300w, c.jpg 800w, d.jpg 2000w' data-sizes=700px>", ["c.jpg", "d.jpg"]),
        (
            "<picture><source media='(max-width: 600px)' srcset='a.webp'><source srcset='b.webp, c.webp 2x'>"
            "<source srcset='d.png'><img src='e.jpg'></picture>",
            ["b.webp", "c.webp"],
        ),
        (
            "<picture><source media='(max-width: 600px)' srcset='a.webp'><img src='d.jpg'></picture>",
            ["d.jpg", "a.webp"],
        ),
        ("<amp-img src='a.jpg' width=1600 height=900></amp-img>", ["a.jpg"]),
        ("<video poster='a.jpg' src='b.mp4'></video>", ["a.jpg"]),
        ("<a href='full.jpg'><img src='a.jpg'></a>", ["a.jpg", "full.jpg"]),
        ("<figure><a href=/photo/7><img src='a.jpg'></a><figcaption>Varosk</figcaption></figure>", ["a.jpg"]),
        ("<div class=inline-image><img src='a.jpg'></div>", ["a.jpg"]),
    ],
)
def test_pictures_are_found_however_they_are_loaded(markup: str, urls: list[str]) -> None:
    assert images_with(markup) == urls


@pytest.mark.parametrize(
    "markup",
    [
        "<img>",
        "<img src=''>",
        "<img src='#'>",
        "<img src='bridge-of-varosk'>",  # the page itself
        "<img src='data:image/png;base64,iVBORw0K'>",
        "<img src='javascript:alert(1)'>",
        "<img src='file:///etc/passwd'>",
        "<img src='//[broken'>",
        "<img src='count.gif' width=1 height=1>",
        "<img src='count.gif' width='0px'>",
        "<img src='count.gif' style='border:0; width: 1px; height: 1px'>",
        "<a href=/other><img src='teaser.jpg'></a>",
        "<a href='https://shop.example/'><figure><img src='ad.jpg'><figcaption>Buy</figcaption></figure></a>",
        "<aside><img src='other.jpg'></aside>",
        "<div class=related><img src='other.jpg'></div>",
        "<div class=adbox><img src='ad.jpg'></div>",
        "<article><img src='other.jpg'></article>",
        "<div class=author-photo><img src='ana.jpg'></div>",
        "<img class=share-icon src='share.svg'>",
    ],
)
def test_what_is_no_picture_of_the_story_is_left_out(markup: str) -> None:
    assert images_with(markup) == []


@pytest.mark.parametrize(
    ("head", "urls"),
    [
        ("<meta property=og:image content=/og.jpg>", [f"{SITE}/og.jpg"]),
        ("<meta property=og:image:secure_url content=/og.jpg>", [f"{SITE}/og.jpg"]),
        (
            '<script type=application/ld+json>{"@type": "Article", "image": ["/a.jpg", "/b.jpg"]}</script>',
            [f"{SITE}/a.jpg"],
        ),
        (
            '<script type=application/ld+json>{"@type": "Article", "image": {"url": "/a.jpg"}}</script>',
            [f"{SITE}/a.jpg"],
        ),
        (
            '<script type=application/ld+json>{"@graph": [{"@type": "Article", "image": {"@id": "#i"}},'
            '{"@type": "ImageObject", "@id": "#i", "contentUrl": "/a.jpg"}]}</script>',
            [f"{SITE}/a.jpg"],
        ),
        ('<script type=application/ld+json>{"@type": "Article", "image": [{"url": [7]}]}</script>', []),
    ],
)
def test_pictures_that_only_the_metadata_name_come_first(head: str, urls: list[str]) -> None:
    assert extract(raw_page(news_page(head=head))).images == (*urls, LEAD)


def test_addresses_start_where_the_page_says() -> None:
    html = news_page(head='<base href="https://cdn.example/2021/">')
    assert extract(raw_page(html)).images == ("https://cdn.example/2021/bridge.jpg",)


def test_pictures_around_the_article_are_left_out() -> None:
    html = (
        news_page()
        .replace("<main>", "<img src=before.jpg><main>")
        .replace("</main>", "<img src=after.jpg></main>")
    )
    assert images_of(html) == ["bridge.jpg"]


@pytest.mark.parametrize(
    ("element", "urls"), [("article", ["above.jpg", "bridge.jpg", "below.jpg"]), ("div", ["bridge.jpg"])]
)
def test_what_precedes_the_headline_or_follows_the_story_must_be_in_an_article(
    element: str, urls: list[str]
) -> None:
    html = (
        news_page()
        .replace("<h1>", "<img src=above.jpg><h1>")
        .replace("</article>", "<img src=below.jpg></article>")
    )
    assert images_of(html.replace("article>", f"{element}>")) == urls


def test_a_page_without_structure_gives_the_text_between_its_paragraphs() -> None:
    paragraphs = "".join(f"<p>{paragraph}</p><img src={at}.jpg>" for at, paragraph in enumerate(story()))
    page = f"<html><body><a href=/><img src=logo.png></a><h1>Bridge of Varosk falls</h1>{paragraphs}</body></html>"
    assert images_of(page) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]


def test_a_page_without_a_story_has_the_picture_that_it_names() -> None:
    html = "<html><head><meta property=og:image content=a.jpg></head><body><img src=b.jpg></body></html>"
    assert images_of(html) == ["a.jpg"]


def test_a_flood_of_pictures_is_cut() -> None:
    flood = "".join(f"<img src={number}.jpg>" for number in range(3000))
    assert len(images_with(flood)) == MAX_IMAGES - 1
