"""Decisions: what they do to seats and bills, who may make them, and that each is made once."""

import json
import threading
from dataclasses import replace

import pytest

from commands import audit, changes, links, permissions, roles, users
from commands.actors import Actor
from commands.change_cards import ChangeView
from commands.changes import (
    AlreadyDecided,
    ChangeWasReplaced,
    NoSuchChange,
)
from commands.first_counts import FirstDayIsMissing
from commands.left_out import MoveIsOneDecision, NoSuchItem
from commands.reasons import ReasonIsMissing
from commands.why import why
from rosters.rules import Account, Roster, Rule
from tests.billing.build import agreement, day, line, per_unit
from tests.support.books import EVERYBODY, client, counting, excluding, stating
from tests.support.cards import every_owed
from tests.support.msp import ADA, BOB, Msp, amounts, crowd, played_once, somebody

TWO_ROSTERS = (Roster("desk", Rule(counted_licences=("F1",))), Roster("full", Rule(basis="enabled")))
TWO_LINES = agreement(line(per_unit("10")), counting("desk", per_unit("4")))


@pytest.fixture
@played_once
def joining(counted: Msp) -> Msp:
    """January is billed for Ann, Bo and Cy; Dee and Eve joined on 11 January and wait."""
    counted.bill("2027-01-01")
    counted.on("2027-01-11").hire("dee", "eve")
    counted.sync()
    return counted


def seated(msp: Msp, on: str | None = None) -> list[tuple[str, str]]:
    """Who has a seat, and since when."""
    view = users.rosters(msp.database, ADA, msp.clock, "acme", day(on) if on else None)
    return [(seat.name, str(seat.start)) for roster in view.rosters for seat in roster.seats]


def approve(msp: Msp, change_id: int, **choices: object) -> ChangeView:
    return changes.approve(msp.database, ADA, msp.clock, change_id, **choices)  # type: ignore[arg-type] # by name


# Approving.


def test_nothing_changes_before_the_approval(joining: Msp) -> None:
    assert len(seated(joining)) == 3
    assert joining.preview("2027-02-01")["subtotal"] == "30.00"


def test_an_approval_opens_seats_from_the_day_that_was_seen(joining: Msp) -> None:
    joining.on("2027-01-20").approve()
    assert seated(joining)[-2:] == [("Dee", "2027-01-11"), ("Eve", "2027-01-11")]
    assert amounts(joining.preview("2027-02-01")) == [
        ("recurring", "2027-02-01", "50.00"),
        ("adjustment", "2027-01-01", "13.55"),
    ]


def test_a_proposal_is_in_the_audit_log_with_everybody_it_is_about(joining: Msp) -> None:
    entry = next(each for each in audit.entries(joining.database, ADA, "acme") if each.action == "change.propose")
    (together,) = json.loads(entry.data)
    assert [together[each] for each in ("kind", "roster")] == ["join", "full"]
    items = joining.pending().items
    assert {together["effective"]} == {str(item.effective) for item in items}
    assert len(together["people"]) == len(set(together["people"])) == len(together["accounts"]) == len(items)


def test_an_approval_is_in_the_audit_log_with_the_approver(joining: Msp) -> None:
    joining.approve(actor=BOB)
    entry = audit.entries(joining.database, ADA, "acme")[0]
    assert (entry.action, entry.actor, entry.subject) == ("change.approve", BOB.id, "2:1")


def test_an_approval_says_who_and_when(joining: Msp) -> None:
    view = joining.approve(actor=BOB)
    assert (view.state, view.decided_by, view.decided_at) == ("approved", BOB.id, joining.clock.now())


def test_the_approver_may_state_another_day(joining: Msp) -> None:
    view = joining.approve("2027-01-21")
    assert {str(item.effective) for item in view.items} == {"2027-01-21"}
    assert joining.preview("2027-02-01")["lines"][1]["amount"] == "7.10"


def test_the_stated_day_of_a_first_count_is_the_first_that_seats_count(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "2"))))
    msp.on("2027-01-05").hire("ann", "bo", "cy")
    msp.sync()
    msp.approve("2027-01-21")
    assert msp.preview("2027-01-01")["subtotal"] == "23.55"


def test_a_first_count_with_a_stated_day_leaves_the_days_of_other_rosters_alone(msp: Msp) -> None:
    msp.imports(client(TWO_LINES, rosters=TWO_ROSTERS))
    msp.count("ann", "bo")
    msp.on("2027-01-11").hire("cy", Account("dee", "Dee", licences=("F1",)))
    msp.sync()
    view = msp.approve("2027-01-01")
    assert sorted((item.roster, str(item.effective)) for item in view.items) == [
        ("desk", "2027-01-01"),
        ("full", "2027-01-11"),
    ]


