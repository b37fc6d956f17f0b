"""Many rows at once, and what rests while they are on their way."""

import gc
from collections.abc import Iterator

import pytest

from storage import bulk


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.enable()


def test_no_garbage_is_looked_for_meanwhile() -> None:
    with bulk.uncollected():
        assert not gc.isenabled()


def test_garbage_is_looked_for_again_afterwards_also_after_a_failure() -> None:
    with pytest.raises(ValueError, match="a row"), bulk.uncollected():
        raise ValueError("a row")
    assert gc.isenabled()


def test_where_nobody_looks_for_garbage_nobody_begins_to() -> None:
    gc.disable()
    with bulk.uncollected():
        pass
    assert not gc.isenabled()
