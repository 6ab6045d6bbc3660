import pytest

from archive.capture.scrapy_internals import missing_names


def test_the_installed_scrapy_and_twisted_have_every_name() -> None:
    assert missing_names() == []


@pytest.mark.parametrize(
    ("needed", "missing"),
    [
        ({"scrapy.no_such_module:Handler": ()}, "scrapy.no_such_module:Handler"),
        ({"twisted.web.client:NoSuchPool.request": ()}, "twisted.web.client:NoSuchPool.request"),
        (
            {"twisted.web.client:HTTPConnectionPool._newConnection": ("_factory", "_no_such_name")},
            "twisted.web.client:HTTPConnectionPool._newConnection without _no_such_name",
        ),
    ],
)
def test_a_name_that_is_gone_is_told(needed: dict[str, tuple[str, ...]], missing: str) -> None:
    assert missing_names(needed) == [missing]


def test_names_of_nested_functions_count() -> None:
    needed = {"twisted.web.client:_AgentBase._requestWithEndpoint": ("persistent",)}

    assert missing_names(needed) == []
