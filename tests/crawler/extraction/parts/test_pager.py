"""Which page comes before and after, by what a page of an article says itself."""

import pytest

from crawler.extraction import extract
from crawler.extraction.parts import PartLinks, find_part_links
from crawler.fates import Fate
from tests.support.pages import parsed_page, raw_page, story

SITE = "https://bote.example"
ARTICLE = '<meta property="og:type" content="article">'


def links(
    path: str, pager: str = "", head: str = ARTICLE, verdict: Fate | None = None
) -> tuple[str | None, str | None]:
    """Paths of the pages before and after."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story())
    page = parsed_page(
        f"<html><head><title>The bridge</title>{head}</head><body><article><h1>The bridge</h1>{text}</article>"
        f"<nav>{pager}</nav></body></html>",
        f"{SITE}{path}",
    )
    found = find_part_links(page, verdict)
    return _path(found.previous), _path(found.next)


def _path(url: str | None) -> str | None:
    return url and url.removeprefix(SITE)


def numbers(*paths: str) -> str:
    """A pager over some pages; the one without an address is the present one."""
    return " ".join(
        f'<a href="{path}">{at}</a>' if path else f"<b>{at}</b>" for at, path in enumerate(paths, 1)
    )


FORMS = [
    ("/2024/05/ferry/", "/2024/05/ferry/2/", "/2024/05/ferry/3/"),
    ("/2024/05/ferry", "/2024/05/ferry/page/2", "/2024/05/ferry/page/3"),
    ("/world/ferry-of-ulvika.html", "/world/ferry-of-ulvika-2.html", "/world/ferry-of-ulvika-3.html"),
    (
        "/n1/2024/0521/c1002-40240001.html",
        "/n1/2024/0521/c1002-40240001_2.html",
        "/n1/2024/0521/c1002-40240001_3.html",
    ),
    ("/a/ferry?page=1", "/a/ferry?page=2", "/a/ferry?page=3"),
    ("/a/ferry?id=77", "/a/ferry?id=77&seite=2", "/a/ferry?id=77&seite=3"),
    ("/artikel/faehre-77", "/artikel/faehre-77/seite-2", "/artikel/faehre-77/seite-3"),
    ("/2024/0521/index.html", "/2024/0521/index_2.html", "/2024/0521/index_3.html"),
]


@pytest.mark.parametrize(("first", "second", "third"), FORMS)
def test_a_pager_with_numbers_leads_on_and_back(first: str, second: str, third: str) -> None:
    assert links(first, numbers("", second, third)) == (None, second)
    assert links(second, numbers(first, "", third)) == (first, third)
    assert links(third, numbers(first, second, "")) == (second, None)


@pytest.mark.parametrize(("first", "second", "third"), FORMS)
def test_rel_next_in_the_head_leads_on_from_the_first_page(first: str, second: str, third: str) -> None:
    head = f'{ARTICLE}<link rel="next" href="{second}">'
    assert links(first, "", head) == (None, second)


def test_numbers_in_the_address_may_begin_with_0() -> None:
    first, second, third = "/ferry-of-ulvika", "/ferry-of-ulvika?page=1", "/ferry-of-ulvika?page=2"
    assert links(first, numbers("", second, third)) == (None, second)
    assert links(second, numbers(first, "", third)) == (first, third)
    assert links(third, numbers(first, second, "")) == (second, None)


WORDS = [
    ("en", "Next page", "Previous page"),
    ("de", "Nächste Seite »", "« Vorherige Seite"),
    ("fr", "Page suivante", "Page précédente"),
    ("es", "Página siguiente", "Página anterior"),
    ("pt", "Próxima página", "Página anterior"),
    ("it", "Pagina successiva", "Pagina precedente"),
    ("nl", "Volgende pagina", "Vorige pagina"),
    ("ru", "Следующая страница", "Предыдущая страница"),
    ("uk", "Наступна сторінка", "Попередня сторінка"),
    ("pl", "Następna strona", "Poprzednia strona"),
    ("cs", "Další stránka", "Předchozí stránka"),
    ("tr", "Sonraki sayfa", "Önceki sayfa"),
    ("ar", "الصفحة التالية", "الصفحة السابقة"),
    ("fa", "صفحه بعدی", "صفحه قبلی"),
    ("he", "העמוד הבא", "העמוד הקודם"),
    ("zh", "下一页", "上一页"),
    ("ja", "次のページへ", "前のページへ"),
    ("ko", "다음 페이지", "이전 페이지"),
    ("vi", "Trang tiếp", "Trang trước"),
    ("id", "Halaman selanjutnya", "Halaman sebelumnya"),
    ("el", "Επόμενη σελίδα", "Προηγούμενη σελίδα"),
    ("hi", "अगला पृष्ठ", "पिछला पृष्ठ"),
    ("th", "หน้าถัดไป", "หน้าก่อนหน้า"),
]


@pytest.mark.parametrize(("language", "after", "before"), WORDS, ids=[each[0] for each in WORDS])
def test_next_page_in_words_leads_on_and_back(language: str, after: str, before: str) -> None:
    first, second, third = "/bridge-of-varosk.html", "/bridge-of-varosk-2.html", "/bridge-of-varosk-3.html"
    assert links(first, f'<a href="{second}">{after}</a>') == (None, second)
    both = f'<a href="{first}">{before}</a> <a href="{third}">{after}</a>'
    assert links(second, both) == (first, third)


@pytest.mark.parametrize("text", ["[2]", "Page 2", "Seite 2", "第2页", "٢", "2 »"])
def test_a_number_may_be_dressed(text: str) -> None:
    assert links("/bridge-of-varosk", f'<a href="?page=2">{text}</a>') == (None, "/bridge-of-varosk?page=2")


# --- what has pages, and is no article on several -----------------------------------------------
@pytest.mark.parametrize(
    ("path", "rel"),
    [
        ("/bridge-of-varosk", '<link rel="next" href="/mill-of-tarmil">'),
        ("/articles/7", '<link rel="next" href="/articles/8"><link rel="prev" href="/articles/6">'),
        (
            "/story/1001.html",
            '<link rel="next" href="/story/1002.html"><link rel="prev" href="/story/1000.html">',
        ),
        ("/2024/05/21", '<link rel="next" href="/2024/05/22"><link rel="prev" href="/2024/05/20">'),
        ("/bridge-of-varosk", '<link rel="next" href="https://other.example/bridge-of-varosk/2">'),
    ],
)
def test_rel_next_to_another_article_is_none_of_its_pages(path: str, rel: str) -> None:
    assert links(path, "", ARTICLE + rel) == (None, None)


@pytest.mark.parametrize(
    "pager",
    [
        '<div id="comments"><a href="?page=2">2</a></div>',
        '<div class="comment-pager"><a href="/bridge-of-varosk/2">2</a></div>',
        '<a href="/bridge-of-varosk/comment-page-2">2</a>',
        '<a href="?page=2#comments">2</a>',
        '<aside><a href="?page=2">2</a></aside>',
        '<div class="view-latest-news"><a href="?page=1">2</a></div>',
        '<div class="gallery-nav"><a href="/bridge-of-varosk/2" rel="next">›</a></div>',
        '<a href="/bridge-of-varosk/2">»</a>',
        '<a href="/bridge-of-varosk/2">Next</a>',
        '<a href="/bridge-of-varosk-2">2</a>',
        '<a href="?page=2">2</a> … <a href="?page=3731">3731</a>',
        '<a href="?page=2" rel="next">2</a><a href="?page=22" rel="prev">‹</a>',
        '<a href="https://share.example/?u=https://bote.example/bridge-of-varosk/2">2</a>',
    ],
)
def test_pages_of_something_else_are_no_pages_of_the_article(pager: str) -> None:
    assert links("/bridge-of-varosk", pager) == (None, None)


@pytest.mark.parametrize("path", ["/world/", "/news", "/en/africa", "/"])
def test_a_section_goes_on_and_is_no_article(path: str) -> None:
    assert links(path, '<a href="?page=2">2</a>', head="") == (None, None)


@pytest.mark.parametrize(
    "path", ["/gallery/bridge-of-varosk", "/fotostrecke/bruecke-von-varosk", "/forum/bridge-of-varosk"]
)
def test_galleries_and_forums_go_on_otherwise(path: str) -> None:
    assert links(path, numbers("", f"{path}/2")) == (None, None)


@pytest.mark.parametrize("verdict", [Fate.INDEX_PAGE, Fate.LIVE_BLOG, Fate.PAYWALL_STUB, Fate.SOFT_404])
def test_what_is_no_article_has_no_further_pages(verdict: Fate) -> None:
    assert links("/bridge-of-varosk", numbers("", "?page=2"), verdict=verdict) == (None, None)


@pytest.mark.parametrize("number", [2, 3, 7])
def test_an_address_with_a_number_is_a_further_page_only_if_pages_are_counted(number: int) -> None:
    own = f"/bridge-of-varosk/{number}"
    before = f"/bridge-of-varosk/{number - 1}"
    assert links(own, "", f'{ARTICLE}<link rel="prev" href="{before}">') == (None, None)


def test_a_further_page_stays_one_though_its_canonical_page_is_the_first() -> None:
    head = f'{ARTICLE}<link rel="canonical" href="/bridge-of-varosk">'
    page = raw_page(
        f"<html><head><title>The bridge</title>{head}</head><body><article><h1>The bridge</h1><p>The last word was the"
        ' ferryman’s.</p><nav><a href="/bridge-of-varosk">1</a> 2</nav></article></body></html>',
        f"{SITE}/bridge-of-varosk/2",
    )
    article = extract(page)
    assert article.moved_to is None
    assert article.previous_part == f"{SITE}/bridge-of-varosk"


def test_a_page_alone_has_no_neighbours() -> None:
    assert find_part_links(parsed_page("<html><body><p>Text</p></body></html>"), None) == PartLinks()
