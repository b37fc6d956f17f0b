"""Where a bot opens its WebSockets, each with a ticket of `apps.connections.open`."""

import contextlib

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.serving import drop_connection, mute_connection
from sandbox.workspace.model import Json
from sandbox.workspace.sockets import CONNECTIONS_MOST
from sandbox.workspace.state import APP_ID, Workspace

PATH = "/link/"
_TRY_AGAIN_LATER = 1013


def routes(workspace: Workspace) -> list[WebSocketRoute]:
    """What a bot in Socket Mode reaches."""

    async def link(websocket: WebSocket) -> None:
        if not workspace.sockets.redeem(websocket.query_params.get("ticket", "")):
            # Closed before it was accepted: the bot reads HTTP 403.
            await websocket.close()
            return
        await websocket.accept()
        if len(workspace.sockets.all()) >= CONNECTIONS_MOST:
            await websocket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await websocket.close(_TRY_AGAIN_LATER)
            return
        await _talk(workspace, websocket)

    return [WebSocketRoute(PATH, link)]


async def _talk(workspace: Workspace, websocket: WebSocket) -> None:
    connection = workspace.sockets.open(_OverWebSocket(websocket))
    try:
        await connection.greet(APP_ID, len(workspace.sockets.all()))
        while True:
            connection.take(await websocket.receive_text())
    except WebSocketDisconnect:
        pass
    finally:
        workspace.sockets.close(connection)


class _OverWebSocket:
    """A wire over one WebSocket."""

    def __init__(self, websocket: WebSocket) -> None:
        """The WebSocket was accepted."""
        self._websocket = websocket

    async def send(self, message: Json) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            await self._websocket.send_json(message)

    def cut(self) -> None:
        drop_connection(self._websocket.scope)

    def mute(self) -> None:
        mute_connection(self._websocket.scope)
