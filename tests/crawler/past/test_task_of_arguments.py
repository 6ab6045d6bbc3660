"""What the arguments of a back-fill ask for."""

import pytest

from crawler.errors import OperatorError
from crawler.past.task_of_arguments import ways_of


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["sitemap", "wayback", "gdelt"]),  # not what fetches all that the world published
        ({"via": "ccnews"}, ["ccnews"]),
        ({"via": " wayback, sitemap,wayback,"}, ["wayback", "sitemap"]),
    ],
)
def test_the_ways_are_those_that_are_named_once_each_or_the_usual_ones(
    arguments: dict[str, str], names: list[str]
) -> None:
    assert [way.name for way in ways_of(arguments)] == names


@pytest.mark.parametrize("via", ["", ",", "heritage", "sitemap,heritage"])
def test_other_ways_are_refused_with_those_there_are(via: str) -> None:
    with pytest.raises(OperatorError, match="sitemap, wayback, gdelt, ccnews"):
        ways_of({"via": via})
