"""trafilatura's search for the body, without the rest of its interface."""

import pytest
import trafilatura
from lxml import etree
from lxml.html import document_fromstring
from trafilatura import main_extractor, xpaths

from crawler.extraction.trafilatura_internals import find_body
from tests.support.pages import news_page

LANGUAGES = ("en", "ru", "ar", "zh")
SHORT = "<html><body><div class=post><p>The ferry left.</p></div><aside>More ferries</aside></body></html>"
MENUS = f"<html><body>{'<ul><li><a href=/x>Harbour and mill</a></ul>' * 90}<p>{'The ferry left. ' * 9}</body></html>"


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("page", [*map(news_page, LANGUAGES), SHORT, MENUS], ids=range(len(LANGUAGES) + 2))
def test_it_finds_what_the_public_function_finds(page: str, fast: bool) -> None:
    tree = document_fromstring(page)
    before = etree.tostring(tree)
    found = trafilatura.bare_extraction(tree, fast=fast, include_comments=False)
    body = "".join(found.body.itertext()) if isinstance(found, trafilatura.settings.Document) else ""
    assert find_body(tree, fast=fast) == body != ""
    assert etree.tostring(tree) == before


def test_the_modules_that_others_import_stay_as_they_are() -> None:
    assert all(isinstance(each, etree.XPath) for each in xpaths.OVERALL_DISCARD_XPATH)
    assert vars(main_extractor)["OVERALL_DISCARD_XPATH"] is xpaths.OVERALL_DISCARD_XPATH