def test_an_item_may_be_left_out_for_a_reason(joining: Msp) -> None:
    view = approve(joining, 2, left_out={1: ""}, reason="Dee is a trainee")
    assert [(item.name, item.excepted) for item in view.items] == [("Dee", True), ("Eve", False)]
    assert [name for name, _ in seated(joining)] == ["Ann", "Bo", "Cy", "Eve"]


def test_each_item_is_left_out_for_a_reason_of_its_own(joining: Msp) -> None:
    view = approve(joining, 2, left_out={1: "A trainee", 2: ""}, reason="On leave")
    assert [(item.excepted, item.reason) for item in view.items] == [(True, "A trainee"), (True, "On leave")]
    told = why(joining.database, ADA, "acme", "dee").sentence
    assert "left that out of change 2 on 11 Jan 2027: A trainee" in told
    entry = audit.entries(joining.database, ADA, "acme")[0]
    assert [item["reason"] for item in json.loads(entry.data)["items"]] == ["A trainee", "On leave"]


def test_a_rehearsed_approval_refuses_like_one_and_decides_nothing(joining: Msp) -> None:
    def rehearse(left_out: dict[int, str]) -> None:
        changes.rehearse_approval(joining.database, ADA, joining.clock, (2, 1), None, left_out)

    rehearse({1: "A trainee"})
    assert (joining.pending().state, len(seated(joining))) == ("pending", 3)
    with pytest.raises(ReasonIsMissing):
        rehearse({1: " "})
    with pytest.raises(NoSuchItem):
        rehearse({3: "typo"})


def test_leaving_an_item_out_takes_a_reason(joining: Msp) -> None:
    with pytest.raises(ReasonIsMissing):
        approve(joining, 2, left_out={1: ""}, reason=" ")
    assert joining.pending().state == "pending"


def test_an_item_that_is_not_there_cannot_be_left_out(joining: Msp) -> None:
    with pytest.raises(NoSuchItem, match="items 1 to 2, not 3"):
        approve(joining, 2, left_out={3: ""}, reason="typo")
    assert joining.pending().state == "pending"


