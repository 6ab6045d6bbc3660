"""ARCHIVE_REQUISITES=page: from a kept page to its style sheets, and on to the fonts and pictures that they name."""

import gzip
from pathlib import Path

import pytest

from crawler.exit_codes import OK
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, http, open_site, redirect
from tests.support.origin import Answer, Origin
from tests.support.takedowns import redact
from tests.support.warc_records import by_url

PAGE = SETTINGS | {"EXTRACTION_WORKERS": 1, "ARCHIVE_REQUISITES": "page"}
ICON, FONT, PICTURE = (
    http(b"\0\0\1\0", "image/x-icon"),
    http(b"wOF2", "font/woff2"),
    http(b"\x89PNG", "image/png"),
)
STYLED = "<link rel=stylesheet href=/css/site.css><link rel=icon href=/favicon.ico>"


def css(text: str, **fields: str) -> Answer:
    return http(text.encode(), "text/css", **fields)


def styled_site() -> Site:
    """Two articles that share their style sheets, one of which has a picture of its own; and a page that is none."""
    hero = (
        "<div style='background:url(/hero.png)'></div><script src=/ad.js></script><iframe src=/ad></iframe>"
    )
    short = http(
        b"<html><title>x</title><link rel=stylesheet href=/short.css><article><h1>x</h1><p>Short.</article>"
    )
    return Site(
        {
            "/robots.txt": http(b"User-agent: *\nDisallow: /closed/\n", "text/plain"),
            "/one": article("Veld", hero, head=STYLED),
            "/two": article("Tarmil", head=STYLED),
            "/short": short,
            "/css/site.css": css("@import 'base.css';b{c:url(../bg.png)}d{e:url(/closed/x.png)}f{g:url(/gone.png)}"),
            "/css/base.css": css("@import 'site.css';@font-face{src:url(moved.woff2)}"),
            "/css/moved.woff2": redirect("/a.woff2"),
            "/a.woff2": FONT,
            "/favicon.ico": ICON,
            "/bg.png": PICTURE,
            "/hero.png": PICTURE,
        }
    )  # fmt: skip


STYLES = {
    "/css/site.css": "not_html",
    "/css/base.css": "not_html",
    "/css/moved.woff2": "redirected",
    "/a.woff2": "not_html",
    "/favicon.ico": "not_html",
    "/bg.png": "not_html",
    "/hero.png": "not_html",
    "/closed/x.png": "robots_disallowed",
    "/gone.png": "gone",
}


def crawl(folder: Path, data: str = "data", **more: object) -> RunResult:
    given = PAGE | {"DATA_DIR": str(folder / data), **more}
    result = recorder_of(run_crawl("news", given, sources=str(folder / "sources.txt"))).result
    assert result is not None
    assert result.tally.reconciles
    return result


def looks(folder: Path, origin: Origin, data: str = "data") -> dict[str, str | None]:
    """The fates of what pages are shown with."""
    ended = fates(folder / data, origin)
    return {path: fate for path, fate in ended.items() if path not in ("/feed", "/one", "/two", "/short")}


def test_a_page_s_style_sheets_are_followed_to_fonts_and_pictures_each_once(tmp_path: Path) -> None:
    with open_site(styled_site(), ["/one", "/two", "/short"], tmp_path) as origin:
        result = crawl(tmp_path)
        assert looks(tmp_path, origin) == STYLES
        fetched = {path: len(origin.read[path]) for path in (*STYLES, "/ad.js", "/ad", "/short.css")}
    assert fetched == {path: path in STYLES and "closed" not in path for path in fetched}
    assert result.exit_code == OK
    assert "1 of 2 fonts, 3 of 5 images, 2 of 2 style sheets archived" in result.sentence
    answers, notes = (
        by_url(tmp_path / "data" / "collections" / "news", what) for what in ("response", "metadata")
    )
    style, font = origin.url("/css/site.css"), origin.url("/css/moved.woff2")
    assert answers[origin.url("/a.woff2")].block == FONT.data
    assert [notes[style].notes[name] for name in ("kind", "how", "depth")] == ["style", "look", "0"]
    assert [notes[font].notes[name] for name in ("kind", "via", "depth")] == [
        "font",
        origin.url("/css/base.css"),
        "2",
    ]
    assert b"\r\nAccept: text/css,*/*;q=0.1\r\n" in origin.read["/css/site.css"][0]


