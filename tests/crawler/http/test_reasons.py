"""People read why a URL ended: never what only a programmer can read, and never nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import exceptions

from crawler.http.reasons import reason_of

OLD = "[<twisted.python.failure.Failure {}>]"
BROKE = "The connection broke before the answer was whole"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Getting https://orla.example/1 took longer than 9 seconds.",) * 2,
        ("two\n lines", "two lines"),
        ("", BROKE),
        (
            OLD.format("twisted.web.http_headers.InvalidHeaderName: b'x-by '"),
            "The connection broke before the answer was whole",
        ),
        (OLD.format("builtins.KeyError: b'identity'"), BROKE),
        (OLD.format("twisted.internet.error.ConnectionLost: Connection lost."), "Connection lost."),
        (
            "[('SSL routines', '', 'certificate verify failed')]",
            "The connection broke before the answer was whole",
        ),
        ("<object object at 0x7f>", BROKE),
        ("answer of <GET https://orla.example>", BROKE),
    ],
)
def test_a_reason_is_a_sentence(message: str, reason: str) -> None:
    assert reason_of(exceptions.DownloadFailedError(message)) == reason


@pytest.mark.parametrize(
    "kind",
    [
        exceptions.CannotResolveHostError,
        exceptions.DownloadCancelledError,
        exceptions.DownloadConnectionRefusedError,
        exceptions.DownloadFailedError,
        exceptions.DownloadTimeoutError,
        exceptions.ResponseDataLossError,
    ],
)
def test_a_failure_without_a_word_gets_some(kind: type[Exception]) -> None:
    assert len(reason_of(kind()).split()) > 3
    assert kind.__name__ not in reason_of(kind())


@given(st.text())
def test_no_message_makes_a_reason_empty_or_unreadable(message: str) -> None:
    reason = reason_of(ValueError(message))
    assert reason and not re.search(r"<\w|object at|twisted|Failure", reason)
