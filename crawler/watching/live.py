"""The view of a run at a terminal, and the log lines above it."""

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy.settings import BaseSettings
from scrapy.utils.log import get_scrapy_root_handler

from crawler.watching.drawing import RunView

LEAST_COLUMNS, LEAST_LINES = 40, 12
"""On a smaller terminal there are lines only."""


def is_wanted(settings: BaseSettings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a person may be looking: standard error is a terminal that moves its cursor and has more than ASCII."""
    if not settings.getbool("LIVE_VIEW") or settings.getbool("LOG_JSON") or environment.get("CI"):
        return False
    is_piped = any(feed in ("-", "stdout:") for feed in settings.getdict("FEEDS"))
    console = Console(stderr=True)
    has_signs = console.encoding.startswith("utf")
    is_large = console.size.width >= LEAST_COLUMNS and console.size.height >= LEAST_LINES
    return console.is_terminal and not console.is_dumb_terminal and has_signs and is_large and not is_piped


class LiveView:
    """Draws a view below the log, from `start` to `stop`."""

    def __init__(self, view: RunView) -> None:
        self._view = view
        self._console = Console(stderr=True, highlight=False)
        self._live = self._new_live()
        self._size = self._console.size
        self._log: tuple[logging.StreamHandler[TextIO], TextIO] | None = None

    def start(self) -> None:
        """Show the view, and let the log be written above it."""
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
            self._log = handler, handler.stream
            handler.setStream(_AboveView(self._console))
        self._live.start()

    def draw(self) -> None:
        """Show the view as it is now."""
        if self._console.size != self._size:
            self._begin_anew()
        self._live.refresh()

    def stop(self) -> None:
        """Take the view away, and give the log its terminal back; may be called twice."""
        self._live.stop()
        if self._log is not None:
            handler, stream = self._log
            handler.setStream(stream)
            self._log = None

    def _begin_anew(self) -> None:
        """Clear the screen: a terminal of another width shows the lines of the view in other places."""
        self._size = self._console.size
        self._live.stop()
        self._console.clear()
        self._live = self._new_live()
        self._live.start()

    def _new_live(self) -> Live:
        # Drawn by our own clock: rich's is a thread that draws four times a second.
        return Live(
            self._view,
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stderr=False,
            vertical_overflow="crop",
        )


class _AboveView:
    """A stream for the log: the terminal wraps its lines, so that what is copied from it is whole."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True, end="")

    def flush(self) -> None:
        """Nothing is kept back."""
