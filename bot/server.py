"""The process of `rollcall serve`: Slack, the sender of cards, the clock, and an end in good order."""

import asyncio
import logging
import os
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
from bot.pace import Pace
from bot.readiness import Reached, Readiness
from bot.slack import Slack, web_client
from bot.socket_mode.inbox import Inbox
from bot.socket_mode.keeper import SocketMode
from bot.work import Work
from connectors.trust import trust

# With the second that closing a WebSocket may take, together less than ten, after which those who run services commonly
# lose patience.
_REQUESTS_MAY_TAKE_SECONDS = 2
_ACKNOWLEDGEMENTS_MAY_TAKE_SECONDS = 2
_WORK_MAY_TAKE_SECONDS = 4

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """What is running, and the application that lets requests in."""

    edge: Edge
    http: Starlette
    delivery: Delivery
    sockets: SocketMode | None


async def serve(rollcall: Rollcall) -> None:
    """Serves until SIGTERM or SIGINT; then takes nothing new, and gives what is running a few seconds to end.

    Raises:
        SettingIsMissing: the bot token isn't set, or neither the app token nor the signing secret is.

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
    if process.edge.work.is_under_way:
        # A command in a thread can't be cut short, and Python would wait for it. What it was doing isn't committed.
        logging.shutdown()
        os._exit(0)


@asynccontextmanager
async def running(rollcall: Rollcall) -> AsyncIterator[Running]:
    """Everything but the HTTP server: sockets are open, cards are sent, the clock ticks, clicks of before are done."""
    rollcall.settings.require_slack()
    edge = edge_of(rollcall)
    secret = rollcall.settings.slack_signing_secret
    app, desk = build_app(edge, secret.get_secret_value() if secret else None)
    delivery, clock, sockets = Delivery(edge, card), clock_of(edge), socket_mode_of(edge, app)
    stop = asyncio.Event()
    left_behind = await desk.left_behind()
    tasks = [asyncio.create_task(desk.resume(left_behind, stop)), asyncio.create_task(delivery.run(stop))]
    clock.start()
    if sockets is not None:
        sockets.start()
    try:
        yield Running(edge, application(app, edge, clock, sockets), delivery, sockets)
    finally:
        clock.pause()
        stop.set()
        if sockets is not None:
            await sockets.stop(_ACKNOWLEDGEMENTS_MAY_TAKE_SECONDS)
        if not await edge.work.drain(_WORK_MAY_TAKE_SECONDS):
            _log.warning("Some work was still running; what was clicked is carried out at the next start")
        clock.shutdown(wait=False)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        edge.work.close()


def edge_of(rollcall: Rollcall) -> Edge:
    """The Slack edge of a process."""
    settings = rollcall.settings
    client = web_client(settings.required("slack_bot_token"), settings.slack_api_url, settings.ca_bundle)
    slack = Slack(client, rollcall.hooks.on_call, Pace(rollcall.clock.now))
    return Edge(rollcall, slack, Work(), Groups(slack, rollcall.clock.now))


def socket_mode_of(edge: Edge, app: AsyncApp) -> SocketMode | None:
    """The connections to Slack, not yet opened; None where Slack posts to us instead."""
    settings = edge.rollcall.settings
    if not settings.uses_socket_mode:
        return None
    client = web_client(settings.required("slack_app_token"), settings.slack_api_url, settings.ca_bundle)
    return SocketMode(Slack(client, edge.rollcall.hooks.on_call), Inbox(app), trust(settings.ca_bundle))


def application(app: AsyncApp, edge: Edge, clock: Ticking, sockets: Reached | None = None) -> Starlette:
    """What answers over HTTP: whoever watches over the process, and Slack unless it comes over sockets."""
    slack = AsyncSlackRequestHandler(app)
    readiness = Readiness(edge, clock, sockets)

    async def events(request: Request) -> Response:
        return await slack.handle(request)

    async def alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def ready(_: Request) -> Response:
        found = await readiness.check()
        is_ready = all(found[part] for part in ("database", "slack", "clock"))
        return JSONResponse(found, status_code=200 if is_ready else 503)

    watching = [Route("/healthz", alive), Route("/readyz", ready)]
    for_slack = [Route("/slack/events", events, methods=["POST"])] if sockets is None else []
    return Starlette(routes=[*for_slack, *watching])


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves the process's signals to us: it would end the process with the signal itself."""

    def leave(self) -> None:
        """Takes nothing new, and ends once the running requests have."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
