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
from tests.support.command_server import command_server
from tests.support.session import OURS

NOTHING: Mapping[str, str] = {}


def scrapy(*arguments: object, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    """Run `scrapy …` from the checkout, in a process forked from one that has loaded it already."""
    return command_server().run([*map(str, arguments)], _environment(), timeout_s)


def start_scrapy(
    *arguments: object, environment: Mapping[str, str] = NOTHING, timeout_s: float = 300
) -> subprocess.CompletedProcess[str]:
    """Start Python and run `scrapy …`, as a shell does; `environment` comes on top of what there is."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *map(str, arguments)],
        cwd=ROOT,
        env=_environment() | dict(environment),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def _environment() -> dict[str, str]:
    """That of this process, without what the user sets for Frontwire."""
    return {
        name: value for name, value in os.environ.items() if name in OURS or not name.startswith("FRONTWIRE_")
    }


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
