"""What `scrapy` shows by itself: our commands by what they are for, apart from those of Scrapy."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.text import Text
from scrapy.commands import ScrapyCommand

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Begin": ("demo", "init", "doctor", "completion"),
    "Gather": ("crawl", "add", "sources", "gaps"),
    "See what came in": ("search", "browse", "report", "export", "index", "series", "watch"),
    "Ask why": ("explain", "trace"),
    "Decide": ("review", "date", "audit", "relevance"),
    "Prove": ("verify", "wacz", "key"),
    "Look after the data": ("rederive", "restore", "store", "archive", "prune", "redact"),
}
"""By purpose the names of commands, in the order in which people come to need them."""

OF_SCRAPY = (
    "bench",
    "check",
    "edit",
    "genspider",
    "list",
    "runspider",
    "settings",
    "startproject",
    "version",
)
REFUSED = ("fetch", "parse", "shell", "view")
"""Commands of Scrapy's that would fetch past archive and robots.txt."""


def print_list(commands: Mapping[str, ScrapyCommand]) -> None:
    """Print every command with a sentence."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(Text("Frontwire gathers news on armed conflict and keeps the pages as evidence.\n"))
    console.print(Text("scrapy COMMAND [options]; `scrapy COMMAND --help` says what it takes.\n"))
    for heading, names in groups_of(commands):
        console.print(Text(heading, "bold"))
        for name in names:
            console.print(Text(f"  {name:<11} ").append(commands[name].short_desc(), "dim"))
    console.print(Text("\nScrapy's own", "bold"))
    console.print(Text(f"  {' '.join(name for name in OF_SCRAPY if name in commands)}"))
    console.print(
        Text(f"  not here, as they would fetch past archive and robots.txt: {' '.join(REFUSED)}", "dim")
    )


def groups_of(commands: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The commands that there are, by purpose; what is in no group comes last."""
    known = {*commands}
    for heading, names in GROUPS.items():
        if there := [name for name in names if name in known]:
            yield heading, there
    grouped = {name for names in GROUPS.values() for name in names}
    if others := sorted(known - grouped - {*OF_SCRAPY, *REFUSED}):
        yield "More", others
