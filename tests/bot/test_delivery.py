"""The sender of cards, against a Slack that misbehaves."""

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest
import structlog

from bot.cards import card
from bot.delivery import Delivery
from bot.message import Message
from bot.views.surfaces import said
from commands import roles
from commands.abandoning import abandon
from commands.actors import Actor
from commands.notices import Backlog, Owed, backlog, lease, owed, show_again, shut_out, try_again
from commands.permissions import NotAllowed
from commands.sync import sync_clients
from connectors.errors import Cause, DirectoryNotRead
from sandbox.workspace.troubles import Kind
from storage import notices
from storage.database import Database
from tests.support.office import ACME, ADMIN, APPROVER, FIRST_DAY, HOUSE, SHELL, Office, at_speed

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


async def test_a_rate_limit_holds_up_new_cards_in_every_channel_and_edits_in_none(office: Office) -> None:
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    run = await office.card(HOUSE)
    await waiting(office)
    await office.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
    await office.delivery.send_owed()
    with office.edge.database.write("test") as session:
        notices.owe(session, "run", "2027-05-01", None, None)
        notices.owe(session, "digest", "another", None, HOUSE)
    await Delivery(office.edge, lambda _database, notice: said(f"The {notice.kind}")).send_owed()
    assert [(seen.ts, seen.said) for seen in await office.slack.messages(HOUSE)] == [(run.ts, "The run")]
    assert len(await office.slack.calls("chat.postMessage")) == 2
    assert backlog(office.edge.database).owed == 2


async def test_while_slack_wants_to_be_left_alone_nothing_is_written(office: Office) -> None:
    await waiting(office)
    points: list[str] = []
    with closing(Database(office.rollcall.settings.database_url.get_secret_value(), points.append)) as database:
        sender = Delivery(replace(office.edge, rollcall=replace(office.rollcall, database=database)), card)
        await office.slack.add_trouble("chat.postMessage", Kind.RATE_LIMITED, seconds=60)
        await sender.send_owed()
        with office.edge.database.write("test") as session:
            notices.owe(session, "run", "2027-05-01", None, None)
        points.clear()
        await sender.send_owed()
    assert points == []


async def test_a_channel_without_the_bot_is_told_to_each_admin_once_also_after_a_restart(office: Office) -> None:
    await office.slack.set_group("S0ADMINS", ["U0BILLER", ADMIN])
    roles.grant(office.edge.database, SHELL, "S0ADMINS", "admin")
    await waiting(office)
    await office.slack.kick_bot("acme")
    for _ in range(3):
        await Delivery(office.edge, card).send_owed()
        office.pass_minutes(1)
    for admin in ("direct-admin", "direct-biller"):
        (told,) = await office.slack.messages(admin)
        assert all(words in told.said for words in ("Needs you", ACME, "a change of Acme Corp", "/invite @Rollcall"))
    assert await office.slack.messages(HOUSE) == []
    assert "not_in_channel: invite the bot to the channel" in backlog(office.edge.database).problems[0]


async def test_what_waited_appears_after_the_invitation_and_the_admin_is_told_so(office: Office) -> None:
    await waiting(office)
    await office.slack.kick_bot("acme")
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    await office.slack.invite_bot("acme")
    office.pass_minutes(1)
    await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said
    await office.delivery.send_owed()
    (told,) = await office.slack.messages("direct-admin")
    assert told.said.startswith("Solved: a channel is open to Rollcall again")
    assert backlog(office.edge.database) == Backlog(0, (), 0)


async def test_of_what_waits_for_a_closed_channel_one_card_is_tried_and_all_go_out_in_their_order(
    office: Office,
) -> None:
    await office.slack.kick_bot("acme")
    with office.edge.database.write("test") as session:
        for subject in range(3):
            notices.owe(session, "digest", str(subject), None, ACME)
    sender = Delivery(office.edge, lambda _database, notice: said(f"{notice.kind} {notice.subject}"))
    for _ in range(3):
        await sender.send_owed()
        office.pass_minutes(1)
    assert len([call for call in await office.slack.calls("chat.postMessage") if call.error]) == 3
    await office.slack.invite_bot("acme")
    await sender.send_owed()
    assert [seen.said for seen in await office.slack.messages(ACME)] == ["digest 0", "digest 1", "digest 2"]


