"""People read why a URL ended: never what only a programmer can read, and never nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import exceptions

from crawler.http.reasons import reason_of
from tests.support.sums import Row, is_understandable

OLD = "[<twisted.python.failure.Failure {}>]"
BROKE = "The connection broke before the answer was whole"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Getting https://orla.example/1 took longer than 9 seconds.",) * 2,
        ("two\n lines", "two lines"),
        ("Name the host in ADDRESS_GUARD_ALLOW.",) * 2,
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
    "message",
    [
        *(f"Orla {sign} of it" for sign in "<>{}[]\\"),
        "the name b'x' is odd",
        'the name b"x" is odd',
        "some object at 0x7f",
        "the answer was None",
        "it has Errno 5",
        "Orla [Errno 2] of it",
        "Traceback of it",
        "an error of twisted code",
        "it is a KeyError",
        "it is an OddException now",
        "it is an OddFailure",
        "it is a UserWarning",
        "host_name of it",
        "call a.read() again",
        "single",
        "7 of 9",
        "(all of it)",
        "all\x07 of it",
    ],
)
def test_what_only_a_programmer_can_read_is_said_in_other_words(message: str) -> None:
    assert reason_of(exceptions.DownloadFailedError(message)) == BROKE


@pytest.mark.parametrize(
    "message",
    [
        "Nonesuch is a town",
        "an objection at hand",
        "a subobject at hand",
        "an error came",
        "Error of the server",
        "the crab'x y",
        "Errnox of Orla",
        "see https://orla.example/<a>_b{KeyError} for it",
        "No such file or directory: a.warc",
    ],
)
def test_words_for_people_stay(message: str) -> None:
    assert reason_of(exceptions.DownloadFailedError(message)) == message
    assert reason_of(OSError(2, message)) == message


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
@example("'identity'")
@example("[Errno 104] Connection reset by peer")
@example("host_name of orla.example")
@example("http://orla.example/a_b?c=<d> KeyError")
def test_no_message_makes_a_reason_empty_or_unreadable(message: str) -> None:
    class OddEndError(Exception):
        pass

    for error in (ValueError(message), OddEndError(message), OSError(5, message)):
        assert is_understandable(Row("visit", "network_error", reason_of(error)))


@pytest.mark.parametrize(
    "reason",
    [
        None,
        "",
        "KeyError",
        "extraction failed: KeyError",
        "page is soft_404",
        "broke: <twisted.python.failure.Failure>",
        "header b'x-by' is odd",
        "[Errno 2] no such file",
        "two\nlines of it",
        "trailing space ",
        "timeout",
        "10.0.0.1 is not public",
    ],
)
def test_what_is_no_sentence_is_found(reason: str | None) -> None:
    assert not is_understandable(Row("visit", "network_error", reason))


@pytest.mark.parametrize(
    "reason",
    [
        "HTTP 503",
        "redirects to itself",
        "to http://orla.example/a_b/<c>/KeyError.html",
        "To fetch from it, name the host in ADDRESS_GUARD_ALLOW.",
        "RSS feed, 3 entries: 2 new, 0 known, 1 dropped (1 cut off); not read whole: it ends within an entry",
    ],
)
def test_what_is_a_sentence_is_left_alone(reason: str) -> None:
    assert is_understandable(Row("visit", "network_error", reason))
