"""Addresses, agencies."""

import pytest

from crawler.extraction.metadata import canonical_url, find_agency
from tests.support.pages import parsed_page


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("/world/bridge", "https://news.example/world/bridge"),
        ("https://news.example/world/bridge#top", "https://news.example/world/bridge"),
        ("https://news.example/", None),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_the_canonical_address_is_absolute_and_plausible(link: str, canonical: str | None) -> None:
    page = parsed_page(f'<link rel="canonical" href="{link}"><p>x</p>', "https://news.example/amp/bridge?x=1")
    assert canonical_url(page) == canonical


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        (
            '<link rel="stylesheet" href="/a.css"><link href="/b"><link rel="Canonical nofollow" href="/c">',
            "/c",
        ),
        ('<link rel="canonical"><link rel="amphtml" href="/a"><meta property="og:url" content="/og">', "/og"),
        ('<link rel="canonical" href="/"><link rel="canonical" href="/second">', "/second"),
        ('<link rel="canonical" href="/?id=7">', "/?id=7"),
    ],
)
def test_only_what_calls_itself_canonical_is(head: str, canonical: str) -> None:
    page = parsed_page(f"{head}<p>x</p>", "https://news.example/amp/bridge")
    assert canonical_url(page) == f"https://news.example{canonical}"


def test_the_front_page_is_the_canonical_address_of_itself() -> None:
    page = parsed_page('<link rel="canonical" href="/"><p>x</p>', "https://news.example/")
    assert canonical_url(page) == "https://news.example/"


@pytest.mark.parametrize(
    ("bylines", "paragraphs", "agency"),
    [
        (["Ana Veld", "AFP"], ("x",), "AFP"),
        ([], ("VAROSK (Reuters) - The bridge fell.",), "Reuters"),
        ([], ("ВАРОСК, 28 января — ТАСС. Мост рухнул.",), None),
        ([], ("ВАРОСК, ТАСС — Мост рухнул.",), "ТАСС"),
        ([], ("The bridge fell.", "Nobody was hurt. (dpa)"), "dpa"),
        ([], ("The APA hotel burned (see map).",), None),
        ([], (), None),
    ],
)
def test_the_agency_is_read_from_byline_dateline_and_last_line(
    bylines: list[str], paragraphs: tuple[str, ...], agency: str | None
) -> None:
    assert find_agency(bylines, paragraphs) == agency
