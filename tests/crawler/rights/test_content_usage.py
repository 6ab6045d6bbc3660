"""Content-Usage: the preferences of robots.txt and of header fields, as they are written."""

import pytest

from crawler.items import Declaration
from crawler.rights.content_usage import in_headers
from crawler.rights.declarations import reserved
from crawler.rights.robots_txt import RobotsDeclarations

ROBOTS = "https://tarn.example/robots.txt"


@pytest.mark.parametrize(
    ("lines", "path", "said"),
    [
        ("User-agent: *\nContent-Usage: train-ai=n, search=y", "/a", ["train-ai=n", "search=y"]),
        ("Content-Usage: train-ai=n\nUser-agent: *\nAllow: /", "/a", ["train-ai=n"]),
        ("User-agent: *\ncontent-usage :\tTrain-AI = N;x=1", "/a", ["train-ai=n"]),
        (
            "User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open/ train-ai=y",
            "/open/a",
            ["train-ai=y"],
        ),
        ("User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open/\ttrain-ai=y", "/a", ["train-ai=n"]),
        ("User-agent: *\nContent-Usage: /*.pdf$ ai-use=n", "/a.pdf", ["ai-use=n"]),
        ("User-agent: *\nContent-Usage: /a ai-use=y\nContent-Usage: /a ai-use=n", "/a", ["ai-use=n"]),
        ("User-agent: *\nContent-Usage: train-ai=no, =n, search", "/a", []),
        ("User-agent: veldbot\nContent-Usage: train-ai=n", "/a", []),
    ],
)
def test_of_a_robots_txt_the_longest_path_counts(lines: str, path: str, said: list[str]) -> None:
    found = RobotsDeclarations.read(lines.encode(), ROBOTS).of(f"https://tarn.example{path}")
    assert [str(each) for each in found] == [f"robots.txt: {each}" for each in said]


def test_what_is_said_to_one_robot_is_said_to_no_other() -> None:
    lines = "User-agent: GPTBot\nContent-Usage: ai-use=n\n\nUser-agent: *\nContent-Usage: ai-use=y"
    found = [*RobotsDeclarations.read(lines.encode(), ROBOTS).of("https://tarn.example/a")]
    assert [str(each) for each in found if "ai-use" in each.says] == [
        "robots.txt GPTBot: ai-use=n",
        "robots.txt: ai-use=y",
    ]
    assert reserved(found) == ("ai-agents",)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("train-ai=n", ["train-ai=n"]),
        ("train-ai=n, search=y\nai-use=n", ["train-ai=n", "search=y", "ai-use=n"]),
        ("train-ai=y, train-ai=n", ["train-ai=n"]),
        ('train-ai="n", search=?0', []),
        ("", []),
    ],
)
def test_the_header_field_says_the_same(value: str, said: list[str]) -> None:
    assert [str(each) for each in in_headers({"content-usage": value})] == [f"http: {each}" for each in said]


def test_each_use_that_is_refused_is_reserved() -> None:
    said = [Declaration("http", each) for each in ("search=y", "train-ai=n", "ai-use=n", "train-ai=n")]
    assert reserved(said) == ("train-ai=n", "ai-use=n")
