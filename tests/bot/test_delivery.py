"""The sender of cards, against a Slack that misbehaves."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import card
from bot.delivery import Delivery
from bot.message import Message
from commands.notices import Owed, backlog, lease, owed, show_again
from commands.sync import sync_clients
from connectors.errors import Cause, DirectoryNotRead
from sandbox.workspace.troubles import Kind
from storage.database import Database
from tests.support.office import ACME, APPROVER, HOUSE, SHELL, Office

UNREACHABLE = DirectoryNotRead(Cause.NETWORK, "The directory can't be reached.")


async def waiting(office: Office) -> None:
    """A change whose card was not sent yet."""
    office.hire("Ann", "Bo")
    await office.read()


async def test_a_card_is_posted_in_the_clients_channel_without_unfurling(office: Office) -> None:
    await waiting(office)
    await office.delivery.send_owed()
    assert (await office.card(ACME)).is_from_bot
    assert owed(office.edge.database, office.edge.clock) == ()


async def test_nothing_is_sent_twice(office: Office) -> None:
    await waiting(office)
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    assert len(await office.slack.calls("chat.postMessage")) == 1


async def test_what_goes_wrong_with_one_channel_is_told_once_the_others_are_served(office: Office) -> None:
    await waiting(office)
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.slack.add_trouble("chat.postMessage", Kind.SLOW, seconds=1)
    failed: list[str] = []

    def fail_once(point: str) -> None:
        if point == "lease:before-commit" and not failed:
            failed.append(point)
            raise OSError

    url = office.rollcall.settings.database_url.get_secret_value()
    with closing(Database(url, fail_once)) as database:
        edge = replace(office.edge, rollcall=replace(office.rollcall, database=database))
        with pytest.raises(ExceptionGroup):
            await Delivery(edge, card).send_owed()
    assert [len(owed(office.edge.database, office.edge.clock)), len(failed)] == [1, 1]


async def test_a_client_without_a_channel_has_its_cards_in_the_default_one(office: Office) -> None:
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    assert "Billing run of 1 May 2027" in (await office.card(HOUSE)).said


async def test_a_card_that_could_not_be_made_is_a_problem_that_quotes_no_name(office: Office) -> None:
    def broken(_database: Database, _notice: Owed) -> Message:
        raise ValueError("Ann Ames")

    await waiting(office)
    await Delivery(office.edge, broken).send_owed()
    (problem,) = backlog(office.edge.database).problems
    assert problem == "The card of change 1 could not be made: ValueError, see the log"


async def test_a_card_that_slack_did_not_take_is_tried_again_later(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.BROKEN)
    await office.delivery.send_owed()
    assert backlog(office.edge.database).owed == 1
    assert owed(office.edge.database, office.edge.clock) == ()
    office.pass_minutes(1)
    await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said
    assert backlog(office.edge.database).problems == ()


async def test_the_waits_grow_up_to_five_minutes(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.UNREACHABLE, count=20)
    for _ in range(12):
        office.pass_minutes(5)
        await office.delivery.send_owed()
    office.pass_minutes(4)
    assert owed(office.edge.database, office.edge.clock) == ()
    office.pass_minutes(1)
    assert len(owed(office.edge.database, office.edge.clock)) == 1


async def test_a_rate_limit_is_waited_out_as_long_as_slack_says(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
    await office.delivery.send_owed()
    assert "ratelimited" in backlog(office.edge.database).problems[0]
    office.time[0] += timedelta(seconds=59)
    await office.delivery.send_owed()
    assert len(await office.slack.calls("chat.postMessage")) == 1
    office.time[0] += timedelta(seconds=1)
    await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said


async def test_no_later_card_overtakes_one_that_waits_for_a_rate_limit(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
    await office.delivery.send_owed()
    office.directory.failure = UNREACHABLE
    rollcall = office.rollcall
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    await office.delivery.send_owed()
    assert await office.slack.messages(ACME) == []
    office.pass_minutes(1)
    await office.delivery.send_owed()
    said = [seen.said for seen in await office.slack.messages(ACME)]
    assert ["first count" in said[0], "Needs you" in said[1]] == [True, True]


async def test_a_rate_limit_in_one_channel_holds_up_no_other(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
    await office.delivery.send_owed()
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    assert "Billing run of 1 May 2027" in (await office.card(HOUSE)).said


async def test_a_channel_without_the_bot_is_told_in_the_default_channel_once(office: Office) -> None:
    await waiting(office)
    await office.slack.kick_bot("acme")
    for _ in range(3):
        await office.delivery.send_owed()
        office.pass_minutes(1)
    (told,) = await office.slack.messages(HOUSE)
    assert all(word in told.said for word in ("Needs you", ACME, "Acme Corp", "/invite @Rollcall"))
    assert "not_in_channel: invite the bot to the channel" in backlog(office.edge.database).problems[0]


async def test_what_waited_appears_after_the_invitation_and_the_default_channel_is_told_so(office: Office) -> None:
    await waiting(office)
    await office.slack.kick_bot("acme")
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    await office.slack.invite_bot("acme")
    office.pass_minutes(1)
    await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said
    await office.delivery.send_owed()
    (told,) = await office.slack.messages(HOUSE)
    assert told.said.startswith("Solved: a channel is open to Rollcall again")


async def test_a_default_channel_without_the_bot_is_told_nowhere(office: Office) -> None:
    await office.slack.kick_bot("billing")
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    assert len(backlog(office.edge.database).problems) == 1
    assert backlog(office.edge.database).owed == 1


async def test_a_decided_card_that_somebody_deleted_is_not_posted_anew(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    (card,) = await office.slack.messages(ACME)
    await office.slack.delete(ACME, card.ts)
    show_again(office.edge.database, "change", "1")
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    assert await office.slack.messages(ACME) == []
    assert backlog(office.edge.database).owed == 0
    assert backlog(office.edge.database).owed == 0


async def test_a_card_that_somebody_deleted_is_posted_anew(office: Office) -> None:
    await waiting(office)
    await office.delivery.send_owed()
    await office.slack.delete(ACME, (await office.card(ACME)).ts)
    office.hire("Cy")
    await office.read()
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    assert "(2 → 3)" in (await office.card(ACME)).said


async def test_both_cards_answer_when_slacks_answer_was_lost(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    await office.delivery.send_owed()
    office.hire("Cy")
    await office.read()
    await office.slack.add_trouble("chat.postMessage", Kind.LOST_ANSWER)
    await office.delivery.send_owed()
    office.pass_minutes(1)
    await office.delivery.send_owed()
    first, second = [seen for seen in await office.slack.messages(ACME) if "+1 user" in seen.said]
    await office.press(APPROVER, "Approve", message=first)
    assert (await office.answer(APPROVER)).said.startswith("Approved")
    await office.press(APPROVER, "Approve", message=second)
    assert "already approved" in (await office.answer(APPROVER)).said


async def test_another_sender_is_left_alone_with_the_channel_that_it_leased(office: Office) -> None:
    await waiting(office)
    lease(office.edge.database, office.edge.clock, ACME, "another")
    await office.delivery.send_owed()
    assert await office.slack.messages(ACME) == []
    office.pass_minutes(2)
    await office.delivery.send_owed()
    assert len(await office.slack.messages(ACME)) == 1


async def test_every_call_is_heard_before_and_after(office: Office) -> None:
    await waiting(office)
    await office.delivery.send_owed()
    assert office.calls == ["slack.chat.postMessage:before", "slack.chat.postMessage:after"]


async def test_a_failing_directory_is_told_and_told_again_when_it_is_over(office: Office) -> None:
    office.hire("Ann")
    office.directory.failure = UNREACHABLE
    rollcall = office.rollcall
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    await office.delivery.send_owed()
    told = await office.card(ACME)
    assert told.said.startswith("Needs you: Acme Corp")
    office.directory.failure = None
    await office.read()
    await office.delivery.send_owed()
    over = [seen for seen in await office.slack.messages(ACME) if seen.ts == told.ts]
    assert over[0].said.startswith("Solved: Acme Corp")


async def test_a_directory_that_fails_again_gets_a_message_of_its_own(office: Office) -> None:
    office.hire("Ann")
    rollcall = office.rollcall
    for failure in (UNREACHABLE, None, UNREACHABLE):
        office.directory.failure = failure
        await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
        await office.delivery.send_owed()
    alerts = [seen.said.split(":")[0] for seen in await office.slack.messages(ACME) if "m365" in seen.said]
    assert alerts == ["Solved", "Needs you"]
