"""What an archive notes about a failed request is the exception that the crawl met."""

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from archive.replay.failures import failure_of


@pytest.mark.parametrize(
    ("note", "truncated", "kind"),
    [
        ("DownloadTimeoutError: 60 s", None, DownloadTimeoutError),
        ("CannotResolveHostError: marisol.example", None, CannotResolveHostError),
        ("DownloadCancelledError: too large", "time", DownloadCancelledError),
        ("ResponseDataLossError: cut", None, ResponseDataLossError),
        ("DownloadConnectionRefusedError: no", None, DownloadConnectionRefusedError),
        ("DownloadFailedError: reset", None, DownloadFailedError),
        ("KeyError: what nobody expected", None, DownloadFailedError),
        ("", "length", DownloadCancelledError),
        ("", "time", DownloadTimeoutError),
        ("", "disconnect", ResponseDataLossError),
        ("", "unspecified", DownloadFailedError),
    ],
)
def test_a_note_goes_before_a_cut(note: str, truncated: str | None, kind: type[Exception]) -> None:
    failure = failure_of({"error": note} if note else {}, truncated)
    assert type(failure) is kind
    assert str(failure) == (note.partition(": ")[2] or f"archived without its end ({truncated})")


def test_a_whole_answer_is_no_failure() -> None:
    assert failure_of({"kind": "article"}, None) is None


@pytest.mark.parametrize(
    ("notes", "status", "is_failure"),
    [
        ({}, 199, False),
        ({}, 200, True),
        ({}, 299, True),
        ({}, 300, False),
        ({}, 404, False),
        ({"dataLoss": "accepted"}, 200, False),
        ({"dataLoss": "refused"}, 200, True),
        ({"error": "DownloadTimeoutError: 60 s", "dataLoss": "accepted"}, 404, True),
    ],
)
def test_a_cut_answer_is_usable_where_its_head_says_all_or_the_crawl_took_it(
    notes: dict[str, str], status: int, is_failure: bool
) -> None:
    assert (failure_of(notes, "length", status) is not None) is is_failure
