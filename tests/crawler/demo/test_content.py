import re
import unicodedata
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.demo.content import SiteContent, Story, read_sites, read_time
from crawler.texts.seed_format import Seed, normalise_paragraph, parse_seed, render_seed

SITES = read_sites()
STORIES = [(site, story) for site in SITES for story in site.stories]
SHORT = {"bulletin", "paywall_stub", "robots_disallowed", "index_page"}

each_site = pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
each_story = pytest.mark.parametrize(
    ("site", "story"), STORIES, ids=[f"{site.language}-{number}" for number, (site, _) in enumerate(STORIES)]
)


def test_there_are_five_sites_in_five_languages() -> None:
    assert {site.language for site in SITES} == {"fr", "en", "ar", "ru", "es"}


@each_site
def test_a_site_has_ten_to_fourteen_stories_most_of_them_on_conflict(site: SiteContent) -> None:
    assert 10 <= len(site.stories) <= 14
    assert 0.5 <= sum(story.conflict for story in site.stories) / len(site.stories) <= 0.75


@each_site
def test_paths_are_given_once(site: SiteContent) -> None:
    paths = [
        thing.path for things in (site.stories, site.pages, site.listings, site.strays) for thing in things
    ]
    assert len(paths) == len(set(paths))


@each_story
def test_the_truth_of_a_story_is_in_the_seed_format(site: SiteContent, story: Story) -> None:
    for paragraph in story.paragraphs:
        assert paragraph == normalise_paragraph(paragraph)
        assert unicodedata.is_normalized("NFC", paragraph)
    if story.month and story.paragraphs:
        seed = Seed(story.month, story.paragraphs)
        assert parse_seed(render_seed(seed)) == seed


@each_story
def test_the_month_is_that_of_publication_on_the_sites_own_calendar(site: SiteContent, story: Story) -> None:
    local = read_time(story.published).astimezone(ZoneInfo(site.zone)) if story.published else None
    assert story.month == (f"{local:%Y-%m}" if local else None)
    assert story.month is not None or story.fate == "undated"


@each_story
def test_a_written_offset_is_that_of_the_sites_zone(site: SiteContent, story: Story) -> None:
    for text in filter(None, (story.published, story.modified)):
        time = read_time(text)
        assert text.endswith("Z") or time.utcoffset() == time.astimezone(ZoneInfo(site.zone)).utcoffset()


@each_story
def test_a_plain_story_has_the_length_of_real_ones(site: SiteContent, story: Story) -> None:
    if story.special not in SHORT:
        assert 4 <= len(story.paragraphs) <= 12
        assert 110 <= sum(len(paragraph.split()) for paragraph in story.paragraphs) <= 500


@each_story
def test_a_story_is_in_a_section_and_has_a_summary_that_is_not_its_text(
    site: SiteContent, story: Story
) -> None:
    assert story.section in site.sections
    assert story.summary
    assert story.summary not in "\n".join(story.paragraphs)


@each_site
def test_a_keyword_of_the_site_is_met_in_its_stories(site: SiteContent) -> None:
    text = "\n".join(paragraph for story in site.stories for paragraph in story.paragraphs)
    for keyword in site.keywords:
        assert re.search(rf"\b{keyword}\b", text), keyword


def test_the_special_cases_are_all_there() -> None:
    assert {story.special for _, story in STORIES} >= {
        "amp",
        "bulletin",
        "index_page",
        "live_blog",
        "modified",
        "month_edge",
        "noarchive",
        "paywall_stub",
        "robots_disallowed",
        "syndicated",
        "undated",
        "visible_date",
    }


def test_the_zone_decides_the_month_of_a_z_time_west_and_east_of_greenwich() -> None:
    edges = {site.language: story for site, story in STORIES if story.special == "month_edge"}
    assert edges["en"].published.startswith("2021-02-01")
    assert edges["en"].month == "2021-01"
    assert edges["ru"].published.startswith("2021-01-31")
    assert edges["ru"].month == "2021-02"


def test_one_wire_story_is_on_two_sites_with_the_same_text() -> None:
    wires = [(site.id, story) for site, story in STORIES if story.special == "syndicated"]
    assert len({site for site, _ in wires}) == len(wires) == 2
    assert wires[0][1].paragraphs == wires[1][1].paragraphs
    assert wires[0][1].title != wires[1][1].title


def test_a_story_is_modified_in_a_later_month_than_it_was_published() -> None:
    (story,) = [story for _, story in STORIES if story.special == "modified"]
    assert read_time(story.modified) - read_time(story.published) > timedelta(days=1)
    assert not story.modified.startswith(story.month or "")


def test_each_entry_of_a_live_blog_has_its_hour() -> None:
    (story,) = [story for _, story in STORIES if story.special == "live_blog"]
    assert len(story.times) == len(story.paragraphs)
