"""JSON that no strict parser reads, and what is legible in it."""

from html import escape

import pytest

from crawler.extraction.lenient_json import load_values

STRICT = (
    '{"@type": "NewsArticle", "headline": "The bridge fell", "datePublished": "2021-01-28", "wordCount": 7}'
)


@pytest.mark.parametrize(
    "text",
    [
        STRICT,
        f"\ufeff{STRICT}",
        f"  \ufeff <!-- {STRICT} -->",
        f"/* made by a plugin */ {STRICT}",
        STRICT.replace('"headline"', '// the title\n"headline"'),
        STRICT.replace('"headline"', '/* the title */ "headline"'),
        STRICT.replace("}", ",}"),
        STRICT.replace(", ", "\n"),
        STRICT.replace('"', "'"),
        STRICT.replace('"headline"', "headline"),
        escape(STRICT),
        escape(STRICT).replace("&quot;", "&#34;"),
        f"{STRICT};",
        STRICT.removesuffix(', "wordCount": 7}') + ', "articleBody": "The old bri',
    ],
)
def test_one_object_is_read_however_it_is_written(text: str) -> None:
    (value,) = load_values(text)
    assert isinstance(value, dict)
    assert (value["headline"], value["datePublished"]) == ("The bridge fell", "2021-01-28")


@pytest.mark.parametrize(
    "words",
    [
        'The mayor speaks of an "act of war" and asks for calm',
        '"Act of war", says the mayor',
        'The mayor: it was an "act of war"',
        'De burgemeester noemt het "oorlog", de bakker "noodlot"',
        'رئيسة البلدية تتحدث عن "عمل حربي" وتدعو إلى الهدوء',
        'Мэр назвала это "актом войны" и просит о спокойствии',
        '市长称这是"战争行为"，并呼吁保持冷静',
        'Ο δήμαρχος μιλά για "πράξη πολέμου" στη γέφυρα',
    ],
)
def test_bare_quotes_in_one_text_do_not_cost_the_other_fields(words: str) -> None:
    (value,) = load_values(STRICT.replace('"headline"', f'"description": "{words}", "headline"'))
    assert isinstance(value, dict)
    assert (value["headline"], value["datePublished"]) == ("The bridge fell", "2021-01-28")


@pytest.mark.parametrize("depth", [10_000, 300_000])  # of what is repaired, and of what is too long for it
def test_what_is_nested_too_deeply_costs_what_is_in_it(depth: int) -> None:
    assert load_values("[" * depth) in ([], [[]])
    assert load_values(f"{STRICT}{'[' * 300_000}")[0] == load_values(STRICT)[0]


def test_two_objects_in_a_row_are_both_read() -> None:
    for between in ("", "\n", ",", ";"):
        found = load_values(f'{{"@type": "WebSite"}}{between}{STRICT}')
        found = found[0] if isinstance(found[0], list) else found
        assert [value["@type"] for value in found if isinstance(value, dict)] == ["WebSite", "NewsArticle"]


def test_very_long_nonsense_costs_its_end_and_not_the_run() -> None:
    found = load_values(f'{STRICT} {{"a": "{"x" * 300_000} " "b'.replace("\n", ""))
    assert [value["headline"] for value in found if isinstance(value, dict)] == ["The bridge fell"]


@pytest.mark.parametrize("text", ["", "nonsense", "[" * 5000, '{"a":' * 5000, "{" * 5000, '"' * 5000])
def test_what_holds_nothing_gives_nothing_to_read(text: str) -> None:
    assert not [value for value in load_values(text) if isinstance(value, dict) and value]
