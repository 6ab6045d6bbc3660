"""TDMRep in its three forms, with the examples of its report and what sites make of it."""

import json

import pytest

from crawler.rights import tdmrep
from crawler.rights.tdmrep import NoRules, SiteReservations

URL = "https://tarn.example/news/harbour"

FILE = [
    {"location": "/news/*.pdf$", "tdm-reservation": 0},
    {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://tarn.example/policies/1"},
    {"location": "/", "tdm-reservation": 0},
]


def declared(rules: object, url: str = URL) -> list[str]:
    body = rules if isinstance(rules, bytes) else json.dumps(rules).encode()
    return [str(each) for each in SiteReservations.read(body).of(url, url)]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/news/harbour",
            ["tdmrep.json: tdm-reservation=1", "tdmrep.json: tdm-policy=https://tarn.example/policies/1"],
        ),
        ("/news/report.pdf", ["tdmrep.json: tdm-reservation=0"]),
        ("/about", ["tdmrep.json: tdm-reservation=0"]),
    ],
)
def test_the_first_rule_that_covers_the_path_counts(path: str, said: list[str]) -> None:
    assert declared(FILE, f"https://tarn.example{path}") == said


@pytest.mark.parametrize(
    "rules",
    [
        b"",
        [],
        [{"location": "/other/", "tdm-reservation": 1}],
        [{"location": "/", "tdm-reservation": 2}],
        [{"location": "/", "tdm-reservation": True}],
        [{"location": 1, "tdm-reservation": 1}],
        [{"tdm-reservation": 1}],
    ],
)
def test_what_sets_no_value_declares_nothing(rules: object) -> None:
    assert declared(rules) == []


def test_a_value_in_quotes_and_a_relative_policy_are_understood() -> None:
    rules = (
        b"\xef\xbb\xbf" + json.dumps([{"location": "/", "tdm-reservation": "1", "tdm-policy": "/p"}]).encode()
    )
    assert declared(rules) == [
        "tdmrep.json: tdm-reservation=1",
        "tdmrep.json: tdm-policy=https://tarn.example/p",
    ]


@pytest.mark.parametrize("body", [b"{", b'{"location": "/"}', b"[1]", b"\xff", b"[" * 100_000])
def test_another_file_is_refused(body: bytes) -> None:
    with pytest.raises(NoRules):
        SiteReservations.read(body)


def test_headers_and_meta_elements_say_it_too() -> None:
    policy = {"tdm-reservation": " 1 ", "tdm-policy": "https://tarn.example/p"}
    assert [*map(str, tdmrep.in_headers(policy, URL))] == [
        "http: tdm-reservation=1",
        "http: tdm-policy=https://tarn.example/p",
    ]
    metas = {"tdm-reservation": ["1", "0"], "tdm-policy": ["mailto:desk@tarn.example"]}
    assert [*map(str, tdmrep.in_metas(metas, URL))] == ["html: tdm-reservation=0"]
    assert not [*tdmrep.in_headers({"tdm-reservation": "yes"}, URL)]
