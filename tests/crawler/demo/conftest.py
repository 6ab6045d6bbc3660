from collections.abc import Iterator

import pytest

from crawler.demo import Newsroom


@pytest.fixture(scope="package")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running
