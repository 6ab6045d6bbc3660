import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.relevance.term_tables import Term
from crawler.relevance.terms import TermIndex
from crawler.relevance.words import MAX_CHARS, fold, tokens_of, word_count

INDEX = TermIndex.of(
    [
        Term("airstrike", "fr", "frappe* aérienne*"),
        Term("airstrike", "en", "air strike*"),
        Term("army", "ar", "جيش"),
        Term("army", "tr", "işgal*"),
        Term("attack", "he", "התקפה"),
        Term("attack", "fa", "حمله"),
        Term("war", "en", "war"),
        Term("war", "zh", "战争"),
        Term("attack", "am", "ጥቃት*"),
        Term("attack", "sw", "-shambuli*"),
        Term("attack", "my", "တိုက်ခိုက်"),
        Term("attack", "so", "weerar*"),
        Term("attack", "ha", "yaƙi*"),
        Term("police", "my", "ရဲ"),
        Term("aircraft", "my", "လေယာဉ်"),
        Term("ethiopia", "am", "ዐማራ"),
        *(Term("function", "en", word) for word in ("the", "of", "and", "in")),
        *(Term("function", "sw", word) for word in ("ya", "na", "wa", "katika")),
        *(Term("function", "ha", word) for word in ("ya", "na", "ta")),
        *(Term("function", "de", word) for word in ("der", "die", "und", "in")),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.concept, hit.surface) for hit in INDEX.find(tokens_of(text))]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Trente FRAPPES AÉRIENNES sur Vella", "FRAPPES AÉRIENNES"),
        ("une frappe ae\u0301rienne", "frappe ae\u0301rienne"),
        ("air-strikes near Vella", "air strikes"),
        ("والجيش في فيلا", "والجيش"),
        ("لِلجَيْش", "لِلجَيْش"),
        ("İŞGALCİLER geldi", "İŞGALCİLER"),
        ("ההתקפה על ולה", "ההתקפה"),
        ("حمله\u200cهای تازه", "حمله"),
        ("حملة", "حملة"),
        ("韦拉战争爆发", "战争"),
        ("የጥቃቶች ዜና", "የጥቃቶች"),
        ("በጥቃቱ", "በጥቃቱ"),
        ("ስለአማራ", "ስለአማራ"),
        ("Waasi walishambulia mji wa Vella", "walishambulia"),
        ("Mji ulioshambuliwa na waasi", "ulioshambuliwa"),
        ("hawakuwashambulia wa", "hawakuwashambulia"),
        ("An ta da yaki", "yaki"),
        ("ဗယ်လာမြို့ကိုတိုက်ခိုက်ခဲ့သည်", "တိုက်ခိုက်"),
        ("တိုက်\u200bခိုက်", "တိုက်ခိုက်"),
        ("လေယာဥ်", "လေယာဉ်"),
    ],
)
def test_a_term_is_found_in_any_case_accent_prefix_and_ending(text: str, surface: str) -> None:
    assert [hit for _, hit in found(text)] == [surface]


@pytest.mark.parametrize(
    "text",
    [
        "frappe",
        "frappe de Vella aérienne",
        "warm",
        "airstrip",
        "air",
        "",
        "shambulia ya",
        "wacheshambulia ya",
        "သူရဲ့",
    ],
)
def test_what_only_begins_like_a_term_is_none(text: str) -> None:
    assert found(text) == []


def test_a_word_of_another_language_is_no_term() -> None:
    assert found("Die Stadt und der Hafen in Vella: es war und war die Ruhe der Nacht") == []
    assert found("the city and the port of Vella in the war") == [("war", "war")]


def test_words_of_swahili_somali_and_hausa_are_found_in_no_other_language() -> None:
    assert found("ya na wa katika weerar") == []
    assert found("ya na wa katika, war") == []
    assert found("the weerar of walishambulia") == []


def test_a_run_of_ideographs_may_hold_a_term_more_than_once() -> None:
    assert found("战争与战争") == [("war", "战争")] * 2
    assert word_count(tokens_of("战争与战争，战争")) == 3


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_stem_may_be_as_short_as_it_is(length: int) -> None:
    stem = f"{'orlan'[:length]}*"
    index = TermIndex.of([Term("name", "mul", stem), Term("name", "mul", f"camp {stem}")])
    assert [hit.surface for hit in index.find(["orlanda", "camp", "Orlandas"])] == [
        "orlanda",
        "camp Orlandas",
        "Orlandas",
    ]


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert found("x " * MAX_CHARS + "war") == []


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    INDEX.find(tokens_of(text))
    assert fold(fold(text)) == fold(fold(fold(text)))
