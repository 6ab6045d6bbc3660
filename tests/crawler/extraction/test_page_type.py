"""Pages that are no articles, and articles that look as if they were none."""

import pytest

from crawler.extraction import extract
from tests.support.pages import STORIES, news_page, raw_page, story


def verdict_of(html: str, url: str = "https://news.example/world/bridge") -> str | None:
    return extract(raw_page(html, url)).verdict


@pytest.mark.parametrize("language", sorted(STORIES))
def test_an_article_has_no_verdict(language: str) -> None:
    assert verdict_of(news_page(language)) is None


def test_a_page_without_text_is_no_text() -> None:
    assert verdict_of("<html><body><img src='a.png'></body></html>") == "no_text"
    assert verdict_of("") == "no_text"


def test_a_short_text_is_too_short() -> None:
    assert verdict_of("<h1>Bridge closed</h1><p>The bridge of Varosk is closed today.</p>") == "too_short"


def test_an_empty_frame_for_a_script_is_a_js_shell() -> None:
    assert verdict_of('<body><div id="root"></div><script src="/app.js"></script></body>') == "js_shell"
    assert (
        verdict_of("<body><noscript>Please enable JavaScript.</noscript><script src=a.js></script>")
        == "js_shell"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<title>Just a moment...</title><p>Checking your browser before you enter news.example.</p>",
        '<title>news.example</title><script src="/cdn-cgi/challenge-platform/x.js"></script><p>Wait.</p>',
        '<script src="https://ct.captcha-delivery.com/c.js"></script><p>Please show that you are human.</p>',
    ],
)
def test_a_gate_against_robots_is_a_bot_challenge(html: str) -> None:
    assert verdict_of(html) == "bot_challenge"


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "Page not found - The Example",
        "Page introuvable",
        "Страница не найдена",
        "页面不存在",
    ],
)
def test_an_error_page_with_status_200_is_a_soft_404(title: str) -> None:
    assert verdict_of(f"<title>{title}</title><h1>{title}</h1><p>Go to the front page.</p>") == "soft_404"


def test_a_page_about_nothing_but_consent_is_a_consent_wall() -> None:
    html = (
        "<title>The Example</title><h2>We value your privacy</h2><p>We and our 812 partners store cookies on your"
        " device with your consent, to measure content and show personal advertising.</p><button>Accept all</button>"
    )
    assert verdict_of(html) == "consent_wall"


def test_an_article_with_a_consent_banner_is_an_article() -> None:
    banner = (
        "<div class='cookie-banner'><p>We and our partners use cookies with your consent. Privacy</p></div>"
    )
    assert verdict_of(news_page().replace("<main>", f"{banner}<main>")) is None


def test_an_article_about_cookies_is_an_article() -> None:
    body = "".join(f"<p>{paragraph} Cookies, consent and privacy partners.</p>" for paragraph in story())
    assert verdict_of(news_page(body=body)) is None


def test_a_short_text_of_a_page_that_declares_an_article_is_a_flash() -> None:
    body = (
        "<h1>Bridge closed</h1><p>The old bridge of Varosk collapsed on Monday after a night of shelling, the mayor"
        " of the town said.</p>"
    )
    news = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    assert verdict_of(f"<head>{news}</head>{body}") is None
    assert verdict_of(f'<head><meta property="og:type" content="article"></head>{body}') is None
    assert verdict_of(body) == "too_short"
    assert verdict_of(f"<head>{news}</head>{body.replace('town said.', 'town…')}") == "too_short"


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (b'<?xml version="1.0"?><rss><channel><item><title>x</title></item></channel></rss>', "text/html"),
        (b'{"title": "The bridge fell"}', "text/html"),
        (b"The old bridge of Varosk fell.", "text/plain"),
        (b"%PDF-1.4 1 0 obj", "text/html"),
    ],
)
def test_what_is_no_page_is_not_html(body: bytes, label: str) -> None:
    article = extract(raw_page(body, headers={"content-type": label}))
    assert (article.verdict, article.paragraphs) == ("not_html", ())


def test_teasers_of_other_articles_are_an_index_page_whatever_it_calls_itself() -> None:
    news = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The war"}</script>'
    teasers = "".join(
        f'<div><h3><a href="/{number}">What the fall of the bridge of Varosk means, part {number}</a></h3>'
        f"<p>{line[:90]}.</p></div>"
        for number, line in enumerate(story())
    )
    page = f"<head>{news}<title>The war</title></head><main><h1>The war</h1>{teasers}</main>"
    assert verdict_of(page) == "index_page"


def test_a_list_of_links_is_an_index_page() -> None:
    links = "".join(
        f'<li><a href="/{number}">Headline number {number} about the bridge of Varosk and the mill</a></li>'
        for number in range(80)
    )
    assert verdict_of(f"<title>World</title><h1>World</h1><ul>{links}</ul>") == "index_page"


def test_a_live_blog_says_so_itself() -> None:
    live = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "x"}</script>'
    assert verdict_of(news_page(head=live)) == "live_blog"
