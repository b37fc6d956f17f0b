"""How many there were on each day, from stated numbers and from seats."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.errors import WrongInput
from billing.quantities import Measure, QuantityMakesNoSense, Step, Timeline, counted_from, seated, stated, stays_of
from tests.billing.build import FULL, day, days, per_unit, seat, snapshot, steps
from tests.billing.build import line as a_line


def _on(timeline: Timeline, *dates: str) -> list[int]:
    return [int(timeline.at(day(on))) for on in dates]


def test_before_the_first_number_there_are_none() -> None:
    assert _on(stated(steps(("2027-01-01", "42"))), "2026-12-31", "2027-01-01") == [0, 42]


def test_a_number_holds_until_the_next() -> None:
    timeline = stated(steps(("2027-01-01", "42"), ("2027-04-11", "45")))
    assert _on(timeline, "2027-04-10", "2027-04-11", "2028-01-01") == [42, 45, 45]


def test_numbers_may_be_written_in_any_order() -> None:
    assert stated(steps(("2027-04-11", "45"), ("2027-01-01", "42"))) == stated(
        steps(("2027-01-01", "42"), ("2027-04-11", "45"))
    )


def test_for_one_day_the_later_known_wins_wherever_it_is_written() -> None:
    timeline = stated(steps(("2027-04-11", "45", "2027-04-20"), ("2027-04-11", "44", "2027-04-12")))
    assert _on(timeline, "2027-04-11") == [45]


def test_for_one_day_and_one_known_the_later_in_the_file_wins() -> None:
    assert _on(stated(steps(("2027-04-11", "44"), ("2027-04-11", "45"))), "2027-04-11") == [45]


def test_a_number_is_not_known_before_its_day() -> None:
    numbers = steps(("2027-01-01", "15"), ("2027-01-25", "17", "2027-02-03"))
    assert _on(stated(numbers, day("2027-02-02")), "2027-01-31") == [15]
    assert _on(stated(numbers, day("2027-02-03")), "2027-01-31") == [17]


def test_a_seat_counts_from_its_first_day_until_the_day_before_its_end() -> None:
    timeline = seated("full", stays_of([seat(1, "2027-04-11", "2027-04-21")]))
    assert _on(timeline, "2027-04-10", "2027-04-11", "2027-04-20", "2027-04-21") == [0, 1, 1, 0]


def test_a_seat_that_ends_on_the_day_it_begins_never_counts() -> None:
    assert seated("full", stays_of([seat(1, "2027-04-11", "2027-04-11")])) == Timeline()


def test_a_place_that_is_left_and_taken_on_one_day_stays_one() -> None:
    timeline = seated("full", stays_of([seat(1, "2027-04-01", "2027-04-11"), seat(2, "2027-04-11")]))
    assert _on(timeline, "2027-04-10", "2027-04-11") == [1, 1]
    assert list(timeline.cut(days("2027-04-01", "2027-05-01"))) == [(days("2027-04-01", "2027-05-01"), Decimal(1))]


def test_a_period_is_cut_only_where_the_number_changes() -> None:
    timeline = stated(steps(("2027-03-01", "42"), ("2027-04-05", "42"), ("2027-04-11", "45"), ("2027-05-01", "50")))
    assert list(timeline.cut(days("2027-04-01", "2027-05-01"))) == [
        (days("2027-04-01", "2027-04-11"), Decimal(42)),
        (days("2027-04-11", "2027-05-01"), Decimal(45)),
    ]


def test_the_first_count_replaces_the_stated_numbers_whole_from_its_day() -> None:
    before = stated(steps(("2027-01-01", "42"), ("2027-06-01", "60")))
    since = seated("full", stays_of([seat(person, "2027-04-11") for person in range(44)]))
    timeline = counted_from(day("2027-04-11"), before, since)
    assert _on(timeline, "2027-04-10", "2027-04-11", "2027-06-01") == [42, 44, 44]


def test_seats_that_began_before_the_first_count_do_not_count_before_it() -> None:
    since = seated("full", stays_of([seat(1, "2027-01-01"), seat(2, "2027-04-20")]))
    timeline = counted_from(day("2027-04-11"), Timeline(), since)
    assert _on(timeline, "2027-04-10", "2027-04-11", "2027-04-20") == [0, 1, 2]


@pytest.mark.parametrize(("on", "number"), [("2027-04-10", 42), ("2027-04-11", 2), ("2027-04-20", 1)])
def test_the_quantity_of_a_roster_is_its_open_seats_from_the_first_count_on(on: str, number: int) -> None:
    facts = snapshot(
        a_line(per_unit("80")),
        steps(("2027-01-01", "42")),
        seats=[seat(1, "2027-04-11", "2027-04-20"), seat(2, "2027-04-11"), seat(3, "2027-04-11", roster="frontline")],
        counted="2027-04-11",
    )
    assert facts.quantities(day("2027-05-01"))[FULL].at(day(on)) == number


def test_the_first_count_leaves_one_number_a_day() -> None:
    before = stated(steps(("2027-01-01", "42"), ("2027-04-11", "45")))
    timeline = counted_from(day("2027-04-11"), before, seated("full", stays_of([seat(1, "2027-04-11")])))
    assert [(str(step.on), int(step.quantity)) for step in timeline.steps] == [("2027-01-01", 42), ("2027-04-11", 1)]


@pytest.mark.parametrize("quantity", [1.5, Decimal(-1), True])
def test_a_step_refuses_floats_and_numbers_below_nothing(quantity: object) -> None:
    with pytest.raises(WrongInput):
        Step(day("2027-01-01"), quantity)  # type: ignore[arg-type]  # the point of the test


def test_a_number_below_nothing_is_refused_with_its_day() -> None:
    with pytest.raises(QuantityMakesNoSense, match="There can't be -1 of something from 2027-01-01"):
        Step(day("2027-01-01"), Decimal(-1))


def test_a_fixed_number_below_nothing_is_refused() -> None:
    with pytest.raises(QuantityMakesNoSense, match=r"A fixed number can't be negative \(-3\)"):
        Measure("fixed", "-3")


def test_a_period_is_opened_with_what_is_in_force_and_has_each_of_its_own_steps_once() -> None:
    timeline = stated(steps(("2027-03-20", "40"), ("2027-04-01", "42"), ("2027-04-11", "45"), ("2027-05-01", "50")))
    assert list(timeline.within(days("2027-04-01", "2027-05-01"))) == [
        *steps(("2027-04-01", "42"), ("2027-04-11", "45"))
    ]


def test_those_who_go_to_another_roster_are_told_apart_from_those_who_are_gone() -> None:
    leavers = [seat(person, "2027-04-01", "2027-04-11") for person in (1, 2, 3)]
    arrivals = [seat(person, "2027-04-11", roster="frontline") for person in (1, 2)]
    timeline = seated("full", stays_of([*leavers, *arrivals, seat(4, "2027-04-11")]))
    first, second = steps(("2027-04-01", "3"), ("2027-04-11", "1"))
    assert timeline.steps == (first, replace(second, moved=Decimal(2)))


def test_those_who_go_to_another_roster_on_one_day_are_added_up_whenever_they_came() -> None:
    seats = (
        *(seat(person, start, "2027-04-20") for person, start in ((1, "2027-01-01"), (2, "2027-02-01"))),
        *(seat(person, "2027-04-20", roster="frontline") for person in (1, 2)),
    )
    timeline = seated("full", stays_of(seats))
    assert timeline.step(day("2027-04-20")).moved == Decimal(2)
