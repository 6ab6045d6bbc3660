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


def beside(html: str) -> list[tuple[str, str, str]]:
    """What is read beside the headline of the English story."""
    titles = {squeeze(text("en", "title")).lower()}
    found = read_visible_dates(
        parsed_page(html).blocks, titles, set(map(squeeze, story())), date(2021, 3, 15)
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
        # units of time, weekdays, counters, full stops
        ("fr", "28 janvier 2021 à 18h30"),
        ("en", "28. Januar 2021, 18 Uhr"),
        ("zh", "2021年01月28日21时05分 来源：<a href='/q'>示例</a>"),
        ("zh", "2021年1月28日（木）18時30分"),
        ("en", "2021년 1월 28일 오후 6시 30분 | 조회 77"),
        ("en", "วันพฤหัสบดี 28 มกราคม 2564 เวลา 18:30 น."),
        ("en", "28/01/2021 Thursday"),
        ("es", "28 de enero de 2021, jueves"),
        ("ru", "28 января 2021 г."),
        ("en", "January 28, 2021 3 min read 1,204 views"),
        ("en", "January 28, 2021 ・ 3 min read"),
        ("ru", "28 января 2021, 12 комментариев"),
        ("en", "2021-01-28T08:10+02:00"),
        # in a list, in a link, behind a bold lead
        ("en", '<ul class="meta"><li>Ana Veld</li><li class="date">28 January 2021</li></ul>'),
        ("en", '<ol class="byline"><li>Published on 28 January 2021</li></ol>'),
        ("en", '<dl class="info"><dd class="pubdate">28 January 2021</dd></dl>'),
        ("en", '<a href="/2021/01/28">Thursday, 28 January 2021, 10:20</a>'),
        ("en", "<div>Posted on</div><div>28 January 2021</div><div>Read by 3</div>"),
        ("en", '<footer class="byline">By Ana Veld 28 January 2021</footer>'),
        ("en", '<p class="inline meta">By Ana Veld, 28 January 2021</p>'),
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
        '<time itemprop="dateModified" datetime="2021-02-02">2 February 2021</time>',
        '<span class="update-date">2 February 2021</span>',
        "<b>Last updated:</b> <span>2 February 2021</span>",
        "Mis à jour : <b>2 février 2021</b>",
        "最后更新于2021年2月2日",
        '<span class="date"><span>Actualizado</span> <em>2 de febrero de 2021</em></span>',
    ],
)
def test_the_date_of_a_change_is_no_publication(line: str) -> None:
    assert {kind for kind, _, _ in visible(f"<p>{line}</p>")} == {"modified"}


