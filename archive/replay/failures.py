"""How an archived request failed, as the exception that the live crawl met."""

from collections.abc import Mapping

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

_ERRORS: dict[str, type[Exception]] = {
    error.__name__: error
    for error in (
        CannotResolveHostError,
        DownloadCancelledError,
        DownloadConnectionRefusedError,
        DownloadFailedError,
        DownloadTimeoutError,
        ResponseDataLossError,
    )
}
_TRUNCATIONS: dict[str, type[Exception]] = {
    "length": DownloadCancelledError,
    "time": DownloadTimeoutError,
    "disconnect": ResponseDataLossError,
}


def failure_of(notes: Mapping[str, str], truncated: str | None) -> Exception | None:
    """The exception by the note `error` of the metadata record, else by WARC-Truncated; None for a whole answer."""
    name, _, message = notes.get("error", "").partition(": ")
    if name:
        return _ERRORS.get(name, DownloadFailedError)(message)
    if not truncated:
        return None
    return _TRUNCATIONS.get(truncated, DownloadFailedError)(f"archived without its end ({truncated})")
