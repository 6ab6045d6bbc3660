"""JSON-LD as it is found, not as it should be."""

import pytest

from crawler.extraction.jsonld import Node, article_node, text_of
from tests.support.pages import URL, parsed_page


def nodes_of(*scripts: str) -> list[Node]:
    html = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return parsed_page(f"<html><body>{html}<p>x</p></body></html>").nodes


ARTICLE = '{"@type": "NewsArticle", "headline": "Ours"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        ARTICLE.replace("}", ",}"),
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
        f'{ARTICLE} {{"@type": "Organization"}}',
        ARTICLE.replace("Ours", "Ours\t\n"),
        ARTICLE.replace('"Ours"', '"Ours", "note": "it\\\'s"'),
        ARTICLE.replace('"NewsArticle"', '["Thing", "ReportageNewsArticle"]'),
    ],
)
def test_an_article_is_found_in_json_of_many_kinds(script: str) -> None:
    article = article_node(nodes_of(script), [URL])
    assert article is not None
    assert text_of(article["headline"]) == "Ours"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "nonsense",
        "[" * 100_000,
        '{"@graph":[' * 900,
        '{"a": ' + "9" * 5000 + "}",
        "null",
        "17",
        '"text"',
    ],
)
def test_hopeless_json_is_passed_over(script: str) -> None:
    assert article_node(nodes_of(script, ARTICLE), [URL]) == {"@type": "NewsArticle", "headline": "Ours"}


def test_the_article_that_names_the_page_is_ours_and_not_a_teaser() -> None:
    teaser = '{"@type": "NewsArticle", "headline": "Other", "url": "https://news.example/other"}'
    ours = f'{{"@type": "NewsArticle", "headline": "Ours", "mainEntityOfPage": {{"@id": "{URL}"}}}}'
    article = article_node(nodes_of(teaser, ours), [URL])
    assert article is not None
    assert article["headline"] == "Ours"


def test_articles_listed_inside_another_object_are_not_ours() -> None:
    listed = f'{{"@type": "ItemList", "itemListElement": [{ARTICLE}]}}'
    assert article_node(nodes_of(listed), [URL]) is None


def test_a_page_without_article_has_none() -> None:
    assert article_node(nodes_of('{"@type": "BreadcrumbList"}'), [URL]) is None


def test_text_of_takes_names_and_first_strings() -> None:
    assert text_of([{"name": " Ana "}, "Ben"]) == "Ana"
    assert text_of({"@value": "x"}) == "x"
    assert text_of(17) == text_of(None) == ""


def test_the_article_that_names_the_page_goes_before_one_with_a_body_and_that_before_the_first() -> None:
    first = '{"@type": "NewsArticle", "headline": "First"}'
    body = '{"@type": "NewsArticle", "headline": "Body", "articleBody": "The bridge fell."}'
    own = f'{{"@type": "NewsArticle", "headline": "Own", "url": "{URL}"}}'
    page = '{"@type": "WebPage", "headline": "Page", "datePublished": "2021-01-28"}'
    for scripts, expected in (
        ((page, first, body, own), "Own"),
        ((page, first, body), "Body"),
        ((page, first), "First"),
        ((page,), "Page"),
    ):
        node = article_node(nodes_of(*scripts), [URL])
        assert node is not None
        assert node["headline"] == expected


@pytest.mark.parametrize(
    "prefix", ["schema:", "http://schema.org/", "https://schema.org/", "https://www.schema.org/"]
)
def test_names_with_the_prefix_of_the_vocabulary_are_read_as_without(prefix: str) -> None:
    author = f'"{prefix}author": {{"{prefix}name": "Ana"}}'
    script = f'{{"@type": "{prefix}NewsArticle", "{prefix}headline" : "Ours", {author}}}'
    article = article_node(nodes_of(script), [URL])
    assert article is not None
    assert (article["headline"], text_of(article["author"])) == ("Ours", "Ana")


OTHERS = [
    f'{{"@type": "NewsArticle", "headline": "Story number {n} of another day", "url": "https://news.example/{n}"}}'
    for n in range(3)
]


@pytest.mark.parametrize(
    "own",
    [
        '"mainEntityOfPage": {"@type": "WebPage", "url": "https://news.example/canonical"}',
        '"mainEntityOfPage": "https://news.example/canonical/"',
        '"url": "http://www.news.example/canonical#top"',
        f'"@id": "{URL}"',
        '"headline": "The bridge of Varosk fell at last"',
        '"name": "The bridge of &quot;Varosk&quot; fell at last"',
        '"headline": "Live: The bridge of Varosk fell at last"',
    ],
)
def test_the_own_article_stands_behind_others_and_is_known_by_address_or_headline(own: str) -> None:
    head = "".join(
        f'<script type="application/ld+json">{script}</script>'
        for script in [f"[{', '.join(OTHERS)}]", f'{{"@type": "NewsArticle", "wordCount": 7, {own}}}']
    )
    links = '<link rel="canonical" href="https://news.example/canonical"><title>Home</title>'
    page = parsed_page(f"<head>{links}{head}</head><h1>The bridge of Varosk fell at last</h1><p>x</p>")
    assert page.article["wordCount"] == 7
