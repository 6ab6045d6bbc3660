"""Which pages belong together, and the text that they make."""

from dataclasses import replace

import pytest

from crawler.catalogue.article_parts import Chain, PartText, is_same_headline, put_together, resolve

SITE = "https://bote.example/ferry"


def page(number: int, last: int = 3, title: str = "The ferrymen of Ulvika", text: str = "") -> PartText:
    """A page that names its neighbours."""
    return PartText(
        _url(number),
        title,
        (
            text
            or f"On day {number} of our way the ferrymen of Ulvika counted {number} planks at their landing stage.",
        ),
        _url(number - 1) if number > 1 else None,
        _url(number + 1) if number < last else None,
    )


def _url(number: int) -> str:
    return SITE if number == 1 else f"{SITE}/{number}"


def chain(start: PartText, *others: PartText, most: int = 20) -> Chain:
    known = {each.key: each for each in (start, *others)}
    return resolve(start, lambda url: known.get(PartText(url, "", (), None, None).key), most)


def numbers(found: Chain) -> list[int]:
    return [1 if each.url == SITE else int(each.url.rpartition("/")[2]) for each in found.pages]


@pytest.mark.parametrize("start", [1, 2, 3])
def test_every_page_leads_to_all_of_them(start: int) -> None:
    found = chain(page(start), *(page(number) for number in (1, 2, 3) if number != start))
    assert numbers(found) == [1, 2, 3]
    assert found.is_whole


def test_a_page_may_name_the_next_one_by_an_address_that_leads_to_it() -> None:
    moved, second = f"{SITE}/go-on", page(2, last=2)
    first = replace(page(1), next=moved)
    found = resolve(first, {moved: second, _url(1): first}.get, 20)
    assert numbers(found) == [1, 2]
    assert found.is_whole


def test_what_is_not_known_is_missing() -> None:
    assert chain(page(1)).missing == f"{SITE}/2"
    assert chain(page(2), page(1)).missing == f"{SITE}/3"
    assert chain(page(2)).missing_before == SITE
    assert chain(page(3), page(2)).missing_before == SITE


@pytest.mark.parametrize(
    "second",
    [
        page(2, title="The bakers of Tarmil"),
        page(2, title="The ferrymen of Ulvika, part 2"),
        page(2, title=""),
        replace(page(2), previous=None),
        replace(page(2), previous="https://bote.example/other"),
        replace(page(2), paragraphs=page(1).paragraphs),
        replace(page(2), paragraphs=()),
    ],
)
def test_pages_that_do_not_agree_stay_alone(second: PartText) -> None:
    found = chain(page(1), second)
    assert numbers(found) == [1]
    assert found.is_whole


def test_pages_that_repeat_earlier_ones_end_the_article() -> None:
    again = page(3, text=page(1).paragraphs[0])
    assert numbers(chain(page(1), page(2), again)) == [1, 2]
    assert chain(page(1), page(2), again).is_whole
    assert numbers(chain(again, page(1), page(2))) == [3]


def test_pages_that_name_each_other_in_a_circle_come_once() -> None:
    first = replace(page(1), previous=f"{SITE}/3")
    third = replace(page(3), next=SITE)
    assert sorted(numbers(chain(first, page(2), third))) == [1, 2, 3]


@pytest.mark.parametrize(("count", "is_too_long"), [(3, False), (4, False), (5, True), (9, True)])
def test_an_article_has_no_more_pages_than_the_limit(count: int, is_too_long: bool) -> None:
    pages = [page(number, count) for number in range(1, count + 1)]
    assert chain(pages[0], *pages[1:], most=4).is_too_long == is_too_long
    assert chain(pages[-1], *pages[:-1], most=4).is_whole == (not is_too_long)


def test_further_pages_beyond_the_limit_are_not_asked_for() -> None:
    pages = [page(number, 9) for number in range(1, 5)]
    assert chain(pages[-1], *pages[:-1], most=4).is_too_long


@pytest.mark.parametrize(
    ("first", "further"),
    [
        ("The ferrymen of Ulvika", "The ferrymen of Ulvika (2/3)"),
        ("The ferrymen of Ulvika", "The ferrymen of Ulvika - Page 2"),
        ("The ferrymen of Ulvika", "The ferrymen of Ulvika – page 2 of 3"),
        ("Die Fährleute von Ulvika", "Die Fährleute von Ulvika, Seite 2 von 3"),
        ("Les passeurs d’Ulvika", "Les passeurs d’Ulvika (page 2 sur 3)"),
        ("Паромщики Ульвики", "Паромщики Ульвики — страница 2"),
        ("أصحاب العبّارات في أولفيكا", "أصحاب العبّارات في أولفيكا (2)"),
        ("乌尔维卡的摆渡人", "乌尔维卡的摆渡人（第2页）"),
        ("ウルビカの渡し守", "ウルビカの渡し守 2ページ"),
        ("울비카의 뱃사공들", "울비카의 뱃사공들 (2/3)"),
        ("คนเรือแห่งอุลวิกา", "คนเรือแห่งอุลวิกา หน้า 2"),
        ("उलविका के मल्लाह", "उलविका के मल्लाह - पृष्ठ 2"),
    ],
)
def test_a_headline_is_the_same_on_all_pages(first: str, further: str) -> None:
    assert is_same_headline(first, further)
    assert is_same_headline(further, first)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("The ferrymen of Ulvika", "The bakers of Ulvika"),
        ("The war diary, part 1", "The war diary, part 2"),
        ("Strikes on day 711", "Strikes on day 712"),
        ("News", "News"),
        ("", ""),
        ("乌尔维卡的摆渡人", "乌尔维卡的面包师"),
        ("Паромщики Ульвики", "Пекари Ульвики"),
        ("أصحاب العبّارات في أولفيكا", "الخبازون في أولفيكا"),
    ],
)
def test_other_headlines_are_other_articles(first: str, other: str) -> None:
    assert not is_same_headline(first, other)


def test_what_every_page_repeats_is_written_once() -> None:
    summary = "The ferrymen of Ulvika have carried whole villages over the river since the road was mined in October."
    first, second = (replace(page(at), paragraphs=(summary, "“No.”", *page(at).paragraphs)) for at in (1, 2))
    own, further = put_together([first, second])
    assert own == first.paragraphs
    assert further == ("“No.”", *page(2).paragraphs)
