"""Turns of the clock, on both databases."""

from datetime import UTC, datetime, time, timedelta

import pytest

from commands import slots
from commands.actors import Clock
from commands.slots import Turn
from storage.database import Database

AT = time(2, 30)
BOSTON, BERLIN = ("acme", "America/New_York"), ("globex", "Europe/Berlin")
# Half past two in Boston on 11 April 2027.
HALF_PAST_TWO = datetime(2027, 4, 11, 6, 30, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


def take(database: Database, now: datetime, *subjects: tuple[str, str]) -> tuple[Turn, ...]:
    return slots.take_nightly(database, Clock(now=lambda: now), "sync", subjects or (BOSTON,), AT)


def taken_and_done(database: Database, now: datetime, *subjects: tuple[str, str]) -> list[str]:
    turns = take(database, now, *subjects)
    slots.finish(database, Clock(now=lambda: now), turns)
    return [f"{turn.subject} {turn.slot}" for turn in turns]


@pytest.fixture
def known(database: Database) -> Database:
    """A database whose clock has met Acme the day before."""
    take(database, HALF_PAST_TWO - ONE_DAY)
    return database


def test_a_client_that_is_new_begins_with_its_next_turn(database: Database) -> None:
    assert taken_and_done(database, HALF_PAST_TWO) == []
    assert taken_and_done(database, HALF_PAST_TWO + ONE_DAY) == ["acme 2027-04-12T02:30"]


def test_a_turn_is_due_at_its_local_time_and_not_before(known: Database) -> None:
    assert taken_and_done(known, HALF_PAST_TWO - timedelta(minutes=1)) == []
    assert taken_and_done(known, HALF_PAST_TWO) == ["acme 2027-04-11T02:30"]


def test_a_turn_is_taken_once(known: Database) -> None:
    take(known, HALF_PAST_TWO)
    assert take(known, HALF_PAST_TWO + timedelta(minutes=1)) == ()


def test_a_missed_turn_is_taken_late_and_only_the_newest(known: Database) -> None:
    assert taken_and_done(known, HALF_PAST_TWO + 3 * ONE_DAY + timedelta(hours=9)) == ["acme 2027-04-14T02:30"]


def test_a_turn_whose_process_ended_is_taken_over_after_an_hour(known: Database) -> None:
    take(known, HALF_PAST_TWO)
    assert take(known, HALF_PAST_TWO + timedelta(minutes=59)) == ()
    assert len(take(known, HALF_PAST_TWO + timedelta(minutes=61))) == 1


def test_each_client_has_its_turn_in_its_own_zone(database: Database) -> None:
    take(database, HALF_PAST_TWO - ONE_DAY, BOSTON, BERLIN)
    half_past_two_in_berlin = datetime(2027, 4, 11, 0, 30, tzinfo=UTC)
    assert taken_and_done(database, half_past_two_in_berlin, BOSTON, BERLIN) == ["globex 2027-04-11T02:30"]
    assert taken_and_done(database, HALF_PAST_TWO, BOSTON, BERLIN) == ["acme 2027-04-11T02:30"]


def test_a_night_without_half_past_two_still_has_its_turn(database: Database) -> None:
    take(database, datetime(2027, 3, 13, 12, 0, tzinfo=UTC))
    clocks_jump_from_two_to_three = datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    assert taken_and_done(database, clocks_jump_from_two_to_three) == ["acme 2027-03-14T02:30"]


def test_a_night_with_two_half_past_ones_has_one_turn(database: Database) -> None:
    def at(now: datetime) -> int:
        turns = slots.take_nightly(database, Clock(now=lambda: now), "sync", (BOSTON,), time(1, 30))
        slots.finish(database, Clock(now=lambda: now), turns)
        return len(turns)

    at(datetime(2027, 11, 6, 12, 0, tzinfo=UTC))
    first, second = datetime(2027, 11, 7, 5, 30, tzinfo=UTC), datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert (at(first), at(second)) == (1, 0)
