"""A cable between a client and a server on this machine, which can be tapped, cut, or go dead in the middle."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

_CHUNK = 4096


@dataclass
class Cable:
    """`port` is where it begins.

    Of what the server sends, `cut_after` bytes pass before the connection breaks, `dead_after` before nothing comes any
    more. `heard` has what the client sent, as it went over the wire.
    """

    port: int = 0
    cut_after: int | None = None
    dead_after: int | None = None
    heard: list[bytes] = field(default_factory=list)
    passed: int = 0

    async def forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries what the client says."""
        while data := await reader.read(_CHUNK):
            self.heard.append(data)
            writer.write(data)

    async def back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries what the server answers, as far as it comes."""
        while data := await reader.read(_CHUNK):
            for limit in (self.cut_after, self.dead_after):
                if limit is not None and self.passed + len(data) > limit:
                    data = data[: max(limit - self.passed, 0)]
            self.passed += len(data)
            writer.write(data)
            if self.cut_after is not None and self.passed >= self.cut_after:
                return


@contextlib.asynccontextmanager
async def cable(to_port: int, *, cut_after: int | None = None, dead_after: int | None = None) -> AsyncIterator[Cable]:
    """A cable to that port of this machine, for the length of the block."""
    laid = Cable(cut_after=cut_after, dead_after=dead_after)

    carried: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to_port)
        ways = [asyncio.create_task(laid.forth(reader, far_writer)), asyncio.create_task(laid.back(far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, far_writer):
                end.transport.abort()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        carried.add(task)
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await carry(reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    laid.port = server.sockets[0].getsockname()[1]
    try:
        yield laid
    finally:
        server.close()
        for task in carried:
            task.cancel()
        await asyncio.gather(*carried, return_exceptions=True)
        await server.wait_closed()
        # An aborted transport closes its socket in the next turn of the loop.
        await asyncio.sleep(0)
