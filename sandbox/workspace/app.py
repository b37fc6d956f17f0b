"""The pretend Slack as one ASGI application: its Web API for the bot, its control calls for people and tests."""

import contextlib
from collections.abc import AsyncIterator
from typing import TypedDict

import httpx
from starlette.applications import Starlette

from billing.errors import WrongInput
from sandbox.serving import NO_TLS
from sandbox.workspace import control, sockets_serving
from sandbox.workspace.api import http as web_api
from sandbox.workspace.state import Workspace


class _Shared(TypedDict):
    http: httpx.AsyncClient


def create_app(workspace: Workspace) -> Starlette:
    """An application around a workspace; point the bot's Slack API URL at `/api/` below its address."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[_Shared]:
        # A proxy that the environment names must not stand between two processes of one machine. The time that the
        # bot has is measured by the sender, so the client itself never gives up.
        # A server ends an idle connection after five seconds, and so does httpx: whoever is kept might just be ending.
        limits = httpx.Limits(max_keepalive_connections=0)
        endless = httpx.Timeout(None)  # The sender has the limit.
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=endless, limits=limits) as http:
            yield {"http": http}
            await workspace.rest()

    routes = [*web_api.routes(workspace), *control.routes(workspace), *sockets_serving.routes(workspace)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={WrongInput: control.refuse})
