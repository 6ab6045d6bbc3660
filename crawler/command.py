"""What our commands share: one sentence and the contract's exit code for whatever goes wrong."""

import argparse
import sys
from abc import abstractmethod
from pathlib import Path
from typing import NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from crawler.catalogue.store import Store
from crawler.configuration import ConfigError, check_names, check_values
from crawler.data_dir import DataDir
from crawler.database.engine import StoreError
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, STORAGE


class CommandFailed(OperatorError):
    """A command cannot do what was asked: a sentence for the operator, and the exit code."""


class CheckedCommand(ScrapyCommand):
    """A command that refuses settings that nobody can use, before anything is begun."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        settings = settings_of(self)
        try:
            check_names([each.partition("=")[0] for each in opts.set], list(settings))
            super().process_options(args, opts)
            check_values(settings)
        except ConfigError as error:
            leave(CommandFailed(str(error)))


class FrontwireCommand(CheckedCommand):
    """A command that works on the data directory and needs no crawl of its own."""

    requires_project = True
    requires_crawler_process = False

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work and give the exit code; CommandFailed with a sentence if it cannot be done."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = self.execute(args, opts)
        except OperatorError as failure:
            leave(failure)
        except KeyboardInterrupt:
            leave(CommandFailed("Stopped before the end.", FAILED))
        except BrokenPipeError:  # `scrapy export | head`: the reader has seen enough
            sys.stderr.close()

    @property
    def data_dir(self) -> DataDir:
        return DataDir.of(settings_of(self))

    def open_catalogue(self) -> Store:
        """The catalogue of DATA_DIR, which must be there."""
        self.require_catalogue()
        return open_store(settings_of(self)["STORE_URL"], self.data_dir.path)

    def require_catalogue(self) -> None:
        """Refuse a DATA_DIR in which nothing was gathered yet."""
        if not (settings_of(self)["STORE_URL"] or self.data_dir.catalogue.is_file()):
            raise CommandFailed(
                f"There is no catalogue in {self.data_dir}: run a crawl first, or name the folder "
                "with -s DATA_DIR=FOLDER."
            )


def open_store(store_url: str, data_dir: Path) -> Store:
    """The store, or CommandFailed with what is wrong with it."""
    try:
        return Store.open(store_url, data_dir)
    except StoreError as error:
        raise CommandFailed(str(error), STORAGE) from None


def settings_of(command: ScrapyCommand) -> BaseSettings:
    assert command.settings is not None, "scrapy.cmdline sets the settings before it runs a command"
    return command.settings


def leave(failure: OperatorError) -> NoReturn:
    """Print the sentence and end the process with the failure's exit code."""
    print(f"frontwire: {failure}", file=sys.stderr)
    raise SystemExit(failure.exit_code)


def no_arguments_left(args: list[str], most: int) -> None:
    """Refuse options that the command does not have, and more arguments than it takes."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown or len(args) > most:
        extra = unknown[0] if unknown else args[most]
        raise CommandFailed(f"Unknown argument {extra!r}: see the command's --help for what it takes.")
