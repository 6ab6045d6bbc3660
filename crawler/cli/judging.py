"""A person at a terminal is asked about one page after the other."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from crawler.audit.pages_to_judge import Instead, PagesToJudge, PageToJudge
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.samples import Answer, Judgement, SampledPage
from crawler.cli.console import printable, say

_WIDEST = 88
_FIRST, _MORE = 4, 12
"""Paragraphs that are shown at first, and each time that more is wanted."""

_KEYS = {"y": Answer.YES, "n": Answer.NO, "s": Answer.SKIPPED}

_WANTED = {
    "both": "an article about armed conflict that is about what your seeds are about",
    "conflict": "an article about armed conflict",
    "related": "an article about what your seeds are about",
    "off": "an article",
}

_ASK = "Does it belong?  y yes   n no   s cannot tell   m more   b back   q quit: "
_ASK_COPY = "Does it say the same?  y yes   n no   s cannot tell   m more   b back   q quit: "


class _Back(Exception):
    """The page before is asked about again."""


class _Quit(Exception):
    """Enough for now."""


class Judging:
    """Shows pages and keeps answers."""

    def __init__(self, pages: PagesToJudge, keep: Callable[[Judgement], None], who: str, mode: str) -> None:
        """`keep` makes an answer durable before the next page is shown; `mode` is RELEVANCE_MODE."""
        self._pages, self._keep, self._who, self._mode = pages, keep, who, mode
        self._console = Console(highlight=False)
        self._console.width = min(self._console.width, _WIDEST)

    def ask(self, left: Sequence[SampledPage], total: int) -> None:
        """Ask about each of these pages of a sample, until the person stops."""
        if not left:
            say([f"Nothing is left to judge for {self._who}: scrapy audit report shows what it comes to."])
            return
        say([f"{self._who}, a page belongs if it is {_WANTED[self._mode]}."])
        answered = self._ask_each(left, total - len(left))
        rest = len(left) - answered
        end = (
            "scrapy audit report shows what it comes to."
            if not rest
            else f"{rest} are left: scrapy audit goes on."
        )
        say([f"{answered} answers of {self._who} are kept. {end}"])

    def _ask_each(self, left: Sequence[SampledPage], before: int) -> int:
        """How many of the pages were answered."""
        number, answered = 0, set[str]()
        while number < len(left):
            page = left[number]
            self._console.print(
                Rule(f"{before + number + 1} of {before + len(left)}", align="left", style="dim")
            )
            try:
                answer = self._answer(self._pages.read(page))
                self._keep(Judgement.now(page, answer, self._who))
                answered.add(page.record_id)
            except CannotDerive as error:
                say([f"{error} It stays unjudged."])
            except _Back:
                number = max(number - 2, -1)
            except _Quit:
                break
            number += 1
        return len(answered)

    def _answer(self, shown: PageToJudge) -> Answer:
        self._show_head(shown)
        answer = self._choose(_ASK, shown.paragraphs)
        if answer is not Answer.YES or not shown.is_copy:
            return answer
        if shown.instead is None:  # what it repeated has left the corpus
            return Answer.LOST
        self._show_instead(shown.instead)
        same = self._choose(_ASK_COPY, shown.instead.paragraphs)
        return {Answer.YES: Answer.YES, Answer.NO: Answer.LOST}.get(same, Answer.SKIPPED)

    def _show_head(self, shown: PageToJudge) -> None:
        cell = shown.page.cell
        facts = (
            shown.date[:10] or "no date",
            cell.source or "no source",
            cell.language or "language unknown",
        )
        self._print(shown.title or "(no title)", "bold")
        self._print(" · ".join(facts), "dim")
        self._print_whole(shown.page.url)
        if shown.is_whole:
            self._print("No article was found on it; this is all that the page shows:", "italic")

    def _show_instead(self, instead: Instead) -> None:
        self._console.print()
        self._print("The corpus has this text instead:", "italic")
        self._print(instead.title or "(no title)", "bold")
        self._print_whole(instead.url)

    def _choose(self, question: str, paragraphs: Sequence[str]) -> Answer:
        """What the person answers, after as much of the text as wanted."""
        shown = self._show(paragraphs, 0, _FIRST)
        while True:
            key = _read_key(question)
            if key in _KEYS:
                return _KEYS[key]
            if key == "m":
                shown = self._show(paragraphs, shown, shown + _MORE)
            elif key == "b":
                raise _Back
            elif key == "q":
                raise _Quit

    def _show(self, paragraphs: Sequence[str], start: int, end: int) -> int:
        """Print some paragraphs and say how many follow; where it ended."""
        self._console.print()
        for paragraph in paragraphs[start:end]:
            self._console.print(Padding(Text(printable(paragraph)), (0, 0, 1, 3)))
        if (more := len(paragraphs) - end) > 0:
            self._print(f"   … {more} more {'paragraph' if more == 1 else 'paragraphs'}: m", "dim")
        elif not paragraphs or start >= len(paragraphs):
            self._print("   (no more text)" if paragraphs else "   (no text)", "dim")
        return min(end, len(paragraphs))

    def _print(self, text: str, style: str) -> None:
        self._console.print(Text(printable(text), style))

    def _print_whole(self, url: str) -> None:
        self._console.print(Text(printable(url), "dim"), soft_wrap=True)  # cut in two it could not be copied


def _read_key(question: str) -> str:
    """What was typed, in lower case; the end of the input is to quit, and so is Ctrl-C."""
    try:
        return input(question).strip().lower()[:1]
    except (EOFError, KeyboardInterrupt):
        print()
        return "q"