@pytest.mark.parametrize(
    "line",
    [
        "<div>Last updated on:</div><div>2 February 2021</div>",
        '<div class="updated"><span>2 February 2021</span></div>',
        "<h4>Обновлено</h4><p>2 февраля 2021</p>",
        "<p>Updated by <b>Ana Veld</b> on <i>2 February 2021</i></p>",
        '<p>Updated by <b>Ana Veld</b> on <time datetime="2021-02-02">2 February 2021</time></p>',
    ],
)
def test_a_change_may_be_named_by_the_block_before_or_by_the_box(line: str) -> None:
    assert {kind for kind, _, _ in visible(line)} == {"modified"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        # What two dates in one element are of is said by words, not by its property.
        (
            '<time itemprop="dateModified" datetime="2021-02-02">31/01/2021 06:12 | Updated: 02/02/2021 21:03</time>',
            [
                ("modified", "text", "2021-02-02T21:03:00"),
                ("published", "text", "2021-01-31T06:12:00"),
            ],
        ),
        (
            '<time class="published" datetime="2021-01-28">28 January 2021</time>'
            '<time class="updated" datetime="2021-02-02">2 February 2021</time>',
            [
                ("published", "time", "2021-01-28"),
                ("published", "text", "2021-01-28"),
                ("modified", "time", "2021-02-02"),
                ("modified", "text", "2021-02-02"),
            ],
        ),
        (
            '<time class="entry-date published updated" datetime="2021-01-28">28 January</time>',
            [("published", "time", "2021-01-28")],
        ),
        (
            '<a href="/d"><time class="published" datetime="2021-01-28">28 January 2021</time></a>'
            '<a href="/d"><time class="updated" datetime="2021-02-02">2 February 2021</time></a>',
            [
                ("published", "time", "2021-01-28"),
                ("published", "text", "2021-01-28"),
                ("modified", "time", "2021-02-02"),
                ("modified", "text", "2021-02-02"),
            ],
        ),
        (
            "2021.01.28 입력 | 2021.02.02 수정",
            [("published", "text", "2021-01-28"), ("modified", "text", "2021-02-02")],
        ),
        (
            "2021年1月28日 掲載 | 2021年2月2日 更新",
            [("published", "text", "2021-01-28"), ("modified", "text", "2021-02-02")],
        ),
        (
            "2021年1月28日掲載|2021年2月2日更新",
            [("published", "text", "2021-01-28"), ("modified", "text", "2021-02-02")],
        ),
        ("28 January 2021 | 10:20", [("published", "text", "2021-01-28")]),
        ("Updated • 28 January 2021", [("modified", "text", "2021-01-28")]),
        ("<p>28 January 2021</p><p>Published 3 March 2021</p>", [("published", "text", "2021-03-03")]),
    ],
)
def test_what_labels_say_decides_what_a_date_is_of(line: str, found: list[tuple[str, str, str]]) -> None:
    assert sorted(visible(line)) == sorted(found)


@pytest.mark.parametrize(
    "line",
    [
        "Event date: 5 May 2019",
        "Начало: 5 мая 2019",
        "© 5 May 2019",
        "Joined 5 May 2019",
        '<time itemprop="startDate" datetime="2019-05-05">5 May</time>',
        '<span class="event-date">5 May 2019</span>',
        '<time class="comment-date" datetime="2019-05-05">5 May 2019</time>',
        "活动时间：2019年5月5日",
        "Retrieved on 5 May 2019",
    ],
)
def test_dates_of_events_comments_and_copyrights_are_not_read(line: str) -> None:
    assert visible(f"<p>{line}</p>") == []


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
        f'<ul class="events"><li class="date">5 May 2019 {"Market of the mills, " * 20}</li></ul>',
        f'<ul><li class="date">5 May 2019</li><li>{"A market of the mills and bakers. " * 9}</li></ul>',
        "<footer><p>5 May 2019</p></footer>",
        '<div class="related inline"><p class="date">5 May 2019</p></div>',
    ],
)
def test_dates_of_others_and_dates_in_sentences_are_not_read(box: str) -> None:
    assert visible(box) == []
    assert [value for _, _, value in visible(f"<p>28 January 2021</p>{box}")] == ["2021-01-28"]


@pytest.mark.parametrize(
    ("line", "day"), [("03/04/2020", "2020-04-03"), ("Published 3-4-2020, 10:20", "2020-04-03T10:20:00")]
)
def test_figures_that_countries_read_differently_are_a_date_where_the_language_tells(
    line: str, day: str
) -> None:
    blocks = parsed_page(news_page().replace(">Ana Veld<", f">{line}<")).blocks
    found = {
        is_day_first: read_visible_dates(
            blocks,
            {squeeze(text("en", "title")).lower()},
            set(map(squeeze, story())),
            date(2021, 3, 15),
            is_day_first=is_day_first,
        )
        for is_day_first in (True, False)
    }
    assert [item.value for item in found[True]] == [day]
    assert found[False] == []


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


