"""Pages that are no articles, and articles that look as if they were none."""

import pytest

from crawler.extraction import extract
from tests.support.briefs import BRIEFS
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
    assert verdict_of(f"<head>{news}</head>{body}<p>Nobody was hurt.</p>") is None


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


def reason_of(html: str, url: str = "https://news.example/world/bridge") -> str:
    article = extract(raw_page(html, url))
    return f"{article.verdict}: {article.verdict_reason}"


@pytest.mark.parametrize("language", sorted(BRIEFS))
def test_a_brief_of_three_paragraphs_is_an_article_in_every_script(language: str) -> None:
    title, lines = BRIEFS[language]
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html lang={language}><title>{title}</title><article><h1>{title}</h1>{body}</article></html>"
    article = extract(raw_page(page))
    assert (article.verdict, article.paragraphs) == (None, lines)


LIVE = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "%s"}</script>'
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s", "url": "%s"}</script>'


def test_a_live_blog_is_one_although_it_is_declared_an_article_too() -> None:
    title, url = "War in Varosk: all that happens", "https://news.example/world/bridge"
    assert verdict_of(news_page(head=NEWS % (title, url) + LIVE % title)) == "live_blog"
    assert verdict_of(news_page(head=NEWS % (title, url) + LIVE % "Elections in Velm")) is None


def test_microdata_declare_a_live_blog() -> None:
    page = news_page().replace(
        "<article>", "<article itemscope itemtype='https://schema.org/LiveBlogPosting'>"
    )
    assert reason_of(page) == "live_blog: its markup is that of a LiveBlogPosting"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Live updates: ferry hit at the quay of Tarnhaven"),
        ("ru", "Порт Тарнхейвен: онлайн"),
        ("uk", "Тарнгавен наживо: обстріл порому"),
        ("ar", "مباشر: قذيفتان تصيبان العبّارة"),
        ("ko", "[실시간] 타른헤이븐 부두 여객선 피격"),
        ("zh", "直播：塔恩港码头渡轮遭炮击"),
        ("ja", "【速報】タルンヘブンの岸壁で連絡船に砲弾"),
        ("hi", "लाइव: तारनहेवन के घाट पर नौका पर गोले गिरे"),
    ],
)
def test_what_calls_itself_live_and_has_many_times_is_a_live_blog(language: str, title: str) -> None:
    lines = BRIEFS.get(language, BRIEFS["en"])[1] * 2
    entries = "".join(
        f"<div><p>1{number}:05</p><p>{number}. {line}</p></div>" for number, line in enumerate(lines)
    )
    page = f"<title>{title}</title><article><h1>{title}</h1>{entries}</article>"
    assert reason_of(page) == "live_blog: it calls itself live and has 6 entries with a time"
    assert verdict_of(page.replace(title, "Night on the quay")) is None
    assert verdict_of(page.replace(":05", "")) is None
    assert verdict_of(page.replace("10:05", "")) == "live_blog"
    assert verdict_of(page.replace("10:05", "").replace("11:05", "")) is None  # four entries are no live blog


@pytest.mark.parametrize(
    "title",
    [
        "Η σελίδα δεν βρέθηκε",
        "الصفحة غير موجودة",
        "הדף לא נמצא",
        "पृष्ठ नहीं मिला",
        "ไม่พบหน้าที่คุณต้องการ",
        "페이지를 찾을 수 없습니다",
        "ページが見つかりません",
        "გვერდი ვერ მოიძებნა",
        "Stránka nebyla nalezena",
    ],
)
def test_an_error_page_is_known_in_many_languages(title: str) -> None:
    page = f"<title>{title}</title><h1>{title}</h1><p>{BRIEFS['en'][1][0]}</p>"
    assert reason_of(page) == f"soft_404: its title is “{title}”"


@pytest.mark.parametrize(
    "names", ["class='blog error404 wide'", "id='page-404'", "class='not-found'", "class='error-404'"]
)
def test_an_error_page_is_known_by_its_markup(names: str) -> None:
    page = f"<title>The Example</title><body {names}><h1>Oh dear</h1><p>{story()[0]}</p></body>"
    assert reason_of(page).startswith("soft_404: it is marked as ")
    assert verdict_of(news_page(head=NEWS % ("x", "y")).replace("<body>", f"<body {names}>")) is None


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<title>Just a moment...</title><p>Wait.</p>", "bot_challenge: its title is “Just a moment...”"),
        ("<script src='/awswaf/x.js'></script><p>Wait.</p>", "bot_challenge: its scripts name awswaf"),
        ("<div id='app'></div>", "js_shell: a script fills its element app"),
        ("<noscript>JavaScript, please.</noscript>", "js_shell: it asks for JavaScript"),
        ("<h1>Bridge</h1><p>The bridge is closed.</p>", "too_short: it has 18 letters, an article has 200"),
        ("<img src='a.png'>", "no_text: none of its 0 texts is one of a story"),
        ("<meta property='og:type' content='video.other'>", "no_text: it is a page of a video"),
        (
            "<h1>Night</h1>"
            + "<figure><img src=a.png><figcaption>The quay of Tarnhaven, at night.</figcaption></figure>" * 5,
            "no_text: it is a gallery with 5 captions",
        ),
        (
            '<script type="application/ld+json">{"@type": "ImageGallery"}</script><p>The bridge is closed.</p>',
            "too_short: it is a gallery, it has 18 letters, an article has 200",
        ),
        (
            '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'
            + f"<p>{story()[0]}</p>",
            "index_page: it declares itself a CollectionPage",
        ),
    ],
)
def test_a_verdict_names_what_on_the_page_says_so(page: str, reason: str) -> None:
    assert reason_of(f"<html><body>{page}</body></html>") == reason


@pytest.mark.parametrize("language", ["en", "el", "uk", "zh"])
def test_a_story_among_very_many_links_is_no_list(language: str) -> None:
    lines = BRIEFS[language][1]
    body = "".join(f"<p>{line}</p>" for line in (*lines, *(f"{line} {line}" for line in lines)))
    links = "".join(
        f'<li><a href="/{n}">Headline number {n} about the quay of Tarnhaven and the mill</a></li>'
        for n in range(400)
    )
    assert verdict_of(f"<title>News</title><div>{body}</div><ul>{links}</ul>") is None
    assert verdict_of(f"<title>News</title><div><p>{lines[0]}</p></div><ul>{links}</ul>") == "index_page"
