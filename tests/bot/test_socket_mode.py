"""Socket Mode: connections that end, fall silent or can't be opened, and envelopes that come twice or too late."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.message import Json
from bot.slack import Slack, web_client
from bot.socket_mode.connection import Connection, NoHello, Pace, proxy_for
from bot.socket_mode.inbox import Inbox
from bot.socket_mode.keeper import SocketMode
from sandbox.serving import serve
from sandbox.workspace.app import create_app
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from sandbox.workspace.troubles import Kind
from tests.support.workspace import APP_TOKEN, SECRET, TOKEN

QUICK = Pace(ping_seconds=0.2, hello_seconds=2)
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None)


@dataclass
class Bot:
    """A tiny bot in Socket Mode, and the workspace that it is in. It notes each command that it took."""

    people: WorkspaceClient
    workspace: Workspace
    sockets: SocketMode
    inbox: Inbox
    taken: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def type(self, text: str) -> str | None:
        """Types a command; the error that Slack shows, if any."""
        return (await self.people.command("viewer", "acme", "/note", text)).error

    async def until(self, seen: Callable[[], bool]) -> None:
        """Waits until something is so."""
        async with asyncio.timeout(10):
            while not seen():  # noqa: ASYNC110 - what is waited for is on the other side of a socket
                await asyncio.sleep(0.01)

    def ids(self) -> set[str]:
        """The connections that could take something, as Slack knows them."""
        return {each.id for each in self.workspace.sockets.all() if not each.seen.is_leaving and not each.is_silent}


@asynccontextmanager
async def bot_of(pace: Pace = QUICK, token: str = APP_TOKEN) -> AsyncIterator[Bot]:
    workspace = Workspace(bot_token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN)
    workspace.places.add_channel("acme", "C0ACME")
    app = AsyncApp(client=AsyncWebClient(), authorize=_authorize, signing_secret=SECRET)
    async with serve(create_app(workspace)) as url, WorkspaceClient(url) as people:
        inbox = Inbox(app)
        slack = Slack(web_client(token, f"{url}/api/"), lambda _point: None)
        bot = Bot(people, workspace, SocketMode(slack, inbox, NO_TLS, pace), inbox)

        @app.command("/note")
        async def note(ack: Any, command: dict[str, Any]) -> None:
            bot.taken.append(command["text"])
            if command["text"] == "slow":
                await bot.gate.wait()
            await ack("noted")

        bot.sockets.start()
        try:
            yield bot
        finally:
            await bot.sockets.stop(1)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_of() as opened:
        await opened.until(lambda: len(opened.ids()) == 2)
        await opened.until(lambda: opened.sockets.is_alive)
        yield opened


async def test_two_connections_take_what_people_type_and_answer_it(bot: Bot) -> None:
    assert [await bot.type(text) for text in ("one", "two")] == [None, None]
    assert [each.envelopes for each in await bot.people.connections()] == [1, 1]
    assert [seen.said for seen in await bot.people.messages("acme", "viewer")] == ["noted", "noted"]


async def test_a_connection_that_breaks_is_replaced_and_the_other_takes_what_comes_meanwhile(bot: Bot) -> None:
    before = bot.ids()
    (broken,) = await bot.people.drop_connections(min(before))
    assert await bot.type("meanwhile") is None
    await bot.until(lambda: len(bot.ids()) == 2)
    assert broken.id not in bot.ids()


async def test_when_all_connections_break_it_says_so_loudly_and_comes_back(bot: Bot) -> None:
    with structlog.testing.capture_logs() as logs:
        await bot.people.add_trouble("apps.connections.open", Kind.UNREACHABLE, count=2)
        await bot.people.drop_connections()
        await bot.until(lambda: not bot.sockets.is_alive)
        await bot.until(lambda: len(bot.ids()) == 2)
    assert await bot.type("back") is None
    loud = [entry["event"] for entry in logs if entry["log_level"] == "error"]
    assert "No connection to Slack is alive: what people click and type fails until one is" in loud


async def test_a_half_dead_connection_is_found_and_replaced(bot: Bot) -> None:
    await bot.people.silence_connections(seconds=2)
    assert bot.ids() == set()
    await bot.until(lambda: len(bot.ids()) == 2)
    assert [each.is_silent for each in await bot.people.connections()] == [True, True, False, False]
    # Slack itself finds out later, and until then it may still send through the dead ones.
    await bot.until(lambda: len(bot.workspace.sockets.all()) == 2)
    assert await bot.type("heard") is None


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_will_end_is_used_until_the_next_one_is_open(bot: Bot, reason: str) -> None:
    before = bot.ids()
    await bot.people.add_trouble("apps.connections.open", Kind.UNREACHABLE, count=2)
    await bot.people.refresh_connections(reason=reason)
    await bot.until(lambda: bot.workspace.troubles.all() == [])
    assert await bot.type("meanwhile") is None
    await bot.until(lambda: len(bot.ids() - before) == 2)
    await bot.until(lambda: len(bot.workspace.sockets.all()) == 2)
    assert await bot.type("after") is None


async def test_an_envelope_under_way_on_a_connection_that_is_replaced_is_still_acknowledged(bot: Bot) -> None:
    typing = asyncio.create_task(bot.type("slow"))
    await bot.until(lambda: bot.taken == ["slow"])
    before = {each.id for each in await bot.people.refresh_connections(reason="warning")}
    await bot.until(lambda: len(bot.ids() - before) == 2)
    bot.gate.set()
    assert await typing is None
    assert bot.taken == ["slow"]


async def test_an_envelope_that_comes_again_because_its_connection_ended_is_done_once_and_acknowledged(
    bot: Bot,
) -> None:
    typing = asyncio.create_task(bot.type("slow"))
    await bot.until(lambda: bot.taken == ["slow"])
    busy = next(each for each in await bot.people.connections() if each.envelopes)
    await bot.people.drop_connections(busy.id)
    await bot.until(lambda: sum(each.seen.envelopes for each in bot.workspace.sockets.all()) == 1)
    bot.gate.set()
    assert await typing is None
    assert bot.taken == ["slow"]


async def test_what_comes_after_the_end_began_is_not_acknowledged(bot: Bot) -> None:
    bot.inbox.close()
    bot.workspace.acknowledge_seconds = 0.2
    assert await bot.type("late") == "operation_timeout"
    assert bot.taken == []


async def test_what_was_taken_before_the_end_began_is_acknowledged_and_what_comes_later_is_not_taken(bot: Bot) -> None:
    typing = asyncio.create_task(bot.type("slow"))
    await bot.until(lambda: bot.taken == ["slow"])
    ending = asyncio.create_task(bot.sockets.stop(5))
    await bot.until(lambda: len(bot.workspace.sockets.all()) == 1)
    late = asyncio.create_task(bot.type("late"))
    await bot.until(lambda: bot.workspace.sockets.all()[0].seen.envelopes == 2)
    bot.gate.set()
    assert await typing is None
    await ending
    assert (await late, bot.taken) == ("dispatch_failed", ["slow"])
    await bot.until(lambda: bot.workspace.sockets.all() == [])
    assert await bot.type("nobody there") == "dispatch_failed"


async def test_a_rate_limit_on_opening_is_waited_out_as_long_as_slack_says(bot: Bot) -> None:
    await bot.people.add_trouble("apps.connections.open", Kind.RATE_LIMITED, count=2, seconds=1)
    began = time.monotonic()
    await bot.people.drop_connections()
    await bot.until(lambda: len(bot.ids()) == 2)
    assert time.monotonic() - began >= 1
    assert await bot.type("later") is None


async def test_a_wrong_app_token_is_told_with_the_setting_to_mend() -> None:
    with structlog.testing.capture_logs() as logs:
        async with bot_of(token="xapp-wrong") as bot:
            await bot.until(lambda: bool(logs))
            assert not bot.sockets.is_alive
    assert "invalid_auth: check ROLLCALL_SLACK_APP_TOKEN" in logs[0]["problem"]
    assert logs[0]["log_level"] == "error"


async def test_a_refused_websocket_is_told_without_its_ticket() -> None:
    async def take(_envelope: Json) -> Json | None:
        return None

    async with serve(create_app(Workspace(bot_token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN))) as url:
        address = f"{url.replace('http', 'ws', 1)}/link/?ticket=used"
        with pytest.raises(NoHello, match=r"^the WebSocket was refused with HTTP 403$"):
            await Connection.open(address, NO_TLS, QUICK, take, asyncio.Event())


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("wss://wss-primary.slack.com/link/", "http://proxy.example:3128"),
        ("wss://inside.example/link/", None),
        ("ws://127.0.0.1:8700/link/", None),
    ],
)
def test_the_proxy_for_https_is_taken_unless_the_host_is_excepted(
    url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,inside.example")
    monkeypatch.setenv("no_proxy", "127.0.0.1,inside.example")
    assert proxy_for(url) == proxy


async def test_an_envelope_that_failed_is_tried_again_when_it_comes_again() -> None:
    app = AsyncApp(client=AsyncWebClient(), authorize=_authorize)
    seen: list[str] = []

    @app.command("/once")
    async def _listen(ack: AsyncAck) -> None:
        seen.append("seen")
        if len(seen) == 1:
            raise RuntimeError
        await ack()

    inbox = Inbox(app)
    envelope = {"envelope_id": "E1", "type": "slash_commands", "payload": {"command": "/once", "user_id": "U1"}}
    assert await inbox.take(envelope) is None
    assert await inbox.take(envelope) == {"envelope_id": "E1"}
    assert await inbox.take(envelope) == {"envelope_id": "E1"}
    assert len(seen) == 2
