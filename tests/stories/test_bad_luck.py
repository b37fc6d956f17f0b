"""Bad luck in Slack, and what people see of it."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.microsoft.tenant import READ_USERS
from sandbox.story.cast import ADA, ALMA, BERT, VERA
from sandbox.workspace.records import MessageSeen
from sandbox.workspace.troubles import Kind
from tests.support.stories import CHANNELS, Stage, book, client, per_unit

ACME = CHANNELS["acme"]
FIRST_DAY, MAY = "2027-04-11", "2027-05-01"

# What happens on the bot's way to Slack is the same, however Slack reaches the bot.
IN_ONE_MODE = pytest.mark.parametrize("stage", ["socket"], indirect=True)


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


@IN_ONE_MODE
async def test_a_decision_that_is_made_while_slack_is_away_stands_and_reaches_the_card_later(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.slack.add_trouble("*", Kind.UNREACHABLE, count=10_000)
    change = await stage.succeeds("changes", "acme")
    number = change.split("change ")[1].split(",")[0]
    await stage.succeeds("approve", number, "--by", "Alma Approver")
    assert "Cy Cole" in await _seats(stage)
    await _until_a_call_failed(stage, "chat.update")
    (before,) = [one for one in await stage.slack.messages(ACME) if one.ts == card.ts]
    assert "Approved by" not in before.said

    await stage.slack.calm()

    decided = await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by", "for Alma Approver")
    assert (decided.ts, decided.buttons) == (card.ts, ["Undo"])


async def _direct_messages(stage: Stage, user: str) -> str:
    """The channel of the bot's direct messages with a user, as soon as there is one."""
    async with asyncio.timeout(30):
        while True:
            found = [one["id"] for one in (await stage.slack.state())["channels"] if one["direct_with"] == user]
            if found:
                return str(found[0])
            await asyncio.sleep(0.1)


async def _until_a_call_failed(stage: Stage, method: str) -> None:
    async with asyncio.timeout(20):
        while True:
            if any(call.error for call in await stage.slack.calls(method)):
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


@IN_ONE_MODE
async def test_a_click_without_the_role_is_refused_by_name_of_the_role_and_changes_nothing(
    stage: Stage, card: MessageSeen
) -> None:
    answer = await stage.hands.press(VERA, card, "Approve")
    assert "takes the role approver; you have viewer" in answer.said
    (after,) = [one for one in await stage.slack.messages(ACME) if one.ts == card.ts]
    assert after.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    assert "Cy Cole" not in await _seats(stage)


@IN_ONE_MODE
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