def test_a_replay_derives_the_same_and_asks_for_nothing(tmp_path: Path) -> None:
    with open_site(styled_site(), ["/one", "/two"], tmp_path) as origin:
        crawl(tmp_path)
    archive = str(tmp_path / "data" / "collections" / "news")
    again = crawl(tmp_path, "again", REPLAY_FROM=archive)
    assert looks(tmp_path, origin, "again") == STYLES
    assert "3 of 5 images" in again.sentence
    run_crawl("replay", PAGE | {"DATA_DIR": str(tmp_path / "replayed")}, path=archive)
    expected = {path: fate for path, fate in STYLES.items() if path != "/closed/x.png"}
    assert looks(tmp_path, origin, "replayed") == expected
    assert corpus(tmp_path / "again") == corpus(tmp_path / "replayed") == corpus(tmp_path / "data")
    assert len(corpus(tmp_path / "data")) == 2


def test_a_takedown_names_what_its_page_was_shown_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_site(styled_site(), ["/one"], tmp_path) as origin:
        crawl(tmp_path)
    assert redact(tmp_path / "data", origin.url("/one")) == 0
    kept = sorted(origin.url(path) for path, fate in STYLES.items() if fate in ("not_html", "redirected"))
    assert (
        f"7 files with which the page, and perhaps others, are shown: redact those too that must go, {' '.join(kept)}"
        in (capsys.readouterr().out.replace("\n", " "))
    )


@pytest.mark.parametrize("setting", ["page", "images"])
def test_what_was_left_pending_is_fetched_as_far_as_it_is_still_wanted(tmp_path: Path, setting: str) -> None:
    with open_site(styled_site(), ["/one"], tmp_path) as origin:
        assert crawl(tmp_path, CLOSESPIDER_ITEMCOUNT=1, DOWNLOAD_DELAY=0.2).tally.pending == 3
        assert crawl(tmp_path, ARCHIVE_REQUISITES=setting).exit_code == OK
        ended = looks(tmp_path, origin)
    pictures = {"/favicon.ico": "not_html", "/hero.png": "not_html"}
    assert ended == (STYLES if setting == "page" else pictures | {"/css/site.css": None})


@pytest.mark.parametrize(
    "style",
    [
        css("", Content_Encoding="gzip"),
        http(gzip.compress(b"@import 'base.css';" * 9)[:-12], "text/css", Content_Encoding="gzip"),
        css("@media x{" * 60_000),
    ],
    ids=["no gzip", "cut", "bomb"],
)
def test_a_style_sheet_that_cannot_be_read_is_archived_and_costs_nothing_else(
    tmp_path: Path, style: Answer
) -> None:
    site = Site({"/one": article("Veld", head="<link rel=stylesheet href=/a.css>"), "/a.css": style})
    with open_site(site, ["/one"], tmp_path) as origin:
        assert crawl(tmp_path, EXTRACTION_TIMEOUT_S=2).exit_code == OK
        ended = fates(tmp_path / "data", origin)
    assert ended == {"/feed": "discovery", "/one": "saved", "/a.css": "not_html"}


def test_css_of_a_page_that_breaks_a_limit_costs_no_article(tmp_path: Path) -> None:
    head = f"<style>{'a{b:' * 120_000}</style><link rel=stylesheet href=/a.css>"
    with open_site(Site({"/one": article("Veld", head=head)}), ["/one"], tmp_path) as origin:
        assert crawl(tmp_path, EXTRACTION_TIMEOUT_S=1).exit_code == OK
        assert fates(tmp_path / "data", origin)["/one"] == "saved"
