"""Turns of the clock, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import slots
from commands.actors import Clock
from commands.slots import Timetable, Turn, due, take
from connectors.books.schedules import Schedule
from storage import clients
from storage import slots as stored
from storage.database import Database
from tests.storage.rows import a_client

BOSTON, BERLIN = ("acme", "America/New_York"), ("globex", "Europe/Berlin")
# Half past two in Boston on 11 April 2027.
HALF_PAST_TWO = datetime(2027, 4, 11, 6, 30, tzinfo=UTC)
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)


def add(database: Database, slug: str, timezone: str) -> None:
    with database.write("test") as session:
        row = clients.get(session, a_client(session, slug))
        row.timezone = timezone
        session.add(row)


def read_at(database: Database, slug: str, hour: str) -> None:
    """Another hour for a client's nightly sync."""
    with database.write("test") as session:
        row = clients.by_slug(session, slug)
        assert row is not None
        row.sync_at = hour
        session.add(row)


def nightly(database: Database, now: datetime) -> tuple[Turn, ...]:
    return slots.take_nightly(database, Clock(now=lambda: now), "sync")


def taken_and_done(database: Database, now: datetime) -> list[str]:
    turns = nightly(database, now)
    slots.finish(database, Clock(now=lambda: now), turns)
    return [f"{turn.subject} {turn.slot}" for turn in turns]


@pytest.fixture
def unknown(database: Database) -> Database:
    """A database with Acme in it, whom the clock has not met."""
    add(database, *BOSTON)
    return database


@pytest.fixture
def known(unknown: Database) -> Database:
    """A database whose clock has met Acme the day before."""
    nightly(unknown, HALF_PAST_TWO - ONE_DAY)
    return unknown


def test_a_client_that_is_new_begins_with_its_next_turn(unknown: Database) -> None:
    assert taken_and_done(unknown, HALF_PAST_TWO) == []
    assert taken_and_done(unknown, HALF_PAST_TWO + ONE_DAY) == ["acme 2027-04-12T02:30"]


def test_a_turn_is_due_at_its_local_time_and_not_before(known: Database) -> None:
    assert taken_and_done(known, HALF_PAST_TWO - ONE_MINUTE) == []
    assert taken_and_done(known, HALF_PAST_TWO) == ["acme 2027-04-11T02:30"]


def test_a_turn_is_taken_once(known: Database) -> None:
    nightly(known, HALF_PAST_TWO)
    assert nightly(known, HALF_PAST_TWO + ONE_MINUTE) == ()


def test_a_missed_turn_is_taken_late_and_only_the_newest(known: Database) -> None:
    assert taken_and_done(known, HALF_PAST_TWO + 3 * ONE_DAY + timedelta(hours=9)) == ["acme 2027-04-14T02:30"]


def test_a_process_whose_clock_is_behind_takes_no_turn_that_was_passed_over(known: Database) -> None:
    nightly(known, HALF_PAST_TWO + 3 * ONE_DAY)
    assert nightly(known, HALF_PAST_TWO + 3 * ONE_DAY - ONE_MINUTE) == ()


def test_a_turn_whose_process_ended_is_taken_over_after_an_hour(known: Database) -> None:
    nightly(known, HALF_PAST_TWO)
    assert nightly(known, HALF_PAST_TWO + 59 * ONE_MINUTE) == ()
    assert len(nightly(known, HALF_PAST_TWO + 61 * ONE_MINUTE)) == 1


def test_each_client_has_its_turn_in_its_own_zone(known: Database) -> None:
    add(known, *BERLIN)
    nightly(known, HALF_PAST_TWO - ONE_DAY)
    half_past_two_in_berlin = datetime(2027, 4, 11, 0, 30, tzinfo=UTC)
    assert taken_and_done(known, half_past_two_in_berlin) == ["globex 2027-04-11T02:30"]
    assert taken_and_done(known, HALF_PAST_TWO) == ["acme 2027-04-11T02:30"]


