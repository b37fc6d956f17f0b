"""A change in Slack, from the card to the decision, over real HTTP."""

from commands.changes import pending
from commands.users import rosters
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, APPROVER, FIRST_DAY, SHELL, VIEWER, Office

ADA = "Ada <!channel> *free*"


def seated(office: Office) -> list[str]:
    """Who is on Acme's bill."""
    shown = rosters(office.rollcall.database, SHELL, office.rollcall.clock, "acme")
    return [seat.name for roster in shown.rosters for seat in roster.seats]


async def test_a_first_count_is_announced_with_its_difference_to_the_stated_number(office: Office) -> None:
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    seen = await office.card()
    assert "Acme Corp: first count, +1 user (2 → 3)" in seen.said
    assert "This is the first count" in seen.said
    assert seen.buttons == ["Approve", "Reject", "Details", "Approve with changes"]


async def test_a_first_count_is_approved_from_the_day_that_the_approver_states(office: Office) -> None:
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    await office.press(APPROVER, "Approve")
    modal = await office.slack.wait_for_view(APPROVER, "Approve first count")
    assert FIRST_DAY.isoformat() in str(modal.payload)
    await office.slack.submit(APPROVER, {"effective": "2027-04-15"})
    await office.edge.work.drain(5)
    assert (await office.answer(APPROVER)).said.startswith("Approved: Acme Corp: first count")
    shown = rosters(office.rollcall.database, SHELL, office.rollcall.clock, "acme", FIRST_DAY.replace(day=15))
    assert {seat.start.isoformat() for seat in shown.rosters[0].seats} == {"2027-04-15"}


async def test_a_later_change_names_who_joins_and_what_it_costs(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    office.hire("Dee", ADA)
    await office.sync()
    seen = await office.card()
    assert "Acme Corp: +2 users (3 → 5)" in seen.said
    assert f"{ADA}, Dee" in seen.said
    assert "+$80.00 a month, before tax" in seen.said
    assert seen.pings == []


async def test_approving_opens_the_seats_and_the_card_says_who_did_it(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    assert seated(office) == ["Ann", "Bo", "Dee"]
    await office.delivery.send_owed()
    card = await office.card()
    assert card.buttons == ["Undo"]
    assert "Approved by" in card.said
    assert APPROVER in str(card.blocks)


async def test_the_approver_is_told_that_it_is_done(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    assert (await office.answer(APPROVER)).said.startswith("Approved: Acme Corp: +1 user (2 → 3)")


async def test_a_second_click_is_told_who_was_first(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    await office.press(APPROVER, "Approve")
    answer = await office.answer(APPROVER)
    assert answer.said.startswith(f"Change 2 was already approved by {APPROVER} on 11 Apr 2027 at 12:00 EDT.")
    assert answer.blocks[0]["elements"][0]["elements"][1] == {"type": "user", "user_id": APPROVER}
    assert APPROVER not in answer.text
    assert answer.buttons == ["Undo"]


async def test_somebody_without_the_role_is_told_which_one_it_takes(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(VIEWER, "Approve")
    assert "takes the role approver; you have viewer" in (await office.answer(VIEWER)).said
    assert seated(office) == ["Ann", "Bo"]


async def test_a_click_on_a_replaced_revision_decides_nothing_and_shows_the_newest(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    office.hire("Eli")
    await office.sync()
    await office.press(APPROVER, "Approve", edition=0)
    answer = await office.answer(APPROVER)
    assert "has been replaced" in answer.said
    assert "+2 users (2 → 4)" in answer.said
    assert answer.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    assert seated(office) == ["Ann", "Bo"]


async def test_a_later_sync_edits_the_card_that_is_there(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    before = await office.card()
    office.hire("Eli")
    await office.sync()
    after = await office.card()
    assert (after.ts, "+2 users (2 → 4)" in after.said) == (before.ts, True)


async def test_rejecting_asks_for_a_reason_and_keeps_it(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Reject")
    await office.slack.wait_for_view(APPROVER, "Reject change")
    await office.slack.submit(APPROVER, {"reason": "A test account"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    card = await office.card()
    assert "Rejected by" in card.said
    assert "Reason: A test account" in card.said
    assert card.buttons == ["Undo"]


async def test_a_reason_of_spaces_is_none_and_the_window_keeps_what_was_typed(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Reject")
    done = await office.slack.submit(APPROVER, {"reason": "  "})
    assert (done.outcome, done.complaints) == ("open", {"reason": "Say why the change is rejected."})
    assert [change.id for change in pending(office.rollcall.database, SHELL)] == [2]


async def test_rejecting_a_replaced_revision_opens_no_modal(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    office.hire("Eli")
    await office.sync()
    await office.press(APPROVER, "Reject", edition=0)
    assert "out of date" in (await office.answer(APPROVER)).said
    assert await office.slack.views(APPROVER) == []


async def test_a_cancelled_rejection_leaves_the_buttons_usable(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Reject")
    await office.slack.close(APPROVER)
    await office.press(APPROVER, "Approve")
    assert seated(office) == ["Ann", "Bo", "Dee"]


async def test_a_decision_stands_while_slack_is_down_and_the_card_comes_later(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.slack.add_trouble("*", Kind.ERROR, count=10, error="internal_error")
    await office.press(APPROVER, "Approve")
    await office.delivery.send_owed()
    assert seated(office) == ["Ann", "Bo", "Dee"]
    await office.slack.calm()
    office.pass_minutes(5)
    await office.delivery.send_owed()
    assert "Approved by" in (await office.card()).said


async def test_changes_lists_what_waits_with_its_buttons(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    assert (await office.ask(VIEWER, "/changes")).said == "No change is waiting for approval."
    office.hire("Dee")
    await office.sync()
    answer = await office.ask(VIEWER, "/changes", "acme")
    assert "1 change waits for approval" in answer.said
    assert answer.buttons == ["Approve", "Reject", "Details", "Approve with changes"]


async def test_a_click_in_the_list_decides_like_one_on_the_card(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    listed = await office.ask(APPROVER, "/changes", channel=ACME)
    await office.press(APPROVER, "Approve", message=listed)
    assert pending(office.rollcall.database, SHELL) == ()


async def test_whoever_may_not_decide_is_told_before_they_are_asked_for_a_reason(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    await office.press(VIEWER, "Reject")
    assert "takes the role approver; you have viewer" in (await office.answer(VIEWER)).said
    assert await office.slack.views(VIEWER) == []
