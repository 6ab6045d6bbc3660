"""Set up a folder of one's own: what is to be gathered, by whom, and from where."""

import argparse
import json
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.new_seeds import ask_seed, read_new_seed
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE
from crawler.sources.registry import built_in

_SOURCES = """# Your own sources, which add to the built-in ones (docs/sources.md):
#   scrapy sources add https://tarn-courier.example/ --to sources.toml
"""
_CFG = "scrapy.cfg"
_SCRAPY_CFG = "[settings]\ndefault = crawler.settings\n"


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write the folder, or refuse with nothing written."""
    no_arguments_left(args, 1)
    folder = Path(args[0] if args else ".")
    _refuse_what_is_there(folder, ["frontwire.toml", "sources.toml"])  # before anything is asked
    asks = sys.stdin.isatty() and "-" not in opts.seed
    operator = _operator(opts.operator, asks)
    languages = _languages(opts.language, asks)
    seeds = [read_new_seed(settings, each) for each in opts.seed] or _asked_seeds(asks)
    files = _files(operator, languages, seeds)
    _refuse_what_is_there(folder, files)
    _write(folder, files)
    say(_next_steps(folder, languages))
    return OK


def _refuse_what_is_there(folder: Path, names: Iterable[str]) -> None:
    there = [path for name in names if name != _CFG and (path := folder / name).exists()]
    if there:
        raise OperatorError(
            f"{there[0]} is there already: nothing was written. Edit it, or name another folder."
        )


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        raise OperatorError("Nothing was answered, and nothing was written.") from None


def _operator(given: str | None, asks: bool) -> str:
    if given is None and asks:
        given = _ask("Name and contact, which publishers see (Jane Doe, jane@example.org): ")
    if not (operator := " ".join((given or "").split())):
        raise OperatorError("Say who crawls: --operator 'Jane Doe, jane@example.org'.")
    return operator


def _languages(given: str | None, asks: bool) -> list[str]:
    if given is None and asks:
        given = _ask("Languages of your sources, as fr,ar (Enter: all): ")
    languages = [part.strip().lower() for part in (given or "").split(",") if part.strip()]
    known = {language for source in built_in() for language in source.languages}
    if unknown := [each for each in languages if each not in known]:
        raise OperatorError(f"No source is in the language {unknown[0]!r}: give codes such as fr,ar.")
    return languages


def _asked_seeds(asks: bool) -> list[bytes]:
    if not asks:
        raise OperatorError(
            "Give a text like those that you want: --seed FILE, --seed URL, or --seed - to read it."
        )
    return [ask_seed()]


def _files(operator: str, languages: Sequence[str], seeds: Sequence[bytes]) -> Mapping[str, bytes]:
    """By path the content of each file."""
    chosen = f"# Begin with: scrapy crawl news{_choice(languages)}\n"
    # A string of JSON is one of TOML.
    settings = f'OPERATOR = {json.dumps(operator)}\nSOURCES = ["sources.toml"]\n'
    texts = {"frontwire.toml": f"{chosen}{settings}", "sources.toml": _SOURCES, _CFG: _SCRAPY_CFG}
    files = {name: text.encode() for name, text in texts.items()}
    return files | {f"seeds/own-{number}.txt": seed for number, seed in enumerate(seeds, 1)}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        (folder / "seeds").mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if name == _CFG and (folder / name).exists():
                continue  # in the checkout
            with (folder / name).open("xb") as file:
                file.write(content)
    except OSError as error:
        raise OperatorError(
            f"Cannot write {error.filename}: {error.strerror}. Name another folder.", STORAGE
        ) from None


def _choice(languages: Sequence[str]) -> str:
    return f" -a language={','.join(languages)}" if languages else ""


def _next_steps(folder: Path, languages: Sequence[str]) -> list[str]:
    program = _program(folder)
    go = f"cd {shlex.quote(str(folder.absolute()))}"
    return [
        f"{folder.absolute()} is set up. Next:",
        f"  {go}",
        f"  {program} doctor",
        f"  {program} crawl news{_choice(languages)} -a dry_run=1",
        f"  {program} crawl news{_choice(languages)}",
    ]


def _program(folder: Path) -> str:
    """How commands are given in a folder: the checkout may not be installed."""
    home = Path(__file__).parents[2]
    is_installed = (spec := find_spec("archive")) is not None and "site-packages" in str(spec.origin)
    program = str(Path(sys.executable).parent / "scrapy")
    if is_installed or folder.absolute() == home:
        return shlex.quote(program)
    return f"PYTHONPATH={shlex.quote(str(home))} {shlex.quote(program)}"
