"""Clicks that decide: kept before they are acknowledged, done once, and done after a restart."""

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from bot.actions import Act
from bot.clicks import Click
from bot.desk import reply
from bot.logging import set_up_logging
from bot.message import Json, Message, ModalView
from bot.reader import Reader
from commands import interactions
from commands.users import rosters
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, APPROVER, BILLER, HOUSE, SHELL, Office


async def waiting(office: Office) -> Click:
    """An approver's click on the card of a second person who joins."""
    await office.first_count("Ann")
    office.hire("Bo")
    await office.sync()
    return Click(
        key="click:1",
        kind=Act.APPROVE,
        user=APPROVER,
        value="2:1",
        trigger_id="1",
        channel=ACME,
        response_url=None,
        fields={},
    )


def seated(office: Office) -> int:
    """How many are on Acme's bill."""
    shown = rosters(office.edge.database, SHELL, office.edge.clock, "acme")
    return len(shown.rosters[0].seats)


def left_behind(office: Office) -> int:
    """How many clicks a process that starts now would find undone."""
    return len(interactions.left_behind(office.edge.database, office.edge.clock, at_start=True))


async def start_again(office: Office) -> None:
    """What the next start does with the clicks of before it."""
    stop = asyncio.Event()
    stop.set()
    await office.desk.resume(await office.desk.left_behind(), stop)


def keep(office: Office, click: Click) -> bool:
    return interactions.keep(office.edge.database, office.edge.clock, click.as_interaction())


async def deliver(office: Office, click: Click) -> list[str]:
    """Hands a click to the desk as Bolt would, and says in which order things happened."""
    happened: list[str] = []

    async def ack() -> None:
        happened.append(f"acknowledged with {left_behind(office)} kept")

    def read(_body: Json) -> Click:
        return click

    await office.desk.deciding(read)(ack=ack, body={})
    return happened


async def test_a_click_is_kept_before_it_is_acknowledged(office: Office) -> None:
    click = await waiting(office)
    assert await deliver(office, click) == ["acknowledged with 1 kept"]
    assert left_behind(office) == 0


async def test_a_duplicate_delivery_is_acknowledged_and_done_once(office: Office) -> None:
    click = await waiting(office)
    await deliver(office, click)
    told = len(await office.slack.messages(ACME, APPROVER))
    assert await deliver(office, click) == ["acknowledged with 0 kept"]
    assert len(await office.slack.messages(ACME, APPROVER)) == told


async def test_a_click_of_before_the_restart_is_done_and_answered(office: Office) -> None:
    click = await waiting(office)
    keep(office, click)
    await start_again(office)
    assert seated(office) == 2
    assert (await office.answer(APPROVER)).said.startswith("Approved")
    assert left_behind(office) == 0


async def test_a_click_that_another_process_carries_out_is_left_to_it_until_its_lease_is_over(office: Office) -> None:
    click = await waiting(office)
    keep(office, click)
    found = [interactions.left_behind(office.edge.database, office.edge.clock)]
    office.pass_minutes(2)
    found.append(interactions.left_behind(office.edge.database, office.edge.clock))
    assert [len(each) for each in found] == [0, 1]
    taken = [interactions.take_over(office.edge.database, office.edge.clock, found[1][0]) for _ in range(2)]
    assert taken == [True, False]


async def test_a_click_that_another_version_kept_does_not_keep_the_others_from_being_done(office: Office) -> None:
    click = await waiting(office)
    keep(office, replace(click, key="click:0", kind="change.of_another_version"))
    keep(office, click)
    await start_again(office)
    assert seated(office) == 2
    assert left_behind(office) == 0


async def test_a_click_that_was_done_but_not_marked_is_not_done_again(office: Office) -> None:
    click = await waiting(office)
    await deliver(office, click)
    keep(office, replace(click, key="click:2"))
    await start_again(office)
    assert seated(office) == 2
    assert "already approved" in (await office.answer(APPROVER)).said


async def test_an_answer_goes_to_the_channel_when_its_response_url_has_passed(office: Office) -> None:
    click = await waiting(office)
    passed = f"{office.rollcall.settings.slack_api_url.removesuffix('api/')}respond/gone"
    await deliver(office, replace(click, response_url=passed))
    assert (await office.answer(APPROVER)).said.startswith("Approved")