def test_a_closed_channel_is_tried_each_minute_for_an_hour_and_then_every_ten(office: Office) -> None:
    database, clock = office.edge.database, office.edge.clock
    with database.write("test") as session:
        notices.owe(session, "digest", "1", None, ACME)
    tried_at = list[int]()
    for minute in range(90):
        for notice in owed(database, clock):
            if notice.kind == "digest":
                shut_out(database, clock, notice, ACME, "Not in the channel.")
                tried_at.append(minute)
        office.pass_minutes(1)
    assert tried_at == [*range(61), 70, 80]


async def test_a_channel_that_stays_closed_for_days_is_never_given_up(office: Office) -> None:
    await waiting(office)
    await office.slack.kick_bot("acme")
    await office.delivery.send_owed()
    for _ in range(3):
        office.pass_minutes(24 * 60)
        await office.delivery.send_owed()
    assert backlog(office.edge.database).given_up == 0
    await office.slack.invite_bot("acme")
    office.pass_minutes(10)
    await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said


async def test_without_an_admin_the_default_channel_is_told(office: Office) -> None:
    roles.revoke(office.edge.database, SHELL, ADMIN)
    await waiting(office)
    await office.slack.kick_bot("acme")
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    (told,) = await office.slack.messages(HOUSE)
    assert "Needs you" in told.said


async def test_an_admin_whom_slack_does_not_know_has_the_default_channel_told(office: Office) -> None:
    roles.revoke(office.edge.database, SHELL, ADMIN)
    roles.grant(office.edge.database, SHELL, "U0GONE", "admin")
    await waiting(office)
    await office.slack.kick_bot("acme")
    for _ in range(3):
        await office.delivery.send_owed()
    (told,) = await office.slack.messages(HOUSE)
    assert "Needs you" in told.said


async def test_a_default_channel_without_the_bot_is_told_to_an_admin(office: Office) -> None:
    await office.slack.kick_bot("billing")
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    (told,) = await office.slack.messages("direct-admin")
    assert all(words in told.said for words in (HOUSE, "the billing run of 1 May 2027", "[Try again]"))


async def test_a_default_channel_without_the_bot_and_without_an_admin_is_in_the_log_and_in_the_status(
    office: Office,
) -> None:
    roles.revoke(office.edge.database, SHELL, ADMIN)
    await office.slack.kick_bot("billing")
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    with structlog.testing.capture_logs() as logs:
        await office.delivery.send_owed()
    assert [entry["log_level"] for entry in logs] == ["error"]
    assert "not_in_channel" in (await office.ask("U0BILLER", "/rollcall", "status")).said


async def fail_for_a_day(office: Office) -> None:
    """A card that Slack takes ill all day, until it is given up; meanwhile every other one is taken."""
    await waiting(office)
    for _ in range(3):
        await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="invalid_blocks")
        await office.delivery.send_owed()
        await office.slack.calm()
        office.pass_minutes(12 * 60)
    await office.delivery.send_owed()


async def test_what_fails_for_a_day_is_given_up_and_told_to_an_admin_once(office: Office) -> None:
    await fail_for_a_day(office)
    (told,) = await office.slack.messages("direct-admin")
    expected = (
        "1 card could not be shown in Slack for a day",
        "A change of Acme Corp",
        "invalid_blocks",
        "11 Apr 2027",
    )
    assert all(words in told.said for words in expected)
    assert backlog(office.edge.database).given_up == 1
    before = len(await office.slack.calls())
    for _ in range(3):
        office.pass_minutes(24 * 60)
        await office.delivery.send_owed()
    assert len(await office.slack.calls()) == before


async def test_what_was_given_up_is_shown_by_try_again_and_then_the_admin_is_told_so(office: Office) -> None:
    await fail_for_a_day(office)
    (told,) = await office.slack.messages("direct-admin")
    done = await office.slack.click(ADMIN, "direct-admin", told.ts, "Try again")
    assert done.error is None
    assert (await office.answer(ADMIN, "direct-admin")).said == "1 card will be tried again now."
    for _ in range(2):
        await office.delivery.send_owed()
    assert "Acme Corp" in (await office.card(ACME)).said
    over = [seen for seen in await office.slack.messages("direct-admin") if seen.ts == told.ts]
    assert [seen.said.split(":")[0] for seen in over] == ["Over"]
    assert backlog(office.edge.database) == Backlog(0, (), 0)


