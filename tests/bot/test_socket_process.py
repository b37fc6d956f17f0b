"""`rollcall serve` as a process that is told to end, or is killed, with a decision under way, in both modes."""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from commands.users import rosters
from sandbox.workspace.records import MessageSeen
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, APPROVER, SHELL, Office
from tests.support.workspace import APP_TOKEN, SECRET, TOKEN

# A command that is in a thread at the moment can't be cut short; this one would go on for a minute.
_SLOW = """
import sys, time
from bot.cli.main import main
from bot.compose import Hooks
sys.exit(main(["serve"], Hooks(on_commit=lambda point: time.sleep(60 if point == {point!r} else 0))))
"""
_ENDS_WITHIN_SECONDS = 10


@pytest.fixture(params=["http", "socket"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def serving(office: Office, mode: str, slow_at: str = "") -> AsyncIterator[Process]:
    """A real bot beside the office, which Slack reaches instead of the office's own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = office.rollcall.settings
    way = {"ROLLCALL_SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"ROLLCALL_SLACK_SIGNING_SECRET": SECRET}
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")},
        "ROLLCALL_DATABASE_URL": settings.database_url.get_secret_value(),
        "ROLLCALL_SLACK_BOT_TOKEN": TOKEN,
        **way,
        "ROLLCALL_SLACK_API_URL": settings.slack_api_url,
        "ROLLCALL_HTTP_PORT": str(port),
        "ROLLCALL_TODAY": "2027-04-11",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SLOW.format(point=slow_at), env=surroundings, cwd=Path(__file__).parents[2]
    )
    try:
        await office.slack.set_bot(None if mode == "socket" else f"http://127.0.0.1:{port}/slack/events")
        await _up(office, mode, port)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _up(office: Office, mode: str, port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            if mode == "http" or await office.slack.connections():
                return
            await asyncio.sleep(0.05)


async def waiting(office: Office) -> MessageSeen:
    """The card of a second person who joins."""
    await office.first_count("Ann")
    office.hire("Bo")
    await office.sync()
    return await office.card()


async def ended(process: Process) -> float:
    """Tells the process to end, and says after how many seconds it has."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    await process.wait()
    return time.monotonic() - began


def seated(office: Office) -> int:
    return len(rosters(office.edge.database, SHELL, office.edge.clock, "acme").rosters[0].seats)


async def approved(office: Office) -> None:
    """Waits until the approver was told of a second approval; the first one was of the first count."""
    async with asyncio.timeout(30):
        while True:
            own = [seen.said for seen in await office.slack.messages(ACME, APPROVER) if seen.only_for == APPROVER]
            if sum(said.startswith("Approved") for said in own) == 2:
                return
            await asyncio.sleep(0.05)


async def test_what_is_under_way_is_done_and_answered_before_the_process_ends(office: Office, mode: str) -> None:
    card = await waiting(office)
    async with serving(office, mode) as process:
        await office.slack.add_trouble("response_url", Kind.SLOW, seconds=2)
        assert (await office.slack.click(APPROVER, ACME, card.ts, "Approve")).error is None
        seconds = await ended(process)
    assert (process.returncode, seconds < _ENDS_WITHIN_SECONDS) == (0, True), seconds
    assert seated(office) == 2
    await approved(office)
    assert (await office.slack.click(APPROVER, ACME, card.ts, "Approve")).error == "dispatch_failed"


async def test_a_command_that_takes_longer_is_left_and_carried_out_by_the_next_start(office: Office, mode: str) -> None:
    card = await waiting(office)
    async with serving(office, mode, slow_at="approve:before-commit") as process:
        assert (await office.slack.click(APPROVER, ACME, card.ts, "Approve")).error is None
        seconds = await ended(process)
    assert (process.returncode, seconds < _ENDS_WITHIN_SECONDS) == (0, True), seconds
    assert seated(office) == 1
    async with serving(office, mode):
        await approved(office)
    assert seated(office) == 2


async def test_a_kill_between_the_acknowledgement_and_the_work_loses_nothing(office: Office) -> None:
    card = await waiting(office)
    async with serving(office, "socket", slow_at="approve:before-commit") as process:
        assert (await office.slack.click(APPROVER, ACME, card.ts, "Approve")).error is None
        process.kill()
        await process.wait()
    assert seated(office) == 1
    async with serving(office, "socket"):
        await approved(office)
    assert seated(office) == 2
