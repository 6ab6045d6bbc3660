"""The shape of the code: short functions and files, names that are used once, and types for what crosses a file."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.checkout import ROOT

PRODUCT = ("archive", "crawler", "pipelines")

DATA = {
    "archive/warc/closed_file.py redaction_of",  # what a line of the manifest says
    "crawler/catalogue/article_row.py stored_values",
    "crawler/catalogue/article_row.py read_row",
    "crawler/catalogue/article_row.py erased_values",
    "crawler/catalogue/exported_articles.py exported",  # with the fields that an operator wants
    "crawler/cli/relevance.py judge",  # a document with its own fields and its scores
    "crawler/database/bulk.py insert_row",
    "crawler/discovery/feed_parser.py entries_of",  # with the elements that a feed has
    "crawler/sources/entries.py read_source",  # a table of a registry
}
"""Functions whose dicts are read from or written to JSON, TOML or SQL there and then."""

SETTINGS = {
    "crawler/audit/rebuilding.py rebuild",
    "crawler/audit/rederivation.py steering_of",
    "crawler/audit/rederivation.py rederived",
    "crawler/audit/rederivation.py replay",
    "crawler/audit/verification.py derived_again",
    "crawler/cli/demo.py scrapy_options",
    "crawler/cli/opening.py derived_again",
    "crawler/configuration.py read_config",
}
"""Functions whose dicts are Scrapy's settings by name."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*parts: str) -> list[Path]:
    return sorted(path for part in parts for path in (ROOT / part).rglob("*.py"))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a file, those in classes and functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def lengths(*parts: str) -> list[int]:
    """The lines of each function, from `def` to its last line, shortest first."""
    every = (function for path in sources(*parts) for function in functions(path))
    return sorted((each.end_lineno or each.lineno) - each.lineno + 1 for each in every)


def nine_in_ten(lines: list[int]) -> int:
    return lines[len(lines) * 9 // 10]


def public_functions(body: list[ast.stmt]) -> Iterator[Function]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name.startswith(
            "_"
        ):
            continue
        if isinstance(node, ast.ClassDef):
            yield from public_functions(node.body)
        elif isinstance(node, Function):
            yield node


def annotations(function: Function) -> Iterator[str]:
    """The types of what a function takes and gives."""
    taken = function.args
    every = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, taken.vararg, taken.kwarg]
    yield from (ast.unparse(each.annotation) for each in every if each is not None and each.annotation)
    if function.returns is not None:
        yield ast.unparse(function.returns)


def is_of_unknown_columns(annotation: str) -> bool:
    named = ("dict[str, Any]", "dict[str, object]", "Mapping[str, Any]", "Mapping[str, object]", "Row[")
    return any(name in annotation for name in named)


def test_functions_are_read_without_scrolling() -> None:
    product, tests = lengths(*PRODUCT), lengths("tests")
    assert nine_in_ten(product) <= 16
    assert nine_in_ten(tests) <= 16
    assert product[-1] <= 40


def test_a_file_name_says_what_is_in_it_in_one_room_only() -> None:
    """No file name occurs twice, except for the same role in sibling rooms and for commands, which operators name."""
    names: dict[str, list[str]] = {}
    for path in sources(*PRODUCT):
        room = path.relative_to(ROOT).parent.as_posix()
        if path.stem != "__init__" and room not in ("crawler/cli", "crawler/commands", "pipelines"):
            names.setdefault(path.stem, []).append(room)
    same_role = {"__main__", "base", "handler", "errors", "preload", "scrapy_internals"}
    assert {name: rooms for name, rooms in names.items() if len(rooms) > 1 and name not in same_role} == {}


def test_files_are_read_in_one_sitting() -> None:
    files = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(*PRODUCT, "tests", "bench")
    }
    assert {str(path): lines for path, lines in files.items() if lines > 400} == {}


def test_what_crosses_a_file_has_named_fields() -> None:
    """No row is handed on as a dict, or as what a database gave, whose columns only its maker knows."""
    found = {
        f"{path.relative_to(ROOT)} {function.name}"
        for path in sources(*PRODUCT)
        for function in public_functions(ast.parse(path.read_text(encoding="utf-8")).body)
        if any(map(is_of_unknown_columns, annotations(function)))
    }
    assert found == DATA | SETTINGS
