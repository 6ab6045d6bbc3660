"""Which block is the headline."""

import pytest

from crawler.extraction.body.blocks import squeeze
from crawler.extraction.dates.headline import find_headlines
from tests.support.pages import parsed_page

HEADLINE = "Bridge of Varosk falls"
STORY = "<p>The old bridge of Varosk collapsed on Monday after a night of shelling, the mayor of the town said.</p>"


def headlines(head: str, titles: tuple[str, ...] = (), begin: int | None = None) -> list[str]:
    blocks = parsed_page(f"<body><div>Menu</div><main>{head}{STORY}</main></body>").blocks
    story = next(at for at, block in enumerate(blocks) if block.text.startswith("The old"))
    keys = {squeeze(title).lower() for title in titles}
    return [blocks[at].text for at in find_headlines(blocks, keys, story if begin is None else begin)]


def test_the_last_headline_above_the_story_is_its_own() -> None:
    crumb = f"<ul><li>{HEADLINE}</li></ul><h1>The Lamp of Varosk</h1>"
    found = headlines(f"{crumb}<div>{HEADLINE}</div>", (HEADLINE,))
    assert found == [HEADLINE, "The Lamp of Varosk", HEADLINE]


@pytest.mark.parametrize(
    "markup",
    [
        "<h2>{}</h2>",
        "<h4>{}</h4>",
        '<div class="title"><span>{}</span></div>',
        '<div class="newsTitle">{}</div>',
        '<td class="biaoti">{}</td>',
        "<p><b>{}</b></p>",
        "<p><font size=5>{}</font></p>",
        '<div style="font-size: 22px">{}</div>',
        '<div><span style="font-weight:bold">{}</span></div>',
    ],
)
def test_a_headline_that_nothing_names_is_known_by_its_look(markup: str) -> None:
    assert headlines(f"<div>Section</div>{markup.format(HEADLINE)}<p>Ana Veld</p>") == [HEADLINE]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{}</p>",
        '<p class="subtitles">{}</p>',
        '<h2><a href="/other">A mill burned down in the north of {} yesterday</a></h2>',
        "<aside><h2>{}</h2></aside>",
        "<p><b>" + "{} " * 20 + "</b></p>",
    ],
)
def test_what_looks_like_text_is_no_headline(markup: str) -> None:
    assert headlines(markup.format(*[HEADLINE] * 20)) == []


def test_a_turkish_headline_is_found_whose_lower_case_is_longer() -> None:
    assert headlines("<div>İİİİİİ İstanbul</div>", ("İİİİİİ İstanbul",)) == ["İİİİİİ İstanbul"]


def test_without_a_headline_above_the_story_the_first_one_counts() -> None:
    below = "<h1>Rain at Varosk</h1>"  # of another story
    assert headlines(f"<p>Ana Veld</p><h1>{HEADLINE}</h1>{below}", begin=1) == [HEADLINE]
