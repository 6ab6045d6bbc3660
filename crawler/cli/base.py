"""What our commands share: settings are checked first, and an error is one sentence and an exit code."""

import argparse
import sys
from importlib import import_module
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archive.errors import ArchiveError
from crawler import garbage
from crawler.archive_errors import operator_error
from crawler.configuration import apply_operator_settings, check_names, check_values, hide_secrets
from crawler.errors import OperatorError, leave
from crawler.exit_codes import FAILED
from crawler.program import remember_data_dir


class FrontwireCommand(ScrapyCommand):
    """A command whose work is `run(settings, args, opts)` in the module of `crawler.cli` that has its name."""

    requires_project = True
    requires_crawler_process = False
    interrupted: ClassVar[str] = "Stopped before the end."

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unusable settings before anything begins."""
        garbage.pause()
        settings = settings_of(self)
        try:
            apply_operator_settings(settings)
            check_names([each.partition("=")[0] for each in opts.set], list(settings))
            super().process_options(args, opts)
            remember_data_dir(_given_data_dir(settings))
            hide_secrets(settings)
            check_values(settings)
            if settings.getbool("LOG_JSON"):
                import_module("crawler.watching.json_log").use_json(settings)
        except OperatorError as error:
            leave(error)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work and give the exit code; OperatorError if it cannot be done."""
        name = type(self).__module__.rpartition(".")[2]
        module = import_module(f"crawler.cli.{name}")
        garbage.resume()
        exit_code: int = module.run(settings_of(self), args, opts)
        return exit_code

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = self.execute(args, opts)
        except OperatorError as error:
            leave(error)
        except ArchiveError as error:
            leave(operator_error(error))
        except KeyboardInterrupt:
            leave(OperatorError(self.interrupted, FAILED))
        except BrokenPipeError:  # `scrapy export | head`: the reader has seen enough
            sys.stderr.close()
        except Exception as error:
            failure = self._of_database(error)
            if failure is None:
                raise
            leave(failure)
        finally:
            garbage.look_no_more()

    def _of_database(self, error: Exception) -> OperatorError | None:
        """The error of a database that fails in the middle of a command; None if it is something else."""
        if self.settings is None or "sqlalchemy" not in sys.modules:
            return None
        # Not above: it is more to import than most commands need.
        failed: OperatorError | None = import_module("crawler.cli.storage_errors").of_database(
            error, settings_of(self)
        )
        return failed


class RefusedCommand(FrontwireCommand):
    """A command of Scrapy's that would fetch past archive, robots.txt and address guard."""

    def syntax(self) -> str:
        return "URL"

    def short_desc(self) -> str:
        return "Not in Frontwire: it would fetch past archive, robots.txt and address guard"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        name = type(self).__module__.rpartition(".")[2]
        raise OperatorError(
            f"{name} is Scrapy's own command and would fetch past archive, robots.txt and address guard: "
            "use it in another folder, or see what the archive has with `scrapy explain URL` and `scrapy browse`."
        )


def _given_data_dir(settings: BaseSettings) -> str | None:
    is_given = (settings.getpriority("DATA_DIR") or 0) >= SETTINGS_PRIORITIES["cmdline"]
    return str(settings["DATA_DIR"]) if is_given else None


def settings_of(command: ScrapyCommand) -> BaseSettings:
    assert command.settings is not None, "scrapy.cmdline sets the settings before it runs a command"
    return command.settings


def no_arguments_left(args: list[str], most: int) -> None:
    """Refuse options that the command does not have, and more arguments than it takes."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown or len(args) > most:
        extra = unknown[0] if unknown else args[most]
        raise OperatorError(f"Unknown argument {extra!r}: see the command's --help for what it takes.")


def add_all_places_option(parser: argparse.ArgumentParser) -> None:
    """Let `--all-places` do it in each data directory that shares the catalogue."""
    parser.add_argument(
        "--all-places",
        action="store_true",
        help="in every data directory that shares the catalogue, one after the other",
    )


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """Let `--key` name the key that must have signed the archive."""
    parser.add_argument("--key", metavar="ID", help="id of the key that must have signed (default: your own)")


def add_choice_options(parser: argparse.ArgumentParser) -> None:
    """Let `--country` and the like choose sources, as the arguments of `scrapy crawl news` do."""
    chosen = {
        "source": ("ID", "ids"),
        "country": ("CC", "countries of newsrooms (ISO 3166-1)"),
        "focus": ("CC", "countries or regions in conflict"),
        "language": ("LL", "languages (ISO 639-1)"),
        "kind": ("KIND", "kinds"),
        "owner": ("OWNER", "who runs them"),
    }
    for name, (form, what) in chosen.items():
        parser.add_argument(f"--{name}", metavar=f"{form},…", help=f"{what}, separated by commas")
    parser.add_argument("--sources", metavar="PATH", help="another registry than the built-in one")
