"""Which dates on a page are the article's own."""

from datetime import date

import pytest

from crawler.extraction.body.blocks import squeeze
from crawler.extraction.dates.visible import read_visible_dates
from tests.support.pages import news_page, parsed_page, story, text

MENU = '<div id="today">14 March 2021</div>'
OTHER = '<a href="/mill">A mill burned down in the north of Varosk</a>'


def visible(byline: str, language: str = "en", above: str = "") -> list[tuple[str, str, str]]:
    """What is read when the byline is as given: kind, place, value."""
    html = (
        news_page(language).replace('<p class="byline">Ana Veld</p>', byline).replace("<h1>", f"{above}<h1>")
    )
    titles = {squeeze(text(language, "title")).lower()}
    found = read_visible_dates(
        parsed_page(html).blocks, titles, set(map(squeeze, story(language))), date(2021, 3, 15)
    )
    return [(item.kind, item.where, item.value) for item in found]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "28 January 2021"),
        ("en", "By Ana Veld, January 28, 2021 at 10:20 am | 3 min read"),
        ("en", "<span>By Ana Veld</span><span>28 January 2021</span><span>3 min read</span>"),
        ("en", "Varosk, Thursday 28 January 2021"),
        ("en", "28 January 2021 by Ana Veld"),
        ("fr", "Publié le jeudi 28 janvier 2021 à 10 h 20 par Ana Veld"),
        ("es", "Ana Veld | 28 de enero de 2021 - 10:20 h"),
        ("ru", "28 января 2021 г., 10:20 МСК"),
        ("ar", "تاريخ النشر: ٢٨ كانون الثاني ٢٠٢١ - ١٠:٢٠ | آنا فيلد | عدد المشاهدات: 12"),
        ("ar", "نُشر في: 28 يناير/كانون الثاني 2021"),
        ("en", "बुधवार, 28 जनवरी 2021, 10:20"),
        ("zh", "发布时间：2021年1月28日 10:20 来源：示例"),
    ],
)
def test_a_date_in_a_byline_is_read(language: str, line: str) -> None:
    found = visible(f"<p>{line}</p>", language)
    assert [(kind, where, value[:7]) for kind, where, value in found] == [("published", "text", "2021-01")]


def test_a_marked_up_date_is_read_as_machines_see_it() -> None:
    found = visible('<p>By Ana Veld <time datetime="2021-01-28T10:20:00+01:00">28 January 2021</time></p>')
    assert ("published", "time", "2021-01-28T10:20:00+01:00") in found


def test_a_date_that_readers_see_otherwise_is_not_believed() -> None:
    found = visible('<p><time datetime="2019-09-03">28 January 2021</time></p>')
    assert found == [("published", "text", "2021-01-28")]


@pytest.mark.parametrize(
    "line",
    [
        "Updated 2 February 2021",
        "Dernière mise à jour le mardi 2 février 2021",
        "Обновлено: 2 февраля 2021",
        "<span>Updated</span> <span>2 February 2021</span>",
        'Updated <time datetime="2021-02-02">2 February 2021</time>',
        '<time class="modified" datetime="2021-02-02">2 February</time>',
    ],
)
def test_the_date_of_a_change_is_no_publication(line: str) -> None:
    assert {kind for kind, _, _ in visible(f"<p>{line}</p>")} == {"modified"}


def test_publication_and_change_are_distinguished_by_their_words() -> None:
    found = visible("<p>Published 28 January 2021, updated 2 February 2021</p>")
    assert found == [("published", "text", "2021-01-28"), ("modified", "text", "2021-02-02")]


@pytest.mark.parametrize(
    "box",
    [
        f"<ul><li>{OTHER} <span>5 May 2019</span></li></ul>",
        "<ul><li>5 May 2019</li></ul>",
        f"<div>{OTHER}<span>5 May 2019</span></div>",
        f"<div><div>{OTHER}</div><div>5 May 2019</div></div>",
        '<div class="related"><p>Rain</p><p>5 May 2019</p></div>',
        '<aside><p>5 May 2019</p><time datetime="2019-05-05">5 May</time></aside>',
        "<figure><figcaption>Varosk, 5 May 2019</figcaption></figure>",
        "<p>The mill burned down on 5 May 2019.</p>",
        "<p>What the siege of 5 May 2019 left behind</p>",
        "<p>A town and its bridge since 5 May 2019</p>",
        "<p>5 May 2019 was the day on which the siege began</p>",
    ],
)
def test_dates_of_others_and_dates_in_sentences_are_not_read(box: str) -> None:
    assert visible(box) == []
    assert [value for _, _, value in visible(f"<p>28 January 2021</p>{box}")] == ["2021-01-28"]


def test_of_two_months_neither_is_believed() -> None:
    assert visible("<p>28 January 2021</p><p>2 February 2021</p>") == []


def test_dates_below_the_first_paragraph_are_not_read() -> None:
    html = news_page().replace("</article>", "<p>28 January 2021</p></article>")
    titles = {squeeze(text("en", "title")).lower()}
    story_keys = set(map(squeeze, story()))
    assert read_visible_dates(parsed_page(html).blocks, titles, story_keys, date(2021, 3, 15)) == []


def test_a_date_right_above_the_headline_is_read_unless_it_is_todays() -> None:
    assert visible("", above="<p>28 January 2021</p>") == [("published", "text", "2021-01-28")]
    assert visible("", above="<p>14 March 2021</p>") == []


def test_a_date_at_the_head_of_the_site_is_not_read() -> None:
    html = news_page().replace("<main>", f"{MENU.replace('14 March', '28 January')}<main>")
    titles = {squeeze(text("en", "title")).lower()}
    assert (
        read_visible_dates(parsed_page(html).blocks, titles, set(map(squeeze, story())), date(2021, 3, 15))
        == []
    )


def test_without_a_headline_nothing_is_beside_it() -> None:
    page = parsed_page("<body><p>28 January 2021</p><p>The old bridge fell.</p></body>")
    assert read_visible_dates(page.blocks, set(), set(), date(2021, 3, 15)) == []


@pytest.mark.parametrize(
    ("machines", "is_believed"), [("27", True), ("29", True), ("26", False), ("30", False)]
)
def test_readers_may_see_the_day_before_or_after(machines: str, is_believed: bool) -> None:
    found = visible(f'<p><time datetime="2021-01-{machines}">28 January 2021</time></p>')
    assert (("published", "time", f"2021-01-{machines}") in found) is is_believed


@pytest.mark.parametrize(
    ("place", "is_label"),
    [
        ("Varosk, Thursday", True),
        ("Upper Varosk, Thursday", True),
        ("Old Upper Varosk, Thursday", False),
        ("Varosk, late Thursday", False),
    ],
)
def test_a_place_of_few_words_may_stand_before_a_date(place: str, is_label: bool) -> None:
    assert bool(visible(f"<p>{place} 28 January 2021</p>")) is is_label


@pytest.mark.parametrize(("day", "is_believed"), [("12", True), ("13", True), ("14", False), ("15", False)])
def test_a_date_above_the_headline_is_older_than_yesterday(day: str, is_believed: bool) -> None:
    assert bool(visible("", above=f"<p>{day} March 2021</p>")) is is_believed
