"""What words and class names say a date is of."""

import pytest

from crawler.extraction.dates.about import (
    About,
    about_by_names,
    about_by_property,
    about_by_words,
    is_ending,
    is_label,
    words_of,
)
from crawler.extraction.dates.months import plain

PUBLICATION, CHANGE, OTHER = About

WORDS = {
    "en": ("Published on", "Last updated:", "Event date:"),
    "de": ("Veröffentlicht am", "Zuletzt aktualisiert am", "Veranstaltung am"),
    "fr": ("Publié le", "Mis à jour le", "Début :"),
    "es": ("Publicado el", "Actualizado el", "Evento:"),
    "pt": ("Publicado em", "Atualizado em", "Nascido em"),
    "it": ("Pubblicato il", "Aggiornato il", "Inizio:"),
    "nl": ("Geplaatst op", "Bijgewerkt op", "Evenement:"),
    "sv": ("Publicerad", "Uppdaterad", "Copyright"),
    "pl": ("Opublikowano", "Zaktualizowano – aktualizacja", "Wydarzenie:"),
    "cs": ("Zveřejněno", "Upraveno", "Narozen"),
    "hu": ("Megjelent", "Frissítve", "©"),
    "tr": ("Yayınlanma:", "Güncelleme:", "Etkinlik:"),
    "ru": ("Опубликовано", "Обновлено:", "Начало:"),
    "uk": ("Опубліковано", "Оновлено:", "Подія:"),
    "el": ("Δημοσίευση:", "Ενημέρωση:", "copyright"),
    "ar": ("تاريخ النشر:", "آخر تحديث:", "موعد الفعالية:"),
    "fa": ("تاریخ انتشار:", "آخرین ویرایش:", "رویداد:"),
    "he": ("פורסם:", "עודכן:", "אירוע:"),
    "hi": ("प्रकाशित:", "अपडेट:", "कार्यक्रम:"),
    "bn": ("প্রকাশ:", "আপডেট:", "অনুষ্ঠান:"),
    "th": ("เผยแพร่:", "อัปเดตล่าสุด", "กิจกรรมวันที่"),
    "zh": ("文章发布时间：", "最后更新于", "活动时间："),
    "ja": ("公開日：", "最終更新：", "開催日："),
    "ko": ("입력", "수정", "행사 일시:"),
    "id": ("Diterbitkan", "Diperbarui", "Acara:"),
    "vi": ("Đăng ngày", "Cập nhật", "Sự kiện sinh"),
}


@pytest.mark.parametrize("language", WORDS)
def test_the_words_of_a_language_say_what_a_date_is_of(language: str) -> None:
    assert [about_by_words(plain(words)) for words in WORDS[language]] == [PUBLICATION, CHANGE, OTHER]


@pytest.mark.parametrize("words", ["", "Varosk, Thursday", "Ana Veld |", "1,204", "—"])
def test_most_words_say_nothing_of_a_date(words: str) -> None:
    assert about_by_words(plain(words)) is None


@pytest.mark.parametrize(
    "words", ["Published and updated", "Aktualisiert, zuerst veröffentlicht", "Update published"]
)
def test_where_a_change_is_named_it_is_a_change(words: str) -> None:
    assert about_by_words(plain(words)) is CHANGE


@pytest.mark.parametrize(
    ("names", "about"),
    [
        ("entry-date published", PUBLICATION),
        ("post__publishDate", PUBLICATION),
        ("pubdate", PUBLICATION),
        ("entry-date published updated", PUBLICATION),
        ("updated", CHANGE),
        ("article-lastModified", CHANGE),
        ("date--edited small", CHANGE),
        ("event-date", OTHER),
        ("comment-date", OTHER),
        ("copyright", OTHER),
        ("date", None),
        ("text-start flex-end", None),
        ("", None),
    ],
)
def test_class_names_say_what_a_date_is_of(names: str, about: About | None) -> None:
    assert about_by_names(names) is about


@pytest.mark.parametrize(
    ("name", "about"),
    [("datePublished", PUBLICATION), ("dateModified", CHANGE), ("startDate", OTHER), ("headline", None)],
)
def test_properties_say_what_a_date_is_of(name: str, about: About | None) -> None:
    assert about_by_property(name) is about


@pytest.mark.parametrize(
    "text",
    [
        "",
        " Thursday",
        ", quinta-feira",
        " (Donnerstag)",
        " at 18:30 CET",
        " à 18h30",
        ", 18 Uhr",
        "18時30分",
        "21时05分 来源：示例",
        " 오후 6시 30분",
        " เวลา 18:30 น.",
        " - 1,204 views",
        " 3 min read",
        " 12 комментариев",
        " 阅读 1024",
        " 조회 77",
        " by Ana Veld",
        " | anything else",
    ],
)
def test_times_weekdays_counters_and_authors_may_follow_a_date(text: str) -> None:
    assert is_ending(plain(text))


@pytest.mark.parametrize("text", [" the siege began", " был взят мост", " 的早晨，炮击开始了", " in Varosk"])
def test_a_sentence_may_not_follow_a_date(text: str) -> None:
    assert not is_ending(plain(text))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("", True),
        ("Varosk, ", True),
        ("By Ana Veld on ", True),
        ("since the siege began on ", False),
        ("Act (river) of ", False),
        ("Published as of ", True),
        ("Gesetz vom ", False),
    ],
)
def test_a_place_or_an_author_may_stand_before_a_date(text: str, is_one: bool) -> None:
    assert is_label(plain(text)) is is_one


def test_names_are_split_into_words() -> None:
    assert words_of("ctl00_lblTitle news-date URLBox") == [
        "ctl",
        "lbl",
        "title",
        "news",
        "date",
        "url",
        "box",
    ]