def test_a_leaver_is_paid_until_the_day_before(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.approve()
    assert counted.preview("2027-02-01")["lines"][1]["amount"] == "-6.77"


@pytest.fixture
@played_once
def moving(msp: Msp) -> Msp:
    """Bo was counted on the roster desk and is to move to full, where Ann is."""
    msp.imports(client(TWO_LINES, rosters=TWO_ROSTERS))
    msp.count("ann", Account("bo", "Bo", licences=("F1",)))
    msp.on("2027-01-07").hire(Account("bo", "Bo"))
    msp.sync()
    return msp


def test_a_change_for_a_roster_that_left_the_book_is_shown_anew_with_where_they_go_now(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire("ann")
    msp.sync()
    msp.imports(client(per_unit("10"), rosters=(Roster("everyone", Rule(basis="enabled")),)))
    with pytest.raises(ChangeWasReplaced, match="now it is revision 2"):
        approve(msp, 1, revision=1)
    assert [item.roster for item in msp.pending().items] == ["everyone"]


def test_a_change_for_a_roster_that_left_the_book_while_the_catch_was_on_opens_no_seat(msp: Msp) -> None:
    msp.imports(client(TWO_LINES, rosters=TWO_ROSTERS))
    msp.count(*crowd(20))
    msp.hire(Account("dee", "Dee", licences=("F1",)))
    msp.sync()
    msp.imports(client(per_unit("10"), rosters=(excluding("p0*"),)))
    with pytest.raises(ChangeWasReplaced, match="about desk"):
        msp.approve("2027-01-01")
    assert len(seated(msp)) == 20


@pytest.mark.parametrize("half", ["leave", "join"])
def test_neither_half_of_a_move_can_be_left_out_alone(moving: Msp, half: str) -> None:
    change = moving.pending()
    (number,) = [item.number for item in change.items if item.kind == half]
    with pytest.raises(MoveIsOneDecision, match=r"Bo moves from desk to full.* both of its items, 1 and 2, or none"):
        approve(moving, change.id, left_out={number: ""}, reason="not yet")
    assert ([name for name, _ in seated(moving)], moving.waits()) == (["Bo", "Ann"], True)


def test_who_moves_twice_before_the_decision_has_one_seat_on_every_day(msp: Msp) -> None:
    rosters = (Roster("desk", Rule(counted_licences=("F1",))), Roster("shop", Rule(counted_licences=("F3",))))
    lines = agreement(counting("desk", per_unit("4")), counting("shop", per_unit("6")), line(per_unit("10")))
    msp.imports(client(lines, rosters=(*rosters, EVERYBODY)))
    msp.count(Account("bo", "Bo", licences=("F1",)), Account("cy", "Cy", licences=("F3",)), "ann")
    msp.on("2027-01-07").hire(Account("bo", "Bo"))
    msp.sync()
    msp.on("2027-01-11").hire(Account("bo", "Bo", licences=("F3",)))
    msp.sync()
    assert [(item.kind, item.roster, str(item.effective)) for item in msp.approve().items] == [
        ("leave", "desk", "2027-01-11"),
        ("join", "shop", "2027-01-11"),
    ]


def test_a_first_count_with_a_stated_day_moves_nobody_before_he_moved(msp: Msp) -> None:
    msp.imports(client(TWO_LINES, rosters=TWO_ROSTERS))
    msp.count("ann", "bo")
    msp.on("2027-01-11").hire(Account("bo", "Bo", licences=("F1",)), Account("dee", "Dee", licences=("F1",)))
    msp.sync()
    assert [(item.kind, item.name, str(item.effective)) for item in msp.approve("2027-01-01").items] == [
        ("leave", "Bo", "2027-01-11"),
        ("join", "Bo", "2027-01-11"),
        ("join", "Dee", "2027-01-01"),
    ]


def test_a_move_may_be_left_out_as_a_whole(moving: Msp) -> None:
    change = moving.pending()
    approve(moving, change.id, left_out=dict.fromkeys((item.number for item in change.items), ""), reason="not yet")
    moving.on("2027-01-08").sync()
    assert (seated(moving)[0], moving.waits()) == (("Bo", "2027-01-01"), False)


def test_a_rejected_move_is_asked_for_again_as_a_whole(moving: Msp) -> None:
    moving.reject()
    other = Roster("full", Rule(basis="enabled", own_domains=("msp.example",)))
    moving.on("2027-01-08").imports(client(TWO_LINES, rosters=(TWO_ROSTERS[0], other)))
    moving.sync()
    assert [(item.kind, item.roster) for item in moving.pending().items] == [("leave", "desk"), ("join", "full")]


def test_a_rejected_move_to_a_roster_that_was_never_counted_is_asked_for_again_as_a_whole(msp: Msp) -> None:
    msp.imports(client(TWO_LINES, rosters=TWO_ROSTERS))
    msp.count(Account("bo", "Bo", licences=("F1",)))
    msp.on("2027-01-07").hire(Account("bo", "Bo"))
    msp.sync()
    msp.reject()
    msp.on("2027-01-08").sync()
    assert [item.kind for item in msp.approve().items] == ["leave", "join"]


# Nobody is billed twice for one day.


def test_somebody_back_before_his_stated_last_day_is_not_billed_twice(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-05").fire("bo")
    counted.sync()
    counted.approve("2027-02-01")
    counted.on("2027-01-20").hire("bo")
    counted.sync()
    counted.approve()
    assert amounts(counted.preview("2027-02-01")) == [("recurring", "2027-02-01", "30.00")]


def test_a_day_stated_for_a_return_cannot_reach_into_an_earlier_seat(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.approve()
    counted.on("2027-01-21").hire("bo")
    counted.sync()
    counted.approve("2027-01-01")
    assert amounts(counted.preview("2027-02-01")) == [("recurring", "2027-02-01", "30.00")]


# Refusing.


def test_a_rejection_leaves_everything_as_it_is(joining: Msp) -> None:
    assert joining.reject().state == "rejected"
    assert len(seated(joining)) == 3


def test_a_refusal_stands_although_an_earlier_revision_gave_its_item_the_day(counted: Msp) -> None:
    counted.on("2027-01-07").fire("bo")
    counted.sync()
    counted.on("2027-01-08").hire(somebody("bob", enabled=False))
    counted.sync()
    links.link(counted.database, ADA, counted.clock, "acme", "hr/bo", "hr/bob", same=True)
    assert [(item.kind, str(item.effective)) for item in counted.pending().items] == [("leave", "2027-01-07")]
    counted.reject()
    counted.on("2027-01-09").sync()
    assert not counted.waits()


def test_a_rejection_takes_a_reason(joining: Msp) -> None:
    with pytest.raises(ReasonIsMissing):
        joining.reject("  ")
    assert joining.pending().state == "pending"


def test_a_rejection_is_in_the_audit_log_with_its_reason(joining: Msp) -> None:
    joining.reject("They are trainees.")
    entry = audit.entries(joining.database, ADA, "acme")[0]
    assert (entry.action, "They are trainees." in entry.data) == ("change.reject", True)


def test_what_was_rejected_is_not_proposed_again(joining: Msp) -> None:
    joining.reject()
    joining.on("2027-01-15").sync()
    joining.sync_one(full=True)
    assert not joining.waits()


def test_what_was_left_out_is_not_proposed_again(joining: Msp) -> None:
    approve(joining, 2, left_out={1: ""}, reason="Dee is a trainee")
    joining.on("2027-01-15").sync()
    assert not joining.waits()


def test_somebody_new_is_proposed_beside_what_was_rejected(joining: Msp) -> None:
    joining.reject()
    joining.on("2027-01-15").hire("fay")
    joining.sync()
    assert [item.name for item in joining.pending().items] == ["Fay"]


def test_what_was_rejected_is_proposed_again_once_its_verdict_changed(joining: Msp) -> None:
    joining.reject()
    joining.on("2027-01-15").hire(somebody("dee", enabled=False))
    joining.sync()
    joining.on("2027-01-16").hire("dee")
    joining.sync()
    assert [(item.name, str(item.effective)) for item in joining.pending().items] == [("Dee", "2027-01-16")]


def test_what_was_rejected_is_proposed_again_after_a_change_on_the_same_day(joining: Msp) -> None:
    joining.reject()
    joining.hire(somebody("dee", enabled=False))
    joining.sync()
    joining.hire("dee")
    joining.sync()
    assert [item.name for item in joining.pending().items] == ["Dee"]


def test_a_rejected_leave_keeps_the_seat(counted: Msp) -> None:
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.reject("He is on leave.")
    counted.on("2027-01-12").sync()
    assert (counted.waits(), [name for name, _ in seated(counted)]) == (False, ["Ann", "Bo", "Cy"])


def test_a_rejected_leave_is_asked_for_again_from_the_day_on_which_the_verdict_became_another(counted: Msp) -> None:
    counted.on("2027-01-11").hire(somebody("bo", enabled=False))
    counted.sync()
    counted.reject("He is on leave.")
    counted.on("2027-01-12").sync()
    assert not counted.waits()
    counted.on("2027-01-15").fire("bo")
    counted.sync()
    assert [(item.name, str(item.effective)) for item in counted.pending().items] == [("Bo", "2027-01-15")]
    counted.on("2027-01-16").sync()
    assert [(item.name, str(item.effective)) for item in counted.pending().items] == [("Bo", "2027-01-15")]
    counted.reject("He comes back.")
    counted.on("2027-01-17").sync()
    assert not counted.waits()


def test_a_rejected_first_count_is_asked_for_again(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire("ann")
    msp.sync()
    msp.reject("wrong rule")
    msp.on("2027-01-02").sync()
    assert (msp.pending().first_count, [item.name for item in msp.pending().items]) == (True, ["Ann"])


# Once.


def test_a_second_approval_says_who_was_first_and_opens_nothing(joining: Msp) -> None:
    approve(joining, 2)
    with pytest.raises(AlreadyDecided, match=r"already approved by ops for Ada \(command line\) on 11 Jan 2027"):
        changes.approve(joining.database, BOB, joining.clock, 2)
    assert len(seated(joining)) == 5


def test_a_rejected_change_cannot_be_approved(joining: Msp) -> None:
    joining.reject()
    with pytest.raises(AlreadyDecided, match="already rejected"):
        approve(joining, 2)


def test_a_withdrawn_change_cannot_be_approved(joining: Msp) -> None:
    joining.fire("dee", "eve")
    joining.sync()
    with pytest.raises(AlreadyDecided, match="was withdrawn"):
        approve(joining, 2)


def test_of_two_who_approve_at_once_one_opens_the_seats(joining: Msp) -> None:
    together = threading.Barrier(2, timeout=20)
    answers: list[str] = []

    def one(actor: Actor) -> None:
        together.wait()
        try:
            answers.append(changes.approve(joining.database, actor, joining.clock, 2).state)
        except AlreadyDecided:
            answers.append("refused")

    deciders = [threading.Thread(target=one, args=(actor,)) for actor in (ADA, BOB)]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join(30)
    assert sorted(answers) == ["approved", "refused"]
    assert len(seated(joining)) == 5


def test_an_older_revision_is_refused_and_nothing_is_decided(joining: Msp) -> None:
    joining.hire("fay")
    joining.sync()
    with pytest.raises(ChangeWasReplaced, match="you saw revision 1, now it is revision 2"):
        approve(joining, 2, revision=1)
    assert joining.pending().revision == 2


def test_an_older_revision_cannot_be_rejected_either(joining: Msp) -> None:
    joining.hire("fay")
    joining.sync()
    with pytest.raises(ChangeWasReplaced):
        changes.reject(joining.database, ADA, joining.clock, 2, revision=1, reason="no")


def test_an_approval_after_the_next_bill_date_has_passed_shows_the_change_anew(joining: Msp) -> None:
    joining.on("2027-02-02")
    with pytest.raises(ChangeWasReplaced, match=r"next invoice \$33.55 on 1 Feb 2027, now \$53.55 on 1 Mar 2027"):
        approve(joining, 2, revision=1)
    view = joining.pending()
    assert (view.revision, str(view.next_bill_date), len(seated(joining))) == (2, "2027-03-01", 3)
    assert approve(joining, 2, revision=2).state == "approved"


def test_a_change_that_is_shown_anew_owes_its_card(joining: Msp) -> None:
    joining.on("2027-02-02")
    with pytest.raises(ChangeWasReplaced):
        approve(joining, 2, revision=1)
    owed = {notice.subject: notice.wanted for notice in every_owed(joining.database)}
    assert owed["2"] == 2


def test_a_rejection_also_binds_to_what_was_shown(joining: Msp) -> None:
    joining.on("2027-02-02")
    with pytest.raises(ChangeWasReplaced, match="Revision 2 shows it anew"):
        changes.reject(joining.database, ADA, joining.clock, 2, revision=1, reason="no")


def test_an_approval_of_what_is_still_true_needs_no_new_revision(joining: Msp) -> None:
    joining.on("2027-01-30")
    view = approve(joining, 2, revision=1)
    assert (view.state, view.revision) == ("approved", 1)


@pytest.mark.parametrize("revision", [None, 1])
def test_an_unknown_change_is_named(counted: Msp, revision: int | None) -> None:
    with pytest.raises(NoSuchChange, match="no change 4711"):
        approve(counted, 4711, revision=revision)
    with pytest.raises(NoSuchChange, match="no change 4711"):
        changes.show(counted.database, 4711, revision)


def test_whoever_has_no_role_decides_nothing(joining: Msp) -> None:
    stranger = Actor("U0STRANGER", "slack")
    with pytest.raises(permissions.NotAllowed, match="takes the role approver; you have none"):
        changes.approve(joining.database, stranger, joining.clock, 2)
    with pytest.raises(permissions.NotAllowed):
        changes.reject(joining.database, stranger, joining.clock, 2, reason="no")
    assert joining.pending().state == "pending"


def test_a_group_may_have_the_role(joining: Msp) -> None:
    roles.grant(joining.database, ADA, "S0APPROVERS", "approver")
    member = Actor("U0MEMBER", "slack", ("S0APPROVERS",))
    assert changes.approve(joining.database, member, joining.clock, 2).decided_by == "U0MEMBER"


def test_all_changes_are_listed_in_order_with_every_revision(joining: Msp) -> None:
    joining.hire("fay")
    joining.sync()
    found = changes.pending(joining.database, ADA, "acme", every=True)
    assert [(view.id, view.revision, view.state) for view in found] == [
        (1, 1, "approved"),
        (2, 1, "replaced"),
        (2, 2, "pending"),
    ]


def test_a_change_of_the_past_gives_no_reason_that_is_not_its_own(joining: Msp) -> None:
    joining.approve()
    joining.fire("dee")
    joining.sync()
    joined, left = changes.pending(joining.database, ADA, "acme", every=True)[-2:]
    because = {(item.kind, item.name): item.because for item in (*joined.items, *left.items)}
    assert because["join", "Dee"] == ""
    assert because["leave", "Dee"] == "is no longer in the directory"


def test_a_first_count_after_the_agreement_began_asks_from_which_day_it_holds(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.on("2027-01-20").hire("ann")
    msp.sync()
    with pytest.raises(FirstDayIsMissing, match="--effective 2027-01-01"):
        msp.approve()
    assert msp.waits()
    assert msp.approve("2027-01-01").state == "approved"


def test_a_first_count_beside_stated_numbers_holds_from_the_day_on_which_it_was_made(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "3"))))
    msp.on("2027-01-20").hire("ann")
    msp.sync()
    assert [item.effective for item in msp.approve().items] == [day("2027-01-20")]


def test_a_first_count_before_anything_is_ours_to_bill_asks_for_no_day(msp: Msp) -> None:
    ours = replace(agreement(line(per_unit("10"))), bills_from=day("2027-02-01"))
    msp.imports(client(ours))
    msp.on("2027-01-20").hire("ann")
    msp.sync()
    assert msp.approve().state == "approved"
