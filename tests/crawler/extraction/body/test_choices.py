"""What trafilatura finds by XPath is found by functions too, and nothing else."""

from itertools import chain, product

import pytest
from lxml.etree import XPath
from lxml.html import HtmlElement, document_fromstring
from trafilatura import settings, xpaths

from crawler.extraction.body.choices import Rule, faster, first_of
from tests.support.pages import news_page

EXPRESSIONS: list[XPath] = [
    *xpaths.RAW_TREE_PRUNE_XPATH,
    *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    *xpaths.OVERALL_DISCARD_XPATH,
    *xpaths.TEASER_DISCARD_XPATH,
    *xpaths.DISCARD_IMAGE_ELEMENTS,
    *xpaths.BODY_XPATH,
    settings.BASIC_CLEAN_XPATH,
]
TAGS = (
    *("div", "section", "aside", "article", "main", "details", "footer", "script", "svg", "item", "list"),
    *("ol", "p", "span", "a", "h1"),
)
_NAMES = """
post entry articleBody articleContent article-text x-story-body primary story text content Main-Content page-Content
main main-column FullText comment comments commentary comments-title disqus_thread reply-4 nocomments share-bar social
newsletter cookie cookie-banner onetrust sidebar nav Navigation hidden is-hidden hide-mobile teaser Teaser caption
footer infinite-scroll mvp-post-add-box elementor-share-buttons widget menu byline author ferry mill true
"""
NAMES = _NAMES.split()
ATTRIBUTES = (
    *(
        'class="{0}"',
        'id="{0}"',
        'class="{0}" id="ferry"',
        'id="ferry" class="{0}"',
        'class="a {0} b"',
        'role="{0}"',
    ),
    *(
        'style="display:none" id="{0}"',
        'style="display: none"',
        'id="{0}" style="x"',
        'style="x:hidden" id="{0}"',
    ),
    *(
        'aria-hidden="{0}"',
        'itemprop="{0}"',
        'data-component="MostPopularStories"',
        "data-lp-replacement-content",
    ),
    *('rel="{0}"', 'class="" id="{0}"'),
)


def tree_of(body: str) -> HtmlElement:
    return document_fromstring(f"<html><body>{body}</body></html>")


def trees() -> list[HtmlElement]:
    marked = [
        f"<{tag} {names.format(name)}>x</{tag}>" for tag, name, names in product(TAGS, NAMES, ATTRIBUTES)
    ]
    small = ["".join(marked[at : at + 3]) for at in range(0, len(marked), 97)]
    nested = [
        f'<{tag} class="{name}"><h1>x</h1><div id="{name}">y</div></{tag}>'
        for tag, name in product(TAGS, NAMES)
    ]
    return [tree_of(body) for body in chain(small, ["".join(marked), *nested, *map(news_page, ("en", "ar"))])]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_a_function_finds_the_same_elements_as_the_xpath(expression: XPath) -> None:
    choice = faster(expression)
    assert isinstance(choice, Rule), "trafilatura words it differently now: look at what changed"
    found = 0
    for tree in trees():
        expected = list(expression(tree))[: choice.most]
        assert list(choice(tree)) == expected
        found += len(expected)
    assert found


def test_an_unknown_xpath_is_used_as_it_is() -> None:
    expression = XPath(".//div[@class='ferry']")
    assert faster(expression) is expression


def test_one_walk_tells_whether_one_of_several_may_find_something() -> None:
    may_find = first_of(map(faster, [*xpaths.RAW_TREE_PRUNE_XPATH, *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH]))
    assert list(may_find(tree_of("<div class='comments'>x</div>")))
    assert list(may_find(tree_of("<section id='infinite-scroll'>x</section>")))
    assert not list(may_find(tree_of("<div class='ferry' id='mill'><p class='comments'>x</p></div>")))
