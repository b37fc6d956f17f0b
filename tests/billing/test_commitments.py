"""Licence terms: what a term lets go, what it holds, and until when."""

from dataclasses import replace

import pytest

from billing.calendar import add_months
from billing.counting import Commitment, CommitmentMakesNoSense, Counting, Deferral, committed
from billing.invoice import draft_invoice
from billing.quantities import Timeline
from tests.billing.build import agreement, day, days, line, per_unit, seat, snapshot, steps

YEAR = Commitment(day("2027-02-01"), day("2028-02-01"))
RENEWED = Commitment(day("2027-02-01"), day("2028-02-01"), renews_months=12)


def _in_force(term: Commitment, on: str, *wanted: tuple[str, str]) -> str:
    return str(committed(Timeline(steps(*wanted)), term, day(on))[0].at(day(on)))


@pytest.mark.parametrize(("returned", "in_force"), [("2027-03-10", "10"), ("2027-03-11", "13")])
def test_what_was_added_may_be_returned_until_the_day_before_the_window_is_over(returned: str, in_force: str) -> None:
    wanted = (("2027-02-01", "10"), ("2027-03-04", "13"), (returned, "10"))
    assert _in_force(YEAR, "2027-03-31", *wanted) == in_force


@pytest.mark.parametrize(("returned", "in_force"), [("2027-02-07", "4"), ("2027-02-08", "10")])
def test_the_opening_may_be_returned_within_its_window_too(returned: str, in_force: str) -> None:
    assert _in_force(YEAR, "2027-03-31", ("2027-01-01", "10"), (returned, "4")) == in_force


def test_a_decrease_goes_down_to_the_floor_and_the_rest_is_put_off_to_the_end_of_the_term() -> None:
    wanted = Timeline(steps(("2027-02-01", "10"), ("2027-03-04", "13"), ("2027-03-09", "8")))
    timeline, deferrals = committed(wanted, YEAR, day("2027-03-31"))
    assert timeline.at(day("2027-03-09")) == 10
    (deferral,) = deferrals
    assert (str(deferral.wanted), str(deferral.in_force), deferral.until) == ("8", "10", day("2028-02-01"))


def test_what_was_added_last_is_returned_first() -> None:
    added = (("2027-02-01", "10"), ("2027-03-04", "13"), ("2027-03-09", "15"), ("2027-03-10", "13"))
    # The two of the 9th are back, so on the 11th the three of the 4th are bound.
    assert _in_force(YEAR, "2027-03-11", *added, ("2027-03-11", "10")) == "13"


def test_part_of_what_was_added_may_be_returned() -> None:
    wanted = (("2027-02-01", "10"), ("2027-03-04", "13"), ("2027-03-09", "12"), ("2027-03-20", "10"))
    assert _in_force(YEAR, "2027-03-31", *wanted) == "12"


def test_what_is_bound_from_a_day_on_is_bound_once() -> None:
    wanted = (("2027-02-01", "10"), ("2027-02-08", "12"), ("2027-02-20", "5"))
    assert _in_force(YEAR, "2027-03-31", *wanted) == "12"


def test_every_term_names_the_decreases_that_it_puts_off() -> None:
    wanted = Timeline(steps(("2027-02-01", "10"), ("2027-06-01", "8"), ("2028-06-01", "7")))
    _, deferrals = committed(wanted, RENEWED, day("2028-12-31"))
    assert [(each.on, each.until) for each in deferrals] == [
        (day("2027-06-01"), day("2028-02-01")),
        (day("2028-06-01"), day("2029-02-01")),
    ]


@pytest.mark.parametrize("term", [YEAR, RENEWED])
def test_a_decrease_on_the_day_on_which_the_term_ends_is_not_put_off(term: Commitment) -> None:
    wanted = Timeline(steps(("2027-02-01", "10"), ("2028-02-01", "4")))
    timeline, deferrals = committed(wanted, term, day("2028-02-29"))
    assert [int(timeline.at(day(on))) for on in ("2028-01-31", "2028-02-01")] == [10, 4]
    assert deferrals == ()


def test_without_a_window_nothing_may_be_returned() -> None:
    term = Commitment(day("2027-02-01"), day("2028-02-01"), window_days=0)
    assert _in_force(term, "2027-03-05", ("2027-02-01", "10"), ("2027-03-04", "13"), ("2027-03-05", "10")) == "13"


