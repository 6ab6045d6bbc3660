"""A list counts as a part of the story where a paragraph of it stands beside the list."""

import pytest

from crawler.extraction.body.wholes import judge_wholes
from tests.support.pages import parsed_page, story

LIST = "<ul><li>Анна Велд, пекарь</li><li>Иво Брант, мельник</li></ul>"
PARAGRAPH, HEADING = f"<p>{story('ru')[0]}</p>", "<h3>Погибшие</h3>"
INTRODUCTION = "<p>Их имена:</p>"


@pytest.mark.parametrize(
    ("before", "after", "is_story"),
    [
        ("", "", False),
        (PARAGRAPH, "", True),
        ("", PARAGRAPH, True),
        (HEADING, HEADING, False),
        (INTRODUCTION, "", False),
        (PARAGRAPH + HEADING + INTRODUCTION, "", True),
        (PARAGRAPH + 3 * HEADING, "", False),
        ("", 2 * HEADING + PARAGRAPH, True),
        ("", 3 * HEADING + PARAGRAPH, False),
        (PARAGRAPH + "<p>Смотреть все</p>", "", False),
    ],
)
def test_a_doubtful_list_is_the_storys_beside_a_paragraph_of_it(
    before: str, after: str, is_story: bool
) -> None:
    blocks = parsed_page(f"<body>{before}{LIST}{after}</body>").blocks
    chosen = [block.text == story("ru")[0] for block in blocks]
    items = [at for at, block in enumerate(blocks) if block.tag == "li"]
    assert len(items) == 2
    taken = judge_wholes(blocks, [{} for _ in blocks], [-1.0] * len(blocks), chosen)
    assert [chosen[at] for at in items] == [is_story, is_story]
    assert bool(taken) is is_story
