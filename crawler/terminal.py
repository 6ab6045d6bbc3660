"""What holds for everything that a command prints, from its first moment on."""

import logging
import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any

from archive.warc.target_uri import without_any_credentials
from crawler.exit_codes import FAILED


def prepare() -> None:
    """Let no character that a terminal cannot show raise, and no interrupt show a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Also in UTF-8: names of files may hold bytes that are no text.
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors="backslashreplace")
    logging.setLogRecordFactory(_without_credentials)
    sys.excepthook = _report
    sys.unraisablehook = _report_ignored


def _without_credentials(*arguments: Any, **named: Any) -> logging.LogRecord:
    """A record of the log without the password that a URL may have: Scrapy names the target of `-o`, for one."""
    record = logging.LogRecord(*arguments, **named)
    with suppress(Exception):  # a wrong record is the handler's to report
        message = record.getMessage()
        if (shown := without_any_credentials(message)) != message:
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
