"""The pages of `scrapy browse`: what they show, and whom they answer."""

import json
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from crawler.browse.site import Archive
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.reviews import ReviewDecision
from crawler.data_dir import DataDir
from tests.support.browsing import HOST, Browsed, browsed
from tests.support.catalogues import articles, change, lone_articles

HOSTILE = "<script>alert(1)</script>\u202eevil"


@pytest.fixture(scope="module")
def data(newsroom_crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a page that waits, an Arabic one, and one with a hostile headline."""
    data = Path(shutil.copytree(newsroom_crawl, tmp_path_factory.mktemp("browsed") / "data"))
    first, second, third = lone_articles(data)[:3]
    change(data, "update article set fate = 'review' where id = ?", first.id)
    change(
        data,
        "update article set language = 'ar', title = 'الجيش يعلن', text = ? where id = ?",
        "قال الجيش إنه",
        second.id,
    )
    change(
        data, "update article set title = ?, authors = ? where id = ?", HOSTILE, f'["{HOSTILE}"]', third.id
    )
    return data


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[Browsed]:
    archive = Archive("http://127.0.0.1:8081", {DataDir.at(data).place: "news"})
    with browsed(data, archive) as opened:
        yield opened


@pytest.fixture
def waiting(data: Path) -> ArticleRow:
    return next(row for row in articles(data, everything=True) if row.fate == "review")


def test_the_start_shows_the_latest_and_counts(site: Browsed, data: Path) -> None:
    shown = site.text("/")
    count = len([row for row in articles(data) if row.fate in ("saved", "updated", "live_blog")])
    assert f"{count} articles" in shown
    assert all(name in shown for name in ("By month", "By source", "By language", "le-courrier-du-levant"))


def test_a_search_marks_words_and_can_be_narrowed(site: Browsed) -> None:
    page = site.get("/search", q="soldats").text
    assert "<mark>soldats</mark>" in page
    assert 'href="/search?q=soldats&amp;language=fr"' in page
    assert "Nothing was found" in site.text("/search", q="soldats", language="en")
    assert "Language: fr" in site.text("/search", q="soldats", language="fr")


@pytest.mark.parametrize(
    "query",
    [
        {"q": '" ( * NEAR -'},
        {"q": "x" * 5000},
        {"start": "-1"},
        {"start": "99999999999"},
        {"since": "2021-99-99", "until": "never"},
        {"month": "'; drop table doc", "cluster": "zz", "fate": "?", "source": "\0"},
        {"place": "nowhere at all", "order": "up"},
    ],
)
def test_whatever_is_asked_for_is_a_page(site: Browsed, query: dict[str, str]) -> None:
    assert site.get("/search", **query).status_code == 200
    assert site.get("/api/search", **query).status_code == 200


def test_arabic_is_written_from_the_right(site: Browsed) -> None:
    page = site.get("/search", q="جَيش").text
    assert 'dir="auto" lang="ar"' in page
    assert "<mark>الجيش</mark>" in page


def test_an_article_is_shown_with_its_evidence(site: Browsed, data: Path) -> None:
    row = lone_articles(data)[3]
    shown = unescape(site.get("/article", url=row.url).text)
    assert row.title is not None and row.captured is not None
    for part in (row.title, row.dates[0].value[:10], *row.terms, str(row.record_id), str(row.sha256)):
        assert part in shown
    assert all(f"{name} agrees" in shown for name in ("file SHA-256", "record id", "payload digest"))
    moment = "".join(filter(str.isdigit, row.captured))[:14]
    assert f'src="http://127.0.0.1:8081/news/{moment}/{row.url}"' in site.get("/page", url=row.url).text


def test_a_page_that_was_not_extracted_is_explained(site: Browsed) -> None:
    answer = site.get("/article", url="http://nowhere.example/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/why?url=http://nowhere.example/")
    assert "no crawl found this address" in site.text("/why", url="http://nowhere.example/")
    assert "Paste the address" in site.text("/why")


def test_text_of_pages_is_text(site: Browsed, data: Path) -> None:
    row = next(row for row in articles(data) if row.title == HOSTILE)
    for path in ("/", "/article", "/page", "/why"):
        page = site.get(path, url=row.url).text
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in site.get("/article", url=row.url).text
    assert 'href="javascript:' not in site.get("/why", url="javascript:alert(1)").text


def test_pages_load_nothing_of_others_and_are_in_no_frame(site: Browsed) -> None:
    for path in ("/", "/search", "/review", "/why", "/api/totals", "/none", "/static/browse.css"):
        answer = site.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "frame-src http://127.0.0.1:8081" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "style=" not in answer.text.replace("/static/", "") or path.startswith("/static")


def test_only_its_own_names_are_answered(site: Browsed) -> None:
    for host in ("evil.example:8080", "127.0.0.1:8081", "127.0.0.1"):
        assert site.client.get("/", headers={"Host": host}).status_code == 403
    assert site.client.get("/", headers={"Host": "localhost:8080"}).status_code == 200


def test_the_queue_shows_text_and_order_and_is_narrowed(site: Browsed, waiting: ArticleRow) -> None:
    shown = site.text("/review")
    assert "1 page waits for a decision" in shown
    assert waiting.text.split("\n\n")[-1][:30] in site.get("/review").text.replace("&#39;", "'")
    assert "Nothing waits that is so" in site.text("/review", source="another")
    assert [each["url"] for each in json.loads(site.get("/api/review").text)] == [waiting.url]


def test_a_decision_is_carried_out_once_it_is_ours(site: Browsed, waiting: ArticleRow) -> None:
    form = {"url": waiting.url, "choice": "accept", "who": " A.\n Editor ", "note": "a witness"}
    ours = {**form, "token": site.site.token}
    assert site.post("/review", form).status_code == 403
    assert site.post("/review", {**form, "token": "guessed"}).status_code == 403
    assert site.post("/review", ours, "http://evil.example").status_code == 403
    assert site.get("/review", **ours).status_code == 200
    assert site.decided == []
    answer = site.post("/review", ours, f"http://{HOST}", "application/json")
    assert json.loads(answer.text)["said"].endswith("accepted.")
    done = site.decided[0]
    assert isinstance(done, ReviewDecision)
    assert (done.url, done.choice, done.who, done.note) == (waiting.url, "accept", "A. Editor", "a witness")
    without_scripts = site.post("/review", {**ours, "order": "newest"})
    assert without_scripts.status_code == 303
    assert "order=newest" in without_scripts.headers["Location"]


def test_what_cannot_be_decided_is_a_sentence(site: Browsed, waiting: ArticleRow) -> None:
    form = {"token": site.site.token, "url": waiting.url, "choice": "accept", "note": "busy"}
    assert site.post("/review", {**form, "choice": "maybe"}).status_code == 400
    busy = site.post("/review", form)
    assert busy.status_code == 409
    assert "Another run holds the data directory." in busy.text


def test_a_month_is_stated_on_the_page_of_an_article(site: Browsed, waiting: ArticleRow) -> None:
    form = {"token": site.site.token, "url": waiting.url, "month": "2020-12", "note": "printed on page 3"}
    for wrong in ("2020-13", "", "9999-12"):
        assert site.post("/date", {**form, "month": wrong}).status_code == 400
    answer = site.post("/date", form)
    assert answer.status_code == 303
    stated = site.decided[-1]
    assert (stated.url, stated[1], stated.note) == (waiting.url, "2020-12", "printed on page 3")
    assert "dated 2020-12." in site.client.get(answer.headers["Location"], headers={"Host": HOST}).text


def test_the_same_is_there_as_json(site: Browsed, data: Path) -> None:
    found = json.loads(site.get("/api/search", q="soldats", limit="1").text)
    assert len(found["hits"]) == 1 < found["count"]
    assert set(found["facets"]) == {"source", "language", "month", "place", "fate", "cluster"}
    url = found["hits"][0]["url"]
    article = json.loads(site.get("/api/article", url=url).text)
    assert article["text"].startswith(next(r.text for r in articles(data) if r.url == url)[:50])
    assert all(check["agrees"] for check in article["checks"])
    assert json.loads(site.get("/api/article", url="http://nowhere.example/").text)["error"]
    labels = [line["label"] for line in json.loads(site.get("/api/why", url=url).text)["lines"]]
    assert labels[:2] == ["url", "fate"]
    assert set(json.loads(site.get("/api/totals").text)) == {"source", "language", "month", "fate"}
