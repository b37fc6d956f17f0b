"""How many people were billed over the months."""

from dataclasses import replace
from decimal import Decimal

from billing.quantities import Seat, Step
from billing.snapshot import Snapshot
from commands.headcounts import months, roster_counts, twelve_months
from tests.billing.build import FULL, GRADUATED, day, days, line, snapshot

TODAY = day("2027-04-11")
YEAR = twelve_months(TODAY)
STATED = snapshot(line(GRADUATED), [Step(day("2027-01-01"), Decimal(2))])
COUNTED = replace(
    STATED,
    counted={"full": day("2027-02-10")},
    seats=(
        Seat("full", 1, day("2027-02-10")),
        Seat("full", 2, day("2027-02-10"), day("2027-03-05")),
        Seat("full", 3, day("2027-02-10")),
        Seat("full", 4, day("2027-03-20")),
    ),
)


def told(snapshot: Snapshot) -> list[tuple[str, list[tuple[str, int]]]]:
    counts = roster_counts(snapshot, ["full"], YEAR)
    return [(one.roster, [(step.on.isoformat(), int(step.quantity)) for step in one.steps]) for one in counts]


def monthly(snapshot: Snapshot) -> list[tuple[list[Decimal | None], int | None, int | None]]:
    counts = roster_counts(snapshot, ["full"], YEAR)
    return [(list(month.counts), month.joined, month.left) for month in months(snapshot, counts, YEAR)]


def test_twelve_months_are_those_up_to_the_present_one() -> None:
    assert days("2026-05-01", "2027-04-12") == YEAR


def test_before_the_first_number_nothing_is_said() -> None:
    assert told(STATED) == [("full", [("2027-01-01", 2)])]


def test_seats_take_over_from_the_stated_number_on_the_day_of_the_first_count() -> None:
    steps = [("2027-01-01", 2), ("2027-02-10", 3), ("2027-03-05", 2), ("2027-03-20", 3)]
    assert told(COUNTED) == [("full", steps)]


def test_a_number_of_long_ago_stands_from_the_first_day_of_the_months() -> None:
    old = replace(STATED, stated={FULL: (Step(day("2020-01-01"), Decimal(7)),)})
    assert told(old) == [("full", [("2026-05-01", 7)])]


def test_a_step_that_changes_nothing_is_none() -> None:
    same = (Step(day("2027-01-01"), Decimal(2)), Step(day("2027-02-01"), Decimal(2)))
    assert told(replace(STATED, stated={FULL: same})) == [("full", [("2027-01-01", 2)])]


def test_a_number_of_tomorrow_is_not_told_today() -> None:
    later = (Step(day("2027-01-01"), Decimal(2)), Step(day("2027-04-12"), Decimal(9)))
    assert told(replace(STATED, stated={FULL: later})) == [("full", [("2027-01-01", 2)])]


def test_a_roster_without_any_number_is_left_out() -> None:
    assert roster_counts(STATED, ["frontline", "full"], YEAR) == roster_counts(STATED, ["full"], YEAR)


def test_each_month_tells_the_number_of_its_last_day_and_who_came_and_went() -> None:
    assert monthly(COUNTED)[-4:] == [
        ([Decimal(2)], None, None),
        ([Decimal(3)], 0, 0),
        ([Decimal(3)], 1, 1),
        ([Decimal(3)], 0, 0),
    ]


def test_a_month_before_the_first_number_has_none() -> None:
    assert monthly(COUNTED)[0] == ([None], None, None)
    assert len(monthly(COUNTED)) == 12


def test_who_moves_between_rosters_neither_came_nor_went() -> None:
    moved = replace(
        COUNTED,
        counted={**COUNTED.counted, "frontline": day("2027-02-10")},
        seats=(
            Seat("full", 1, day("2027-02-10"), day("2027-03-05")),
            Seat("frontline", 1, day("2027-03-05")),
        ),
    )
    assert monthly(moved)[-2][1:] == (0, 0)


def test_a_seat_without_a_day_is_nobodys_coming() -> None:
    empty = replace(COUNTED, seats=(*COUNTED.seats, Seat("full", 5, day("2027-03-08"), day("2027-03-08"))))
    assert monthly(empty)[-2][1:] == (1, 1)
