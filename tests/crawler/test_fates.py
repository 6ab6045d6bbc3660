"""docs/fates.md names, for every fate, each file that decides it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from crawler.fates import Fate
from tests.support.checkout import ROOT

READERS = (
    *("crawler/audit/", "crawler/report/", "crawler/watching/"),
    *("crawler/catalogue/filled_days.py", "crawler/catalogue/last_looks.py"),
    *("crawler/cli/add.py", "crawler/run/result.py"),
)
"""Compare and count what is decided elsewhere."""


def given_fates(path: Path) -> Iterator[str]:
    """The fates that a file gives: those that it compares with, or has in a set or as a key, do not count."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Compare | ast.Set):
            continue
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Fate":
            yield Fate[node.attr]
        if isinstance(node, ast.Dict):
            waiting += node.values
            continue
        waiting += ast.iter_child_nodes(node)


def deciding_files() -> dict[str, set[str]]:
    files: defaultdict[str, set[str]] = defaultdict(set)
    for path in [*(ROOT / "crawler").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")]:
        name = str(path.relative_to(ROOT))
        for fate in given_fates(path) if not name.startswith(READERS) else ():
            files[fate].add(name)
    return dict(files)


def documented_files() -> dict[str, set[str]]:
    files: dict[str, set[str]] = {}
    for line in (ROOT / "docs" / "fates.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            fates, _, deciders = line.strip("| ").split(" | ")
            files |= {
                fate: set(re.findall(r"`([\w/]+\.py)`", deciders)) for fate in re.findall(r"`(\w+)`", fates)
            }
    return files


def test_every_fate_is_documented_with_the_files_that_decide_it() -> None:
    documented = documented_files()
    assert documented.keys() == {str(fate) for fate in Fate}
    assert documented == deciding_files()
