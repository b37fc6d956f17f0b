"""Many rows at once, and what rests while they are on their way."""

import gc
from collections.abc import Iterator

import pytest
from sqlmodel import select

from storage import bulk
from storage.database import Database
from storage.tables import AuditHeadRow


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


def test_rows_that_have_values_in_common_are_stored_with_them_however_many_they_are(database: Database) -> None:
    sizes = {"many": 250, "few": 7, "none": 0}
    groups = {(name,): [value for at in range(size) for value in (f"{name}{at}", at)] for name, size in sizes.items()}
    with database.write("test") as session:
        bulk.insert_alike(session, AuditHeadRow, ("hash",), ("chain", "seq"), groups)
    with database.read() as session:
        stored = {(row.hash, row.chain, row.seq) for row in session.exec(select(AuditHeadRow))}
    assert stored == {(name, f"{name}{at}", at) for name, size in sizes.items() for at in range(size)}
