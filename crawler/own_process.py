"""How we start ourselves in another process."""

import subprocess
import sys
from pathlib import Path

QUIET = {
    "NOTIFY_URLS": "",
    "METRICS_PORT": 0,
    "METRICS_FILE": "",
    "LOG_JSON": 0,
    "REPORT": 0,
    "ARCHIVE_URL": "",
    "CORPUS_URL": "",
}
"""Settings of a run that is part of a command: nobody waits for news of it, and its words are read by us."""

_PROGRAM = "import sys; sys.path.insert(0, {!r}); from crawler.__main__ import main; main()"


def scrapy_command(*arguments: str) -> list[str]:
    """The command line of `scrapy …`, with this code, wherever it is given."""
    return [sys.executable, "-c", _PROGRAM.format(str(Path(__file__).parent.parent)), *arguments]


def run_scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy …` to its end, and give its exit code and what it wrote."""
    return subprocess.run(
        scrapy_command(*arguments), check=False, capture_output=True, text=True, errors="replace"
    )
