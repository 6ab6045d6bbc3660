"""Commands as an operator runs them: in a process of their own, with its output and exit code."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.conftest import ROOT, SIGNING_KEY


def scrapy(
    *arguments: object, timeout_s: float = 120, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy …` from the checkout."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name == SIGNING_KEY or not name.startswith("FRONTWIRE_")
    }
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *map(str, arguments)],
        cwd=ROOT,
        env=inherited | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
