"""The workspace's things as Slack writes them on the wire."""

from urllib.parse import quote

from sandbox.workspace.model import Channel, File, Json, Message, User, View
from sandbox.workspace.state import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID


def team_json() -> Json:
    """The workspace in an interaction."""
    return {"id": TEAM_ID, "domain": TEAM_DOMAIN}


def user_json(user: User) -> Json:
    """A user as `users.info` gives it."""
    profile = {"real_name": user.real_name, "display_name": user.name, "email": user.email}
    return {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name,
        "real_name": user.real_name,
        "profile": profile,
        "tz": "Etc/UTC",
        "deleted": False,
        "is_bot": False,
    }


def acting_user_json(user: User) -> Json:
    """A user in an interaction."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM_ID}


def channel_json(channel: Channel) -> Json:
    """A channel as `conversations.info` gives it."""
    if channel.direct_with:
        return {"id": channel.id, "is_im": True, "user": channel.direct_with, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_private": channel.is_private,
        "is_archived": False,
        "is_member": channel.is_member,
    }


def message_json(message: Message) -> Json:
    """A message of the bot."""
    written: Json = {"type": "message", "user": message.author, "ts": message.ts, "text": message.content.text}
    if message.author == BOT_USER:
        written |= {"bot_id": BOT_ID, "app_id": APP_ID, "team": TEAM_ID}
    if message.content.blocks:
        written["blocks"] = list(message.content.blocks)
    if message.thread_ts:
        written["thread_ts"] = message.thread_ts
    if message.is_edited:
        written["edited"] = {"user": message.author, "ts": message.ts}
    return written


def view_json(view: View) -> Json:
    """A modal or home tab with everything that Slack adds to it."""
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None}
    return {
        **defaults,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.payload,
        "id": view.id,
        "team_id": TEAM_ID,
        "app_installed_team_id": TEAM_ID,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": view.answers},
    }


def file_json(file: File, base_url: str) -> Json:
    """A file whose upload was completed; the address is that of the page which plays Slack."""
    permalink = f"{base_url}/page/files/{file.id}/{quote(file.name, safe='')}"
    return {"id": file.id, "name": file.name, "title": file.title, "size": file.length, "permalink": permalink}
