"""The sheet for people who code events names candidates with their sentences, and overlooks no article."""

import csv
import io

import pytest

from crawler.exports.event_sheet import SHEET, candidates_of, write_events
from tests.support.exported_rows import article_row, bytes_of, export_of

ENGLISH = article_row(
    title="Air strikes near Palmyra",
    text="Officials met on Monday. Air strikes killed 1,200 people near Palmyra in Syria on 28 January 2021, "
    "the army said. In 2019 the town had 30 shops.",
    language="en",
)


def test_a_sentence_of_violence_comes_with_when_where_who_and_how_many() -> None:
    headline, sentence = candidates_of(ENGLISH)
    assert (headline.number, headline.sentence) == (0, "Air strikes near Palmyra")
    assert sentence.number == 2
    assert sentence.sentence.startswith("Air strikes killed")
    assert sentence.dates == ("2021-01-28",)
    assert "syria" in sentence.places
    assert "1200" in sentence.toll
    assert {"airstrike", "killed"} <= set(sentence.violence)


@pytest.mark.parametrize(
    ("language", "text", "toll"),
    [
        ("ar", "قُتل ١٢ جنديا في غارة جوية على سوريا.", "12"),
        ("ru", "В результате авиаудара погибли 7 человек.", "7"),
        ("fr", "Une frappe aérienne a tué 3 civils.", "3"),
    ],
)
def test_tolls_are_found_in_figures_of_any_script(language: str, text: str, toll: str) -> None:
    [found] = candidates_of(article_row(title=None, text=text, language=language))
    assert toll in found.toll


def test_an_article_without_such_a_sentence_has_one_row() -> None:
    quiet = article_row(title="La soupe", text="La soupe du jour est bonne.")
    rows = list(
        csv.reader(io.StringIO(bytes_of(write_events, export_of(quiet, ENGLISH)).decode(), newline=""))
    )
    assert tuple(rows[0]) == SHEET
    cells = [dict(zip(SHEET, row, strict=True)) for row in rows[1:]]
    assert [each["sentence_number"] for each in cells] == ["", "0", "2"]
    assert cells[0]["title"] == "La soupe"
    assert {each["explain"] for each in cells} == {"scrapy explain https://marisol.example/un"}
