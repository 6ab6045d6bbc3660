"""The view of a run fits terminals of any size, and no title controls them."""

import io
import re

import pytest
from rich.console import Console

from crawler.catalogue.run_sizes import Queues
from crawler.fates import Fate
from crawler.watching.drawing import RunView
from crawler.watching.progress import Progress
from tests.support.outcomes import article, ended, link, outcome_of

TITLES = (
    "الهدنة في وادي تمر تدخل يومها الثالث بعد قصف طال المخابز",
    "В Приозерье после обстрела восстановили мост через Тарму",
    "塔姆河谷停火进入第三天，救援车队抵达韦尔德镇并分发面粉和药品，居民返回家园",
    "\x1b[2J\x1b]0;owned\x07Veld \u202efalls\u202c\r\n[bold red]now[/]",
)


def view_of(outcomes: int = 40) -> RunView:
    view = RunView("news")
    for number in range(outcomes):
        made = article(f"a{number}", title=TITLES[number % len(TITLES)])
        view.figures.note(outcome_of(made))
        view.figures.note(ended(link(f"b{number}"), Fate.NETWORK_ERROR))
    view.progress = Progress(95.0, 400, 80, 42.0, Queues(12, 30), 1.0)
    return view


def drawn(view: RunView, width: int, height: int) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, height=height, color_system="truecolor")
    console.print(view)
    return out.getvalue()


def plain(shown: str) -> list[str]:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()


@pytest.mark.parametrize(("width", "height"), [(40, 12), (60, 24), (80, 24), (120, 40), (200, 50)])
def test_each_line_fits_and_half_of_the_height_stays_free(width: int, height: int) -> None:
    lines = plain(drawn(view_of(), width, height))
    console = Console(width=width)
    assert max(console.measure(line).maximum for line in lines if line) <= width
    assert 3 < len(lines) <= max(height // 2 + 1, 7)
    assert "80 of 400" in lines[0]


def test_a_title_controls_nothing() -> None:
    shown = drawn(view_of(), 200, 50)
    assert not re.search(r"\x1b(?!\[[0-9;]*m)|[\x07\u202e\r]", shown)
    assert "[bold red]now[/]" in shown


def test_without_colours_none_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", drawn(view_of(), 80, 24))


def test_a_run_that_has_done_nothing_yet_can_be_drawn() -> None:
    lines = plain(drawn(RunView("news"), 80, 24))
    assert lines[0].startswith("news · 0 s")


def test_a_run_that_stops_promises_no_time() -> None:
    view = view_of()
    view.progress = Progress(95.0, 400, 80, 42.0, is_stopping=True)
    [first, *_] = plain(drawn(view, 100, 24))
    assert "stopping" in first
    assert "left" not in first
