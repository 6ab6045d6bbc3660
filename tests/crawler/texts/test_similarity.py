"""How near two texts are, and when the later one may be left out."""

import unicodedata
from difflib import SequenceMatcher
from typing import Literal

import pytest

from crawler.texts.overlap import Overlap
from crawler.texts.similarity import (
    BANDS,
    LONGEST,
    MOST_ALIGNED,
    SHORT,
    ComparedText,
    bands_of,
    compare,
    normalise,
)
from tests.support.wire.texts import STORIES, Text, cut, updated


def overlap(later: Text, earlier: Text) -> Overlap:
    return compare(ComparedText("\n\n".join(later)), ComparedText("\n\n".join(earlier)))


def test_the_keys_of_a_text_stay_what_they_are() -> None:
    """Catalogues store them: changing them takes an upgrade."""
    keys = bands_of("Le port de Marisol rouvre. " * 15)
    assert (len(keys), sum(keys)) == (64, -35390507480256378114)


@pytest.mark.parametrize("language", sorted(STORIES))
def test_a_text_cut_anywhere_is_known_from_either_side(language: str) -> None:
    story = STORIES[language][0]
    part = cut(story)
    assert overlap(part, story).later_in_earlier == pytest.approx(1, abs=0.02)
    assert overlap(story, part).later_in_earlier == pytest.approx(0.6, abs=0.05)
    assert set(bands_of("\n\n".join(story))) & set(bands_of("\n\n".join(part)))


def test_a_text_with_much_that_is_new_stays() -> None:
    """A lead of some lines adds little to what is known; half of new text is an article of its own."""
    story, other = STORIES["fr"][0], STORIES["fr"][1]
    assert overlap(updated(story, other, 1 / 7), story).is_repeat()
    assert not overlap(updated(story, other), story).is_repeat()
    assert not overlap((*cut(other, 0.99), *cut(story, 0.6)), story).is_repeat()
    whole = overlap((*other, *story), cut(story, 0.5))
    assert whole.earlier_in_later == pytest.approx(1, abs=0.02)  # all of the earlier one is in it, and yet
    assert not whole.is_repeat()


@pytest.mark.parametrize(
    ("found", "is_repeat"),
    [
        (Overlap(0.65, 0.60), True),
        (Overlap(0.64, 0.60), False),
        (Overlap(0.60, 1.00), True),
        (Overlap(0.59, 1.00), False),
        (Overlap(1.00, 0.10), True),
        (Overlap(0.90, 0.90, agreeing=5, differing=2), True),
        (Overlap(0.90, 0.90, agreeing=4, differing=2), False),
        (Overlap(0.90, 0.90, agreeing=0, differing=1), True),
        (Overlap(0.94, 0.94, is_short=True), False),
        (Overlap(0.95, 0.30, is_short=True), True),
        (Overlap(0.95, 0.95, agreeing=9, differing=1, is_short=True), False),
        (Overlap(0.90, 0.90, news=79, new_share=0.24), True),
        (Overlap(0.90, 0.90, news=80), False),
        (Overlap(0.90, 0.90, new_share=0.25), False),
        (Overlap(1.00, 1.00, is_renamed=True), False),
        (Overlap(1.00, 1.00, is_reworded=True), True),
        (Overlap(0.90, 0.90, news=53, is_reworded=True), True),
        (Overlap(0.90, 0.90, news=54, is_reworded=True), False),
        (Overlap(0.95, 0.95, changed=1, other_names=1), True),
        (Overlap(0.95, 0.95, changed=4, other_names=2), False),
        (Overlap(0.95, 0.95, changed=5, other_names=2), True),
        (Overlap(0.95, 0.95, changed=2, other_names=2, has_capitals=False), True),
        (Overlap(0.95, 0.95, changed=5, other_names=4, has_capitals=False), False),
        (Overlap(0.95, 0.95, changed=5, other_names=3, has_capitals=False), True),
        (Overlap(0.95, 0.95, changed=4, other_names=4, has_capitals=False, is_reworded=True), True),
        (Overlap(0.95, 0.95, changed=6, other_names=6, has_capitals=False), True),
        (Overlap(0.95, 0.95, changed=9, other_names=3, is_renamed=True, has_capitals=False), False),
        (Overlap(0.95, 0.95, changed=10, other_names=3, is_renamed=True, has_capitals=False), True),
    ],
)
def test_the_rule(found: Overlap, is_repeat: bool) -> None:
    assert found.is_repeat() is is_repeat


