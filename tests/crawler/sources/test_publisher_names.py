"""Lists of publishers by name, as Fundus has them, are found in Fundus, if it is installed, or in the registry."""

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from crawler.sources import publisher_names
from crawler.sources.imports import read_list
from crawler.sources.publisher_names import homepage_of
from crawler.sources.registry import built_in


@pytest.fixture
def fundus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module with the shape of Fundus' collection: publishers with a name and a domain."""
    module = ModuleType("fundus")
    module.__spec__ = ModuleSpec("fundus", None)
    orla = SimpleNamespace(name="The Orla Times", domain="https://orla.example/", __name__="OrlaTimes")
    module.PublisherCollection = [orla]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fundus", module)
    publisher_names._homepages.cache_clear()
    yield
    publisher_names._homepages.cache_clear()


def test_names_are_found_in_the_registry_however_they_are_spelled() -> None:
    source = next(each for each in built_in() if " " in each.name and each.name.isascii())
    joined = source.name.title().replace(" ", "")
    for spelled in (
        source.name,
        source.name.upper(),
        joined,
        f"us.{joined}",
        f"PublisherCollection.us.{joined}",
    ):
        assert homepage_of(spelled), spelled
    assert homepage_of("us.VelmarGazette") == homepage_of("") == ""


@pytest.mark.usefixtures("fundus")
def test_names_of_fundus_become_sources_and_unknown_ones_are_named(tmp_path: Path) -> None:
    given = tmp_path / "names.txt"
    given.write_text("us.OrlaTimes\nThe Orla Times\nml.VelmarGazette\ntarn.example\n", encoding="utf-8")
    found = read_list(given)
    assert [source.homepage for source in found.sources] == ["https://orla.example/", "https://tarn.example/"]
    assert found.faults == [
        f"{given}, line 3: no publisher is known as 'ml.VelmarGazette'; write its address."
    ]
