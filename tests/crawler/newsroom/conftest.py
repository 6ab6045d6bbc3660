from collections.abc import Iterator

import pytest

from crawler.newsroom import Newsroom


@pytest.fixture(scope="package")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running