@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">{}</p>',
        "<p>Published {}</p>",
        '<div class="published-date">{}</div>',
        "<hgroup><time>Published on {}</time></hgroup>",
        '<div><div class="meta"><span>{}</span></div></div>',
    ],
)
def test_a_date_above_the_headline_is_read_in_many_forms(above: str) -> None:
    found = visible("", above=above.format("28 January 2021"))
    assert ("published", "2021-01-28") in {(kind, value) for kind, _, value in found}


@pytest.mark.parametrize(
    "above", ["<p>Published {}</p>", '<div class="published-date">{}</div>', "<p>Publié le {}</p>"]
)
def test_todays_date_above_the_headline_counts_where_it_says_that_it_is_the_publication(above: str) -> None:
    assert visible("", above=above.format("14 March 2021")) == [("published", "text", "2021-03-14")]


@pytest.mark.parametrize(
    "above",
    ['<p class="byline">{}</p>', '<div class="post-meta"><span>{}</span></div>', '<p class="date">{}</p>'],
)
def test_todays_date_in_a_byline_above_the_headline_counts(above: str) -> None:
    """Articles are mostly fetched on their first day."""
    assert visible("", above=above.format("14 March 2021")) == [("published", "text", "2021-03-14")]
    boxed = f"<div>{above.format('14 March 2021')}</div>"
    assert visible("", above=boxed) == []


def test_an_author_behind_a_long_link_does_not_end_the_byline() -> None:
    author = '<p class="byline"><a href="/v">Ana Veld, correspondent for the river towns</a></p>'
    assert [value for _, _, value in visible(f"{author}<p>28 January 2021</p>")] == ["2021-01-28"]
    assert visible(f"<p>{OTHER}</p><p>28 January 2021</p>") == []


def test_a_date_between_a_headline_and_its_repetition_is_read() -> None:
    title = text("en", "title")
    between = f"<h2>{title}</h2>{'<p>Section</p>' * 5}<p>28 January 2021</p>{'<p>Button</p>' * 5}"
    assert visible("", above=between) == [("published", "text", "2021-01-28")]


@pytest.mark.parametrize(
    "line",
    ["<p>28 January 2021</p>", '<p class="meta">Ana Veld | 28 January 2021</p>', "<div>2021年1月28日</div>"],
)
def test_a_date_below_a_summary_that_was_taken_for_the_first_paragraph_is_read(line: str) -> None:
    first, second = story()[:2]
    html = news_page().replace(f"<p>{second}</p>", f"{line}<p>{second}</p>")
    assert f"<p>{first}</p>" in html
    assert [value for _, _, value in beside(html)] == ["2021-01-28"]


@pytest.mark.parametrize(
    ("end", "is_read"),
    [
        ("<br>28 January 2021", True),
        (" <span>28 January 2021, 10:20</span>", True),
        ("<br><i>Published on 28 January 2021 | Ana Veld</i>", True),
        (" <b>28 January 2021</b> was the day.", False),
        (" It was built on <b>28 January 2021</b>", False),
    ],
)
def test_a_date_behind_a_bold_lead_is_read(end: str, is_read: bool) -> None:
    lead = "The only road to the northern villages of the Ostrava Republic is closed until the engineers have come."
    html = news_page().replace("</figure>", f"</figure><p><b>{lead}</b>{end}</p>")
    block = next(block for block in parsed_page(html).blocks if lead[:30] in block.text)
    titles = {squeeze(text("en", "title")).lower()}
    keys = {block.key, *map(squeeze, story())}
    found = read_visible_dates(parsed_page(html).blocks, titles, keys, date(2021, 3, 15))
    assert [item.value[:10] for item in found] == ["2021-01-28"] * is_read


@pytest.mark.parametrize("tag", ["p", "h3", "div"])
def test_days_that_divide_a_story_are_not_read(tag: str) -> None:
    html = news_page()
    for number, paragraph in enumerate(story()[1:], start=1):
        html = html.replace(f"<p>{paragraph}</p>", f"<{tag}>{number} May 2019</{tag}><p>{paragraph}</p>")
    assert beside(html) == []


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
