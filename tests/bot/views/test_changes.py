"""How a change looks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.quantities import Measure
from bot.views.changes import change_card, changes_list, decided_note, headline, refusal_with_card
from commands.proposals import RosterMove
from tests.bot.views.samples import HOSTILE, JOINS, change, decided, join, leave
from tests.support.snapshots import assert_message_looks, assert_slack_takes


def test_a_pending_card() -> None:
    assert_message_looks("change-pending", change_card(JOINS))


def test_a_card_of_joins_and_leaves() -> None:
    assert_message_looks("change-mixed", change_card(change(join(1, "Ann Ames"), leave(2, "Bo Brown"))))


def test_a_first_count() -> None:
    first = replace(JOINS, first_count=True, rosters=(RosterMove("full", 2, 3),))
    assert_message_looks("change-first-count", change_card(first))


def test_an_approved_card() -> None:
    assert_message_looks("change-approved", change_card(decided("approved")))


def test_a_rejected_card_says_why() -> None:
    assert_message_looks("change-rejected", change_card(decided("rejected", "A test account")))


def test_a_card_decided_on_the_command_line_names_who_was_there() -> None:
    assert "root for Dana (command line)" in str(change_card(decided("approved", by="cli:root for Dana")).blocks)


def test_a_card_decided_on_a_fixed_date_says_that_date_without_a_time() -> None:
    card = change_card(replace(decided("approved"), decided_on=date(2027, 4, 14)))
    assert " on 14 Apr 2027'" in str(card.blocks)


def test_a_withdrawn_card_has_no_buttons() -> None:
    withdrawn = replace(JOINS, state="withdrawn", reason="Everybody is back")
    assert_message_looks("change-withdrawn", change_card(withdrawn))


def test_the_list_of_what_waits() -> None:
    assert_message_looks("changes-list", changes_list([JOINS, replace(JOINS, id=8)]))


def test_a_refusal_with_the_card() -> None:
    assert_message_looks("change-refusal", refusal_with_card("It was replaced.", JOINS))


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
    for message in (change_card(many), changes_list([many] * 60)):
        assert_slack_takes(message)
    assert "more" in str(change_card(many).blocks)
