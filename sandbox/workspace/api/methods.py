"""Every Web API method that this workspace knows, and how a call of one is answered."""

from collections.abc import Callable, Mapping
from hmac import compare_digest

from sandbox.workspace.api import apps, chat, files, lookups, scopes, views
from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Call, Json
from sandbox.workspace.state import Workspace

Method = Callable[[Workspace, Arguments], Json]

_METHODS: Mapping[str, Method] = {
    "apps.connections.open": apps.open_connection,
    "auth.test": lookups.auth_test,
    "chat.delete": chat.delete,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.info": lookups.conversations_info,
    "conversations.open": lookups.conversations_open,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "usergroups.users.list": lookups.usergroups_users_list,
    "users.info": lookups.users_info,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}

# The methods that take an app-level token, and that take no other.
_FOR_APP_TOKENS = {"apps.connections.open"}


def call(workspace: Workspace, method: str, token: str | None, arguments: Arguments) -> Json:
    """Slack's answer to a call, refusals included."""
    try:
        _check_token(workspace, method, token)
        scopes.check(workspace, method, arguments)
        answer = _METHODS.get(method, _unknown)(workspace, arguments)
    except SlackRefusal as refusal:
        workspace.calls.append(Call(method, refusal.code))
        return refused(refusal)
    workspace.calls.append(Call(method, None))
    return {"ok": True, **answer}


def refused(refusal: SlackRefusal) -> Json:
    """A refusal as Slack writes it."""
    details: Json = {"response_metadata": {"messages": list(refusal.messages)}} if refusal.messages else {}
    return {"ok": False, "error": refusal.code, **details}


def _unknown(_workspace: Workspace, _arguments: Arguments) -> Json:
    raise SlackRefusal("unknown_method")


def _check_token(workspace: Workspace, method: str, token: str | None) -> None:
    if not token:
        raise SlackRefusal("not_authed")
    if token.startswith("xapp-") != (method in _FOR_APP_TOKENS):
        raise SlackRefusal("not_allowed_token_type")
    expected = workspace.app_token if method in _FOR_APP_TOKENS else workspace.bot_token
    if expected is None or not compare_digest(token.encode(), expected.encode()):
        raise SlackRefusal("invalid_auth")
