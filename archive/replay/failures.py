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


def failure_of(notes: Mapping[str, str], truncated: str | None, status: int = 200) -> Exception | None:
    """The exception by the note `error` of the metadata record, else by WARC-Truncated; None for a usable answer.

    An answer that is not whole is usable where its head says everything (`is_decided_by_head`), or where the crawl
    took it as it was.
    """
    name, _, message = notes.get("error", "").partition(": ")
    if name:
        return _ERRORS.get(name, DownloadFailedError)(message)
    if not truncated or is_decided_by_head(status) or notes.get("dataLoss") == "accepted":
        return None
    return _TRUNCATIONS.get(truncated, DownloadFailedError)(f"archived without its end ({truncated})")


def is_decided_by_head(status: int) -> bool:
    """Whether nobody needs the body of an answer: errors and redirects say all in their head."""
    return not 200 <= status < 300
