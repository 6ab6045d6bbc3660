from hypothesis import given

from crawler.discovery.links import (
    MAX_LINKS,
    MAX_TEXT_CHARS,
    clean_text,
    first_of_each,
    make_link,
)
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.listings import HOSTILE, START, URL, page


@given(HOSTILE)
def test_text_is_one_clean_line_that_can_be_written(text: str) -> None:
    line = clean_text(text)
    assert clean_text(line) == line == " ".join(line.split())
    assert len(line) <= MAX_TEXT_CHARS
    assert line.isprintable() or line.encode()


def test_long_runs_of_white_space_cost_no_time() -> None:
    assert clean_text("a" + " " * 1_000_000 + "b") == "a b"


def test_a_link_inherits_the_source_and_nothing_else() -> None:
    link = make_link(page(""), "/a", Discovery.FEED, title=" Le  pont ", published="2021-01-28")
    expected = Evidence(
        source=START.source,
        how=Discovery.FEED,
        via=URL,
        zone=START.zone,
        language=START.language,
        title="Le pont",
        published="2021-01-28",
    )
    assert link == Link("https://www.tarn-courier.example/a", UrlKind.ARTICLE, expected)


def test_each_url_is_given_once_and_their_number_is_limited() -> None:
    first, again = (make_link(page(""), "/a", Discovery.FEED, title=title) for title in ("first", "again"))
    assert first_of_each([first, None, again]) == [first]
    many = (Link(f"https://tarn.example/{number}", UrlKind.ARTICLE, START) for number in range(MAX_LINKS + 5))
    assert len(first_of_each(many)) == MAX_LINKS
