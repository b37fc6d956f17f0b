"""A served workspace, a person's client, a bot's client, and a tiny real Bolt app behind the request URL."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serving import serve
from sandbox.workspace.app import create_app
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from tests.support.workspace import SECRET, TOKEN


@dataclass
class Clock:
    """The real time, which Bolt checks signatures against, and what a test adds to it."""

    ahead: float = 0

    def now(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    workspace = Workspace(bot_token=TOKEN, signing_secret=SECRET, acknowledge_seconds=0.5, now=clock.now)
    workspace.places.add_channel("acme", "C0ACME")
    return workspace


@pytest.fixture
async def base_url(workspace: Workspace) -> AsyncIterator[str]:
    async with serve(create_app(workspace)) as url:
        yield url


@pytest.fixture
async def people(base_url: str) -> AsyncIterator[WorkspaceClient]:
    async with WorkspaceClient(base_url) as client:
        yield client


@pytest.fixture
def slack(base_url: str) -> AsyncWebClient:
    return AsyncWebClient(token=TOKEN, base_url=f"{base_url}/api/", retry_handlers=[])


@pytest.fixture
async def bolt(slack: AsyncWebClient, people: WorkspaceClient) -> AsyncIterator[AsyncApp]:
    """A real Bolt app without listeners; a test adds those that it needs."""
    app = AsyncApp(client=slack, signing_secret=SECRET)
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async with serve(Starlette(routes=[Route("/slack/events", events, methods=["POST"])])) as bot_url:
        await people.set_bot(f"{bot_url}/slack/events")
        yield app
