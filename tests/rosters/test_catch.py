"""The safety catch: at its limits, just below and just above."""

import pytest

from rosters.catch import Trip, too_many
from rosters.changes import ChangeItem, ItemKind
from tests.billing.build import day

TODAY = day("2027-04-11")


def _items(kind: ItemKind, count: int, roster: str = "full") -> list[ChangeItem]:
    return [ChangeItem(kind, TODAY, roster, person) for person in range(count)]


@pytest.mark.parametrize(
    ("seats", "closes", "held"),
    [
        (3, 3, False),
        (10, 3, False),
        (10, 4, True),
        (39, 4, True),
        (40, 4, False),
        (40, 5, True),
        (100, 10, False),
        (100, 11, True),
    ],
)
def test_more_than_three_and_a_tenth_of_the_seats_do_not_close_at_once(
    seats: int,
    closes: int,
    held: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert bool(too_many(_items("leave", closes), {"full": seats}, set(), 1)) is held


@pytest.mark.parametrize(
    ("seats", "opens", "held"),
    [
        (0, 5, False),
        (0, 6, True),
        (20, 5, False),
        (20, 6, True),
        (23, 6, True),
        (24, 6, False),
        (24, 7, True),
        (100, 25, False),
        (100, 26, True),
    ],
)
def test_more_than_five_and_a_quarter_of_the_seats_do_not_open_at_once(
    seats: int,
    opens: int,
    held: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert bool(too_many(_items("join", opens), {"full": seats}, set(), 50)) is held


def test_a_first_count_may_open_as_many_as_there_are() -> None:
    assert too_many(_items("join", 500), {}, {"full"}, 500) == ()


def test_a_first_count_of_one_roster_exempts_no_other() -> None:
    items = [*_items("join", 50), *_items("join", 50, "frontline")]
    assert [trip.roster for trip in too_many(items, {"frontline": 10}, {"full"}, 100)] == ["frontline"]


def test_a_directory_that_shows_nobody_is_held_and_says_how_many_would_go() -> None:
    assert too_many((), {"full": 64, "frontline": 2}, set(), 0) == (Trip(None, 66, 0, 66),)


def test_a_directory_that_shows_nobody_is_held_even_at_its_first_reading() -> None:
    assert too_many((), {}, {"full"}, 0) == (Trip(None, 0, 0, 0),)


def test_the_trip_says_what_would_have_moved() -> None:
    items = [*_items("leave", 4), *_items("join", 2)]
    assert too_many(items, {"full": 10}, set(), 8) == (Trip("full", 4, 2, 10),)


def test_each_roster_has_its_own_limits() -> None:
    items = [*_items("leave", 3, "full"), *_items("leave", 3, "frontline")]
    assert too_many(items, {"full": 10, "frontline": 10}, set(), 14) == ()


def test_a_mass_move_between_rosters_trips_both() -> None:
    items = [*_items("leave", 20, "full"), *_items("join", 20, "frontline")]
    assert [trip.roster for trip in too_many(items, {"full": 40, "frontline": 10}, set(), 50)] == ["frontline", "full"]


def test_nothing_to_move_trips_nothing() -> None:
    assert too_many((), {"full": 10}, set(), 10) == ()


def test_what_opens_on_a_roster_without_seats_is_told_so() -> None:
    assert too_many(_items("join", 6), {}, set(), 6) == (Trip("full", 0, 6, 0),)


def test_where_people_only_go_nobody_is_said_to_come() -> None:
    assert too_many(_items("leave", 4), {"full": 10}, set(), 6) == (Trip("full", 4, 0, 10),)