@pytest.mark.parametrize(
    ("found", "is_repeat"),
    [
        (Overlap(0.85, 0.10, new_passage=24), True),
        (Overlap(0.90, 0.90, new_passage=25), False),
        (Overlap(0.84, 1.00), False),
        (Overlap(0.95, 0.95, agreeing=9, differing=1), True),
        (Overlap(0.95, 0.95, agreeing=9, differing=2), False),
        (Overlap(0.95, 0.95, changed=2, other_names=1), False),
        (Overlap(0.95, 0.95, changed=3, other_names=1), True),
        (Overlap(0.95, 0.95, changed=2, other_names=1, has_capitals=False), True),
        (Overlap(0.95, 0.95, changed=2, other_names=2, has_capitals=False), False),
        (Overlap(0.95, 0.30, is_short=True), True),
        (Overlap(0.94, 0.94, is_short=True), False),
        (Overlap(1.00, 1.00, is_reworded=True), False),
        (Overlap(1.00, 1.00, is_renamed=True), False),
        (Overlap(0.90, 0.90, news=80, new_share=0.25), True),
    ],
)
def test_one_publishers_second_text_must_add_nothing(found: Overlap, is_repeat: bool) -> None:
    assert found.is_repeat(same_publisher=True) is is_repeat


@pytest.mark.parametrize(
    ("found", "relation", "same_publishers"),
    [
        (Overlap(0.65, 0.60), "copy", "develops"),
        (Overlap(0.60, 0.00), "develops", "develops"),
        (Overlap(0.00, 0.60), "develops", "develops"),
        (Overlap(0.60, 0.00, is_reworded=True), "develops", None),
        (Overlap(0.59, 0.00), "report", None),
        (Overlap(0.00, 0.35), "report", None),
        (Overlap(0.34, 0.34), None, None),
        (Overlap(0.70, 0.00, is_short=True), None, None),
        (Overlap(0.70, 0.00, is_renamed=True), None, None),
        (Overlap(0.70, 0.00, agreeing=4, differing=2), None, None),
        (Overlap(0.70, 0.00, agreeing=5, differing=2), "develops", "develops"),
    ],
)
def test_what_stays_is_something_to_the_earlier_text(
    found: Overlap, relation: str | None, same_publishers: str | None
) -> None:
    expected = (relation if relation != "develops" or found.is_worth_aligning else "aligned", same_publishers)
    assert (found.relation(), found.relation(same_publisher=True)) == expected
    assert found.is_worth_aligning is (found.common >= 0.6 and (found.agreeing, found.differing) != (4, 2))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("किताब, दी है", "किताब दी है"),
        ("สะพาน/น้ำ", "สะพาน น้ํา"),
        ("a_b--c\n\nd", "a b c d"),
        ("STRASSE Straße ﬁn", "strasse strasse fin"),
    ],
)
def test_words_are_what_is_left_without_case_and_punctuation(text: str, plain: str) -> None:
    assert normalise(text) == plain


def test_a_text_without_spaces_is_its_characters() -> None:
    text = ComparedText("大桥 长澜。炸死12人，伤 3 人")
    assert text.letters == "大桥长澜炸死12人伤3人"
    assert text.tokens == list(text.letters)
    assert text.length == len(text.plain) // 2
    assert ComparedText("桥梁炸死12人伤34名，另有5").figures == {
        ("炸死", "人伤"): {"12"},
        ("人伤", "名 "): {"34"},
    }


def test_numbers_stand_between_words() -> None:
    text = ComparedText("7 on 12 30 men and 4 women; on 31 men and 5")
    assert text.figures == {("on", "men"): {"12 30", "31"}, ("and", "women"): {"4"}}


def test_a_text_in_two_scripts_is_compared_with_one_in_either() -> None:
    han = "".join(filter(str.isalpha, "".join(STORIES["zh"][0])))  # without signs: no words in it
    latin = " ".join(STORIES["en"][0])
    both = (f"{han} {latin[: 3 * len(han)]}",)
    assert not ComparedText(both[0]).is_dense
    assert overlap(both, (han,)).earlier_in_later > 0.6
    assert overlap((han,), both).later_in_earlier > 0.6


def test_what_is_appended_counts_half_and_what_leads_counts_whole() -> None:
    story, new = (" ".join(f"{letter}{number}x" for number in range(200)) for letter in "wn")
    lead, end = overlap((new[:200], story), (story,)), overlap((story, new[:200]), (story,))
    assert lead.new_passage == lead.news == end.new_passage
    assert end.news == lead.news // 2
    assert lead.new_share == pytest.approx(lead.news / (200 + lead.news), abs=0.01)