def test_each_client_has_its_turn_at_its_own_hour(unknown: Database) -> None:
    read_at(unknown, "acme", "04:15")
    nightly(unknown, HALF_PAST_TWO - ONE_DAY + 105 * ONE_MINUTE)
    assert taken_and_done(unknown, HALF_PAST_TWO) == []
    assert taken_and_done(unknown, HALF_PAST_TWO + 105 * ONE_MINUTE) == ["acme 2027-04-11T04:15"]


def test_a_client_that_is_moved_to_an_earlier_hour_is_not_read_again_that_night(known: Database) -> None:
    taken_and_done(known, HALF_PAST_TWO)
    read_at(known, "acme", "01:00")
    assert taken_and_done(known, HALF_PAST_TWO + ONE_MINUTE) == []
    assert taken_and_done(known, HALF_PAST_TWO + ONE_DAY) == ["acme 2027-04-12T01:00"]


def test_a_night_without_half_past_two_still_has_its_turn(unknown: Database) -> None:
    nightly(unknown, datetime(2027, 3, 13, 12, 0, tzinfo=UTC))
    clocks_jump_from_two_to_three = datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    assert taken_and_done(unknown, clocks_jump_from_two_to_three) == ["acme 2027-03-14T02:30"]


def test_a_night_with_two_half_past_ones_has_one_turn(unknown: Database) -> None:
    read_at(unknown, "acme", "01:30")
    nightly(unknown, datetime(2027, 11, 6, 12, 0, tzinfo=UTC))
    first, second = datetime(2027, 11, 7, 5, 30, tzinfo=UTC), datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert (len(taken_and_done(unknown, first)), len(taken_and_done(unknown, second))) == (1, 0)


def test_several_processes_that_tick_at_once_take_a_turn_once(known: Database) -> None:
    url = known.engine.url.render_as_string(hide_password=False)

    def process(_: int) -> int:
        with closing(Database(url)) as own:
            return sum(len(nightly(own, HALF_PAST_TWO + at * ONE_MINUTE)) for at in range(5))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(process, range(6))) == 1


# Changes of the clocks in each direction, on both halves of the globe, by an hour and by half of one, at midnight too.
CHANGES = [
    ("America/New_York", datetime(2027, 3, 14, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 11, 7, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2027, 3, 28, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 10, 2, tzinfo=UTC)),
    ("America/Santiago", datetime(2027, 4, 3, tzinfo=UTC)),
    ("America/Havana", datetime(2027, 3, 14, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2027, 3, 14, tzinfo=UTC)),
]


@pytest.fixture(scope="module")
def jobs() -> Iterator[str]:
    """Names that no other example has."""
    return (f"job-{number}" for number in count())


@pytest.mark.property
@given(
    change=st.sampled_from(CHANGES),
    at=st.times().map(lambda moment: time(moment.hour, moment.minute)),
    steps=st.lists(st.integers(1, 600), min_size=4, max_size=30),
)
def test_around_a_change_of_the_clocks_two_processes_take_each_turn_once_and_in_order(
    sqlite_database: Database, jobs: Iterator[str], change: tuple[str, datetime], at: time, steps: list[int]
) -> None:
    timezone, day = change
    now, schedule, taken, expected = day - ONE_DAY, Schedule(at), list[str](), list[str]()
    table = Timetable(next(jobs), "", schedule, timezone)
    for step in [0, *steps]:
        now += step * ONE_MINUTE
        latest = schedule.latest(now, timezone).isoformat(timespec="minutes")
        expected += [latest] if latest not in expected else []
        # The second process looks a few seconds later, by a clock that is a few seconds behind.
        for moment in (now, now - timedelta(seconds=5), now):
            with sqlite_database.write("test") as session:
                for turn in due(session, [table], moment):
                    if take(session, turn, moment):
                        stored.finish(session, turn.job, turn.slot, moment)
                        taken.append(turn.slot)
    # The first one is where the clock met the job.
    assert taken == expected[1:]
