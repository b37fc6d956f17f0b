"""Which scope a method takes, as Slack's page on each method says."""

from collections.abc import Mapping

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.errors import NotInThisWorkspace, SlackRefusal
from sandbox.workspace.state import Workspace

_NEEDED: Mapping[str, str] = {
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
}


def check(workspace: Workspace, method: str, arguments: Arguments) -> None:
    """Refuses a method for which the app has no scope in this workspace."""
    needed = _for_channel(workspace, arguments) if method == "conversations.info" else _NEEDED.get(method)
    if needed is not None and needed not in workspace.scopes:
        raise SlackRefusal("missing_scope")


def _for_channel(workspace: Workspace, arguments: Arguments) -> str:
    try:
        is_private = workspace.places.channel(arguments.required("channel")).is_private
    except NotInThisWorkspace:
        return "channels:read"
    return "groups:read" if is_private else "channels:read"
