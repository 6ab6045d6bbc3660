"""One page in, one article out."""

import gzip
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.http.decoding import BrokenCoding, TooLarge
from crawler.items import Discovery, Evidence
from crawler.texts.seed_format import Seed, parse_seed, render_seed
from tests.support.pages import STORIES, news_page, raw_page, story, text

HEAD = """<link rel="canonical" href="https://news.example/world/bridge">
<meta name="robots" content="noarchive">
<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-01-31T22:30:00Z",
 "dateModified": "2021-02-02T08:00:00Z", "author": {"name": "By Ana Veld and Ivo Dan"},}</script>"""


def test_everything_that_a_page_says_is_in_its_article() -> None:
    evidence = Evidence(source="the-example", how=Discovery.FEED, zone="Europe/Moscow", title="Bridge falls")
    article = extract(raw_page(news_page(head=HEAD), "https://news.example/amp/bridge", evidence=evidence))
    assert article.paragraphs == story()
    assert article.title == text("en", "title")
    assert article.canonical_url == "https://news.example/world/bridge"
    assert article.url == "https://news.example/amp/bridge"
    assert article.authors == ("Ana Veld", "Ivo Dan")
    assert article.language == "en"
    assert article.published == "2021-02-01T01:30:00+03:00"
    assert article.modified == "2021-02-02T11:00:00+03:00"
    assert (article.month, article.date_source, article.date_conflict) == ("2021-02", "json-ld", False)
    assert article.rights == ("noarchive",)
    assert article.evidence == evidence
    assert article.verdict is None
    assert article.extractor.startswith("frontwire ")


@pytest.mark.parametrize("language", sorted(STORIES))
def test_an_article_can_be_written_as_a_seed(language: str) -> None:
    article = extract(
        raw_page(gzip.compress(news_page(language, head=HEAD).encode()), headers={"content-encoding": "gzip"})
    )
    assert article.month is not None
    seed = Seed(article.month, article.paragraphs)
    assert parse_seed(render_seed(seed)) == seed


def test_a_page_without_title_takes_that_of_the_feed() -> None:
    article = extract(raw_page(f"<p>{story()[0]}</p>", evidence=Evidence(title="Bridge &amp; mill")))
    assert article.title == "Bridge & mill"


def test_a_date_written_beside_the_headline_is_found() -> None:
    html = news_page("fr").replace(
        '<p class="byline">', '<p>Publié le 28 janvier 2021 à 10h00</p><p class="byline">'
    )
    article = extract(raw_page(html))
    assert (article.month, article.date_source) == ("2021-01", "text")


BAD_DATES = (
    "2021-01-28T10:00:00+24:00",
    "2021-01-28T10:00:00+45:12",
    "2021-01-28T24:00:00+٠٣:٠٠",
    "Thu, 28 Jan 2021 10:00:00 +9999",
    "20२१-01-28T99:99:99Z",
    "0000-00-00",
)


@pytest.mark.parametrize("written", BAD_DATES)
def test_a_date_never_ends_an_extraction(written: str) -> None:
    head = f"""<meta property="article:published_time" content="{written}">
    <script type="application/ld+json">{{"@type": "NewsArticle", "dateModified": "{written}"}}</script>"""
    html = news_page(head=head).replace(
        '<p class="byline">', f'<p class="byline"><time datetime="{written}">{written}</time> '
    )
    evidence = Evidence(how=Discovery.FEED, published=written, modified=written, zone="Europe/Moscow")
    article = extract(raw_page(html, f"https://news.example/20२१/०१/{written}/bridge", evidence=evidence))
    assert article.paragraphs == story()
    assert article.month in (None, "2021-01")


def test_an_undated_page_has_no_month() -> None:
    article = extract(raw_page(news_page()))
    assert (article.month, article.published, article.dates) == (None, None, ())


def test_the_same_page_gives_the_same_article_which_can_leave_its_process() -> None:
    raw = raw_page(news_page("ar", head=HEAD), captured=datetime(2021, 2, 3, tzinfo=UTC))
    article = extract(raw)
    assert extract(raw) == article
    assert pickle.loads(pickle.dumps(article)) == article


def test_a_bomb_is_the_callers() -> None:
    with pytest.raises(TooLarge):
        extract(raw_page(gzip.compress(b"<p>" + b"a" * (17 << 20)), headers={"content-encoding": "gzip"}))


PAGE = news_page("ru", head=HEAD).encode()
JUNK = [
    b"<p>",
    b"</div>",
    b"<!--",
    b"<table><tr>",
    b'"',
    b"}",
    b"\0",
    b"\xff",
    b"<script>",
    b"<br><br>",
    b"&#1;",
    b"<form>",
]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(PAGE)), st.integers(0, 200), st.sampled_from(JUNK)), max_size=12)
)
def test_no_damage_to_a_page_is_an_error(damage: list[tuple[int, int, bytes]]) -> None:
    body = PAGE
    for start, length, junk in damage:
        body = body[:start] + junk + body[start + length :]
    article = extract(raw_page(body))
    assert all(paragraph == paragraph.strip() for paragraph in article.paragraphs)


@settings(max_examples=40)
@given(st.binary(max_size=300))
@example(b"(\xb5/\xfd")
def test_no_bytes_are_an_error_but_those_of_a_broken_coding(body: bytes) -> None:
    try:
        article = extract(raw_page(body))
    except BrokenCoding:
        assert body.startswith((b"\x1f\x8b\x08", b"(\xb5/\xfd"))  # what says by itself that it is compressed
    else:
        assert article.url == raw_page(body).url
