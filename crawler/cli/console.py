"""What our commands print: one line for each thing, colours on a terminal only."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from archive.checks.findings import Checked, Finding, Severity
from crawler.catalogue.history import Copy, Revision
from crawler.catalogue.stories import Story
from crawler.cli.progress import Bar, shown
from crawler.items import Relation
from crawler.program import as_typed
from crawler.terminal import printable as printable
from crawler.texts.word_diff import DiffKind, diff_words

_VERBS = {
    Relation.COPY: "repeats",
    Relation.DEVELOPS: "develops",
    Relation.REPORT: "reports the same as",
    Relation.TRANSLATION: "translates",
}

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


def told(relation: str | None, other: str | None) -> str:
    """What a page is to an earlier one, in words."""
    return f"{_VERBS[Relation(relation)]} {other}" if relation else "began it here"


def print_story(story: Story | None, url: str) -> None:
    """The other pages of the story that a page tells, but for the copies of this page."""
    if story is None or len(story.pages) == 1:
        return
    agency = f", from {story.agency}" if story.agency else ""
    published = story.first.published or story.first.captured or "not known when"
    first = f"{story.first.url} had it first ({published})"
    say_of_story = f"{'story':17} {len(story.pages)} pages{agency}; {first}"
    open_console().print(Text(printable(say_of_story)))
    for page in story.pages:
        if page.url == url or (page.relation is Relation.COPY and page.relates_to == url):
            continue
        open_console().print(Text(printable(f"{'':17} {page.url} {told(page.relation, page.relates_to)}")))


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


def say(sentences: Iterable[str]) -> None:
    """Print sentences, one a line."""
    for sentence in sentences:
        print(printable(as_typed(sentence)), flush=True)


def say_apart(sentences: Iterable[str]) -> None:
    """Print sentences on standard error, where standard output is data."""
    for sentence in sentences:
        print(printable(as_typed(sentence)), file=sys.stderr, flush=True)


def open_console() -> Console:
    return Console(soft_wrap=True, highlight=False)  # a digest cut in two could not be copied


class View:
    """Prints findings as they come, and shows progress to a person at a terminal."""

    def __init__(self) -> None:
        self.console = open_console()
        self.checked = Checked()
        self.faults = 0

    @contextmanager
    def stage(self, what: str | Bar) -> Iterator[None]:
        """Show at a terminal what is going on; a bar shows how far it is, too."""
        with self.console.status(what) if isinstance(what, str) else shown(what, self.console):
            yield

    def show(self, finding: Finding) -> None:
        """Print a finding, and count it if it is a fault."""
        is_fault = finding.severity is Severity.FAULT
        self.faults += is_fault
        style = "bold red" if is_fault else "yellow"
        line = Text(f"{finding.severity:6}", style).append(printable(as_typed(finding.sentence)), "default")
        self.console.print(line)

    def show_all(self, findings: Iterable[Finding]) -> None:
        """Print findings as they come."""
        for finding in findings:
            self.show(finding)
