"""The process: what it answers over HTTP, and how it ends."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.app import build_app
from bot.server import application
from commands.notices import deferred, owed
from sandbox.serving import serve
from sandbox.workspace.troubles import Kind
from tests.support.office import ADMIN, FakeTicking, Office
from tests.support.workspace import SECRET, TOKEN


@contextlib.asynccontextmanager
async def http_of(office: Office, *, ticking: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    app, _ = build_app(office.edge, SECRET)
    clock = FakeTicking(running=ticking)
    async with serve(application(app, office.edge, clock)) as url, httpx.AsyncClient(base_url=url) as http:
        yield http


async def test_it_says_that_it_is_alive(office: Office) -> None:
    async with http_of(office) as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_it_is_ready_when_database_slack_and_clock_are(office: Office) -> None:
    async with http_of(office) as http:
        ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "slack": True, "clock": True, "cards": True})


async def test_a_card_that_was_given_up_is_told_and_takes_no_process_out_of_service(office: Office) -> None:
    office.hire("Ann")
    await office.read()
    (notice,) = owed(office.edge.database, office.edge.clock)
    for _ in range(2):
        deferred(office.edge.database, office.edge.clock, notice, "Slack is away.")
        office.pass_minutes(24 * 60)
    async with http_of(office) as http:
        ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()["cards"]) == (200, False)


async def test_it_is_not_ready_while_slack_does_not_answer(office: Office) -> None:
    await office.slack.add_trouble("auth.test", Kind.UNREACHABLE)
    async with http_of(office) as http:
        ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()["slack"]) == (503, False)


async def test_slack_is_not_asked_at_every_look(office: Office) -> None:
    async with http_of(office) as http:
        for _ in range(3):
            await http.get("/readyz")
    assert len(await office.slack.calls("auth.test")) == 1


async def test_it_is_not_ready_without_a_clock(office: Office) -> None:
    async with http_of(office, ticking=False) as http:
        assert (await http.get("/readyz")).json()["clock"] is False


@pytest.mark.parametrize("headers", [{}, {"x-slack-signature": "v0=00", "x-slack-request-timestamp": "1"}])
async def test_what_slack_did_not_sign_is_refused(office: Office, headers: dict[str, str]) -> None:
    async with http_of(office) as http:
        form = {"command": "/rollcall", "user_id": ADMIN, "text": "status"}
        assert (await http.post("/slack/events", data=form, headers=headers)).status_code == 401


@dataclass
class FakeSockets:
    """Connections of which only is known whether one is alive."""

    is_alive: bool


@pytest.mark.parametrize("status", [200, 503])
async def test_in_socket_mode_it_is_ready_while_a_connection_is_alive_and_takes_no_requests_of_slack(
    office: Office, status: int
) -> None:
    app, _ = build_app(office.edge, None)
    is_alive = status == 200
    http_app = application(app, office.edge, FakeTicking(), FakeSockets(is_alive))
    async with serve(http_app) as url, httpx.AsyncClient(base_url=url) as http:
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["slack"]) == (status, is_alive)
        assert (await http.post("/slack/events")).status_code == 404


async def test_decisions_need_no_call_of_slacks_api_first(office: Office) -> None:
    await office.ask(ADMIN, "/rollcall", "help")
    assert await office.slack.calls("auth.test") == []


async def test_the_process_sends_cards_and_ends_on_sigterm(office: Office, tmp_path: Path) -> None:
    office.hire("Ann")
    await office.read()
    settings = office.rollcall.settings
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")},
        "ROLLCALL_DATABASE_URL": settings.database_url.get_secret_value(),
        "ROLLCALL_SLACK_BOT_TOKEN": TOKEN,
        "ROLLCALL_SLACK_SIGNING_SECRET": SECRET,
        "ROLLCALL_SLACK_API_URL": settings.slack_api_url,
        "ROLLCALL_HTTP_PORT": "0",
        "ROLLCALL_TODAY": "2027-04-11",
        "ROLLCALL_LOG_FORMAT": "json",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import sys; from bot.cli.main import main; sys.exit(main())", "serve",
        env=surroundings, cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        card = await office.slack.wait_for("acme", lambda seen: "first count" in seen.said, seconds=90)
        assert card.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = await process.communicate()
    assert process.returncode == 0
    assert b"The business date is fixed by ROLLCALL_TODAY" in log
    assert TOKEN.encode() not in log
