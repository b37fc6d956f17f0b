"""Undoing a decision: everything is as it was, people are asked again, and nothing that was issued is touched."""

import json
from dataclasses import replace

import pytest

from commands import audit, changes, permissions, undoing
from commands.actors import Actor
from commands.change_cards import ChangeView
from rosters.policies import Automatic, Policies
from storage import seats
from storage.database import Database
from tests.billing.build import day, per_unit
from tests.commands.test_changes import seated
from tests.commands.test_licences import ACME, buy, numbers
from tests.support.books import book, client, stating
from tests.support.cards import every_owed
from tests.support.msp import ADA, BOB, Msp, played_once


@pytest.fixture
@played_once
def joining(counted: Msp) -> Msp:
    """January is billed for Ann, Bo and Cy; Dee joined and Cy left on 11 January, which waits."""
    counted.bill("2027-01-01")
    counted.on("2027-01-11").hire("dee")
    counted.fire("cy")
    counted.sync()
    return counted


def undo(msp: Msp, change_id: int, actor: Actor = BOB) -> ChangeView:
    return undoing.undo(msp.database, actor, msp.clock, change_id)


def facts(database: Database) -> list[tuple[object, ...]]:
    with database.read() as session:
        return [
            (seat.roster, seat.person_id, seat.starts, seat.ends, seat.opened_by, seat.closed_by)
            for seat in seats.every(session, 1)
        ]


def test_an_undone_approval_leaves_seats_and_bill_as_they_were(joining: Msp) -> None:
    before, bill = facts(joining.database), joining.preview("2027-02-01")
    joining.approve()
    assert facts(joining.database) != before
    undone = undo(joining, 2)
    assert facts(joining.database) == before
    assert joining.preview("2027-02-01") == bill
    assert undone.undone is not None
    assert (undone.undone.by, undone.undone.change, undone.undo_open) == (BOB.id, 3, False)


def test_what_is_still_so_waits_again_at_once(joining: Msp) -> None:
    proposed = joining.pending()
    joining.approve()
    undo(joining, 2)
    again = joining.pending()
    assert again.id == 4
    assert [(i.kind, i.name, i.effective) for i in again.items] == [
        (i.kind, i.name, i.effective) for i in proposed.items
    ]
    assert (again.monthly_minor, again.next_invoice_minor) == (proposed.monthly_minor, proposed.next_invoice_minor)
    joining.approve()
    assert [name for name, _ in seated(joining)] == ["Ann", "Bo", "Dee"]


def test_the_further_change_has_the_items_the_other_way_round_and_is_audited(joining: Msp) -> None:
    joining.approve()
    undo(joining, 2)
    by = changes.show(joining.database, 3)
    assert [(item.kind, item.name) for item in by.items] == [("leave", "Dee"), ("join", "Cy")]
    assert (by.state, by.decided_by, by.undoes, by.reason) == ("approved", BOB.id, 2, "Undoes change 2")
    assert [(move.before, move.after) for move in by.rosters] == [(3, 3)]
    entry = next(each for each in audit.entries(joining.database, ADA, "acme") if each.action == "change.undo")
    said = json.loads(entry.data)
    assert (entry.actor, entry.subject, said["undoes"], said["was"]) == (BOB.id, "3:1", "2:1", "approved")
    assert len(said["items"]) == 2
    assert audit.verify(joining.database).problems == ()


def test_an_undone_first_count_leaves_the_stated_number_in_force(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "5"))))
    msp.hire("ann", "bo")
    msp.sync()
    bill = msp.preview("2027-02-01")
    msp.approve("2027-01-01")
    undo(msp, 1)
    assert msp.preview("2027-02-01") == bill
    assert msp.pending().first_count


