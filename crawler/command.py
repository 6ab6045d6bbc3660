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
from crawler.database.engine import StoreError
from crawler.run.result import FAILED, STORAGE, USAGE


class CommandFailed(Exception):
    """A command cannot do what was asked: a sentence for the operator, and the exit code."""

    def __init__(self, sentence: str, exit_code: int = USAGE) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


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
        except CommandFailed as failure:
            leave(failure)
        except KeyboardInterrupt:
            leave(CommandFailed("Stopped before the end.", FAILED))
        except BrokenPipeError:  # `scrapy export | head`: the reader has seen enough
            sys.stderr.close()

    @property
    def data_dir(self) -> Path:
        return Path(settings_of(self)["DATA_DIR"])

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "collections" / "news" / "archive"

    def open_catalogue(self) -> Store:
        """The catalogue of DATA_DIR, which must be there."""
        self.require_catalogue()
        return open_store(settings_of(self)["STORE_URL"], self.data_dir)

    def require_catalogue(self) -> None:
        """Refuse a DATA_DIR in which nothing was gathered yet."""
        has_file = (self.data_dir / "catalogue.sqlite").is_file()
        if not (settings_of(self)["STORE_URL"] or has_file):
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


def leave(failure: CommandFailed) -> NoReturn:
    """Print the sentence and end the process with the failure's exit code."""
    print(f"frontwire: {failure}", file=sys.stderr)
    raise SystemExit(failure.exit_code)


def no_arguments_left(args: list[str], most: int) -> None:
    """Refuse options that the command does not have, and more arguments than it takes."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown or len(args) > most:
        extra = unknown[0] if unknown else args[most]
        raise CommandFailed(f"Unknown argument {extra!r}: see the command's --help for what it takes.")