def test_the_new_words_of_one_passage_are_counted() -> None:
    story = " ".join(f"w{number}x" for number in range(200)).split()
    new = " ".join(f"n{number}x" for number in range(30)).split()
    in_the_middle = overlap((" ".join([*story[:100], *new, *story[100:]]),), (" ".join(story),))
    apart = overlap((" ".join([*new[:10], *story[:100], *new[10:]]),), (" ".join(story[:100]),))
    assert (in_the_middle.new_passage, apart.new_passage) == (30, 20)
    phrase = overlap((" ".join([*new[:15], *story[:5], *new[15:], *story]),), (" ".join(story),))
    assert (phrase.new_passage, phrase.news) == (25, 25)
    at_the_end = overlap((" ".join([*story, *new[:15], *story[:5], *new[15:]]),), (" ".join(story),))
    assert (at_the_end.new_passage, at_the_end.news) == (25, 10)
    han = "".join(STORIES["zh"][0])
    more = "".join(STORIES["zh"][1])[:40]
    assert overlap((han + more,), (han,)).new_passage == pytest.approx(20, abs=3)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Zverev", "Swerew"),
        ("Chalkov", "Khalkow"),
        ("Müller-Sand", "Mueller Sand"),
        ("Sŷrrin", "Sirin"),
        ("MSK 4", "MSK4"),
        ("comrade", "citizen"),
    ],
)
def test_another_spelling_is_no_other_name(earlier: str, later: str) -> None:
    story = " ".join(STORIES["en"][0]).replace("Ansar al-Ramad", "{}")
    assert story.count("{}") > 1
    assert not compare(
        ComparedText(story.replace("{}", later)), ComparedText(story.replace("{}", earlier))
    ).is_renamed


def test_numbers_in_like_places_are_counted() -> None:
    story = " ".join(STORIES["fr"][0])
    later = (f"{story} On compte 12 morts et 30 blessés, selon 4 témoins.",)
    earlier = (f"{story} On compte 19 morts et 30 blessés, selon 4 témoins.",)
    found = overlap(later, earlier)
    alike = overlap(earlier, earlier)
    assert (found.differing, alike.differing) == (1, 0)
    assert found.agreeing == alike.agreeing - 1


def test_short_texts_are_compared_by_characters() -> None:
    notice = (
        "Le pont de Tarn est fermé aux camions jusqu’à lundi en raison de la crue, annonce la préfecture."
    )
    assert overlap((f"{notice} ",), (notice,)).is_repeat()
    assert not overlap((notice.replace("Tarn", "Sarvane"),), (notice,)).is_repeat()
    assert not overlap((notice.replace("lundi", "mardi soir"),), (notice,)).is_repeat()
    assert set(bands_of(notice)) & set(bands_of(notice.replace("annonce", "a annoncé")))


@pytest.mark.parametrize("words", [SHORT - 1, SHORT, 2 * SHORT - 1])
def test_a_part_that_is_short_still_finds_the_whole(words: int) -> None:
    text = " ".join(" ".join(STORIES["es"][0]).split()[:words])
    part = " ".join(text.split()[: round(0.8 * words)])
    assert set(bands_of(text)) & set(bands_of(part))


@pytest.mark.parametrize(
    ("words", "keys"),
    [(SHORT - 1, BANDS), (SHORT, 2 * BANDS), (2 * SHORT - 1, 2 * BANDS), (2 * SHORT, BANDS)],
)
def test_texts_of_a_length_between_have_keys_of_both_kinds(words: int, keys: int) -> None:
    text = " ".join(f"w{number}x" for number in range(words))
    assert len(set(bands_of(text))) == keys


@pytest.mark.parametrize(("words", "is_short"), [(SHORT - 1, True), (SHORT, False)])
def test_the_shorter_of_two_texts_decides_whether_they_are_short(words: int, is_short: bool) -> None:
    text, longer = (
        ComparedText(" ".join(f"w{number}x" for number in range(count))) for count in (words, 3 * SHORT)
    )
    assert compare(text, longer).is_short is is_short
    assert compare(longer, text).is_short is is_short
    assert compare(longer, longer).is_short is False


@pytest.mark.parametrize(
    ("text", "is_dense"), [("中文ab", False), ("中文a", True), ("中 a", False), ("", False)]
)
def test_more_than_half_of_a_dense_text_is_written_without_spaces(text: str, is_dense: bool) -> None:
    assert ComparedText(text).is_dense is is_dense


@pytest.mark.parametrize(
    ("named", "renamed", "is_renamed"),
    [(1, 1, False), (2, 2, True), (3, 2, True), (4, 2, True), (5, 2, False), (6, 3, True)],
)
def test_a_name_replaced_twice_and_in_half_of_its_places_is_another(
    named: int, renamed: int, is_renamed: bool
) -> None:
    filler = [" ".join(f"w{place}n{number}" for number in range(40)) + " in" for place in range(7)]
    earlier = " ".join(f"{words} {'Kavel' if at < named else 'x'}" for at, words in enumerate(filler))
    later = " ".join(
        f"{words} {'Oskarra' if at < renamed else 'Kavel' if at < named else 'x'}"
        for at, words in enumerate(filler)
    )
    found = compare(ComparedText(later), ComparedText(earlier))
    assert found.later_in_earlier > 0.8
    assert found.is_renamed is is_renamed


