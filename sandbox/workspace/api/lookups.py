"""The methods that only ask: who the bot is, and what it knows of channels, users and groups."""

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Json
from sandbox.workspace.state import BOT_ID, BOT_NAME, BOT_USER, TEAM_DOMAIN, TEAM_ID, Workspace
from sandbox.workspace.wire import channel_json, user_json


def auth_test(_workspace: Workspace, _arguments: Arguments) -> Json:
    """`auth.test`."""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_DOMAIN,
        "team_id": TEAM_ID,
        "user": BOT_NAME,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def conversations_info(workspace: Workspace, arguments: Arguments) -> Json:
    """`conversations.info`."""
    return {"channel": channel_json(workspace.places.visible_to_bot(arguments.required("channel")))}


def conversations_open(workspace: Workspace, arguments: Arguments) -> Json:
    """`conversations.open` with one user."""
    return {"channel": channel_json(workspace.places.direct(arguments.required("users")))}


def users_info(workspace: Workspace, arguments: Arguments) -> Json:
    """`users.info`."""
    user = workspace.places.users.get(arguments.required("user"))
    if user is None:
        raise SlackRefusal("user_not_found")
    return {"user": user_json(user)}


def usergroups_users_list(workspace: Workspace, arguments: Arguments) -> Json:
    """`usergroups.users.list`."""
    group = workspace.places.groups.get(arguments.required("usergroup"))
    if group is None:
        raise SlackRefusal("no_such_subteam")
    return {"users": list(group)}
