"""State that frameworks send in pieces."""

from crawler.extraction.lenient_json import Json
from crawler.extraction.state.flattened import read_flight, revive


def test_numbers_in_a_list_of_devalue_are_places_in_it() -> None:
    items: list[Json] = [
        ["ShallowReactive", 1],
        {"title": 2, "tags": 3, "at": 5, "gone": -1},
        "The bridge",
        [4, 4],
        "war",
        ["Date", "2021-01-28"],
    ]
    assert revive(items) == {"title": "The bridge", "tags": ["war", "war"], "at": "2021-01-28", "gone": None}


def test_a_list_that_refers_to_itself_or_to_nothing_ends() -> None:
    assert revive([[0]]) == [None]
    assert revive([{"a": 1}, {"b": 0}]) == {"a": {"b": None}}
    assert revive([[9], "x"]) == [None]
    deep: list[Json] = [[number + 1] for number in range(5000)]
    assert revive([*deep]) is not None
    assert revive([]) == []
    assert revive({"a": 1}) == {"a": 1}


def test_rows_of_server_components_are_values_and_texts() -> None:
    story = "<p>Зерно і борошно</p>"
    size = f"{len(story.encode()):x}"
    rows = f'0:["$","div",null,{{}}]\n3:I["chunk",[]]\n5:T{size},{story}'
    rows += '6:{"title":"The bridge","body":"$5"}\n7:broken\n'
    assert list(read_flight(rows)) == [["$", "div", None, {}], {"title": "The bridge", "body": story}]
    assert list(read_flight("nonsense")) == list(read_flight("")) == []
    assert list(read_flight("1:Tffff,cut")) == []
