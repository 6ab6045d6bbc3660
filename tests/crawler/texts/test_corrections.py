"""A silent change is distinguished from one that the page declares."""

from dataclasses import replace

import pytest

from crawler.fates import Fate
from crawler.texts.corpus_text import CorpusText
from crawler.texts.corrections import is_note, is_silent
from tests.support.outcomes import article

OLD, NEW = "Le port de Marisol rouvre lundi.", "Le port de Marisol rouvre mardi."
DAY = "2021-01-28T10:00:00+01:00"


def earlier(text: str = OLD, modified: str | None = DAY) -> CorpusText:
    return CorpusText("https://marisol.example/one", "marisol", b"", "2021-01/000_0.txt", text, modified)


def test_another_text_under_the_same_date_is_a_silent_edit() -> None:
    assert is_silent(article("one", NEW, modified=DAY), earlier())
    assert is_silent(article("one", NEW), earlier(modified=None))


def test_a_new_date_is_notice_enough() -> None:
    assert not is_silent(article("one", NEW, modified="2021-01-29"), earlier())


def test_a_note_of_correction_is_notice_enough_when_it_is_new() -> None:
    note = "Rectificatif : une version précédente donnait un autre jour."
    changed = replace(article("one", modified=DAY), paragraphs=(NEW, note))
    assert not is_silent(changed, earlier())
    assert is_silent(changed, earlier(f"{OLD}\n\n{note}"))


def test_a_live_blog_changes_by_its_nature() -> None:
    assert not is_silent(article("one", NEW, modified=DAY, verdict=Fate.LIVE_BLOG), earlier())


@pytest.mark.parametrize(
    "note",
    [
        "Correction: an earlier version of this article gave another day.",
        "This story has been updated with new figures.",
        "Fe de erratas: el puente se llama Urbasa.",
        "Korrektur: In einer früheren Fassung stand ein anderer Tag.",
        "Исправлено: в первой версии текста была указана другая дата.",
        "Виправлено: у першій версії була інша дата.",
        "Düzeltme: önceki sürümde gün yanlıştı.",
        "تصحيح: ورد في نسخة سابقة يوم آخر.",
        "اصلاحیه: در نسخه پیشین روز دیگری آمده بود.",
        "תיקון: בגרסה קודמת הופיע יום אחר.",
        "更正：本文早先版本日期有误。",
    ],
)
def test_notes_are_known_in_many_languages(note: str) -> None:
    assert is_note(note)


@pytest.mark.parametrize("paragraph", [OLD, "The army corrected its course. " * 30, "Die Brücke ist neu."])
def test_news_is_no_note(paragraph: str) -> None:
    assert not is_note(paragraph)
