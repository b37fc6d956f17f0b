"""Bad luck in Slack: it is away, people click twice, on old cards, or without being allowed to."""

import asyncio

import pytest

from sandbox.story.cast import ALMA, BERT, VERA
from sandbox.workspace.records import MessageSeen
from sandbox.workspace.troubles import Kind
from tests.support.stories import CHANNELS, Stage, book, client, per_unit

ACME = CHANNELS["acme"]
FIRST_DAY, MAY = "2027-04-11", "2027-05-01"


@pytest.fixture
async def card(stage: Stage) -> MessageSeen:
    """The card of one person who joined two others."""
    stage.hire("acme", ["Ann Ames", "Bo Byrd"])
    await stage.open_for(book(client("acme", per_unit("80.00"), counted="entra", bills_from=MAY)), FIRST_DAY)
    await stage.approve_first_counts("acme")
    stage.hire("acme", ["Cy Cole"])
    await stage.succeeds("sync")
    return await stage.hands.card(ACME, "+1 user (2 → 3)", "Cy Cole", "[Approve]")


async def _seats(stage: Stage) -> str:
    return await stage.succeeds("users", "acme")


async def test_a_decision_that_is_made_while_slack_is_away_stands_and_reaches_the_card_later(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.slack.add_trouble("*", Kind.UNREACHABLE, count=10_000)
    change = await stage.succeeds("changes", "acme")
    number = change.split("change ")[1].split(",")[0]
    await stage.succeeds("approve", number, "--by", "Alma Approver")
    assert "Cy Cole" in await _seats(stage)
    await _until_a_call_failed(stage)
    (before,) = [one for one in await stage.slack.messages(ACME) if one.ts == card.ts]
    assert "Approved by" not in before.said

    await stage.slack.calm()

    decided = await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by", "for Alma Approver")
    assert (decided.ts, decided.buttons) == (card.ts, [])


async def _until_a_call_failed(stage: Stage) -> None:
    async with asyncio.timeout(20):
        while True:
            if any(call.error for call in await stage.slack.calls("chat.update")):
                return
            await asyncio.sleep(0.05)


async def test_a_double_click_decides_once_and_answers_twice(stage: Stage, card: MessageSeen) -> None:
    clicks = (stage.slack.click(ALMA, ACME, card.ts, "Approve"), stage.slack.click(ALMA, ACME, card.ts, "Approve"))
    assert [answer.error for answer in await asyncio.gather(*clicks)] == [None, None]

    await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by")

    answers = await _answers(stage, ALMA, "Approved:", "was already approved by U0APPROVER")
    assert len(answers) == 2
    assert (await _seats(stage)).count("Cy Cole") == 1


async def _answers(stage: Stage, user: str, *words: str) -> list[MessageSeen]:
    """What only this user sees of those that say one of the words; as many as there are words, or more."""
    async with asyncio.timeout(20):
        while True:
            own = [one for one in await stage.slack.messages(ACME, user) if one.only_for == user]
            fitting = [one for one in own if any(word in one.said and "first count" not in one.said for word in words)]
            if len(fitting) >= len(words):
                return fitting
            await asyncio.sleep(0.05)


async def test_a_click_without_the_role_is_refused_by_name_of_the_role_and_changes_nothing(
    stage: Stage, card: MessageSeen
) -> None:
    answer = await stage.hands.press(VERA, card, "Approve")
    assert "takes the role approver; you have viewer" in answer.said
    (after,) = [one for one in await stage.slack.messages(ACME) if one.ts == card.ts]
    assert after.buttons == ["Approve", "Reject", "Details"]
    assert "Cy Cole" not in await _seats(stage)


async def test_a_click_on_a_revision_that_was_replaced_decides_nothing_and_shows_the_new_one(
    stage: Stage, card: MessageSeen
) -> None:
    stage.hire("acme", ["Dee Dunn"])
    await stage.succeeds("sync")
    newer = await stage.hands.card(ACME, "+2 users (2 → 4)")

    answer = await stage.hands.press(ALMA, newer, "Approve", edition=0)

    assert "you saw revision 1, now it is revision 2" in answer.said
    assert "Cy Cole, Dee Dunn" in answer.said
    assert "Cy Cole" not in await _seats(stage)
    await stage.hands.press(ALMA, answer, "Approve")
    await stage.hands.card(ACME, "+2 users (2 → 4)", "Approved by")


async def test_a_card_that_was_deleted_by_hand_is_posted_anew_with_the_decision(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.slack.delete(ACME, card.ts)
    change = (await stage.succeeds("changes", "acme")).split("change ")[1].split(",")[0]
    await stage.succeeds("reject", change, "--by", "Alma Approver", "--reason", "an intern")

    anew = await stage.hands.card(ACME, "+1 user (2 → 3)", "Rejected by", "an intern")

    assert anew.ts != card.ts


async def test_somebody_who_left_before_the_approval_is_withdrawn_and_the_card_says_so(
    stage: Stage, card: MessageSeen
) -> None:
    people = stage.tenant("acme").people
    people.fire(next(person.id for person in people.everybody() if person.properties["displayName"] == "Cy Cole"))
    await stage.succeeds("sync")
    withdrawn = await stage.hands.card(ACME, "+1 user (2 → 3)", "Withdrawn")
    assert (withdrawn.ts, withdrawn.buttons) == (card.ts, [])


async def test_a_run_that_changed_since_its_card_was_shown_is_not_approved(stage: Stage, card: MessageSeen) -> None:
    await stage.turn_to(MAY)
    await stage.hands.ask(BERT, "C0BILLING", "/run", f"{MAY} start")
    run = await stage.hands.card("C0BILLING", "Acme Corp is held (R05)")
    await stage.hands.press(ALMA, card, "Approve")
    await stage.hands.ask(BERT, "C0BILLING", "/run", f"{MAY} start")
    newer = await stage.hands.card("C0BILLING", "Acme Corp: $240.00, drafted")
    assert newer.ts == run.ts

    # Somebody joins and is approved after the card was drawn, and the run is started again.
    stage.hire("acme", ["Dee Dunn"])
    await stage.succeeds("sync")
    await stage.hands.press(ALMA, await stage.hands.card(ACME, "+1 user (3 → 4)"), "Approve")
    await stage.succeeds("run", "start", MAY)
    await stage.hands.card("C0BILLING", "Acme Corp: $320.00, drafted")

    answer = await stage.hands.press(BERT, newer, "Approve run", edition=newer.edits)

    assert "changed since it was shown" in answer.said
