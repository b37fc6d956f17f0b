"""What Slack tells a bot about an interaction."""

from collections.abc import Mapping

from sandbox.workspace.fields import NOTHING_MORE, Offers, answer, filled, initial_answers, path, takes_value
from sandbox.workspace.model import Channel, Json, Message, User, View
from sandbox.workspace.state import APP_ID, TEAM_DOMAIN, TEAM_ID
from sandbox.workspace.wire import acting_user_json, message_json, team_json, view_json

TOKEN = "verification-token-is-deprecated"
APP = {"team_id": TEAM_ID, "api_app_id": APP_ID}
"""Where what the bot is told comes from, and which app it is told to."""


def command_form(user: User, channel: Channel, command: str, text: str) -> dict[str, str]:
    """A slash command, without its trigger and response URL."""
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.direct_with else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def interaction(kind: str, user: User, trigger_id: str) -> Json:
    """What every interaction says."""
    return {
        "type": kind,
        "user": acting_user_json(user),
        "api_app_id": APP_ID,
        "token": TOKEN,
        "trigger_id": trigger_id,
        "team": team_json(),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def suggestion(user: User, block: Json, element: Json, query: str) -> Json:
    """A question for options, without the place where it is asked; unlike an action, it brings no trigger."""
    asked = interaction("block_suggestion", user, "")
    del asked["trigger_id"]
    return {**asked, "action_id": element["action_id"], "block_id": block["block_id"], "value": query}


def action(block: Json, element: Json, value: object, ts: str, offered: Offers = NOTHING_MORE) -> Json:
    """The use of one element."""
    told = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    if takes_value(element):
        return {**answer(element, value, offered.get(path(block, element), ())), **told}
    pressed: Json = {key: element[key] for key in ("type", "text", "value", "style", "url") if key in element}
    return {**pressed, **told}


def held(shown: list[Json], chosen: Mapping[str, Json]) -> Json:
    """What the elements of a message hold for somebody who chose some of it before, by path."""
    answers = initial_answers(shown)
    for block_id, fields in answers.items():
        fields.update({action: chosen[f"{block_id}/{action}"] for action in fields if f"{block_id}/{action}" in chosen})
    return answers


def on_message(
    channel: Channel,
    message: Message,
    shown: list[Json],
    block: Json,
    element: Json,
    value: object,
    offered: Offers,
    chosen: Mapping[str, Json],
) -> Json:
    """Where an action happened: in a message, and what its elements hold then."""
    answers = held(shown, chosen)
    if element["action_id"] in answers.get(block["block_id"], {}):
        answers = filled(shown, answers, {path(block, element): value}, offered)
    return {**in_message(channel, message, shown), "state": {"values": answers}}


def in_message(channel: Channel, message: Message, shown: list[Json]) -> Json:
    """A message as the place of an interaction, of which the bot is told all unless it is ephemeral."""
    is_ephemeral = message.only_for is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    told = {
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.direct_with else channel.name},
    }
    return told if is_ephemeral else {**told, "message": {**message_json(message), "blocks": shown}}


def in_view(view: View) -> Json:
    """Where an action happened: in a modal or a home tab."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_json(view)}
