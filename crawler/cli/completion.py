"""What bash, zsh and fish complete: commands, the words and options that they take, spiders."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from shlex import quote
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.cli.command_list import REFUSED
from crawler.errors import OperatorError
from crawler.exit_codes import OK

PROGRAMS = ("scrapy", "frontwire")
_EVERYWHERE = {"--help": "say what it takes", "-s": "a setting, NAME=VALUE", "-L": "level of the log"}
_OPTIONAL = re.compile(r"\[-[^\]]*\]")
_WORD = re.compile(r"(?:^|[\[|]) ?([a-z]+)(?= |$|\])")


@dataclass(frozen=True, slots=True)
class Completed:
    """A command, and what may follow it."""

    name: str
    meaning: str
    words: tuple[str, ...]
    options: Mapping[str, str]
    """With their meanings."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Print the completion of a shell."""
    if len(args) != 1 or args[0] not in SHELLS:
        raise OperatorError(f"Name your shell: scrapy completion {' | '.join(SHELLS)}.")
    print("\n".join(SHELLS[args[0]](completed(settings))))
    return OK


def completed(settings: BaseSettings) -> list[Completed]:
    """Every command that does something here."""
    room = settings["COMMANDS_MODULE"]
    names = sorted(module.name for module in iter_modules(import_module(room).__path__))
    return [_completed(f"{room}.{name}", settings) for name in names if name not in REFUSED]


def _completed(module: str, settings: BaseSettings) -> Completed:
    name, command = module.rpartition(".")[2], import_module(module).Command()
    assert isinstance(command, ScrapyCommand)
    command.settings = settings  # type: ignore[assignment]  # as in `scrapy.cmdline`
    parser = _Options()
    command.add_options(parser)
    words = (
        get_spider_loader(settings).list()
        if name == "crawl"
        else _WORD.findall(_OPTIONAL.sub("", command.syntax()))
    )
    return Completed(name, command.short_desc(), tuple(dict.fromkeys(words)), parser.meanings | _EVERYWHERE)


class _Options(argparse.ArgumentParser):
    """Remembers the options of a command; those of every command are in a group of their own."""

    def __init__(self) -> None:
        self.meanings: dict[str, str] = {}
        super().__init__(add_help=False)

    def add_argument(self, *names: Any, **details: Any) -> argparse.Action:
        action = super().add_argument(*names, **details)
        self.meanings |= dict.fromkeys(action.option_strings, (action.help or "").replace("%%", "%"))
        return action


def _bash(commands: Sequence[Completed]) -> Iterator[str]:
    yield "_frontwire() {"
    yield "  local current=${COMP_WORDS[COMP_CWORD]} command= word words"
    yield '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield "    [[ $word != -* ]] && { command=$word; break; }"
    yield "  done"
    yield '  case "$command" in'
    yield f"    '') words={quote(' '.join(each.name for each in commands))} ;;"
    for each in commands:
        yield f"    {each.name}) words={quote(' '.join([*each.words, *each.options]))} ;;"
    yield "  esac"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$current"))'
    yield "}"
    yield f"complete -o default -F _frontwire {' '.join(PROGRAMS)}"


def _zsh(commands: Sequence[Completed]) -> Iterator[str]:
    yield f"#compdef {' '.join(PROGRAMS)}"
    yield "_frontwire() {"
    yield "  local -a commands options"
    yield "  commands=("
    yield from (f"    {quote(f'{each.name}:{each.meaning}')}" for each in commands)
    yield "  )"
    yield "  if (( CURRENT == 2 )); then _describe command commands; return; fi"
    yield "  case $words[2] in"
    for each in commands:
        yield f"    {each.name}) options=("
        described = [f"{name}:{meaning}" if meaning else name for name, meaning in each.options.items()]
        yield from (f"      {quote(one)}" for one in [*each.words, *described])
        yield "    ) ;;"
    yield "  esac"
    yield "  _describe option options"
    yield "  _files"
    yield "}"
    # Loaded from a folder of $fpath it is called at once, as the function of its file.
    yield f"if [[ $funcstack[1] == _* ]]; then _frontwire; else compdef _frontwire {' '.join(PROGRAMS)}; fi"


def _fish(commands: Sequence[Completed]) -> Iterator[str]:
    for program in PROGRAMS:
        for each in commands:
            begins = f"complete -c {program}"
            yield f"{begins} -n __fish_use_subcommand -f -a {each.name} -d {_fish_quoted(each.meaning)}"
            follows = f"{begins} -n '__fish_seen_subcommand_from {each.name}'"
            if each.words:
                yield f"{follows} -a {_fish_quoted(' '.join(each.words))}"
            for option, meaning in each.options.items():
                kind = "-l" if option.startswith("--") else "-s"
                yield f"{follows} {kind} {option.lstrip('-')} -d {_fish_quoted(meaning)}"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SHELLS: Mapping[str, Callable[[Sequence[Completed]], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
