"""Word to a tab of which regions changed, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from sandbox.page.desk import Desk
from sandbox.page.regions import REGIONS
from sandbox.page.visit import Visit
from sandbox.serving import until_stopped
from sandbox.workspace.errors import NotInThisWorkspace

_HEARTBEAT_SECONDS = 15
_RETRY_MILLISECONDS = 700


def events(desk: Desk, request: Request) -> StreamingResponse:
    """A stream that says each region's version, at first and whenever it changes; it ends with the server."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(desk, request), media_type="text/event-stream", headers=headers)


async def _stream(desk: Desk, request: Request) -> AsyncIterator[str]:
    stopping = asyncio.create_task(until_stopped(request.scope))
    known: dict[str, str] = {}
    yield f"retry: {_RETRY_MILLISECONDS}\n\n"
    try:
        while not stopping.done():
            number = desk.workspace.pulse.number
            for name, version in _versions(desk, request):
                if known.get(name) != version:
                    known[name] = version
                    yield f"event: region\ndata: {json.dumps({'name': name, 'version': version})}\n\n"
            if not await _stirred(desk, number, stopping):
                yield ": still here\n\n"
    except NotInThisWorkspace:
        # Another demo was started under a tab that was open; it has to find its way anew.
        yield "event: lost\ndata: {}\n\n"
    finally:
        stopping.cancel()


def _versions(desk: Desk, request: Request) -> list[tuple[str, str]]:
    visit = Visit.of(desk.workspace.places, request.query_params, request.cookies)
    return [(name, region(desk, visit).version) for name, region in REGIONS.items()]


async def _stirred(desk: Desk, number: int, stopping: asyncio.Task[None]) -> bool:
    """Waits for a change, at most until the next heartbeat."""
    waiting = asyncio.create_task(desk.workspace.pulse.after(number))
    both = {waiting, stopping}
    try:
        done, _ = await asyncio.wait(both, timeout=_HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return bool(done)