@IN_ONE_MODE
async def test_a_card_that_was_deleted_by_hand_is_posted_anew_while_it_waits_for_somebody(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.slack.delete(ACME, card.ts)
    stage.hire("acme", ["Dee Dunn"])
    await stage.succeeds("sync")

    anew = await stage.hands.card(ACME, "+2 users (2 → 4)", "Cy Cole, Dee Dunn", "[Approve]")

    assert anew.ts != card.ts


async def _status(stage: Stage) -> str:
    return (await stage.hands.ask(VERA, ACME, "/rollcall", "status")).said


@IN_ONE_MODE
async def test_a_card_that_was_deleted_by_hand_stays_away_once_it_is_decided(stage: Stage, card: MessageSeen) -> None:
    before = [one.ts for one in await stage.slack.messages(ACME) if one.ts != card.ts]
    await stage.slack.delete(ACME, card.ts)
    change = (await stage.succeeds("changes", "acme")).split("change ")[1].split(",")[0]
    await stage.succeeds("reject", change, "--by", "Alma Approver", "--reason", "an intern")

    async with asyncio.timeout(20):
        while "not delivered yet: 0" not in await _status(stage):  # noqa: ASYNC110 - it is on the other side of HTTP
            await asyncio.sleep(0.05)
    assert any(call.error == "message_not_found" for call in await stage.slack.calls("chat.update"))
    assert [one.ts for one in await stage.slack.messages(ACME)] == before


async def test_two_people_who_approve_at_the_same_moment_decide_once_and_the_other_is_told_who_it_was(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.succeeds("role", "grant", BERT, "approver")
    before = (await stage.succeeds("audit", "show", "acme")).count("change.approve")
    clicks = (stage.slack.click(user, ACME, card.ts, "Approve") for user in (ALMA, BERT))
    assert [answer.error for answer in await asyncio.gather(*clicks)] == [None, None]

    decided = await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by")

    winner = ALMA if f"Approved by {ALMA}" in decided.said else BERT
    loser = BERT if winner == ALMA else ALMA
    await _answers(stage, winner, "Approved:")
    (told,) = await _answers(stage, loser, "was already approved by")
    assert f"was already approved by {winner} on 1" in told.said
    assert f"<@{winner}>" in told.pings
    assert winner not in told.text
    assert (await _seats(stage)).count("Cy Cole") == 1
    assert (await stage.succeeds("audit", "show", "acme")).count("change.approve") == before + 1


async def test_a_click_while_the_bot_is_stopped_says_so_and_works_after_the_start(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.bots.aclose()

    failed = await stage.slack.click(ALMA, ACME, card.ts, "Approve")

    assert failed.error == "dispatch_failed"
    (warning,) = [one.said for one in await stage.slack.messages(ACME, ALMA) if "failed with" in one.said]
    assert warning == 'Approve failed with the error "dispatch_failed"'
    assert "Cy Cole" not in await _seats(stage)
    await stage.turn_to(FIRST_DAY)
    await stage.hands.press(ALMA, card, "Approve")
    await stage.hands.card(ACME, "+1 user (2 → 3)", f"Approved by {ALMA}")


@IN_ONE_MODE
async def test_a_rate_limit_of_a_minute_delays_cards_and_loses_doubles_or_overtakes_none(
    stage: Stage, card: MessageSeen
) -> None:
    before = [one.ts for one in await stage.slack.messages(ACME)]
    await stage.hands.press(ALMA, card, "Approve")
    await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by")
    await stage.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
    stage.hire("acme", ["Dee Dunn"])
    await stage.succeeds("sync")
    await _until_a_call_failed(stage, "chat.postMessage")
    stage.tenant("acme").permissions.discard(READ_USERS)
    assert (await stage.rollcall("sync")).code == 3
    status = await stage.hands.ask(ALMA, ACME, "/rollcall", "status")
    assert "ratelimited" in status.said

    stage.ahead = timedelta(minutes=1)

    await stage.hands.card(ACME, "Needs you")
    messages = await stage.slack.messages(ACME)
    since = [one.said for one in messages if one.ts not in before and one.thread_ts is None]
    assert ["+1 user (3 → 4)" in since[0], "Needs you" in since[1], len(since)] == [True, True, 2]


@IN_ONE_MODE
async def test_a_channel_without_the_bot_is_told_to_an_admin_and_has_its_card_after_the_invitation(
    stage: Stage, card: MessageSeen
) -> None:
    await stage.hands.press(ALMA, card, "Approve")
    await stage.hands.card(ACME, "+1 user (2 → 3)", "Approved by")
    await stage.slack.kick_bot(ACME)
    stage.hire("acme", ["Dee Dunn"])
    await stage.succeeds("sync")

    direct = await _direct_messages(stage, ADA)
    told = await stage.hands.card(direct, "Needs you: Rollcall can't post in a channel")

    assert all(words in told.said for words in (ACME, "Acme Corp", "/invite @Rollcall"))
    await stage.slack.invite_bot(ACME)
    stage.ahead = timedelta(minutes=1)
    await stage.hands.card(ACME, "+1 user (3 → 4)", "Dee Dunn", "[Approve]")
    solved = await stage.hands.card(direct, "Solved: a channel is open to Rollcall again")
    assert solved.ts == told.ts


@IN_ONE_MODE
async def test_somebody_who_left_before_the_approval_is_withdrawn_and_the_card_says_so(
    stage: Stage, card: MessageSeen
) -> None:
    people = stage.tenant("acme").people
    people.fire(next(person.id for person in people.everybody() if person.properties["displayName"] == "Cy Cole"))
    await stage.succeeds("sync")
    withdrawn = await stage.hands.card(ACME, "+1 user (2 → 3)", "Withdrawn")
    assert (withdrawn.ts, withdrawn.buttons) == (card.ts, [])


@IN_ONE_MODE
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
