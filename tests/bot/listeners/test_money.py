"""Amounts are shown from the role on that the book states, and to a whole channel only where everybody sees them."""

import pytest

from commands.imports import apply_import
from connectors.books.values import Book
from rosters.policies import Automatic, Policies
from tests.support.office import ACME, ADMIN, APPROVER, BILLER, SHELL, VIEWER, Office

REFUSED = "To see amounts takes the role approver; you have viewer."


@pytest.fixture
async def discreet(office: Office) -> Office:
    """An office whose book shows amounts from the role approver on, with a change that waits."""
    await office.first_count("Ann", "Bo")
    apply_import(office.rollcall.database, SHELL, Book(money_from="approver"), office.rollcall.clock)
    office.hire("Cy")
    await office.sync()
    return office


@pytest.mark.parametrize(
    "asked",
    [
        "invoice acme preview",
        "invoice acme explain",
        "invoice acme history",
        "invoice acme preview xlsx",
        "invoice acme pdf",
        "invoice acme xlsx",
        "quote acme +3 full",
        "reconcile acme",
        "reconcile acme xlsx",
        "run status",
        "digest",
    ],
)
async def test_what_is_about_amounts_is_refused_below_that_role(discreet: Office, asked: str) -> None:
    answer = await discreet.ask(VIEWER, "/rollcall", asked)
    assert answer.said.startswith(REFUSED)


async def test_a_change_is_shown_without_its_amounts_below_that_role(discreet: Office) -> None:
    told = await discreet.ask(VIEWER, "/changes", "acme")
    assert "Acme Corp: +1 user (2 → 3)" in told.said
    assert "$" not in told.said
    assert "a month" not in told.said
    assert "$40.00 a month" in (await discreet.ask(APPROVER, "/changes", "acme")).said


async def test_its_details_are_too(discreet: Office) -> None:
    for user, amounts in ((VIEWER, False), (APPROVER, True)):
        await discreet.press(user, "Details")
        (modal, *_) = await discreet.slack.views(user)
        assert ("$40.00" in modal.said) is amounts


async def test_the_card_in_the_channel_has_no_amounts_since_anybody_may_read_it(discreet: Office) -> None:
    card = await discreet.card(ACME)
    assert "Acme Corp: +1 user (2 → 3)" in card.said
    assert "$" not in card.said


async def test_who_counts_is_for_everybody_with_a_role(discreet: Office) -> None:
    assert "Ann" in (await discreet.ask(VIEWER, "/users", "acme")).said


async def test_a_decision_on_an_old_card_tells_no_amounts_to_whom_may_not_see_them(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    before = await office.card()
    apply_import(office.rollcall.database, SHELL, Book(money_from="biller"), office.rollcall.clock)
    office.hire("Di")
    await office.sync()
    await office.press(APPROVER, "Approve", edition=0, message=before)
    assert "$" not in (await office.answer(APPROVER)).said


async def test_without_a_word_in_the_book_everybody_with_a_role_sees_amounts(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    assert "$" in (await office.ask(VIEWER, "/invoice", "acme preview")).said


async def test_whoever_may_not_see_amounts_runs_no_billing(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    apply_import(office.rollcall.database, SHELL, Book(money_from="admin"), office.rollcall.clock)
    for step in ("start", "approve", "issue", "status"):
        answer = await office.ask(BILLER, "/run", f"2027-05-01 {step}")
        assert answer.said.startswith("To see amounts takes the role admin; you have biller.")
    assert "Billing run of 1 May 2027" in (await office.ask(ADMIN, "/run", "2027-05-01 start")).said


async def test_nor_does_a_card_tell_up_to_what_amount_policy_approves(office: Office) -> None:
    automatic = Automatic(5, {"USD": 500_00})
    book = Book(money_from="biller", approvals=Policies(automatic=automatic))
    await office.first_count("Ann", "Bo")
    apply_import(office.rollcall.database, SHELL, book, office.rollcall.clock)
    office.hire("Cy")
    await office.sync()
    await office.delivery.send_owed()
    told = " ".join(message.said for message in await office.slack.messages(ACME))
    assert "by policy: up to 5 people, as the book says for the house" in told
    assert "$500" not in told
