"""Licences bought against the numbers in force, and the safety catch for them."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from billing.quantities import Measure, Step
from rosters.catch import Trip
from rosters.changes import ChangeItem
from rosters.licences import Bought, bought_items, falls_too_far
from tests.billing.build import day

SPB, FULL = Measure("licence", "SPB"), Measure("roster", "SPB")
VISIO = Measure("licence", "VISIOCLIENT")
TEN = {SPB: (Step(day("2027-01-01"), Decimal(10)),)}


def seen(units: int, since: str = "2027-01-11", licence: str = "SPB", *, vanished: bool = False) -> Bought:
    return Bought(licence, units, day(since), vanished)


def items(
    *bought: Bought,
    numbers: Mapping[Measure, tuple[Step, ...]] = TEN,
    through: str | None = None,
    on: str = "2027-01-12",
    measure: Measure = SPB,
) -> list[tuple[str, Decimal | None, Decimal | None]]:
    last = {} if through is None else {measure: day(through)}
    found = bought_items([measure], bought, numbers, last, day(on))
    return [(str(item.effective), item.before, item.after) for item in found]


def test_another_number_is_an_item_from_its_first_day() -> None:
    assert items(seen(12)) == [("2027-01-11", Decimal(10), Decimal(12))]


def test_an_item_says_which_licence_is_to_have_which_number() -> None:
    found = bought_items([SPB], [seen(12)], TEN, {}, day("2027-01-12"))
    (item,) = found
    assert item == ChangeItem("quantity", day("2027-01-11"), measure=SPB, before=Decimal(10), after=Decimal(12))


def test_a_licence_that_no_directory_has_does_not_hide_the_next() -> None:
    found = bought_items([VISIO, SPB], [seen(12)], TEN, {}, day("2027-01-12"))
    assert [item.measure for item in found] == [SPB]


def test_a_number_that_is_stated_later_was_not_in_force() -> None:
    later = {SPB: (*TEN[SPB], Step(day("2027-01-05"), Decimal(12), known=day("2027-01-13")))}
    assert items(seen(12), numbers=later) == [("2027-01-11", Decimal(10), Decimal(12))]
    assert items(seen(12), numbers=later, on="2027-01-13") == []


def test_the_number_in_force_is_none() -> None:
    assert items(seen(10)) == []


def test_nobody_has_none_of_a_licence_that_nobody_stated() -> None:
    assert items(seen(0), numbers={}) == []


def test_what_nobody_stated_has_no_number_before() -> None:
    assert items(seen(3), numbers={}) == [("2027-01-11", None, Decimal(3))]


def test_another_licence_is_left_alone() -> None:
    assert items(seen(12, licence="SPE_E3")) == []


def test_a_roster_called_like_a_licence_is_left_alone() -> None:
    assert items(seen(12), measure=FULL) == []


def test_names_know_no_case() -> None:
    assert len(items(seen(12, licence="spb"))) == 1


def test_an_item_does_not_reach_behind_the_number_that_it_takes_over() -> None:
    later = {SPB: (*TEN[SPB], Step(day("2027-01-12"), Decimal(14)))}
    assert items(seen(12), numbers=later) == [("2027-01-12", Decimal(14), Decimal(12))]


def test_a_number_to_come_is_not_in_force_yet() -> None:
    later = {SPB: (*TEN[SPB], Step(day("2027-01-13"), Decimal(14)))}
    assert items(seen(12), numbers=later) == [("2027-01-11", Decimal(10), Decimal(12))]


def test_an_approved_number_to_come_is_decided() -> None:
    later = {SPB: (*TEN[SPB], Step(day("2027-01-13"), Decimal(12)))}
    assert items(seen(12), numbers=later, through="2027-01-13") == []


def test_an_approved_number_of_the_past_does_not_hide_a_later_one() -> None:
    later = {SPB: (*TEN[SPB], Step(day("2027-01-12"), Decimal(14)))}
    assert len(items(seen(12), numbers=later, through="2027-01-01")) == 1


# The safety catch.


def moving(before: str | None, after: str) -> ChangeItem:
    was = None if before is None else Decimal(before)
    return ChangeItem("quantity", day("2027-01-11"), measure=SPB, before=was, after=Decimal(after))


@pytest.mark.parametrize(("before", "after"), [("10", "6"), ("2", "0"), ("100", "89")])
def test_a_fall_of_more_than_three_and_a_tenth_trips(before: str, after: str) -> None:
    assert len(list(falls_too_far([moving(before, after)], (), ()))) == 1


@pytest.mark.parametrize(
    ("before", "after"), [("10", "7"), ("2", "1"), ("100", "90"), ("10", "400"), (None, "400"), ("0", "0")]
)
def test_a_smaller_fall_and_any_rise_do_not(before: str | None, after: str) -> None:
    assert list(falls_too_far([moving(before, after)], (), ())) == []


def test_a_trip_says_how_many_of_how_many_would_go() -> None:
    assert list(falls_too_far([moving("10", "4")], (), ())) == [Trip(None, 6, 0, 10, licence="SPB")]


def test_what_waits_already_is_let_through() -> None:
    assert list(falls_too_far([moving("10", "4")], [moving("10", "4")], ())) == []


def test_another_number_than_the_one_that_waits_is_not() -> None:
    assert len(list(falls_too_far([moving("10", "3")], [moving("10", "4")], ()))) == 1


def test_what_one_directory_no_longer_has_trips_however_few() -> None:
    assert len(list(falls_too_far([moving("10", "9")], (), [seen(9, vanished=True)]))) == 1


def test_a_rise_does_not_trip_although_one_directory_has_none_any_more() -> None:
    assert list(falls_too_far([moving("10", "11")], (), [seen(11, vanished=True)])) == []


def test_people_are_no_licences_and_hide_none() -> None:
    leave = ChangeItem("leave", day("2027-01-11"), "full", 1, 1)
    assert list(falls_too_far([leave, moving("10", "4")], (), ())) == [Trip(None, 6, 0, 10, licence="SPB")]
