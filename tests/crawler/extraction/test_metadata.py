"""Addresses, agencies, rights."""

import pytest

from crawler.extraction.metadata import (
    canonical_url,
    find_agency,
    read_rights,
)
from crawler.extraction.page import read_page
from tests.support.pages import URL, parsed_page, raw_page


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


@pytest.mark.parametrize(
    ("head", "headers", "rights"),
    [
        ('<meta name="robots" content="noindex, NOARCHIVE">', {}, ("noarchive", "noindex")),
        ('<meta name="robots" content="none">', {}, ("noindex",)),
        ("", {"x-robots-tag": "noarchive"}, ("noarchive",)),
        ("", {"x-robots-tag": "otherbot: noarchive"}, ()),
        ("", {"tdm-reservation": "1"}, ("tdm-reservation",)),
        ('<meta name="tdm-reservation" content="1">', {}, ("tdm-reservation",)),
        ('<meta name="robots" content="index, follow">', {"tdm-reservation": "0"}, ()),
    ],
)
def test_reservations_of_page_and_header_are_noted(
    head: str, headers: dict[str, str], rights: tuple[str, ...]
) -> None:
    page = read_page(raw_page(f"{head}<p>x</p>", URL, headers={"content-type": "text/html"} | headers))
    assert page is not None
    assert read_rights(page) == rights
