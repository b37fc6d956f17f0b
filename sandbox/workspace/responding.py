"""What a bot says through a response URL, or in the body of its acknowledgement."""

from collections.abc import Mapping
from typing import Any

from sandbox.workspace.content import content_of
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.pictures import check_pictures
from sandbox.workspace.rollout import check_rollout
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.tickets import ResponseTicket


def respond(workspace: Workspace, ticket: ResponseTicket, body: Mapping[str, Any]) -> None:
    """Replace or delete the message that was acted on, or post: only for the acting user unless `in_channel`."""
    check_rollout(workspace, body.get("blocks"))
    check_pictures(workspace, body.get("blocks"), "/blocks", "invalid_blocks")
    replaces, deletes = bool(body.get("replace_original")), bool(body.get("delete_original"))
    if ticket.message_ts and (replaces or deletes):
        original = workspace.messages.find(ticket.channel, ticket.message_ts)
        if original is None:
            raise SlackRefusal("message_not_found")
        if deletes:
            workspace.messages.delete(original)
        else:
            content = content_of(body, workspace.stamps)
            workspace.messages.edit(original, content, marks=not content.blocks)
        return
    workspace.messages.post(
        ticket.channel,
        BOT_USER,
        content_of(body, workspace.stamps),
        thread_ts=body.get("thread_ts") or ticket.thread_ts,
        only_for=None if body.get("response_type") == "in_channel" else ticket.user,
    )
