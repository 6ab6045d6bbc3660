"""What is loaded once is left out of garbage collections, and what comes later is not."""

import gc
import weakref

import pytest

from crawler.run.memory import leave_out_what_is_loaded


class Knot:
    """An object that only a garbage collection can remove."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def _unfrozen_after() -> object:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_unfrozen_after")
def test_garbage_is_removed_before_and_after() -> None:
    before = weakref.ref(Knot())
    leave_out_what_is_loaded()
    after = weakref.ref(Knot())
    gc.collect()
    assert (before(), after()) == (None, None)


@pytest.mark.usefixtures("_unfrozen_after")
def test_collections_do_not_look_at_what_is_loaded() -> None:
    leave_out_what_is_loaded()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 1_000
