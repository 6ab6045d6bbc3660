"""What an exception means, as a sentence for the people who read why a URL ended so."""

import re
from collections.abc import Mapping

_SENTENCES: Mapping[str, str] = {
    "CannotResolveHostError": "The name of the host has no address",
    "DownloadCancelledError": "The answer is larger than it may be",
    "DownloadConnectionRefusedError": "The server refused the connection",
    "DownloadFailedError": "The connection broke before the answer was whole",
    "DownloadTimeoutError": "The server did not answer in time",
    "ResponseDataLossError": "The answer is incomplete",
}
"""By the exception's name, for those that come without a word, or with what only a programmer can read."""

_WRAPPED = re.compile(r"Failure [\w.]+: ([\w .,:;()-]+)>")
"""The words inside a failure of Twisted's, as archives of earlier versions note it."""

_UNREADABLE = re.compile(r"<[^>]*>?|\bobject at\b|twisted|Failure|\[\(|\bb'")


def reason_of(error: BaseException) -> str:
    """Why something failed: the exception's own words, unless they are none or a programmer's."""
    words = " ".join(str(error).split())
    if wrapped := _WRAPPED.search(words):
        words = wrapped[1].strip()
    if words and not _UNREADABLE.search(words):
        return words
    name = type(error).__name__
    return _SENTENCES.get(name, f"The request failed ({name})")
