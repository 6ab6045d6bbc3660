"""Authors are people, wherever a page names them."""

import pytest

from crawler.extraction.authors import read_byline
from crawler.extraction.names import is_person, split_authors
from tests.support.pages import parsed_page


def authors_of(html: str) -> list[str]:
    return read_byline(parsed_page(html)).names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Veld and Ivo Dan", ["Ana Veld", "Ivo Dan"]),
        ("Von Ana Veld, Ivo Dan", ["Ana Veld", "Ivo Dan"]),
        ("Ana Veld et Ivo Dan", ["Ana Veld", "Ivo Dan"]),
        ("作者：安娜", ["安娜"]),
        ("Byron Veld", ["Byron Veld"]),
        ("https://news.example/ana", []),
        ("ana@news.example", []),
        ("Ana Veld, Jr.", ["Ana Veld, Jr."]),
        ("—", []),
        ("Автор: Анна Вельд и Иван Дан", ["Анна Вельд", "Иван Дан"]),
        ("Від Анна Вельд", ["Анна Вельд"]),
        ("بقلم: آنا فيلد", ["آنا فيلد"]),
        ("كتبت آنا فيلد - فاروسك", ["آنا فيلد"]),
        ("מאת: אנה ולד", ["אנה ולד"]),
        ("Από Άννα Βελντ", ["Άννα Βελντ"]),
        ("記者 安娜／塔恩報導", ["安娜", "塔恩報導"]),
        ("記者安娜", ["安娜"]),
        ("【記者 安娜】", ["安娜"]),
        ("안나 기자", ["안나"]),
        ("आना वेल्ड द्वारा", ["आना वेल्ड"]),
        ("โดย อันนา เวลด์", ["อันนา เวลด์"]),
        ("Yazan: Ana Veld", ["Ana Veld"]),
        ("Author: Ana Veld", ["Ana Veld"]),
        ("Ana Veld (Tarn News", ["Ana Veld"]),
        ("Ana Veld [Vella]", ["Ana Veld"]),
        ("Ana Veld（塔恩）", ["Ana Veld"]),
        ("Ana Veld for Tarn Online", ["Ana Veld"]),
        ("Ana Veld - The Tarn Courier", ["Ana Veld"]),
        ("Ana Veld, Staff Writer", ["Ana Veld"]),
        ("Ana Veld, MD, PhD", ["Ana Veld"]),
        ("Ana Veld, Korrespondentin", ["Ana Veld"]),
        ("Ana Veld @anaveld", ["Ana Veld"]),
        ("Ana Veld | 5 min read", ["Ana Veld"]),
        ("Ana Veld • Updated: 28 January 2021", ["Ana Veld"]),
        ("Reporting by Ana Veld; Editing by Ivo Dan", ["Ana Veld"]),
        ("Photo: Ivo Dan", []),
        ("Foto von Ivo Dan", []),
        ("Фото: Иван Дан", []),
        ("تصوير: إيفو دان", []),
        ("摄影：伊沃", []),
        ("28 January 2021", []),
        ("Full Bio", []),
    ],
)
def test_bylines_are_split_into_names(byline: str, names: list[str]) -> None:
    assert split_authors(byline) == names


@pytest.mark.parametrize(
    "name",
    [
        "Ana Veld",
        "Ana",
        "ANA VELD",
        "Jean-Luc d’Orla",
        "J. R. Veld Jr.",
        "Анна Вельд",
        "آنا فيلد",
        "אנה ולד",
        "安娜",
        "안나",
    ],
)
def test_people_have_names(name: str) -> None:
    assert is_person(name, {"tarncourier", "tarn"})


@pytest.mark.parametrize(
    "name",
    [
        "Tarn Courier",
        "The Tarn Courier Vella",
        "AFP",
        "The Associated Press",
        "tarn.example",
        "STERN.de",
        "HNN Staff",
        "Editorial Team",
        "News Desk",
        "admin",
        "ana.veld.12",
        "q_admin",
        "Редакция",
        "塔恩日報",
        "編集部",
        "وكالة تارن",
        "타른뉴스",
    ],
)
def test_offices_agencies_sites_and_logins_are_no_people(name: str) -> None:
    assert not is_person(name, {"tarncourier"})


def json_ld(author: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}}}</script>'


ORGANISATION = json_ld('{"@type": "Organization", "name": "Tarn Courier"}')


def test_authors_come_from_json_ld_first() -> None:
    html = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": [{"name": "Ana Veld"},'
        ' "Ivo Dan"]}</script>'
        '<meta name="author" content="The Example"><a rel="author">Other</a>'
    )
    assert authors_of(html) == ["Ana Veld", "Ivo Dan"]
    assert authors_of('<p>x</p><a rel="author">Ana Veld</a>') == ["Ana Veld"]


@pytest.mark.parametrize(
    "shown",
    [
        '<a rel="author" href="/ana">Ana Veld</a>',
        '<span class="author-name">Ana Veld</span>',
        '<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ana Veld">',
        '<meta name="cXenseParse:author" content="Ana Veld">',
        '<meta name="citation_author" content="Veld, Ana">',
        "<h1>The bridge fell</h1><p>By Ana Veld</p>",
        "<h1>The bridge fell</h1><ul><li>Von: Ana Veld</li><li>28.1.2021</li></ul>",
        '<div class="article-byline"><p class="author"><b>By</b> <a>Ana Veld</a> <i>28 January 2021</i></p></div>',
    ],
)
@pytest.mark.parametrize("given", ["", ORGANISATION, '<meta name="author" content="Staff">'])
def test_a_person_anywhere_comes_before_the_site(shown: str, given: str) -> None:
    html = f'<meta property="og:site_name" content="Tarn Courier">{given}<body>{shown}<p>{"The bridge fell. " * 9}</p>'
    assert authors_of(html) == ["Ana Veld"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Автор:", "Анна Вельд"),
        ("Από", "Άννα Βελντ"),
        ("Von", "Änne Veld"),
        ("作者：", "安娜"),
        ("記者", "安娜"),
        ("Por", "Ana Véliz Dan"),
    ],
)
def test_a_visible_byline_is_read_in_other_scripts(label: str, name: str) -> None:
    assert authors_of(f"<h1>Varosk</h1><p>{label} {name}</p><p>{'x ' * 80}</p>") == [name]


def test_all_names_of_one_list_are_read_and_no_others() -> None:
    html = (
        '<h1>Varosk</h1><ul class="authors"><li class="author__item">Ana Veld</li><li class="author__item">Ivo Dan</li>'
        '</ul><p>x</p><div class="teaser"><p class="teaser-author">Zoe Orla</p></div>'
    )
    assert authors_of(html) == ["Ana Veld", "Ivo Dan"]


def test_where_nobody_is_named_the_agency_is_kept_and_the_staff_is_not() -> None:
    assert authors_of(json_ld('"Reuters"')) == ["Reuters"]
    assert authors_of(ORGANISATION) == ["Tarn Courier"]
    assert authors_of('<meta name="author" content="Tarn Courier Staff">') == []
    assert authors_of('<meta name="author" content="Фото: Иван Дан">') == []


def test_the_agency_is_looked_for_in_all_that_was_said() -> None:
    byline = read_byline(
        parsed_page(f'{json_ld(chr(34) + "AFP" + chr(34))}<a rel="author">Ana Veld</a><p>x</p>')
    )
    assert byline.names == ["Ana Veld"]
    assert "AFP" in byline.credits