FILLER = [" ".join(f"w{place}n{number}" for number in range(40)) for place in range(6)]


@pytest.mark.parametrize(
    ("before", "after", "is_renamed"),
    [
        ("in Port Kavel", "at Upper Oskarra", True),  # port stands in more places, Kavel in none
        ("in Kavel", "in Oskarra", True),
        ("in town", "in Oskarra", False),
        ("in Kavel", "in town", False),
        ("in town", "in village", False),
        ("in R7", "in R9", True),
        ("in 橋", "in 河", True),
        ("in 橋", "in 山", False),  # both texts have it elsewhere
    ],
)
def test_only_what_names_something_is_another_name(before: str, after: str, is_renamed: bool) -> None:
    earlier, later = (
        ComparedText(
            f"the port a port the port 山 port {f' {name} '.join(FILLER[:3])} {' '.join(FILLER[3:])}"
        )
        for name in (before, after)
    )
    found = compare(later, earlier)
    assert found.is_renamed is is_renamed
    assert found.is_reworded


@pytest.mark.parametrize("text", ["", " ", "…", "12", "و"])
def test_texts_of_nothing_are_near_nothing(text: str) -> None:
    assert bands_of(text) == ()
    assert not compare(ComparedText(text), ComparedText(text)).is_repeat()


@pytest.mark.parametrize("unit", ["1 ", "a\u0301 ", "\ufdfa", "\u0301", "\u0301\uff9e", "中1", "a1 ", "٣ "])
def test_the_work_is_bounded_whatever_the_text(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = unit * (2_000_000 // len(unit))
    pieces, aligned = [], []
    to_normal_form, matcher = unicodedata.normalize, SequenceMatcher

    def normalised(form: Literal["NFKC"], piece: str) -> str:
        pieces.append(len(piece))
        return to_normal_form(form, piece)

    def aligning(junk: None, old: list[str], new: list[str], autojunk: bool) -> SequenceMatcher[str]:
        aligned.append(max(len(old), len(new)))
        return matcher(junk, old, new, autojunk=autojunk)

    monkeypatch.setattr("crawler.texts.similarity.unicodedata.normalize", normalised)
    monkeypatch.setattr("crawler.texts.similarity.SequenceMatcher", aligning)
    reading = ComparedText(text)
    compare(reading, ComparedText(text))
    bands_of(text)
    assert max(len(reading.plain), len(reading.words), len(reading.characters)) <= LONGEST
    assert sum(map(len, reading.figures.values())) <= LONGEST
    assert max(pieces) <= 250  # the time of each grows with the square of its length
    assert max(aligned, default=0) <= MOST_ALIGNED  # likewise
    pieces.clear()
    normalise(text[:200_000])  # which is done to texts of any length
    assert max(pieces) <= 250


@pytest.mark.parametrize("name", ["Oskarra", "Upper Kavel", "Marsuk"])
def test_a_report_about_another_place_stays(name: str) -> None:
    """Marsuk is named elsewhere in the story too."""
    story = STORIES["en"][0]
    assert " ".join(story).count("Ansar al-Ramad") > 1
    renamed = tuple(paragraph.replace("Ansar al-Ramad", name) for paragraph in story)
    found = overlap(renamed, story)
    assert found.later_in_earlier > 0.8
    assert not found.is_repeat()


def test_words_that_a_page_says_twice_are_new_once() -> None:
    story, (teaser, *_) = STORIES["en"][0], STORIES["en"][3]
    once, twice = overlap((teaser, *story), story), overlap((teaser, teaser, *story), story)
    assert once.new_passage > 20
    assert twice.new_passage == once.new_passage


@pytest.mark.parametrize(
    ("sentence", "other_names"),
    [
        ("Observers at Calder heard shots near Tillmouth, and the road to Ashby was closed.", 0),
        ("Observers at Pellwick heard shots near Marrow, and the road to Ashby was closed.", 2),
        ("Observers at Calder saw smoke near Tillmouth, and the road to Ashby was closed.", 0),
        ("Observers at Kalder heard shots near Tilmouth, and the road to Ashby was closed.", 0),
    ],
)
def test_names_that_take_the_place_of_others_are_counted(sentence: str, other_names: int) -> None:
    rest = " ".join(STORIES["en"][0])
    before = f"Observers at Calder heard shots near Tillmouth, and the road to Ashby was closed. {rest}"
    assert overlap((f"{sentence} {rest}",), (before,)).other_names == other_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The guards of Calder fled. They saw Calder burn.", {"calder"}),
        ("The Port of Calder is shut. No port is open.", {"calder"}),
        ("Старый Мост у Велды рухнул. Другой мост стоит.", {"велды"}),
    ],
)
def test_a_name_is_what_has_a_capital_wherever_it_stands(text: str, names: set[str]) -> None:
    assert ComparedText(text).names == names
