"""How our commands show what people read: one line for one thing, colours on a terminal only."""

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from crawler.catalogue.history import Copy, Revision
from crawler.texts.word_diff import DiffKind, diff_words

_MARKS = {
    DiffKind.SAME: ("", "", ""),
    DiffKind.REMOVED: ("[-", "-]", "red"),
    DiffKind.ADDED: ("{+", "+}", "green"),
}


def print_copies(found: Sequence[Copy]) -> None:
    for copy in found:
        known = "" if copy.known is None else f", {copy.known:.0%} of it here"
        credit = f", credits {copy.agency}" if copy.agency else ""
        when = copy.captured or "not known when"
        open_console().print(Text(printable(f"{copy.fate:17} {copy.url} ({when}{known}{credit})")))


def print_history(texts: Sequence[Revision]) -> None:
    """Each text that replaced another one, with what it changed."""
    for earlier, later in pairwise(texts):
        silence = ", without notice" if later.silent_edit else ""
        heading = f"changed{silence}: {earlier.file} -> {later.file} ({later.captured or 'not known when'})"
        open_console().print(Text(printable(heading), style="bold"))
        for passage in diff_words(earlier.text, later.text):
            line = Text(f" paragraph {passage.paragraph}  ", style="cyan")
            for part in passage.parts:
                opening, closing, style = _MARKS[part.kind]
                line.append(f"{opening}{printable(' '.join(part.text.split()))}{closing} ", style=style)
            open_console().print(line)


def open_console() -> Console:
    return Console(soft_wrap=True, highlight=False)  # a digest cut in two could not be copied


def printable(text: str) -> str:
    """Text from a page without what would steer a terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
