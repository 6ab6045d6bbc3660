"""A parsed tree holds what a browser shows."""

import pytest

from crawler.extraction.loader import clean_text
from tests.support.pages import parsed_page


def texts_of(body: str) -> list[str]:
    return [clean_text(block.text) for block in parsed_page(f"<html><body>{body}</body></html>").blocks]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<x-a><template shadowrootmode=open><p>The mill</p></template></x-a>", ["The mill"]),
        ("<x-a><template shadowroot='closed'><p>សត្វ</p></template></x-a>", ["សត្វ"]),
        (
            "<x-a><template shadowrootmode=open><h2>წისქვილი</h2><slot></slot></template><p>დაიწვა</p></x-a>",
            ["წისქვილი", "დაიწვა"],
        ),
        (
            "<x-a><template shadowrootmode=open><slot name=b>none</slot><slot name=c><p>default</p></slot><slot></slot>"
            "</template><p>rest</p><p slot=b>b</p></x-a>",
            ["b", "default", "rest"],
        ),
        (
            "<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open><p>inner</p><slot></slot></template>"
            "<slot name=s></slot></x-b></template><p slot=s>given</p><p>not shown</p></x-a>",
            ["inner", "given"],
        ),
        (
            "<x-a><template shadowrootmode=open><slot name=b></slot><p>between</p><slot name=b><p>again</p></slot>"
            "</template><p slot=b>b</p></x-a>",
            ["b", "between", "again"],  # the first slot of a name takes all
        ),
        ("<x-a><template shadowrootmode=open><style>p{}</style></template><p>kept</p></x-a>", ["kept"]),
        ("<template><p>no root</p></template><p>shadowroot</p>", ["shadowroot"]),
    ],
)
def test_shadow_roots_stand_in_their_hosts(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


@pytest.mark.parametrize(
    ("ruby", "text"),
    [
        ("<ruby>港<rt>みなと</rt></ruby>で", "港で"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>", "漢字"),
        ("<ruby><rb>漢<rt>かん<rb>字<rt>じ</ruby>です", "漢字です"),
        ("<RUBY>橋<RT>qiáo</RT></RUBY>塌了", "橋塌了"),
        ("<ruby>大橋<rtc><rt>대교</rt></rtc></ruby>가", "大橋가"),
    ],
)
def test_readings_of_characters_are_not_in_the_text(ruby: str, text: str) -> None:
    assert texts_of(f"<p>{ruby}</p>") == [text]


@pytest.mark.parametrize(
    ("granted", "refused"),
    [
        ('subscriptions-section="content"', 'subscriptions-section="content-not-granted"'),
        ('subscriptions-display="granted"', 'subscriptions-display="NOT granted"'),
        ('amp-access="subscriber"', 'amp-access="NOT subscriber" amp-access-hide'),
    ],
)
def test_offers_to_those_without_access_go_where_the_story_is_there(granted: str, refused: str) -> None:
    story, offer = (
        f"<section {granted}><p>पुल गिर गया।</p></section>",
        f"<section {refused}><p>सदस्य बनें</p></section>",
    )
    assert texts_of(offer + story) == ["पुल गिर गया।"]
    assert texts_of(f"{offer}<section {granted}></section>") == ["सदस्य बनें"]
