"""Why an answer is not whole, as records say it."""

import pytest
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    StopDownload,
)

from archive.capture.recording import cut_by, cut_of


@pytest.mark.parametrize(
    ("error", "cut"),
    [
        (DownloadTimeoutError("60 s"), "time"),
        (DownloadCancelledError("too large"), "length"),
        (StopDownload(), "length"),
        (DownloadFailedError("reset"), "disconnect"),
        (DownloadConnectionRefusedError("refused"), "disconnect"),
        (ResponseDataLossError("cut"), "disconnect"),
        (OSError("odd"), "disconnect"),
    ],
)
def test_an_exception_says_why(error: Exception, cut: str) -> None:
    assert cut_by(error) == cut


@pytest.mark.parametrize(
    ("flags", "cut"),
    [
        ([], ""),
        (["cached", "partial"], ""),
        (["download_stopped"], "length"),
        (["dataloss"], "disconnect"),
        (["partial", "dataloss", "download_stopped"], "disconnect"),
    ],
)
def test_a_flag_of_scrapy_says_why(flags: list[str], cut: str) -> None:
    assert cut_of(flags) == cut
