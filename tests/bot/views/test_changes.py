"""How a change looks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.quantities import Measure
from bot.views.changes import change_card, decided_note, headline, left_to_people, refusal_with_card
from bot.views.reminders import reminder
from bot.views.waiting import changes_list
from commands.approvals import AppliedPolicy, FirstApproval
from commands.deciding_many import Decidable
from commands.decisions import Decided, LeftToPeople, Undone
from commands.proposals import RosterMove
from commands.reminders import StillWaiting
from rosters.policies import Ground
from tests.bot.views.samples import BILL_DATE, HOSTILE, JOINED, JOINS, change, decided, join, leave
from tests.support.snapshots import assert_message_looks, assert_slack_takes


def test_a_pending_card() -> None:
    assert_message_looks("change-pending", change_card(JOINS))


def test_a_card_of_joins_and_leaves() -> None:
    assert_message_looks("change-mixed", change_card(change(join(1, "Ann Ames"), leave(2, "Bo Brown"))))


def test_a_first_count() -> None:
    first = replace(JOINS, first_count=True, rosters=(RosterMove("full", 2, 3),))
    assert_message_looks("change-first-count", change_card(first))


def test_a_card_of_joins_that_lower_the_bill_says_so() -> None:
    # Under volume tiers the whole number takes the price of the tier that it reaches, so that more may cost less.
    cheaper = replace(JOINS, monthly_minor=-40_00, next_invoice_minor=-60_65)
    card = str(change_card(cheaper).blocks)
    assert "-$40.00 a month, before tax" in card
    assert "-$60.65 on the invoice of" in card


def test_an_approved_card() -> None:
    assert_message_looks("change-approved", change_card(decided("approved")))


def test_a_decided_card_says_what_was_decided_and_may_be_undone() -> None:
    left = LeftToPeople(Ground.PEOPLE, 3, 2, 12000, 50000)
    meant = Decided(JOINED, JOINED, 8000, 13333, BILL_DATE)
    shown = replace(decided("approved"), decided=meant, left_to_people=left, undo_open=True)
    assert_message_looks("change-approved-on-its-day", change_card(shown))


def test_an_undone_card_says_who_undid_it() -> None:
    undone = Undone("U0BILLER", datetime(2027, 4, 11, 19, 30, tzinfo=UTC), JOINED, 8)
    assert_message_looks("change-undone", change_card(replace(decided("approved"), undone=undone)))


@pytest.mark.parametrize(
    ("ground", "most", "told"),
    [
        (Ground.MONEY, 50000, "$620.00: above the $500.00 that policy approves by itself"),
        (Ground.MONEY, None, "$620.00: policy approves no amount in this currency by itself"),
        (Ground.FIRST_COUNT, 50000, "a first count, which policy doesn't approve by itself"),
    ],
)
def test_a_card_says_why_a_policy_left_it_to_people(ground: Ground, most: int | None, told: str) -> None:
    left = LeftToPeople(ground, 3, 3, 62000, most)
    assert left_to_people(replace(JOINS, left_to_people=left)) == f"Left to people: {told}."


def test_a_rejected_card_says_why() -> None:
    assert_message_looks("change-rejected", change_card(decided("rejected", "A test account")))


def test_a_card_decided_on_the_command_line_names_who_was_there() -> None:
    assert "root for Dana (command line)" in str(change_card(decided("approved", by="cli:root for Dana")).blocks)


def test_a_card_decided_on_a_fixed_date_says_that_date_without_a_time() -> None:
    card = change_card(replace(decided("approved"), decided_on=date(2027, 4, 14)))
    assert "{'text': '14 Apr 2027', 'type': 'text'}" in str(card.blocks)
    assert "'type': 'date'" not in str(card.blocks)


FIRST = FirstApproval("U0DANA", datetime(2027, 4, 11, 18, 5, tzinfo=UTC), JOINED)
POLICY = AppliedPolicy(people=3, money_minor=250_00, rule_changes=False, of="the house")


def test_a_card_that_takes_two_people_says_so_before_anybody_approves() -> None:
    assert "It takes two people to approve this." in str(change_card(replace(JOINS, takes_two=True)).blocks)


def test_a_card_that_one_of_two_people_approved() -> None:
    assert_message_looks("change-approved-first", change_card(replace(JOINS, takes_two=True, first_approval=FIRST)))


def test_the_first_approval_is_shown_with_its_day_and_whom_it_leaves_out() -> None:
    first = replace(FIRST, effective=BILL_DATE, reason="Ann is a trainee")
    items = (replace(JOINS.items[0], excepted=True), *JOINS.items[1:])
    card = str(change_card(replace(JOINS, items=items, takes_two=True, first_approval=first)).blocks)
    assert "From 1 May 2027." in card
    assert "Reason: Ann is a trainee" in card
    assert "Left out of the approval (1)" in card


def test_a_card_that_two_people_approved_names_both() -> None:
    assert_message_looks("change-approved-by-two", change_card(replace(decided("approved"), first_approval=FIRST)))


def test_a_card_that_was_rejected_after_a_first_approval_names_only_who_rejected_it() -> None:
    assert "U0DANA" not in str(change_card(replace(decided("rejected", "No"), first_approval=FIRST)).blocks)


def test_a_card_that_a_policy_approved_says_by_which_limits_and_what_it_cost() -> None:
    by_policy = replace(decided("approved", by="policy"), policy=POLICY)
    assert_message_looks("change-approved-by-policy", change_card(by_policy))


def test_who_approved_first_is_told_that_a_second_person_has_to() -> None:
    note = decided_note(replace(JOINS, takes_two=True, first_approval=FIRST))
    assert note.text.startswith("Your approval is kept: Acme Corp: +3 users (42 → 45). It is the first of two")


def test_the_list_says_of_each_change_what_it_still_takes() -> None:
    listed = str(changes_list([Decidable(replace(JOINS, takes_two=True, first_approval=FIRST))]).blocks)
    assert "a second person has to approve it" in listed


def test_a_withdrawn_card_has_no_buttons() -> None:
    withdrawn = replace(JOINS, state="withdrawn", reason="Everybody is back")
    assert_message_looks("change-withdrawn", change_card(withdrawn))


def test_the_list_of_what_waits() -> None:
    other = replace(JOINS, id=8, client_name="Birch Corp")
    assert_message_looks("changes-list", changes_list([Decidable(JOINS), Decidable(other, "It takes two people")]))


def test_a_refusal_with_the_card() -> None:
    assert_message_looks("change-refusal", refusal_with_card(("It was replaced.",), JOINS))


def test_the_one_who_decided_is_told_what() -> None:
    assert decided_note(decided("approved")).text.startswith("Approved: Acme Corp: +3 users (42 → 45)")


@pytest.mark.parametrize(
    ("rosters", "words"),
    [
        ((RosterMove("full", 42, 45),), "Acme Corp: +3 users (42 → 45)"),
        ((RosterMove("full", 42, 41),), "Acme Corp: -1 user (42 → 41)"),
        ((RosterMove("full", 2, 3), RosterMove("frontline", 5, 3)), "Acme Corp: -1 user (7 → 6)"),
        ((RosterMove("full", 3, 3),), "Acme Corp: 3 joined, 0 left (3 users)"),
    ],
)
def test_the_headline_tells_the_difference(rosters: tuple[RosterMove, ...], words: str) -> None:
    assert headline(replace(JOINS, rosters=rosters)) == words


def test_the_headline_of_a_counted_quantity_tells_both_numbers() -> None:
    item = replace(
        join(1, ""),
        kind="quantity",
        measure=Measure("licence", "SPB"),
        before=Decimal(10),
        after=Decimal(12),
        roster=None,
    )
    assert headline(replace(JOINS, rosters=(), items=(item,))) == "Acme Corp: SPB: 10 → 12"


def test_items_with_days_of_their_own_say_them() -> None:
    later = replace(join(2, "Bo Brown"), effective=date(2027, 4, 14))
    assert "Ann Ames (11 Apr 2027), Bo Brown (14 Apr 2027)" in str(
        change_card(change(join(1, "Ann Ames"), later)).blocks
    )


def test_names_from_outside_are_never_markup() -> None:
    card = change_card(change(*(join(number, name) for number, name in enumerate(HOSTILE, 1))))
    assert_slack_takes(card)
    assert "mrkdwn" not in str(card.blocks)
    assert "\u202e" not in str(card.blocks)


@pytest.mark.parametrize("count", [60, 3000])
def test_any_number_of_people_fits_and_what_is_cut_is_counted(count: int) -> None:
    many = change(*(join(number, f"Person with a rather long name {number}") for number in range(1, count + 1)))
    for message in (change_card(many), changes_list([Decidable(many)] * 160)):
        assert_slack_takes(message)
    assert "more" in str(change_card(many).blocks)


def test_a_reminder_says_for_how_long_something_waits_and_what_that_costs() -> None:
    assert_message_looks("reminder", reminder((StillWaiting(JOINS, 3),)))


def test_reminders_of_several_are_one_message() -> None:
    fewer = replace(change(leave(1, "Cy Castillo")), monthly_minor=-4000, next_invoice_minor=-4000)
    hidden = replace(JOINS, shows_money=False)
    assert_message_looks("reminders", reminder((StillWaiting(fewer, 1), StillWaiting(hidden, 2))))
