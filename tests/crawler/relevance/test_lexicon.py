from collections import defaultdict

import pytest

from crawler.relevance.lexicon import all_terms, load_lexicon
from crawler.relevance.words import fold, tokens_of

LANGUAGES = {
    *("ar", "de", "en", "es", "fa", "fr", "he", "it", "ja", "pt", "ru", "tr", "uk", "zh"),
    *("am", "ha", "my", "ps", "so", "sw"),
    *("bn", "el", "hi", "id", "ko", "pl", "sr", "ur", "vi"),
}


def test_every_concept_can_be_said_in_every_language() -> None:
    lexicon = load_lexicon()
    languages: defaultdict[str, set[str]] = defaultdict(set)
    for term in all_terms():
        languages[term.concept].add(term.language)
    missing = {concept: LANGUAGES - languages[concept] for concept in lexicon.groups}
    assert not any(missing.values()), missing


def test_every_term_has_a_weight() -> None:
    lexicon = load_lexicon()
    known = {"function", *lexicon.groups, *lexicon.entities}
    assert {term.concept for term in all_terms()} == known
    assert not set(lexicon.groups) & set(lexicon.entities)
    assert set(lexicon.part_of.values()) <= set(lexicon.entities)


def test_no_row_occurs_twice_and_stars_end_words() -> None:
    terms = [*all_terms()]
    assert len(set(terms)) == len(terms)
    assert [term for term in terms if "*" in term.text.replace("* ", " ").removesuffix("*")] == []


def test_a_word_of_a_language_expresses_one_concept() -> None:
    concepts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for term in all_terms():
        if term.concept in load_lexicon().groups:
            # Accents tell Vietnamese words apart.
            word = term.text if term.language == "vi" else fold(term.text)
            concepts[term.language, word].add(term.concept)
    assert [term for term, found in concepts.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    "text",
    [
        "Zračni napad na Vellu: četvero poginulih, vojska je granatirala predgrađe.",
        "Ваздушни напад на Велу: четворо погинулих, војска је гранатирала предграђе.",
    ],
)
def test_one_list_reads_serbian_and_croatian_in_both_alphabets(text: str) -> None:
    lexicon = load_lexicon()
    concepts = {hit.concept for hit in lexicon.index.find(tokens_of(text)) if hit.language == "sr"}
    assert {"airstrike", "killed", "troops", "shelling"} <= concepts
    assert {"sr", "hr", "bs"} <= lexicon.languages


@pytest.mark.parametrize("name", ["Rojava", "рожавы", "عفرين", "曼比季", "コバニ", "아프린", "manbidżu"])
def test_the_north_east_of_syria_is_known_by_its_own_names(name: str) -> None:
    lexicon = load_lexicon()
    assert {lexicon.part_of[hit.concept] for hit in lexicon.index.find(tokens_of(name))} == {"syria"}
