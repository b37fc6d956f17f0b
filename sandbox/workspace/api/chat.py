"""The `chat.*` methods."""

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.content import POSTED_TEXT_MOST, UPDATED_TEXT_MOST, content_of
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Content, Json, Message
from sandbox.workspace.pictures import check_pictures
from sandbox.workspace.rollout import check_rollout
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.wire import message_json


def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """`chat.postMessage`."""
    channel = workspace.places.open_to_bot(arguments.required("channel"))
    thread_ts = thread_of(workspace, channel.id, arguments)
    message = workspace.messages.post(channel.id, BOT_USER, _content(workspace, arguments), thread_ts=thread_ts)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message)}


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """`chat.postEphemeral`; in a thread it is seen only where somebody has answered already."""
    channel = workspace.places.open_to_bot(arguments.required("channel"))
    user = arguments.required("user")
    if user not in workspace.places.users or channel.direct_with not in {None, user}:
        raise SlackRefusal("user_not_in_channel")
    thread_ts = thread_of(workspace, channel.id, arguments)
    content = _content(workspace, arguments)
    if thread_ts is not None and not workspace.messages.has_replies(channel.id, thread_ts):
        # As Slack's page on the method says, it takes the message and shows it to nobody.
        return {"message_ts": workspace.stamps.ts()}
    message = workspace.messages.post(channel.id, BOT_USER, content, thread_ts=thread_ts, only_for=user)
    return {"message_ts": message.ts}


def update(workspace: Workspace, arguments: Arguments) -> Json:
    """`chat.update`: what isn't given anew is gone, and only an edit without blocks is marked "(edited)"."""
    message = _own_message(workspace, arguments, "cant_update_message")
    content = _content(workspace, arguments, UPDATED_TEXT_MOST)
    edited = workspace.messages.edit(message, content, marks=not content.blocks)
    written = message_json(edited)
    return {"channel": edited.channel, "ts": edited.ts, "text": content.text, "message": written}


def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """`chat.delete`."""
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.messages.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def thread_of(workspace: Workspace, channel: str, arguments: Arguments) -> str | None:
    """The thread to answer in; one whose first message was deleted goes on, one that never was is refused."""
    thread_ts = arguments.text("thread_ts")
    if thread_ts is not None and not workspace.messages.was_posted(channel, thread_ts):
        raise SlackRefusal("thread_not_found")
    return thread_ts


def _own_message(workspace: Workspace, arguments: Arguments, not_own: str) -> Message:
    channel = workspace.places.visible_to_bot(arguments.required("channel"))
    message = workspace.messages.find(channel.id, arguments.required("ts"))
    if message is None or message.only_for is not None:
        raise SlackRefusal("message_not_found")
    if message.author != BOT_USER:
        raise SlackRefusal(not_own)
    return message


def _content(workspace: Workspace, arguments: Arguments, text_most: int = POSTED_TEXT_MOST) -> Content:
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    check_rollout(workspace, blocks)
    check_pictures(workspace, blocks, "/blocks", "invalid_blocks")
    return content_of({"text": arguments.text("text"), "blocks": blocks}, workspace.stamps, text_most)
