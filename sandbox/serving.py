"""An ASGI application served inside the running event loop, for tests and for the demo."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from ssl import PROTOCOL_TLS_CLIENT, SSLContext

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

# For clients that meet plain HTTP alone: to read the long list of authorities takes longer than most of what they do.
NO_TLS = SSLContext(PROTOCOL_TLS_CLIENT)

_DROP = "drop_connection"
_MUTE = "mute_connection"
_STOPPED = "stopped"
_GRACE_SECONDS = 1
_TICK_SECONDS = 1
_PAUSE_SECONDS = 0.002


@contextlib.asynccontextmanager
async def serve(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, ssl: SSLContext | None = None
) -> AsyncIterator[str]:
    """Serve `app` until the block is left, and yield its base URL without a slash at the end.

    Port 0 takes a free one. Raises OSError when the address is taken. Requests that are still running when the block
    is left have a second to end.
    """
    listener = socket.create_server((host, port))
    # asyncio leaves Nagle's algorithm on for such a socket, and every answer over TLS would wait for a late ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        app,
        http=_Protocol,
        # The one that uvicorn has for the websockets package as it is now.
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
    )
    config.load()
    config.ssl = ssl
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _until_ready(server, running)
        yield f"{'https' if ssl else 'http'}://{host}:{listener.getsockname()[1]}"
    finally:
        server.stop()
        await running


def drop_connection(scope: Scope) -> None:
    """Cut the connection that a request came in on, as a dying proxy does; what is sent afterwards goes nowhere.

    The client reads what was sent before, then the end of the stream.
    """
    drop: Callable[[], None] = scope["state"][_DROP]
    drop()


async def until_stopped(scope: Scope) -> None:
    """Waits until the server that a request came to is about to end; for answers that have no end of their own."""
    stopped: asyncio.Event = scope["state"][_STOPPED]
    await stopped.wait()


def mute_connection(scope: Scope) -> None:
    """Make a WebSocket half dead: it stays open, and nothing that comes is read or answered, not even a ping."""
    mute: Callable[[], None] = scope["state"][_MUTE]
    mute()


async def _until_ready(server: "_Server", running: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if running.done():
        await running


class _Protocol(H11Protocol):
    """Uvicorn's HTTP protocol, whose requests and WebSockets can reach their own connection through the ASGI state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # narrowed by uvicorn too
        super().connection_made(transport)
        self.app_state = {**self.app_state, _DROP: transport.abort, _MUTE: transport.pause_reading}


class _Server(uvicorn.Server):
    """Uvicorn's server, which says when it is ready and leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End at once, not at the next tick: a test starts and ends many servers."""
        self.should_exit = True
        self._stopped.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state[_STOPPED] = self._stopped
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # Uvicorn writes the date of the next second's answers whenever it counts a tenth tick.
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn sleeps for a tenth of a second, also where nobody is connected any more.
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn tells nobody when they end
                    await asyncio.sleep(_PAUSE_SECONDS)
        for task in state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