def test_before_the_term_and_after_it_the_number_moves_freely() -> None:
    wanted = (("2027-01-01", "10"), ("2027-01-20", "6"), ("2027-06-01", "2"), ("2028-03-01", "1"))
    assert [_in_force(YEAR, on, *wanted) for on in ("2027-01-31", "2027-06-01", "2028-02-01", "2028-03-01")] == [
        *("6", "6", "2", "1")
    ]


def test_a_renewal_opens_with_what_is_wanted_and_binds_it_again() -> None:
    wanted = (("2027-02-01", "10"), ("2027-06-01", "7"), ("2028-06-01", "5"))
    dates = ("2027-06-01", "2028-01-31", "2028-02-01", "2028-06-01", "2029-01-31", "2029-02-01")
    assert [_in_force(RENEWED, on, *wanted) for on in dates] == ["10", "10", "7", "7", "7", "5"]


def test_what_a_renewal_opened_with_may_be_returned_within_its_window() -> None:
    assert _in_force(RENEWED, "2028-02-07", ("2027-02-01", "10"), ("2028-02-07", "3")) == "3"
    assert _in_force(RENEWED, "2028-02-08", ("2027-02-01", "10"), ("2028-02-08", "3")) == "10"


def test_renewals_are_counted_from_the_first_end_so_that_the_31st_comes_back() -> None:
    term = Commitment(day("2027-01-31"), day("2027-08-31"), renews_months=1)
    found = list(term.terms(day("2027-10-31")))
    assert found[:2] == [days("2027-01-31", "2027-08-31"), days("2027-08-31", "2027-09-30")]
    assert found[2:] == [days("2027-09-30", "2027-10-31"), days("2027-10-31", "2027-11-30")]
    assert found[-1].end == add_months(day("2027-08-31"), 3)


def test_a_decrease_that_is_wanted_again_later_is_put_off_again() -> None:
    wanted = Timeline(steps(("2027-02-01", "10"), ("2027-03-20", "8"), ("2027-04-20", "9")))
    _, deferrals = committed(wanted, YEAR, day("2027-04-30"))
    end = day("2028-02-01")
    assert deferrals == (
        Deferral(day("2027-03-20"), wanted.at(day("2027-03-20")), wanted.at(day("2027-02-01")), end),
        Deferral(day("2027-04-20"), wanted.at(day("2027-04-20")), wanted.at(day("2027-02-01")), end),
    )


@pytest.mark.parametrize(("starts", "moves_on"), [("2027-04-01", "2027-04-11"), ("2027-04-11", "2027-04-11")])
def test_who_moves_to_another_roster_takes_a_place_along_that_the_term_lets_go(starts: str, moves_on: str) -> None:
    """Ten users at 75.00, of whom nine are left after ten of April's thirty days: 700.00, as without a term."""
    stay = [seat(number, "2027-04-01") for number in range(9)]
    moved = [seat(9, "2027-04-01", moves_on), seat(9, moves_on, roster="frontline")]
    term = Commitment(day(starts), day("2028-04-01"), window_days=30)
    of = replace(line(per_unit("75")), counting=Counting(removals="keep"), commitment=term)
    facts = snapshot(agreement(of, start="2027-04-01", timing="arrears"), seats=[*stay, *moved], counted="2027-04-01")
    april = draft_invoice(facts, day("2027-05-01"))
    assert april is not None
    assert april.subtotal_minor == 700_00


@pytest.mark.parametrize(
    ("start", "end", "renews_months", "window_days", "sentence"),
    [
        ("2028-02-01", "2027-02-01", None, 7, "doesn't end after it begins"),
        ("2027-02-01", "2027-02-01", None, 7, "doesn't end after it begins"),
        ("2027-02-01", "2028-02-01", 0, 7, "at least a month, not by 0"),
        ("2027-02-01", "2028-02-01", 12, -1, "A window of -1 days is none"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(
    start: str, end: str, renews_months: int | None, window_days: int, sentence: str
) -> None:
    with pytest.raises(CommitmentMakesNoSense, match=sentence):
        Commitment(day(start), day(end), renews_months, window_days)