def test_an_undone_number_is_the_one_before(msp: Msp) -> None:
    msp.imports(ACME)
    msp.hire("ann")
    buy(msp, 12, "2027-01-11")
    bill = msp.preview("2027-02-01")
    msp.approve()
    assert msp.preview("2027-02-01") != bill
    undo(msp, 1)
    assert msp.preview("2027-02-01") == bill
    assert numbers(msp) == [("SPB", "10", "12", "2027-01-11")]
    (item,) = changes.show(msp.database, 2).items
    assert (str(item.before), str(item.after)) == ("12", "10")


def test_an_undone_rejection_asks_again(joining: Msp) -> None:
    changes.reject(joining.database, ADA, joining.clock, 2, reason="A slip")
    undone = undo(joining, 2)
    assert (undone.state, undone.undone is not None) == ("rejected", True)
    assert [item.name for item in joining.pending().items] == ["Cy", "Dee"]


def test_whom_an_undone_approval_left_out_is_asked_about_again(joining: Msp) -> None:
    changes.approve(joining.database, ADA, joining.clock, 2, left_out={2: "A trainee"})
    undo(joining, 2)
    assert [item.name for item in joining.pending().items] == ["Cy", "Dee"]


def test_no_policy_approves_anew_what_somebody_undid(counted: Msp) -> None:
    policies = Policies(automatic=Automatic(5, {"USD": 500_00}))
    counted.imports(replace(book(client(per_unit("10"))), approvals=policies))
    counted.on("2027-01-11").hire("dee")
    counted.sync()
    assert changes.show(counted.database, 2).state == "approved"
    undo(counted, 2)
    counted.sync()
    assert counted.pending().state == "pending"
    counted.hire("eve")
    counted.sync()
    again = counted.pending()
    assert (again.state, len(again.items)) == ("pending", 2)


def test_a_decision_is_undone_on_its_day_only(joining: Msp) -> None:
    joining.approve()
    joining.on("2027-01-12")
    with pytest.raises(undoing.DayIsOver, match="of 11 Jan 2027 on change 2 could be undone on that day only"):
        undo(joining, 2)
    assert len(seated(joining)) == 3


def test_a_decision_on_which_an_invoice_rests_is_not_undone(joining: Msp) -> None:
    joining.approve()
    joining.bill("2027-02-01")
    joining.on("2027-01-11")
    with pytest.raises(undoing.InvoiceRestsOnIt, match="was issued after change 2 was approved"):
        undo(joining, 2)


def test_a_decision_that_a_later_one_built_on_is_not_undone(joining: Msp) -> None:
    joining.approve()
    joining.fire("dee")
    joining.sync()
    joining.approve()
    with pytest.raises(undoing.SeatsMovedSince, match="a later one moved the same people"):
        undo(joining, 2)


def test_a_decision_is_undone_once(joining: Msp) -> None:
    joining.approve()
    undo(joining, 2)
    with pytest.raises(undoing.AlreadyUndone, match=r"already undone by .*Bob"):
        undo(joining, 2, ADA)
    with pytest.raises(undoing.NotDecided, match="Change 3 undoes change 2 itself"):
        undo(joining, 3)
    with pytest.raises(undoing.NotDecided, match="there is no decision to undo"):
        undo(joining, 4)


def test_a_viewer_undoes_nothing(joining: Msp) -> None:
    joining.approve()
    with pytest.raises(permissions.NotAllowed):
        undo(joining, 2, Actor("U0NOBODY", "slack"))
    assert day("2027-01-11") in {seat[2] for seat in facts(joining.database)}


def test_the_day_being_over_no_card_offers_to_undo_its_decision(joining: Msp) -> None:
    # The first count was approved ten days ago.
    assert undoing.close_past(joining.database, joining.clock) == 1
    joining.approve()
    assert undoing.close_past(joining.database, joining.clock) == 0
    assert changes.show(joining.database, 2).undo_open
    joining.on("2027-01-12")
    assert undoing.close_past(joining.database, joining.clock) == 1
    assert not changes.show(joining.database, 2).undo_open
    assert ("change", "2") in [(owed.kind, owed.subject) for owed in every_owed(joining.database)]
    assert undoing.close_past(joining.database, joining.clock) == 0
