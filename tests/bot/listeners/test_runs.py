"""A billing run in Slack."""

import re

import pytest

from tests.support.office import ACME, APPROVER, BILLER, HOUSE, VIEWER, Office

MAY = "2027-05-01"


async def started(office: Office) -> None:
    """A run of two clients: Acme waits for an approval, and Globex is drafted."""
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    await office.delivery.send_owed()


async def test_a_run_is_one_card_with_what_is_held_and_what_is_drafted(office: Office) -> None:
    await started(office)
    card = await office.card(HOUSE)
    assert card.said.startswith("Billing run of 1 May 2027: 1 drafted, 1 held")
    assert "Acme Corp is held (R05)" in card.said
    assert "Globex Corp: $100.00, drafted" in card.said
    assert card.buttons == ["Override", "Approve run"]


async def test_a_hold_is_overridden_with_a_reason_and_an_expiry(office: Office) -> None:
    await started(office)
    await office.press(BILLER, "Override", message=await office.card(HOUSE))
    modal = await office.slack.wait_for_view(BILLER, "Override a hold")
    assert "2027-05-31" in str(modal.payload)
    await office.slack.submit(BILLER, {"code": "R05", "reason": "Agreed by phone", "until": "2027-05-31"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    assert "Acme Corp: $86.60, drafted, R05 overridden" in (await office.card(HOUSE)).said


@pytest.mark.parametrize(
    ("answers", "complaints"),
    [
        ({"until": "2027-04-10"}, {"until": "An override until 2027-04-10 is over already; give a day from today on."}),
        ({"reason": "  "}, {"reason": "Say why the hold is overridden."}),
        (
            {"reason": " ", "until": "2026-12-31"},
            {
                "reason": "Say why the hold is overridden.",
                "until": "An override until 2026-12-31 is over already; give a day from today on.",
            },
        ),
    ],
)
async def test_what_is_wrong_with_an_override_stands_at_its_field(
    office: Office, answers: dict[str, str], complaints: dict[str, str]
) -> None:
    await started(office)
    await office.press(BILLER, "Override", message=await office.card(HOUSE))
    given = {"code": "R05", "reason": "Agreed by phone", "until": "2027-04-11"}
    done = await office.slack.submit(BILLER, {**given, **answers})
    assert (done.outcome, done.complaints) == ("open", complaints)
    assert "1 drafted, 1 held" in (await office.ask(VIEWER, "/run", MAY, channel=HOUSE)).said
    assert (await office.slack.submit(BILLER, given)).outcome == "closed"


async def test_an_approver_may_not_override(office: Office) -> None:
    await started(office)
    await office.press(APPROVER, "Override", message=await office.card(HOUSE))
    assert "takes the role biller" in (await office.answer(APPROVER, HOUSE)).said
    assert await office.slack.views(APPROVER) == []


async def test_a_run_is_approved_and_issued_by_its_buttons(office: Office) -> None:
    await started(office)
    await office.press(BILLER, "Approve run", message=await office.card(HOUSE))
    await office.delivery.send_owed()
    approved = await office.card(HOUSE)
    assert approved.buttons == ["Override", "Issue"]
    await office.press(BILLER, "Issue", message=approved)
    await office.delivery.send_owed()
    issued = await office.card(HOUSE)
    assert re.search(r"Globex Corp: \$100\.00, NW-?0*1, issued", issued.said)
    assert issued.buttons == ["Override"]


async def test_an_approval_of_an_outdated_card_does_nothing_and_shows_the_run(office: Office) -> None:
    await started(office)
    before = await office.card(HOUSE)
    await office.press(APPROVER, "Approve")
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    await office.press(BILLER, "Approve run", message=before)
    answer = await office.answer(BILLER, HOUSE)
    assert "The run has changed since it was shown" in answer.said
    assert "Acme Corp: $129.90, drafted" in answer.said


async def test_a_second_approval_is_told_that_it_is_approved_already(office: Office) -> None:
    await started(office)
    card = await office.card(HOUSE)
    await office.press(BILLER, "Approve run", message=card)
    await office.press(BILLER, "Approve run", message=card)
    assert "is approved already" in (await office.answer(BILLER, HOUSE)).said


async def test_a_viewer_sees_the_run_and_can_not_start_one(office: Office) -> None:
    await started(office)
    assert "1 drafted, 1 held" in (await office.ask(VIEWER, "/run", MAY, channel=HOUSE)).said
    assert "takes the role biller" in (await office.ask(VIEWER, "/run", f"{MAY} start", channel=HOUSE)).said


async def test_a_run_is_abandoned_by_a_biller_who_confirms_it_with_a_reason(office: Office) -> None:
    await started(office)
    question = await office.ask(BILLER, "/run", f"{MAY} abandon", channel=HOUSE)
    assert "Its draft is dropped; nothing of it is issued." in question.said
    assert "1 drafted, 1 held" in (await office.card(HOUSE)).said
    await office.press(BILLER, "Abandon run", message=question)
    modal = await office.slack.wait_for_view(BILLER, "Abandon run")
    assert "The billing run of 1 May 2027 would be given up." in str(modal.payload)
    await office.slack.submit(BILLER, {"reason": "April was meant"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    card = await office.card(HOUSE)
    assert card.said.startswith("Billing run of 1 May 2027: abandoned")
    assert "April was meant" in card.said
    assert card.buttons == []
    assert "abandoned. The card says so too." in (await office.answer(BILLER, HOUSE)).said


async def test_a_run_is_not_abandoned_for_a_reason_of_spaces(office: Office) -> None:
    await started(office)
    question = await office.ask(BILLER, "/run", f"{MAY} abandon", channel=HOUSE)
    await office.press(BILLER, "Abandon run", message=question)
    done = await office.slack.submit(BILLER, {"reason": "   "})
    assert (done.outcome, done.complaints) == ("open", {"reason": "Say why the run is abandoned."})
    assert "1 drafted, 1 held" in (await office.ask(VIEWER, "/run", MAY, channel=HOUSE)).said


async def test_only_a_biller_is_asked_whether_a_run_is_abandoned(office: Office) -> None:
    await started(office)
    answer = await office.ask(APPROVER, "/run", f"{MAY} abandon", channel=HOUSE)
    assert "takes the role biller" in answer.said
    assert answer.buttons == []


async def test_a_run_that_was_issued_meanwhile_is_not_abandoned(office: Office) -> None:
    await started(office)
    question = await office.ask(BILLER, "/run", f"{MAY} abandon", channel=HOUSE)
    await office.press(BILLER, "Abandon run", message=question)
    await office.slack.wait_for_view(BILLER, "Abandon run")
    await office.ask(BILLER, "/run", f"{MAY} approve", channel=HOUSE)
    await office.ask(BILLER, "/run", f"{MAY} issue", channel=HOUSE)
    await office.slack.submit(BILLER, {"reason": "April was meant"})
    await office.edge.work.drain(5)
    assert "has issued 1 document, so it can't be abandoned" in (await office.answer(BILLER, HOUSE)).said
    refused = await office.ask(BILLER, "/run", f"{MAY} abandon", channel=HOUSE)
    assert "can't be abandoned" in refused.said
    assert refused.buttons == []


async def test_a_client_that_is_no_longer_held_opens_no_modal(office: Office) -> None:
    await started(office)
    before = await office.card(HOUSE)
    await office.press(APPROVER, "Approve")
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    await office.press(BILLER, "Override", message=before)
    assert "not held in this run any more" in (await office.answer(BILLER, HOUSE)).said


async def test_the_words_of_the_command_take_the_same_steps(office: Office) -> None:
    await started(office)
    assert "1 approved, 1 held" in (await office.ask(BILLER, "/run", "may approve", channel=ACME)).said
    assert "1 issued, 1 held" in (await office.ask(BILLER, "/run", f"{MAY} issue", channel=ACME)).said
