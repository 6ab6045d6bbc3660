"""Each record ends in one count with its reason, in words that a foreign archive cannot choose."""

import pytest

from archive.replay import accounts
from archive.replay.accounts import RecordAccount, ordered, reason_of_scheme, reason_of_type


@pytest.mark.parametrize("kind", ["request", "metadata", "warcinfo", "conversion", "continuation"])
def test_a_type_of_the_standard_is_its_own_reason(kind: str) -> None:
    assert reason_of_type(kind) == kind


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("screenshot", "type screenshot"),
        ("x+y-z._1", "type x+y-z._1"),
        ("a b\n<c>ü", "type abc"),
        ("", "type unknown"),
        ("港", "type unknown"),
        ("a" * 41, f"type {'a' * 40}"),
    ],
)
def test_another_type_is_named_as_far_as_it_is_a_name(kind: str, reason: str) -> None:
    assert reason_of_type(kind) == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "no address"),
        ("dns:orla.example", "not HTTP (dns)"),
        ("FTP://orla.example/a", "not HTTP (ftp)"),
        ("urn:pageinfo:https://orla.example/", "not HTTP (urn)"),
        ("orla.example", "address without http or https"),
        ("orla.example:80/a", "address without http or https"),
        ("/a:b", "address without http or https"),
        ("ü:a", "not HTTP (unknown)"),
    ],
)
def test_an_answer_that_is_none_of_the_web_is_counted_by_its_scheme(url: str, reason: str) -> None:
    assert reason_of_scheme(url) == reason


def account(records: int, skipped: int, **reasons: int) -> RecordAccount:
    made = RecordAccount()
    made.records = records
    made.skip(skipped)
    for reason, count in reasons.items():
        for _ in range(count):
            made.note(reason.replace("_", " "))
    return made


def test_two_accounts_make_one() -> None:
    both = account(3, 40, read=1, request=1)
    assert not both.reconciles
    both.add(account(4, 50, read=2, warcinfo=3))
    assert both.reconciles
    assert str(both) == "7 records = 3 read + 3 warcinfo + 1 request; 90 damaged bytes skipped"
    assert str(RecordAccount()) == "0 records = none"
    assert ordered({"b": 1, "a": 1, "c": 2}) == [("c", 2), ("a", 1), ("b", 1)]


def test_what_could_have_been_a_page_is_lost() -> None:
    lost = ["no date", "unreadable date", "repeats a record that is not here", "no status line", "status 42"]
    others = [
        accounts.READ,
        "empty answer",
        "no address",
        "address without http or https",
        "request",
        "not HTTP (dns)",
    ]
    made = account(0, 0, **dict.fromkeys([*lost, *others], 2))
    assert made.lost == dict.fromkeys(lost, 2)