async def test_a_new_version_of_what_was_given_up_is_tried_by_itself_and_for_another_day(office: Office) -> None:
    await fail_for_a_day(office)
    office.hire("Cy")
    await office.read()
    assert backlog(office.edge.database).given_up == 0
    await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="invalid_blocks")
    await office.delivery.send_owed()
    assert backlog(office.edge.database).given_up == 0
    office.pass_minutes(1)
    await office.delivery.send_owed()
    assert "(2 → 3)" in (await office.card(ACME)).said


async def test_an_admin_is_told_of_what_was_given_up_however_long_slack_was_away(office: Office) -> None:
    await waiting(office)
    await office.slack.add_trouble("*", Kind.UNREACHABLE, count=1000)
    for _ in range(5):
        await office.delivery.send_owed()
        office.pass_minutes(13 * 60)
    await office.slack.calm()
    await office.delivery.send_owed()
    (told,) = await office.slack.messages("direct-admin")
    assert "could not be shown in Slack for a day" in told.said


async def test_whoever_may_see_nothing_may_not_have_cards_tried_again(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    with pytest.raises(NotAllowed):
        try_again(office.edge.database, Actor("U0STRANGER", "slack"))


async def test_a_word_of_a_directory_that_was_solved_is_not_posted_anew_where_it_was_deleted(office: Office) -> None:
    office.hire("Ann")
    rollcall = office.rollcall
    for failure in (UNREACHABLE, None):
        office.directory.failure = failure
        await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
        if failure is not None:
            await office.delivery.send_owed()
            (told,) = await office.slack.messages(ACME)
            await office.slack.delete(ACME, told.ts)
    await office.delivery.send_owed()
    assert [seen.said for seen in await office.slack.messages(ACME) if "m365" in seen.said] == []
    office.directory.failure = UNREACHABLE
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    await office.delivery.send_owed()
    assert (await office.card(ACME)).said.startswith("Needs you")


async def test_a_word_of_a_directory_that_still_fails_is_posted_anew_where_it_was_deleted(office: Office) -> None:
    office.directory.failure = UNREACHABLE
    rollcall = office.rollcall
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    await office.delivery.send_owed()
    await office.slack.delete(ACME, (await office.card(ACME)).ts)
    show_again(office.edge.database, "alert", "directory:1")
    await office.delivery.send_owed()
    assert (await office.card(ACME)).said.startswith("Needs you")


async def test_a_run_is_posted_anew_where_it_was_deleted_until_it_is_closed(office: Office) -> None:
    await office.ask("U0BILLER", "/run", "2027-05-01 start")
    await office.delivery.send_owed()
    await office.slack.delete(HOUSE, (await office.card(HOUSE)).ts)
    show_again(office.edge.database, "run", "2027-05-01")
    await office.delivery.send_owed()
    assert "Billing run" in (await office.card(HOUSE)).said
    abandon(office.edge.database, SHELL, office.edge.clock, date(2027, 5, 1), reason="A wrong month")
    await office.slack.delete(HOUSE, (await office.card(HOUSE)).ts)
    await office.delivery.send_owed()
    assert await office.slack.messages(HOUSE) == []
    assert backlog(office.edge.database).owed == 0


async def test_a_sender_that_ends_gives_its_channels_back_and_begins_nothing_more(office: Office) -> None:
    with office.edge.database.write("test") as session:
        for subject in range(20):
            notices.owe(session, "digest", str(subject), None, ACME)
    sender = Delivery(at_speed(office, 1), lambda _database, notice: said(notice.subject))
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await office.slack.wait_for(ACME, lambda seen: seen.said == "1")
    stop.set()
    await running
    assert len(await office.slack.messages(ACME)) < 5
    assert lease(office.edge.database, office.edge.clock, ACME, "another") is not None


async def test_a_decided_card_that_somebody_deleted_is_not_posted_anew_and_nothing_is_said_below_it(
    office: Office,
) -> None:
    office.hire("Ann", "Bo")
    await office.sync()
    await office.press(APPROVER, "Approve")
    await office.slack.delete(ACME, (await office.card(ACME)).ts)
    await office.slack.submit(APPROVER, {"effective": FIRST_DAY.isoformat()})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    await office.delivery.send_owed()
    assert await office.slack.messages(ACME) == []
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
