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


WORDS = """
    correction corrections corrected clarification clarifications erratum errata editor’s_note editor's_note retraction
    article_has_been_updated story_was_amended report_has_been_changed headline_was_revised version_was_updated
    rectificatif rectification correctif mise_à_jour mis_à_jour version_corrigée version_précédente
    fe_de_errata fe_de_erratas corrección correccion rectificación actualizado actualizada versión_anterior
    korrektur korrigiert berichtigung aktualisiert anmerkung_der_redaktion
    correção errata atualizado atualizada correzione rettifica aggiornato aggiornata
    исправлена поправку уточнено обновлена от_редакции виправлено уточнення оновлено
    düzeltme düzeltildi güncellendi
"""
CASELESS = """
    اصلاحیه به‌روزرسانی تصحيح تصويب استدراك جرى_تعديل تم_تعديل تم_تحديث תיקון עודכן הבהרה
    更正 勘误 勘誤 訂正 编者按 編者按
"""


@pytest.mark.parametrize("word", f"{WORDS} {CASELESS}".split())
def test_each_word_of_a_note_is_known_wherever_it_stands(word: str) -> None:
    for each in (word, word.capitalize(), word.upper()):
        assert is_note(f"22h: {each.replace('_', ' ')}: Orla.")


@pytest.mark.parametrize("word", sorted({*WORDS.split()} - {"fe_de_errata"}))
def test_a_part_of_a_word_makes_no_note(word: str) -> None:
    assert not is_note(f"Orla x{word.replace('_', ' ')} Tarn")


@pytest.mark.parametrize(
    "word", ["correctional", "errataz", "korrekturen", "updatedx", "korrigierte", "düzeltmek", "correttifica"]
)
def test_a_longer_word_is_another_one(word: str) -> None:
    assert not is_note(f"Orla {word} Tarn")


@pytest.mark.parametrize(("length", "is_one"), [(600, True), (601, False)])
def test_a_paragraph_of_some_length_is_no_note(length: int, is_one: bool) -> None:
    assert is_note("Correction: ".ljust(length, "x")) is is_one


@pytest.mark.parametrize("paragraph", [OLD, "The army corrected its course. " * 30, "Die Brücke ist neu."])
def test_news_is_no_note(paragraph: str) -> None:
    assert not is_note(paragraph)
