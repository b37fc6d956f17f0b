"""The control calls about Socket Mode: see connections, drop them, silence them, ask the bot to open others."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from sandbox.workspace.errors import NotInThisWorkspace
from sandbox.workspace.model import Json
from sandbox.workspace.sockets import Connection
from sandbox.workspace.state import Workspace
from sandbox.workspace.wishes import Wishes

Seen = Json | list[Json]

_FOUND_OUT_AFTER_SECONDS = 60


def look(workspace: Workspace, _wishes: Wishes) -> Seen:
    """The connections that are open."""
    return [asdict(connection.seen) for connection in workspace.sockets.all()]


async def _drop(connection: Connection, _wishes: Wishes) -> None:
    connection.cut()


async def _silence(connection: Connection, wishes: Wishes) -> None:
    connection.silence(wishes.get("seconds") or _FOUND_OUT_AFTER_SECONDS)


async def _refresh(connection: Connection, wishes: Wishes) -> None:
    await connection.ask_to_leave(wishes.get("reason", "refresh_requested"))


_DEEDS: Mapping[str, Callable[[Connection, Wishes], Awaitable[None]]] = {
    "drop": _drop,
    "silence": _silence,
    "refresh": _refresh,
}


async def change(workspace: Workspace, deed: str, wishes: Wishes) -> Seen:
    """Do something to the connection of an id, or to all; gives those that it was done to."""
    if deed not in _DEEDS:
        raise NotInThisWorkspace(f"There is nothing like {deed} to do to a connection; there are {', '.join(_DEEDS)}.")
    named = wishes.get("id")
    chosen = [connection for connection in workspace.sockets.all() if named in {None, connection.id}]
    if named is not None and not chosen:
        raise NotInThisWorkspace(f"There is no connection {named}; it may have ended.")
    for connection in chosen:
        await _DEEDS[deed](connection, wishes)
    return [asdict(connection.seen) for connection in chosen]
