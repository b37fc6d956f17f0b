"""Terms that change on a date, and that may be learnt later than they apply."""

from decimal import Decimal

import pytest

from billing.calendar import Dated, DatesAreAmbiguous, Entry, always
from tests.billing.build import day, days, numbers

RISING = numbers((None, "10"), ("2027-04-11", "11"), ("2027-05-01", "12"))


@pytest.mark.parametrize(
    ("on", "value"),
    [("2026-01-01", 10), ("2027-04-10", 10), ("2027-04-11", 11), ("2027-04-30", 11), ("2027-05-01", 12)],
)
def test_each_day_takes_the_entry_in_force_on_it(on: str, value: int) -> None:
    assert RISING.at(day(on)) == value


def test_before_the_first_entry_its_value_holds_already() -> None:
    assert numbers(("2027-04-11", "11"), ("2027-05-01", "12")).at(day("2027-01-01")) == 11


def test_the_order_in_which_entries_are_written_does_not_matter() -> None:
    assert Dated(RISING.entries[::-1]).at(day("2027-04-20")) == 11


def test_a_period_is_cut_where_the_value_changes() -> None:
    assert list(RISING.cut(days("2027-04-01", "2027-06-01"))) == [
        (days("2027-04-01", "2027-04-11"), Decimal(10)),
        (days("2027-04-11", "2027-05-01"), Decimal(11)),
        (days("2027-05-01", "2027-06-01"), Decimal(12)),
    ]


def test_a_change_on_the_first_day_of_a_period_leaves_it_whole() -> None:
    assert list(RISING.cut(days("2027-05-01", "2027-06-01"))) == [(days("2027-05-01", "2027-06-01"), Decimal(12))]


def test_a_change_on_the_day_a_period_ends_belongs_to_the_next() -> None:
    assert list(RISING.cut(days("2027-04-11", "2027-05-01"))) == [(days("2027-04-11", "2027-05-01"), Decimal(11))]


def _corrected() -> Dated[Decimal]:
    return Dated(
        (
            Entry(Decimal(10)),
            Entry(Decimal(11), since=day("2027-04-11"), known=day("2027-04-20")),
            Entry(Decimal(12), since=day("2027-04-11"), known=day("2027-05-02")),
        )
    )


@pytest.mark.parametrize(
    ("known_on", "value"), [("2027-04-19", 10), ("2027-04-20", 11), ("2027-05-01", 11), ("2027-05-02", 12)]
)
def test_what_was_learnt_later_is_not_known_before(known_on: str, value: int) -> None:
    assert _corrected().as_known(day(known_on)).at(day("2027-04-15")) == value


def test_for_one_day_the_entry_that_was_learnt_last_is_in_force() -> None:
    assert _corrected().at(day("2027-04-11")) == 12


def test_a_term_of_which_nothing_was_known_yet_has_its_first_value() -> None:
    late = Dated((Entry(Decimal(7), known=day("2027-04-20")),))
    assert late.as_known(day("2027-01-01")).at(day("2027-01-01")) == 7


def test_of_several_values_of_which_none_was_known_yet_the_first_holds_throughout() -> None:
    late = Dated((Entry(7, known=day("2027-04-20")), Entry(8, day("2027-02-01"), day("2027-04-20"))))
    assert late.as_known(day("2027-01-01")).at(day("2027-03-01")) == 7


def test_two_values_from_one_day_are_refused() -> None:
    with pytest.raises(DatesAreAmbiguous, match="Two entries apply from 2027-04-11; only one can"):
        numbers(("2027-04-11", "11"), ("2027-04-11", "12"))


def test_two_values_from_ever_are_refused() -> None:
    with pytest.raises(DatesAreAmbiguous, match=r"^Two entries apply from the beginning; only one can\.$"):
        numbers((None, "11"), (None, "12"))


def test_a_term_without_a_value_is_refused() -> None:
    with pytest.raises(DatesAreAmbiguous, match=r"^A dated term needs at least one entry\.$"):
        Dated(())


def test_a_term_that_never_changes_is_the_same_on_every_day() -> None:
    assert list(always(5).cut(days("2027-01-01", "2028-01-01"))) == [(days("2027-01-01", "2028-01-01"), 5)]
