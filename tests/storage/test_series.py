"""Numbers without gaps, whoever takes them and whatever fails."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import series
from storage.database import Database


def take(database: Database, name: str = "NW") -> int:
    with database.write("test") as session:
        return series.take(session, name)


def take_in_vain(database: Database) -> None:
    with database.write("test") as session:
        series.take(session, "NW")
        raise LookupError


def test_numbers_begin_at_one_and_follow_each_other(database: Database) -> None:
    assert [take(database) for _ in range(3)] == [1, 2, 3]


def test_every_series_has_its_own_numbers(database: Database) -> None:
    assert [take(database, "NW"), take(database, "NWC"), take(database, "NW")] == [1, 1, 2]


def test_several_numbers_in_one_transaction_follow_each_other(database: Database) -> None:
    with database.write("test") as session:
        assert [series.take(session, "NW") for _ in range(3)] == [1, 2, 3]


def test_a_number_that_was_not_used_is_given_again(database: Database) -> None:
    take(database)
    with pytest.raises(LookupError):
        take_in_vain(database)
    assert take(database) == 2


def test_many_at_once_leave_no_gap_and_share_no_number(database: Database) -> None:
    with ThreadPoolExecutor(6) as takers:
        taken = list(takers.map(lambda _: take(database), range(30)))
    assert sorted(taken) == list(range(1, 31))
