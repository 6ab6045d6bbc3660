"""Words are found whatever the script does to them: vowel signs, joiners, tones, compounds, two alphabets."""

import unicodedata

import pytest

from crawler.relevance.term_tables import Term
from crawler.relevance.terms import TermIndex
from crawler.relevance.words import forms, tokens_of

TERMS = {
    "hi": ("युद्ध", "हिंदी", "लड़ाई", "सैनिक*", "हवाई हमल*"),
    "bn": ("র‍্যাব", "যুদ্ধ*", "বিমান হামলা*", "গাড়িবোমা*"),
    "ur": ("حملہ", "فوج", "دھماکہ", "ہلاک"),
    "vi": ("bắn", "pháo kích", "hoà bình", "thuỷ quân"),
    "ko": ("공습", "반군", "군 당국*"),
    "ja": ("ボコ・ハラム", "ミサイル", "爆撃"),
    "el": ("πόλεμος", "βομβαρδισμ*"),
    "sr": ("napadnut*", "ranjen*", "džihad*", "čišćenj*"),
}
INDEX = TermIndex.of(Term(language, language, text) for language, texts in TERMS.items() for text in texts)


def found(text: str) -> list[str]:
    return [hit.surface for hit in INDEX.find(tokens_of(text))]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("वेल्ला में युद्ध और लड़ाई", ["युद्ध", "लड़ाई"]),
        ("लडाई हिन्दी", ["लडाई", "हिन्दी"]),
        ("सैनिकों पर हवाई हमले।", ["सैनिकों", "हवाई हमले"]),
        ("ভেল্লায় যুদ্ধের মধ্যে বিমান হামলায়", ["যুদ্ধের", "বিমান হামলায়"]),
        ("র্যাব গাড়িবোমায়", ["র্যাব", "গাড়িবোমায়"]),
        ("فوج پر حملہ، دھماکہ", ["فوج", "حملہ", "دھماکہ"]),
        ("حمله میں هلاك", ["حمله", "هلاك"]),
        ("Pháo kích, quân nổ súng bắn dân", ["Pháo kích", "bắn"]),
        ("Hòa bình cho thủy quân", ["Hòa bình", "thủy quân"]),
        ("이스라엘군의 대공습으로", ["공습"]),
        ("친정부반군이 군 당국은", ["반군", "군 당국은"]),
        ("ボコ・ハラムがミサイルで爆撃", ["ボコハラム", "ミサイル", "爆撃"]),
        ("ΠΟΛΕΜΟΣ και βομβαρδισμούς", ["ΠΟΛΕΜΟΣ", "βομβαρδισμούς"]),
        ("Нападнут конвој, рањених десет", ["Нападнут", "рањених"]),
        ("Napadnut konvoj, ranjeno deset", ["Napadnut", "ranjeno"]),
        ("Етничко чишћење и џихадисти", ["чишћење", "џихадисти"]),
    ],
)
def test_words_are_found_as_their_language_writes_them(text: str, surfaces: list[str]) -> None:
    assert found(text) == surfaces
    decomposed = [unicodedata.normalize("NFC", each) for each in found(unicodedata.normalize("NFD", text))]
    assert decomposed == [unicodedata.normalize("NFC", each) for each in surfaces]


@pytest.mark.parametrize(
    "text",
    [
        "bán hàng cho bạn, bản tin",
        "युद",
        "ban",
        "hoa binh",
        "반 군",
    ],
)
def test_what_only_looks_alike_is_another_word(text: str) -> None:
    assert found(text) == []


def test_a_vietnamese_word_is_no_word_of_other_languages() -> None:
    assert forms("bắn") == ["bắn"]
    assert forms("là") == ["la", "là"]
    assert forms("été") == ["ete", "été"]


def test_urdu_words_have_no_arabic_prefix() -> None:
    assert forms("بھارتی") == ["بهارتی"]
    assert "جیش" in forms("والجيش")


def test_yoruba_words_keep_their_form_without_dots() -> None:
    assert forms("ọ̀tá")[0] == "ota"


@pytest.mark.parametrize(
    "text",
    [
        "ဗယ်လာမြို့ကို တပ်မတော်က တိုက်ခိုက်ခဲ့သည်",
        "ဗယ္လာၿမိဳ႕ကို တပ္မေတာ္က တိုက္ခိုက္ခဲ့သည္",
    ],
)
def test_burmese_is_read_in_both_encodings(text: str) -> None:
    index = TermIndex.of([Term("attack", "my", "တိုက်ခိုက်"), Term("troops", "my", "တပ်မတော်")])
    assert [hit.concept for hit in index.find(tokens_of(text))] == ["troops", "attack"]
    assert tokens_of("Vella, Велла, 韦拉") == ["Vella", "Велла", "韦拉"]
