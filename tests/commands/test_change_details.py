"""Everything about one change."""

from decimal import Decimal

import pytest

from commands import change_details
from commands.actors import Actor
from commands.change_details import ChangeDetails
from commands.changes import NoSuchChange
from commands.permissions import NotAllowed
from tests.billing.build import day, per_unit
from tests.support.books import client
from tests.support.msp import ADA, Msp


def of(msp: Msp, change_id: int) -> ChangeDetails:
    return change_details.details(msp.database, ADA, msp.clock, change_id)


def pending(msp: Msp) -> ChangeDetails:
    return of(msp, msp.pending().id)


def two_more(msp: Msp) -> Msp:
    msp.on("2027-02-10").hire("dee", "eli")
    msp.sync()
    return msp


def test_the_money_of_now_is_told_beside_what_is_proposed(counted: Msp) -> None:
    found = pending(two_more(counted))
    assert (found.monthly_now_minor, found.change.monthly_minor) == (3000, 2000)


def test_the_proposal_branches_off_from_the_day_of_its_first_item(counted: Msp) -> None:
    (curve,) = pending(two_more(counted)).history.chart.curves
    assert curve.proposed is not None
    assert (curve.proposed.on, curve.proposed.quantity, curve.steps[-1].quantity) == (
        day("2027-02-10"),
        Decimal(5),
        Decimal(3),
    )


def test_a_first_count_without_a_stated_number_grows_out_of_nobody(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire("ann", "bo")
    msp.sync()
    (curve,) = pending(msp).history.chart.curves
    assert curve.proposed is not None
    assert (curve.steps[-1].quantity, curve.proposed.quantity) == (Decimal(0), Decimal(2))


def test_a_proposal_older_than_the_chart_begins_with_it(counted: Msp) -> None:
    found = pending(two_more(counted).on("2028-06-20"))
    (curve,) = found.history.chart.curves
    assert curve.proposed is not None
    assert curve.proposed.on == found.history.chart.start == day("2027-07-01")


def test_who_proposed_it_and_since_when_it_waits(counted: Msp) -> None:
    first = pending(two_more(counted))
    counted.on("2027-02-12").hire("fay")
    counted.sync()
    second = pending(counted)
    assert (first.proposed_by, first.first_proposed_on) == (ADA.id, day("2027-02-10"))
    assert (second.change.revision, second.first_proposed_on) == (2, day("2027-02-10"))
    assert second.proposed_at > first.proposed_at


def test_a_decided_change_has_neither_a_proposal_nor_the_money_of_now(counted: Msp) -> None:
    change_id = two_more(counted).approve().id
    found = of(counted, change_id)
    assert found.monthly_now_minor is None
    assert [curve.proposed for curve in found.history.chart.curves] == [None]


def test_a_change_that_never_was_is_refused(counted: Msp) -> None:
    with pytest.raises(NoSuchChange, match="There is no change 99"):
        of(counted, 99)


def test_it_takes_the_role_viewer(counted: Msp) -> None:
    two_more(counted)
    with pytest.raises(NotAllowed, match="takes the role viewer"):
        change_details.details(counted.database, Actor("U0STRANGER", "slack"), counted.clock, counted.pending().id)
