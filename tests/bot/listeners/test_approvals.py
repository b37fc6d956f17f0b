"""Approval policies in Slack, over real HTTP: two people, whom the book names, and what nobody is asked for."""

from pathlib import Path

import pytest

from commands.imports import apply_import
from commands.notices import show_again
from connectors.books.reader import read_book
from tests.bot.listeners.test_changes import seated
from tests.support.office import ACME, APPROVER, BILLER, BOOK, SHELL, Office


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def imports(office: Office, folder: Path, approvals: str) -> None:
    """The office's book with approval policies of the house."""
    file = folder / "book.yaml"
    file.write_text(BOOK.replace("clients:\n", f"approvals: {approvals}\nclients:\n", 1), encoding="utf-8")
    apply_import(office.rollcall.database, SHELL, read_book(file), office.rollcall.clock)


async def test_two_people_approve_one_after_the_other(office: Office, folder: Path) -> None:
    await office.first_count("Ann", "Bo")
    imports(office, folder, "{two_people: {people: 1}}")
    office.hire("Dee", "Eli")
    await office.sync()
    assert "It takes two people to approve this." in (await office.card()).said
    await office.press(APPROVER, "Approve")
    assert "It is the first of two" in (await office.answer(APPROVER)).said
    await office.delivery.send_owed()
    card = await office.card()
    assert "a second person has to approve it" in card.said
    assert card.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    await office.press(APPROVER, "Approve")
    assert "on 11 Apr 2027 already, and it takes two people" in (await office.answer(APPROVER)).said
    assert seated(office) == ["Ann", "Bo"]
    await office.press(BILLER, "Approve")
    assert (await office.answer(BILLER)).said.startswith("Approved: Acme Corp: +2 users (2 → 4)")
    assert seated(office) == ["Ann", "Bo", "Dee", "Eli"]
    await office.delivery.send_owed()
    decided = await office.card()
    assert decided.buttons == ["Undo"]
    assert APPROVER in str(decided.blocks)
    assert BILLER in str(decided.blocks)


async def test_the_second_of_two_sees_the_day_that_the_first_one_stated(office: Office, folder: Path) -> None:
    imports(office, folder, "{two_people: {people: 1}}")
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    await office.press(APPROVER, "Approve")
    await office.slack.submit(APPROVER, {"effective": "2027-04-15"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    await office.press(BILLER, "Approve")
    modal = await office.slack.wait_for_view(BILLER, "Approve first count")
    assert "2027-04-15" in str(modal.payload)


async def test_whoever_is_not_named_is_told_who_is_before_they_are_asked_anything(office: Office, folder: Path) -> None:
    await office.first_count("Ann", "Bo")
    imports(office, folder, f"{{by: [{BILLER}, S0LEADS]}}")
    office.hire("Dee")
    await office.sync()
    for button in ("Approve", "Reject"):
        await office.press(APPROVER, button)
        answer = await office.answer(APPROVER)
        assert "Change 2 of acme isn't yours to decide" in answer.said
        assert {"type": "user", "user_id": BILLER} in answer.blocks[0]["elements"][0]["elements"]
        assert {"type": "usergroup", "usergroup_id": "S0LEADS"} in answer.blocks[0]["elements"][0]["elements"]
        assert BILLER not in answer.text
    assert await office.slack.views(APPROVER) == []
    await office.press(BILLER, "Approve")
    assert seated(office) == ["Ann", "Bo", "Dee"]


async def test_a_user_group_that_only_the_book_names_is_asked_of_slack(office: Office, folder: Path) -> None:
    await office.first_count("Ann", "Bo")
    imports(office, folder, "{by: [S0LEADS]}")
    await office.slack.set_group("S0LEADS", [APPROVER])
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    assert seated(office) == ["Ann", "Bo", "Dee"]


async def test_what_a_policy_approves_is_told_and_asks_nobody(office: Office, folder: Path) -> None:
    await office.first_count("Ann", "Bo")
    imports(office, folder, '{automatic: {people: 1, money: {USD: "500.00"}}}')
    office.hire("Dee")
    await office.sync()
    card = await office.card()
    assert "Approved by policy: up to 1 person and $500.00, as the book says for the house, on 11 Apr 2027" in card.said
    assert card.buttons == ["Undo"]
    assert seated(office) == ["Ann", "Bo", "Dee"]


async def test_a_decided_card_says_since_when_what_it_cost_and_why_people_were_asked(
    office: Office, folder: Path
) -> None:
    await office.first_count("Ann", "Bo")
    imports(office, folder, "{automatic: {people: 1, money: {USD: 500}}}")
    office.hire("Dee", "Eli")
    await office.sync()
    left = "Left to people: 2 people: above the 1 that policy approves by itself."
    assert left in (await office.card()).said
    await office.press(APPROVER, "Approve with changes")
    await office.slack.submit(APPROVER, {"effective": "2027-05-01"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    said = (await office.card()).said
    assert "As decided: +$80.00 a month, before tax" in said
    assert "From 1 May 2027." in said
    assert left in said


async def test_the_thread_of_a_decided_card_has_every_item_with_its_reason_once(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    await office.delivery.send_owed()
    office.hire("Dee", "Eli")
    await office.sync()
    card = await office.card()
    await office.press(APPROVER, "Approve with changes")
    await office.slack.suggest(APPROVER, "Whom or what do you leave out?", "")
    await office.slack.click_in_view(APPROVER, "Whom or what do you leave out?", ["1"])
    await office.edge.work.drain(5)
    await office.slack.submit(APPROVER, {"Why is Dee left out?": "A trainee"})
    await office.edge.work.drain(5)
    for _ in range(3):
        await office.delivery.send_owed()
    _, reply = await office.slack.messages(ACME, thread_ts=card.ts)
    assert "1. Dee joins full from 11 Apr 2027: is enabled. Left out of the approval: A trainee." in reply.said
    assert "2. Eli joins full from 11 Apr 2027: is enabled." in reply.said
    assert "full: 2 → 4" in reply.said


async def test_the_money_of_a_decision_stays_what_it_was(office: Office, folder: Path) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    await office.delivery.send_owed()
    before = (await office.card()).said
    file = folder / "dearer.yaml"
    file.write_text(BOOK.replace('unit: "40.00"', 'unit: "55.00"'), encoding="utf-8")
    apply_import(office.rollcall.database, SHELL, read_book(file), office.rollcall.clock)
    show_again(office.rollcall.database, "change", "2")
    await office.delivery.send_owed()
    assert "As decided: +$40.00 a month, before tax" in before
    assert (await office.card()).said == before
