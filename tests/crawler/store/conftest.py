from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open("", tmp_path)
    yield opened
    opened.close()
