"""@rollcall in a channel or a thread, told by the pretend Slack as an event."""

import asyncio
import contextlib
import sqlite3

import pytest
import structlog

from bot.clicks import Click
from commands import interactions
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, APPROVER, BILLER, HOUSE, VIEWER, Office


async def thread(office: Office) -> str:
    """A thread that somebody has begun."""
    return (await office.slack.say(APPROVER, ACME, "Who is on their bill?")).ts


async def test_a_mention_in_a_thread_is_answered_there_for_whoever_asked(office: Office) -> None:
    root = await thread(office)
    (answer,) = await office.mention(VIEWER, "invoice globex preview", thread=root)
    assert "Globex Corp: invoice of" in answer.said
    assert (answer.only_for, answer.thread_ts) == (VIEWER, root)
    direct = await office.ask(VIEWER, "/invoice", "globex preview")
    assert answer.said == direct.said


async def test_a_mention_in_a_channel_is_answered_in_the_channel(office: Office) -> None:
    (answer,) = await office.mention(VIEWER, "users \u201cAcme Corp\u201d")
    assert "Acme Corp" in answer.said
    assert (answer.only_for, answer.thread_ts) == (VIEWER, None)


async def test_a_mention_without_words_gets_the_help(office: Office) -> None:
    (answer,) = await office.mention(VIEWER, "")
    assert answer.said.startswith("Rollcall: what you can ask")


async def test_a_mention_that_asks_for_nothing_is_told_what_is_possible(office: Office) -> None:
    (answer,) = await office.mention(VIEWER, "invocie acme")
    assert answer.said.startswith("There is no “invocie”; did you mean invoice?")


async def test_the_role_counts_in_a_thread_as_well(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    (answer,) = await office.mention("U0STRANGER", "users acme", thread=await thread(office))
    assert "takes the role viewer; you have none" in answer.said
    (refused,) = await office.mention(VIEWER, "run 2027-05-01 start")
    assert "takes the role biller" in refused.said


async def test_what_decides_is_decided_once_however_often_slack_tells_it(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    root = (await office.card()).ts
    await office.slack.add_trouble("app_mention", Kind.LOST_ANSWER, count=2)
    (answer,) = await office.mention(BILLER, "run 2027-05-01 start", thread=root)
    assert "2 drafted" in answer.said
    assert [each.kind for each in await office.slack.deliveries()].count("app_mention") == 3


async def test_a_question_is_answered_once_however_often_slack_tells_it(office: Office) -> None:
    await office.slack.add_trouble("app_mention", Kind.LOST_ANSWER)
    (answer,) = await office.mention(VIEWER, "users acme")
    assert "Acme Corp" in answer.said


async def test_a_mention_is_kept_before_it_is_acknowledged_and_answered_after_a_restart(office: Office) -> None:
    root = await thread(office)
    said = {"type": "app_mention", "user": VIEWER, "channel": ACME, "text": "<@U0ROLLCALL> users acme"}
    click = Click.of_mention({"event_id": "Ev1", "event": {**said, "ts": "1.2", "thread_ts": root}})
    assert click is not None
    await office.slack.say(VIEWER, ACME, "Well?", root)
    interactions.keep(office.edge.database, office.edge.clock, click.as_interaction())
    await office.desk.resume(await office.desk.left_behind(), _stopped())
    answer = await office.answer(VIEWER)
    assert "Acme Corp" in answer.said
    assert answer.thread_ts == root


async def test_what_bots_say_is_not_answered(office: Office) -> None:
    before = len(await office.slack.messages(ACME, VIEWER))
    await office.slack.say(VIEWER, ACME, "<@U0ROLLCALL> users acme", is_bot=True)
    await office.edge.work.drain(5)
    assert len(await office.slack.messages(ACME, VIEWER)) == before + 1
    assert [each.error for each in await office.slack.deliveries()] == [None]


async def test_an_ambiguous_client_gets_its_menu_in_the_thread_and_the_menu_answers_there(office: Office) -> None:
    root = await thread(office)
    (asked,) = await office.mention(VIEWER, "invoice corp preview", thread=root)
    await office.slack.choose(VIEWER, ACME, asked.ts, "client.pick", "invoice globex preview")
    await office.edge.work.drain(5)
    answer = await office.answer(VIEWER)
    assert "Globex Corp: invoice of" in answer.said
    assert answer.thread_ts == root


async def test_what_is_shared_from_a_thread_is_shared_there(office: Office) -> None:
    root = await thread(office)
    (answer,) = await office.mention(VIEWER, "users acme", thread=root)
    await office.press(VIEWER, "Share", message=answer)
    (shared,) = [one for one in await office.slack.messages(ACME) if "Shared by" in one.said]
    assert (shared.thread_ts, shared.only_for) == (root, None)


async def test_an_answer_for_which_there_is_no_thread_any_more_comes_as_a_direct_message(office: Office) -> None:
    root = await thread(office)
    await office.slack.add_trouble("chat.postEphemeral", Kind.ERROR, error="thread_not_found")
    await office.mention(VIEWER, "users acme", thread=root)
    direct = await office.edge.slack.direct(VIEWER)
    assert "Acme Corp" in (await office.slack.messages(direct))[-1].said


async def test_a_mention_that_cant_be_kept_is_not_acknowledged_and_says_so_once(office: Office) -> None:
    file = office.rollcall.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE interactions RENAME TO elsewhere")
    with structlog.testing.capture_logs():
        answers = await office.mention(VIEWER, "users acme", HOUSE)
    assert [one.said.partition(",")[0] for one in answers] == ["Something went wrong"]
    assert [each.error for each in await office.slack.deliveries()] == ["http_service_error"] * 4


@pytest.mark.parametrize("words", ["invoice acme preview", "run 2027-05-01 start"])
async def test_a_mention_leaves_nothing_undone(office: Office, words: str) -> None:
    await office.mention(BILLER, words)
    assert interactions.left_behind(office.edge.database, office.edge.clock, at_start=True) == ()


def _stopped() -> asyncio.Event:
    stop = asyncio.Event()
    stop.set()
    return stop
