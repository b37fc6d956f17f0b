"""The `apps.*` methods."""

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.model import Json
from sandbox.workspace.state import APP_ID, Workspace


def open_connection(workspace: Workspace, arguments: Arguments) -> Json:
    """`apps.connections.open`: where one WebSocket may be opened, on this server."""
    base_url = arguments.base_url.replace("http", "ws", 1)
    return {"url": f"{base_url}/link/?ticket={workspace.sockets.issue_ticket()}&app_id={APP_ID}"}
