"""Classes of users: rosters by licence or by group, and what going from one to the other does."""

from dataclasses import replace

import pytest

from rosters.rules import Account, Roster, Rule
from tests.billing.build import FULL, agreement, line, per_unit
from tests.support.books import client, counting
from tests.support.msp import Msp, amounts, crowd

BY_LICENCE = (
    Roster("frontline", Rule(counted_licences=("SPE_F1",))),
    Roster("full", Rule(counted_licences=("SPE_E3",))),
)
BY_GROUP = (
    Roster("frontline", Rule(basis="group", groups=("Shop floor",))),
    Roster("full", Rule(basis="enabled")),
)
ANN = Account("ann", "Ann", licences=("SPE_F1",), groups=("Shop floor",))
PROMOTED = replace(ANN, licences=("SPE_E3",), groups=())


@pytest.fixture(params=[BY_LICENCE, BY_GROUP], ids=["by licence", "by group"])
def classes(request: pytest.FixtureRequest, msp: Msp) -> Msp:
    """Acme pays 10 a month for everybody on frontline and 50 for everybody on full; Ann is on frontline."""
    lines = (counting("frontline", per_unit("10")), line(per_unit("50"), count=FULL))
    msp.imports(client(agreement(*lines), rosters=request.param))
    msp.count(ANN, Account("bo", "Bo", licences=("SPE_E3",), groups=()))
    return msp


def test_a_change_of_class_is_one_leave_and_one_join_in_one_change(classes: Msp) -> None:
    classes.on("2027-01-11").hire(PROMOTED)
    classes.sync()
    items = [(item.kind, item.roster, item.name, str(item.effective)) for item in classes.pending().items]
    assert items == [("leave", "frontline", "Ann", "2027-01-11"), ("join", "full", "Ann", "2027-01-11")]
    assert classes.pending().monthly_minor == 4000


def test_a_change_of_class_changes_the_bill_although_the_head_count_stays(classes: Msp) -> None:
    classes.on("2027-01-11").hire(PROMOTED)
    classes.sync()
    classes.approve()
    # Ten days of January at 10 and one full user, then 21 days more at 50; two full users in February.
    assert amounts(classes.preview("2027-02-01")) == [
        ("recurring", "2027-01-01", "3.23"),
        ("recurring", "2027-01-01", "83.87"),
        ("recurring", "2027-02-01", "100.00"),
    ]


def test_who_leaves_while_a_change_of_class_waits_counts_until_the_day_of_leaving(classes: Msp) -> None:
    classes.on("2027-01-11").hire(PROMOTED)
    classes.sync()
    classes.on("2027-01-15").fire("ann")
    classes.sync()
    items = [(item.kind, item.roster, item.name, str(item.effective)) for item in classes.pending().items]
    assert items == [("leave", "frontline", "Ann", "2027-01-15")]


def test_a_move_that_was_let_through_lets_nobody_leave(msp: Msp) -> None:
    msp.imports(client(rosters=BY_LICENCE))
    msp.count(*(Account(one, licences=("SPE_E3",)) for one in crowd(12)), since="2027-01-01")
    msp.on("2027-01-11").hire(*(Account(one, licences=("SPE_F1",)) for one in crowd(12)))
    assert msp.sync_one(let_through="They are on the shop floor now.").outcome == "accepted"
    msp.on("2027-01-12").fire(*crowd(5))
    outcome = msp.sync_one()
    assert outcome.outcome == "held"
    assert {move.kind for move in outcome.moves} == {"leave"}
    assert len(outcome.moves) == 5


def test_a_class_that_is_swapped_back_before_anybody_decides_is_no_change(classes: Msp) -> None:
    classes.on("2027-01-11").hire(PROMOTED)
    classes.sync()
    classes.on("2027-01-12").hire(ANN)
    classes.sync()
    assert not classes.waits()
