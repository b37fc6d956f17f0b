"""What a client's next run bills by itself is told apart from what no run would bill."""

import pytest

from billing.calendar import Period
from checks.records import Finding
from commands.catching_up import told_apart
from tests.billing.build import day, flat, line, snapshot

JANUARY = Finding("gap", "line", "flat", Period(day("2027-01-01"), day("2027-02-01")), 1000)
FACTS = snapshot(line(flat("10"), name="flat"))


def test_a_gap_that_the_next_run_bills_is_late() -> None:
    caught_up, rest = told_apart([JANUARY], FACTS, day("2027-01-01"), again=False)
    assert caught_up is not None
    assert (caught_up.on, caught_up.names, caught_up.period, rest) == (day("2027-02-01"), "flat", JANUARY.period, ())


def test_the_same_run_again_is_the_next_one_of_a_client_that_it_left_out() -> None:
    caught_up, _ = told_apart([JANUARY], FACTS, day("2027-01-01"), again=True)
    assert caught_up is not None
    assert caught_up.on == day("2027-01-01")


@pytest.mark.parametrize(
    "finding",
    [
        Finding("gap", "line", "flat", JANUARY.period, 1001),
        Finding("gap", "line", "flat", JANUARY.period, -1000),
        Finding("gap", "line", "other", JANUARY.period, 1000),
        Finding("gap", "discount", "flat", JANUARY.period, 1000),
        Finding("gap", "line", "flat", Period(day("2026-12-01"), day("2027-01-01")), 1000),
        Finding("overlap", "line", "flat", JANUARY.period, 1000),
    ],
    ids=["less", "the other sign", "another line", "another kind", "other days", "no gap"],
)
def test_what_the_next_run_does_not_bill_in_full_stays_a_finding(finding: Finding) -> None:
    assert told_apart([finding], FACTS, day("2027-01-01"), again=False) == (None, (finding,))
