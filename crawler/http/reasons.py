"""What an exception means, as a sentence for the people who read why a URL ended so."""

import re
from collections.abc import Mapping

from archive.errors import words_of

DEFECT = "a defect of Frontwire stopped its handling; the log of the run says which"
"""Why a URL ended that met what only a programmer can put right."""

NOT_READ = "its title and first text rule it out, so that it was not read (REPLAY_PREFILTER)"
"""Why a page is off topic that a replay did not read."""

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

_CODE = re.compile(r"^\[Errno -?\d+\] ")
"""Before the words that the system has for it."""

_ADDRESS = re.compile(r"https?://\S+")
_UNREADABLE = re.compile(
    r"[<>{}\[\]\\]|\bb['\"]|\bobject at\b|\bNone\b|\bErrno\b|Traceback|twisted"
    r"|\b[A-Z]\w*(?:Error|Exception|Failure|Warning)\b|[a-z\d]_\w|\w_[a-z\d]|\w\.[A-Za-z]\w*\("
)
"""What stands in representations of objects and in names of classes, outside of addresses.

Names of settings (`ADDRESS_GUARD_ALLOW`) are for people: they say what to do.
"""


def reason_of(error: BaseException) -> str:
    """Why something failed: the exception's own words, unless they are none or a programmer's."""
    words = _CODE.sub("", " ".join(str(error).split()))
    if wrapped := _WRAPPED.search(words):
        words = wrapped[1].strip()
    if _is_readable(words):
        return words
    return _SENTENCES.get(type(error).__name__, f"The request failed ({words_of(error)})")


def _is_readable(words: str) -> bool:
    is_sentence = words[:1].isalpha() and " " in words and words.isprintable()
    return is_sentence and not _UNREADABLE.search(_ADDRESS.sub("", words))
