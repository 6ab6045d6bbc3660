import pytest

from crawler.discovery.article_urls import is_article_link

PAGE = "https://www.tarn-courier.example/world/africa/"
HEADLINE = "Twelve dead in an ambush on the road to Velmar"

ARTICLES = """
/2021/01/28/pont
/2021/1/8/pont/
/world/2021/jan/28/bridge-down
/20210128/most-razrushen-1595.html
/news/2021-01-28-bridge
/news/bridge-down-2021-01-28/comment
/1399/11/09/پل-ویران-شد
/sections/world/2021/01/28/961/bridge
/world/bridge-over-the-tarn-is-down
/monde/le-pont-de-tarn-a-ete-detruit.html
/world/bridge_over_the_tarn_is_down
/%D9%87%D8%AC%D9%88%D9%85-%D8%B9%D9%84%D9%89-%D9%82%D8%A7%D9%81%D9%84%D8%A9-%D9%82%D8%B1%D8%A8-%D8%AA%D8%A7%D8%B1%D9%86
/أخبار/هجوم-على-قافلة-قرب-تارن
/nachrichten/韦拉的大桥在一次袭击中被毁
/politics/12345678
/doc/123
/archives/4821
/world/n-1595123
/world/1595123/pont
/world/1595123/pont/fr
/world/bridge-over-the-tarn-is-down/ar-BBWX
/news/articles/c4gpz2ykl9lo
/article123456.html
/?p=4821
/index.php?option=com_content&id=4821
/spip.php?article12345
/news.aspx?newsid=771
"""

LISTINGS = """
/
/world/africa/
/world
/world/africa
/world/asia-pacific
/news
/2021/01/28/
/2021/01/
/tag/attack-on-the-bridge-of-tarn
/tags/12345
/author/12345
/auteur/marie-de-la-tour-du-pin-chambly
/topics/c4gpz2ykl9lo
/category/war-and-peace-in-the-valley
/2021/01/28/pont/feed/
/2021/01/28/pont/comment-page-2
/login
/login.php?id=4821
/world/africa/page/12
/world?page=2
/search?q=tarn&id=12
/about-us
/privacy-policy.html
/feed/12345678
/rss
/wp-content/uploads/2021/01/28/bridge.jpg
/2021/01/28/bridge.pdf
/assets/app.12345678.js
/live.m3u8
/?cat=4821
/?p=2
"""

BETWEEN = """
/world/bridge-is-down
/world/bridge.html
/monde/pont.php
/2021/01/bridge-is-down
"""


@pytest.mark.parametrize("path", ARTICLES.split())
def test_addresses_of_articles_are_known_without_their_text(path: str) -> None:
    assert is_article_link(f"https://www.tarn-courier.example{path}", "", PAGE)


@pytest.mark.parametrize("path", LISTINGS.split())
def test_listings_and_files_are_no_articles_whatever_their_text(path: str) -> None:
    assert not is_article_link(f"https://www.tarn-courier.example{path}", HEADLINE, PAGE)


def test_a_section_with_a_long_name_is_no_article() -> None:
    url = "https://www.tarn-courier.example/world/middle-east-north-africa/"
    assert not is_article_link(url, "Middle East and Africa", PAGE)


@pytest.mark.parametrize("path", BETWEEN.split())
@pytest.mark.parametrize("headline", [HEADLINE, "Двенадцать погибших в засаде", "韦拉附近伏击造成十二人死亡"])
def test_a_headline_decides_for_addresses_in_between(path: str, headline: str) -> None:
    url = f"https://www.tarn-courier.example{path}"
    assert is_article_link(url, headline, PAGE)
    assert not is_article_link(url, "World", PAGE)
    assert not is_article_link(url, "", PAGE)


@pytest.mark.parametrize(("chars", "is_one"), [(24, False), (25, True)])
def test_a_headline_has_at_least_twenty_five_characters(chars: int, is_one: bool) -> None:
    url = f"https://www.tarn-courier.example{BETWEEN.split()[0]}"
    assert is_article_link(url, HEADLINE[:chars].replace(" ", "-"), PAGE) is is_one
