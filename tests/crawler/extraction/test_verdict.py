"""Pages that are no articles, and articles that look as if they were none."""

import pytest

from crawler.extraction import extract
from tests.crawler.extraction.pages import STORIES, news_page, raw_page, story


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


def test_the_beginning_of_a_paid_article_is_a_paywall_stub() -> None:
    paid = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    )
    assert verdict_of(news_page(head=paid, body=f"<p>{story()[0][:-20]}…</p><p>x</p>")) == "paywall_stub"


def test_a_paid_article_that_came_whole_is_an_article() -> None:
    paid = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    assert verdict_of(news_page(head=paid)) is None
    assert verdict_of(news_page(head=paid, body="".join(f"<p>{line}</p>" for line in story()[:2]))) is None


def test_a_list_of_links_is_an_index_page() -> None:
    links = "".join(
        f'<li><a href="/{number}">Headline number {number} about the bridge of Varosk and the mill</a></li>'
        for number in range(80)
    )
    assert verdict_of(f"<title>World</title><h1>World</h1><ul>{links}</ul>") == "index_page"


def test_a_live_blog_says_so_itself() -> None:
    live = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "x"}</script>'
    assert verdict_of(news_page(head=live)) == "live_blog"
