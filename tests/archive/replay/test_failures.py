"""What an archive notes about a failed request is the exception that the crawl met."""

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
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
