"""Commands as an operator runs them: in a process of their own, with its output and exit code; or without one."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Mapping

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.configuration import apply_operator_settings
from tests.support.checkout import ROOT
from tests.support.session import SIGNING_KEY


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


def call(name: str, *arguments: str, **settings: object) -> int:
    """Run one of our commands in this process and give its exit code; `OperatorError` comes out as it is."""
    command = load_object(f"crawler.commands.{name}.Command")()
    command.settings = Settings()
    command.settings.setmodule("crawler.settings")
    apply_operator_settings(command.settings)
    command.settings.setdict(settings, priority="cmdline")
    parser = ArgumentParser()
    command.add_options(parser)
    opts, left = parser.parse_known_args(arguments)
    return int(command.execute(left, opts))
