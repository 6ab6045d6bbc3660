"""Imports run one way: the parts stay apart, and `archive` could be lifted into another project."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

BASE = {
    "crawler",
    *(f"crawler.{leaf}" for leaf in ("identity", "items", "fates", "content", "urls", "similarity")),
}
SEED_FORMAT = {"crawler.texts.seed_format"}
STORE = BASE | {"crawler.catalogue"}
LOOKING = BASE | SEED_FORMAT
GATHERING = (
    STORE
    | SEED_FORMAT
    | {
        "crawler.frontier",
        "crawler.sources.registry",
        "crawler.discovery",
        "crawler.extraction",
        "crawler.relevance",
    }
)

CHECKING = (
    STORE
    | SEED_FORMAT
    | {"archive", "crawler.audit.rederivation", "crawler.audit.comparison", "crawler.audit.catalogue_check"}
)

ALLOWED: dict[str, set[str]] = {
    # a part -> what it may import of ours; the longest name that fits a module counts
    "crawler.http.url_identity": set(),
    "crawler.items": set(),
    "crawler.fates": {"crawler.items"},
    "crawler.http.decoding": set(),
    "crawler.http.urls": set(),
    "crawler.texts.similarity": set(),
    "crawler.texts.word_diff": set(),
    "crawler.run.record_order": set(),
    "crawler.http.address_policy": set(),
    "crawler.configuration": set(),
    "crawler.settings": {"crawler", "crawler.configuration"},
    "crawler.http.page_images": BASE,
    "crawler.extraction.loader": LOOKING,
    "crawler.sources.registry": BASE,
    "crawler.catalogue": BASE,
    "crawler.discovery": LOOKING,
    "crawler.extraction": LOOKING | {"crawler.extraction.loader"},
    "crawler.relevance": LOOKING,
    "crawler.frontier.link_score": LOOKING | {"crawler.discovery", "crawler.relevance"},
    "crawler.frontier": STORE,
    "crawler.middlewares": STORE | {"crawler.http.address_policy"},
    "crawler.http.responses": BASE | {"crawler.http.address_policy", "crawler.middlewares"},
    "crawler.spiders": GATHERING
    | {
        "crawler.frontier.link_score",
        "crawler.http.page_images",
        "crawler.run.record_order",
        "crawler.http.responses",
        "archive.capture",
        "archive.replay",
        "archive.warc",
    },
    "crawler.demo": SEED_FORMAT,
    "crawler.commands.console": STORE | {"crawler.texts.word_diff"},
    "crawler.command": STORE | {"crawler.configuration"},
    "crawler.run.shutdown": STORE | {"crawler.spiders", "archive.capture"},
    "crawler.audit.rederivation": CHECKING,
    "crawler.audit.application": CHECKING,
    "crawler.audit.comparison": STORE,
    "crawler.audit.catalogue_check": CHECKING,
    "crawler.audit.verification": CHECKING,
    "crawler.audit.review_decisions": GATHERING | {"archive", "crawler.spiders", "pipelines"},
    "crawler.commands": {"crawler", "pipelines", "archive"},
    "crawler.texts.seed_format": set(),
    "pipelines": STORE | SEED_FORMAT | {"crawler.relevance", "crawler.http.page_images"},
    "archive": set(),
}


def imports(path: Path) -> Iterator[str]:
    """Every module of ours that a file names in an import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_within(module: str, parts: set[str]) -> bool:
    # `crawler` itself holds the version only; it must not open the way to everything below it.
    return any(module == part or (part != "crawler" and module.startswith(f"{part}.")) for part in parts)


def part_of(module: str) -> str:
    fitting = [part for part in ALLOWED if module == part or module.startswith(f"{part}.")]
    return max(fitting, key=len, default="")


def modules() -> list[Path]:
    return sorted(
        path for part in ("crawler", "pipelines", "archive") for path in (ROOT / part).rglob("*.py")
    )


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_with_the_flow(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    part = part_of(module)
    allowed = ALLOWED.get(part, BASE) | {part or module}
    ours = [name for name in imports(path) if name.partition(".")[0] in ("crawler", "pipelines", "archive")]
    if part == "crawler.commands":
        return
    wrong = [name for name in ours if not is_within(name, allowed)]
    assert not wrong, f"{module} imports {wrong}, against the flow (CONTRIBUTING.md)"


def test_a_wrong_import_is_seen() -> None:
    assert not is_within("crawler.spiders.news", ALLOWED["pipelines"])
    assert not is_within("crawler.items", ALLOWED["archive"])
    assert is_within("crawler.run.recorder", ALLOWED["pipelines"])


def test_the_process_that_crawls_loads_nothing_that_only_its_workers_need() -> None:
    program = (
        "import sys, crawler.commands.crawl, crawler.spiders.news, crawler.spiders.replay, pipelines.relevance\n"
        "print([name for name in ('trafilatura', 'numpy', 'py3langid') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
