"""What holds for everything that a command prints, from its first moment on."""

import logging
import os
import re
import sys
import unicodedata
from contextlib import suppress
from types import TracebackType
from typing import Any

from archive.warc.target_uri import without_any_credentials
from crawler.exit_codes import FAILED
from crawler.program import as_typed

# What is invisible may belong to the words (ZWNJ, ZWJ, direction marks, soft hyphen); these show other text than
# there is: bidi embeddings, overrides and isolates, deprecated controls, annotations, tags.
_FORGING = re.compile("[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]")

_TELLING = ("scrapy.extensions.feedexport",)
"""What of Scrapy tells an operator something at INFO: the other lines are its settings, components and statistics."""


def prepare() -> None:
    """Let no character that a terminal cannot show raise, and no interrupt show a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Also in UTF-8: names of files may hold bytes that are no text.
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors="backslashreplace")
    logging.setLogRecordFactory(_make_record)
    sys.excepthook = _report
    sys.unraisablehook = _report_ignored


def _make_record(*arguments: Any, **named: Any) -> logging.LogRecord:
    """A record of the log without what an operator should not, or need not, read there."""
    record = _for_operators(logging.LogRecord(*arguments, **named))
    is_scrapys = str(record.name).startswith("scrapy.") and record.name not in _TELLING
    if is_scrapys and record.levelno == logging.INFO:
        record.levelno, record.levelname = logging.DEBUG, logging.getLevelName(logging.DEBUG)
    return record


def _for_operators(record: logging.LogRecord) -> logging.LogRecord:
    """The record without the password that a URL may have: Scrapy names the target of `-o`, for one."""
    with suppress(Exception):  # a wrong record is the handler's to report
        message = record.getMessage()
        if (shown := as_typed(without_any_credentials(message))) != message:
            record.msg, record.args = shown, ()
    return record


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what nobody caught: of an interrupt, which says nothing of a defect, one sentence."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    print("frontwire: Stopped before the end.", file=sys.stderr, flush=True)
    # Python would end itself by the signal, which is no exit code of ours.
    os._exit(FAILED)


def _report_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    """Print what could not be raised, while Python ends for instance; an interrupt that comes then changes nothing."""
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)


def printable(text: str) -> str:
    """Text from a page as it is, without what controls the terminal or shows the line in another order."""
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    is_harmless = unicodedata.category(character) in ("Zs", "Cf") and not _FORGING.match(character)
    return character if is_harmless else "\N{REPLACEMENT CHARACTER}"
