"""How soon Slack is answered: `make bench`, or `python -m tests.bench.acknowledging`.

A process of its own types commands at a steady rate, signed as Slack signs them, whether the answers come or not. It
measures how long each takes to be acknowledged: by the whole product over a database on SQLite, which meanwhile
carries the commands out (an invoice drafted, people listed, one step of a run in five kept before it is acknowledged),
and by a Bolt app that does nothing but acknowledge, served in the same way. Slack itself is a sink.
"""

import asyncio
import json
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

import httpx
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import build_app
from bot.compose import Hooks
from bot.server import application, edge_of
from commands import changes
from commands.sync import sync_clients
from rosters.rules import Account
from sandbox.serving import NO_TLS, serve
from storage.database import Database
from storage.schema import prepare
from tests.support.directories import FakeDirectory
from tests.support.office import ACME, BILLER, FIRST_DAY, NOON, SHELL, FakeTicking, composed
from tests.support.workspace import SECRET

RATES, SECONDS, AIM_MS = (20, 100), 10, 250
COMMANDS = (
    ("/invoice", "acme preview"),
    ("/users", "acme"),
    ("/invoice", "globex preview"),
    ("/changes", "acme"),
    ("/run", "2027-05-01 approve"),
)
PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Milliseconds until a command was acknowledged."""

    half: float
    nearly_all: float


async def _taken(_: Request) -> Response:
    """What the pretended Slack answers to everything."""
    return JSONResponse({"ok": True, "channel": {"id": ACME}, "ts": "1.0", "users": []})


@asynccontextmanager
async def product(slack: str, folder: Path) -> AsyncIterator[str]:
    """The product, with a client whose fifty people were counted; its address."""
    url = f"sqlite:///{folder / 'rollcall.db'}"
    prepare(Database(url))
    directory = FakeDirectory()
    for number in range(PEOPLE):
        directory.put(Account(f"person-{number}", f"Person {number}", upn=f"person-{number}@acme.example"))
    rollcall = composed(folder, url, f"{slack}/api/", directory, [NOON], Hooks())
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    changes.approve(rollcall.database, SHELL, rollcall.clock, 1, effective=FIRST_DAY)
    edge = edge_of(rollcall)
    app, _ = build_app(edge, SECRET)
    async with serve(application(app, edge, FakeTicking())) as bot:
        yield bot
        await edge.work.drain(60)
    edge.work.close()
    rollcall.database.close()


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    """A Bolt app that acknowledges; its address."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app = AsyncApp(name="bare", signing_secret=SECRET, client=AsyncWebClient(), authorize=authorize)
    for command in {command for command, _ in COMMANDS}:
        app.command(command)(acknowledge)
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async with serve(Starlette(routes=[Route("/slack/events", events, methods=["POST"])])) as url:
        yield url


async def typed(bot: str, slack: str, rate: int) -> Acknowledged:
    """How soon commands at a rate are acknowledged, as another process measures it."""
    words = (sys.executable, "-m", "tests.bench.acknowledging", "type", bot, slack, str(rate))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("Not every command was acknowledged.")
    hundredths = quantiles(json.loads(told), n=100)
    return Acknowledged(hundredths[49], hundredths[98])


async def type_commands(bot: str, slack: str, rate: int) -> list[float]:
    """Types for a while, each command at its moment; milliseconds until each was acknowledged."""
    verifier = SignatureVerifier(SECRET)
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=60) as http:

        async def one(number: int, begun: float) -> float:
            await asyncio.sleep(begun + number / rate - time.monotonic())
            command, text = COMMANDS[number % len(COMMANDS)]
            form = {"command": command, "text": text, "user_id": BILLER, "channel_id": ACME}
            body = urlencode({**form, "trigger_id": secrets.token_hex(8), "response_url": f"{slack}/respond"})
            now = str(int(time.time()))
            signature = verifier.generate_signature(timestamp=now, body=body) or ""
            headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature}
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            sent = time.monotonic()
            (await http.post(f"{bot}/slack/events", content=body, headers=headers)).raise_for_status()
            return (time.monotonic() - sent) * 1000

        begun = time.monotonic() + 1
        return await asyncio.gather(*(one(number, begun) for number in range(rate * SECONDS)))


async def measure() -> None:
    """Measures and prints."""
    everything = Starlette(routes=[Route("/{path:path}", _taken, methods=["GET", "POST"])])
    with tempfile.TemporaryDirectory() as folder:
        async with serve(everything) as slack, product(slack, Path(folder)) as bot, bare() as nothing:
            for rate in RATES:
                ours, theirs = await typed(bot, slack, rate), await typed(nothing, slack, rate)
                aim = f", aim: at most {AIM_MS} ms for 99 of 100" if rate == RATES[0] else ""
                print(
                    f"acknowledge {rate} commands a second: half within {ours.half:.0f} ms, 99 of 100 within "
                    f"{ours.nearly_all:.0f} ms{aim}\n"
                    f"  a Bolt app that does nothing else: {theirs.half:.0f} and {theirs.nearly_all:.0f} ms"
                )


def main() -> None:
    """Measures and prints; with `type`, types."""
    logging.disable(logging.WARNING)
    if sys.argv[1:2] == ["type"]:
        _, _, bot, slack, rate = sys.argv
        print(json.dumps(asyncio.run(type_commands(bot, slack, int(rate)))))
    else:
        asyncio.run(measure())


if __name__ == "__main__":
    main()