async def test_an_answer_goes_to_a_direct_message_when_the_bot_is_not_in_the_channel(office: Office) -> None:
    click = await waiting(office)
    await office.slack.kick_bot(ACME)
    await deliver(office, click)
    direct = await office.edge.slack.direct(APPROVER)
    assert [message.said[:8] for message in await office.slack.messages(direct, APPROVER)] == ["Approved"]


async def test_the_log_of_an_answer_that_got_lost_names_nobody(office: Office) -> None:
    with structlog.testing.capture_logs() as logs:
        await office.slack.add_trouble("conversations.open", Kind.ERROR, error="user_not_found")
        await reply(office.edge.slack, Reader(APPROVER), Message("Ann Ames joined"))
    assert [(entry["event"], "Ann" in str(entry)) for entry in logs] == [("An answer didn't reach its user", False)]


async def test_a_click_with_a_strange_value_is_refused_in_words(office: Office) -> None:
    click = await waiting(office)
    await deliver(office, replace(click, value="seven"))
    assert "from another version of Rollcall" in (await office.answer(APPROVER)).said


async def test_a_bug_shows_a_reference_and_no_trace(office: Office) -> None:
    click = await waiting(office)
    await deliver(office, replace(click, kind="run.override_hold", value="2027-05-01:acme"))
    said = (await office.answer(APPROVER)).said
    assert said.startswith("Something went wrong, reference ")
    assert "KeyError" not in said


@contextlib.contextmanager
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[list[Json]]:
    """What the process logs meanwhile, as JSON; there when the block is over."""
    root, found = logging.getLogger(), list[Json]()
    handlers, level = root.handlers, root.level
    set_up_logging("json", "info")
    try:
        yield found
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    # The workspace beside it logs in words.
    found += (json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{"))


async def test_the_log_has_the_trace_under_the_reference_with_what_the_click_was_about(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    click = await waiting(office)
    with logged(capsys) as log:
        await deliver(office, replace(click, kind="run.override_hold", value="2027-05-01:acme"))
    reference = (await office.answer(APPROVER)).said.partition("reference ")[2][:8]
    (entry,) = [each for each in log if each.get("reference") == reference]
    assert (entry["interaction"], entry["run"], entry["client"]) == (click.key, "2027-05-01", "acme")
    assert "KeyError" in entry["exception"]


async def test_clicks_that_are_carried_out_one_after_the_other_are_logged_apart(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    click = await waiting(office)
    keep(office, click)
    keep(office, replace(click, key="click:2", kind="change.of_another_version"))
    with logged(capsys) as log:
        await start_again(office)
    told = [(each["interaction"], each.get("change")) for each in log if "before the restart" in each["event"]]
    assert told == [("click:1", None), ("click:2", None)]


async def test_a_command_that_decides_is_kept_and_done_after_a_restart(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    body = {"trigger_id": "7", "user_id": BILLER, "channel_id": HOUSE, "response_url": None}
    keep(office, Click.of_command(body, "run 2027-05-01 start"))
    await start_again(office)
    assert "2 drafted" in (await office.answer(BILLER, HOUSE)).said
    assert left_behind(office) == 0


async def test_a_modal_of_another_version_is_answered(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Reject")
    (view,) = await office.slack.views(APPROVER)
    await office.edge.slack.show(view.id, ModalView({**view.payload, "callback_id": "of.another.version"}))
    assert (await office.slack.submit(APPROVER, {"reason": "Because"})).error is None
    await office.edge.work.drain(5)
    assert "window is from another version of Rollcall" in (await office.answer(APPROVER)).said


async def test_a_click_that_could_not_be_kept_is_not_acknowledged_and_says_so(office: Office) -> None:
    await waiting(office)
    file = office.rollcall.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE interactions RENAME TO elsewhere")
    card = await office.card()
    done = await office.slack.click(APPROVER, ACME, card.ts, "Approve")
    assert done.error is not None
    # Slack's own complaint comes when its three seconds are over, which may be before or after ours.
    await office.slack.wait_for(
        ACME,
        lambda seen: seen.only_for == APPROVER and seen.said.startswith("Something went wrong, reference "),
        viewer=APPROVER,
    )
    assert seated(office) == 1
