"""Chromium for tests of pages, without a window."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.tools import find_tool

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@contextmanager
def open_browser() -> "Iterator[Browser]":
    """The browser that TOOL_CHROMIUM names, or that is in PATH; the test is skipped without one."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = find_tool("TOOL_CHROMIUM", "chromium")
    # Chromium's own sandbox does not start for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
