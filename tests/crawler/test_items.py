import pytest

from crawler.items import Discovery, Evidence


@pytest.mark.parametrize("how", Discovery)
def test_stored_evidence_comes_back(how: Discovery) -> None:
    stored = {"source": "marisol", "how": str(how), "zone": "Europe/Paris"}
    assert Evidence.of(stored) == Evidence(source="marisol", how=how, zone="Europe/Paris")


@pytest.mark.parametrize("stored", [{}, {"how": "by hand"}])
def test_what_another_tool_stored_came_from_an_archive(stored: dict[str, str]) -> None:
    assert Evidence.of(stored | {"via": "https://marisol.example/", "collector": "other"}) == Evidence(
        how=Discovery.ARCHIVE, via="https://marisol.example/"
    )
