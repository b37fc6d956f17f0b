"""Local days, half-open periods, and cycles from an anchor."""

from datetime import date
from itertools import pairwise

import pytest

from billing.calendar import Cycle, Period, PeriodIsEmpty, add_months
from billing.errors import WrongInput
from tests.billing.build import day, days


@pytest.mark.parametrize(
    ("anchor", "months", "moved"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-01-31", 2, "2027-03-31"),
        ("2027-01-31", 3, "2027-04-30"),
        ("2027-01-31", 13, "2028-02-29"),
        ("2027-01-31", -2, "2026-11-30"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-12-15", 1, "2028-01-15"),
        ("2027-01-15", -1, "2026-12-15"),
    ],
)
def test_the_31st_clamps_to_the_end_of_the_month_and_comes_back(anchor: str, months: int, moved: str) -> None:
    assert add_months(day(anchor), months) == day(moved)


@pytest.mark.parametrize(
    ("months", "anchor", "on", "start", "end"),
    [
        (1, "2027-01-01", "2027-04-11", "2027-04-01", "2027-05-01"),
        (1, "2027-01-31", "2027-02-27", "2027-01-31", "2027-02-28"),
        (1, "2027-01-31", "2027-02-28", "2027-02-28", "2027-03-31"),
        (1, "2027-01-31", "2027-03-30", "2027-02-28", "2027-03-31"),
        (1, "2027-01-31", "2028-02-29", "2028-02-29", "2028-03-31"),
        (1, "2027-06-15", "2027-01-01", "2026-12-15", "2027-01-15"),
        (3, "2027-01-01", "2027-05-20", "2027-04-01", "2027-07-01"),
        (3, "2027-01-31", "2027-04-30", "2027-04-30", "2027-07-31"),
        (3, "2027-01-31", "2026-12-01", "2026-10-31", "2027-01-31"),
        (12, "2028-02-29", "2029-02-27", "2028-02-29", "2029-02-28"),
        (12, "2028-02-29", "2029-02-28", "2029-02-28", "2030-02-28"),
        (12, "2028-02-29", "2032-02-29", "2032-02-29", "2033-02-28"),
    ],
)
def test_a_day_lies_in_the_period_counted_from_the_anchor(
    months: int, anchor: str, on: str, start: str, end: str
) -> None:
    assert Cycle(months, day(anchor)).period_of(day(on)) == days(start, end)


@pytest.mark.parametrize("months", [1, 3, 12])
@pytest.mark.parametrize("anchor", ["2027-01-31", "2028-02-29", "2027-06-15"])
def test_periods_lie_end_to_end_through_leap_years(months: int, anchor: str) -> None:
    periods = list(Cycle(months, day(anchor)).periods(date(2024, 1, 1), date(2033, 1, 1)))
    assert all(one.end == following.start for one, following in pairwise(periods))
    assert periods[0].covers(date(2024, 1, 1))
    assert periods[-1].covers(date(2033, 1, 1))


@pytest.mark.parametrize(
    ("on", "boundary"), [("2027-04-01", "2027-04-01"), ("2027-04-02", "2027-05-01"), ("2027-04-30", "2027-05-01")]
)
def test_the_first_boundary_is_the_day_itself_or_the_next(on: str, boundary: str) -> None:
    assert Cycle(1, day("2027-01-01")).first_boundary(day(on)) == day(boundary)


@pytest.mark.parametrize("months", [0, -1])
def test_a_cycle_that_does_not_move_is_refused(months: int) -> None:
    with pytest.raises(WrongInput, match=f"A cycle has at least one month, not {months}"):
        Cycle(months, day("2027-01-01"))


@pytest.mark.parametrize("end", ["2027-04-01", "2027-03-31"])
def test_a_period_without_a_day_is_refused(end: str) -> None:
    with pytest.raises(PeriodIsEmpty, match=f"A period from 2027-04-01 to {end} has no day in it"):
        days("2027-04-01", end)


def test_a_period_has_its_first_day_and_not_its_last() -> None:
    april = days("2027-04-01", "2027-05-01")
    assert april.covers(day("2027-04-01"))
    assert not april.covers(day("2027-05-01"))
    assert april.days == 30


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (None, None, ("2027-04-01", "2027-05-01")),
        ("2027-04-11", None, ("2027-04-11", "2027-05-01")),
        (None, "2027-04-11", ("2027-04-01", "2027-04-11")),
        ("2027-03-01", "2027-06-01", ("2027-04-01", "2027-05-01")),
        ("2027-05-01", None, None),
        (None, "2027-04-01", None),
        ("2027-04-11", "2027-04-11", None),
    ],
)
def test_the_part_of_a_period_inside_two_days(start: str | None, end: str | None, left: tuple[str, str] | None) -> None:
    part: Period | None = days("2027-04-01", "2027-05-01").within(
        day(start) if start else None, day(end) if end else None
    )
    assert part == (days(*left) if left else None)
