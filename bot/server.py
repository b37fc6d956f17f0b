"""The process of `rollcall serve`: Slack over HTTP, the sender of cards, the clock, and an end in good order."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import build_app
from bot.cards import card
from bot.clock import Ticking, clock_of
from bot.compose import Rollcall
from bot.delivery import Delivery
from bot.edge import Edge
from bot.groups import Groups
from bot.logging import set_up_logging
from bot.readiness import Readiness
from bot.slack import Slack, web_client
from bot.work import Work

# Together ten seconds, after which those who run services commonly lose patience.
_REQUESTS_MAY_TAKE_SECONDS = 3
_WORK_MAY_TAKE_SECONDS = 7

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """What is running, and the application that lets requests in."""

    edge: Edge
    http: Starlette
    delivery: Delivery


async def serve(rollcall: Rollcall) -> None:
    """Serves until SIGTERM or SIGINT; then takes nothing new and gives what is running ten seconds to end.

    Raises:
        SettingIsMissing: the bot token or the signing secret isn't set.

    """
    settings = rollcall.settings
    set_up_logging(settings.log_format, settings.log_level)
    if settings.today:
        _log.warning("The business date is fixed by ROLLCALL_TODAY", today=settings.today.isoformat())
    async with running(rollcall) as process:
        config = uvicorn.Config(
            process.http,
            host=settings.http_host,
            port=settings.http_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_REQUESTS_MAY_TAKE_SECONDS,
        )
        server = _Server(config)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.leave)
        await server.serve()


@asynccontextmanager
async def running(rollcall: Rollcall) -> AsyncIterator[Running]:
    """Everything but the socket: cards are sent, the clock ticks, and clicks of before the start are carried out."""
    edge = edge_of(rollcall)
    app, desk = build_app(edge, rollcall.settings.required("slack_signing_secret"))
    delivery, clock = Delivery(edge, card), clock_of(edge)
    clock.start()
    stop = asyncio.Event()
    tasks = [asyncio.create_task(desk.resume()), asyncio.create_task(delivery.run(stop))]
    try:
        yield Running(edge, application(app, edge, clock), delivery)
    finally:
        clock.shutdown(wait=False)
        stop.set()
        if not await edge.work.drain(_WORK_MAY_TAKE_SECONDS):
            _log.warning("Some work was still running; what was clicked is carried out at the next start")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        edge.work.close()


def edge_of(rollcall: Rollcall) -> Edge:
    """The Slack edge of a process."""
    settings = rollcall.settings
    client = web_client(settings.required("slack_bot_token"), settings.slack_api_url, settings.ca_bundle)
    slack = Slack(client, rollcall.hooks.on_call)
    return Edge(rollcall, slack, Work(), Groups(slack, rollcall.clock.now))


def application(app: AsyncApp, edge: Edge, clock: Ticking) -> Starlette:
    """What answers over HTTP: Slack, and whoever watches over the process."""
    slack = AsyncSlackRequestHandler(app)
    readiness = Readiness(edge, clock)

    async def events(request: Request) -> Response:
        return await slack.handle(request)

    async def alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def ready(_: Request) -> Response:
        found = await readiness.check()
        return JSONResponse(found, status_code=200 if all(found.values()) else 503)

    return Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/healthz", alive),
            Route("/readyz", ready),
        ]
    )


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves the process's signals to us: it would end the process with the signal itself."""

    def leave(self) -> None:
        """Takes nothing new, and ends once the running requests have."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
