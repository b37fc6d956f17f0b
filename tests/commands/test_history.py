"""The head count over twelve months."""

import pytest

from commands import history
from commands.actors import Actor
from commands.history import HistoryView
from commands.permissions import NotAllowed
from rosters.rules import Roster, Rule
from tests.billing.build import day, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, Msp


def of_acme(msp: Msp) -> HistoryView:
    return history.history(msp.database, ADA, msp.clock, "acme")


def steps(view: HistoryView) -> list[tuple[str, int]]:
    (curve,) = view.chart.curves
    return [(step.on.isoformat(), int(step.quantity)) for step in curve.steps]


def test_the_stated_number_counts_until_the_first_count(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), quantities=stating(("2026-09-01", "2"))))
    msp.count("ann", "bo", "cy", since="2027-01-01")
    assert steps(of_acme(msp)) == [("2026-09-01", 2), ("2027-01-01", 3)]


def test_only_what_was_approved_is_counted(counted: Msp) -> None:
    counted.on("2027-02-10").hire("dee")
    counted.sync()
    assert steps(of_acme(counted)) == [("2027-01-01", 3)]
    counted.approve()
    assert steps(of_acme(counted)) == [("2027-01-01", 3), ("2027-02-10", 4)]


def test_who_joined_and_left_is_told_by_month(counted: Msp) -> None:
    counted.on("2027-02-10").hire("dee", "eli")
    counted.fire("ann")
    counted.sync()
    counted.approve()
    view = of_acme(counted.on("2027-03-05"))
    told = [(month.period.start, month.joined, month.left) for month in view.months[-3:]]
    assert told == [(day("2027-01-01"), 0, 0), (day("2027-02-01"), 2, 1), (day("2027-03-01"), 0, 0)]


def test_a_client_without_rosters_has_no_curve(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), rosters=(), directories=()))
    assert of_acme(msp).chart.curves == ()


def test_each_roster_has_its_curve_in_the_order_of_the_book(msp: Msp) -> None:
    rosters = (Roster("frontline", Rule(basis="enabled")), Roster("full", Rule(basis="enabled")))
    msp.imports(client(per_unit("10"), rosters=rosters, quantities=stating(("2026-09-01", "2"))))
    msp.count("ann", since="2027-01-01")
    view = of_acme(msp)
    assert [curve.name for curve in view.chart.curves] == ["frontline", "full"]
    assert [len(month.counts) for month in view.months] == [2] * 12


def test_it_takes_the_role_viewer(counted: Msp) -> None:
    with pytest.raises(NotAllowed, match="takes the role viewer"):
        history.history(counted.database, Actor("U0STRANGER", "slack"), counted.clock, "acme")
