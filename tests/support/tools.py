"""Programs of the web-archiving world, which a test finds through the environment (`tests/tools.sh` installs them)."""

import os
import shutil
from pathlib import Path

import pytest


def find_tool(variable: str, program: str) -> str:
    """The path of a program; the test is skipped, with the reason, where it is not installed."""
    path = os.environ.get(variable) or shutil.which(program)
    if not path:
        pytest.skip(f"{program} is not installed: run tests/tools.sh, or set {variable} to its path")
    return path


def find_folder(variable: str, name: str) -> Path:
    """The folder of a package; the test is skipped, with the reason, where there is none."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{name} is not installed: run tests/tools.sh, or set {variable} to its folder")
    return Path(folder)
