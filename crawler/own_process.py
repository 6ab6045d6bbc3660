"""How we start ourselves in another process."""

import subprocess
import sys
from pathlib import Path

_PROGRAM = "import sys; sys.path.insert(0, {!r}); from crawler.__main__ import main; main()"


def scrapy_command(*arguments: str) -> list[str]:
    """The command line of `scrapy …`, with this code, wherever it is given."""
    return [sys.executable, "-c", _PROGRAM.format(str(Path(__file__).parent.parent)), *arguments]


def run_scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy …` to its end, and give its exit code and what it wrote."""
    return subprocess.run(
        scrapy_command(*arguments), check=False, capture_output=True, text=True, errors="replace"
    )
