"""The `files.*` methods of an upload."""

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.api.chat import thread_of
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Content, Json
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.wire import file_json


def get_upload_url(workspace: Workspace, arguments: Arguments) -> Json:
    """`files.getUploadURLExternal`; the URL lies on this server."""
    name, length = arguments.required("filename"), arguments.required("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackRefusal("invalid_arguments", ("[ERROR] length must be a positive integer",))
    file = workspace.files.expect(name, int(length))
    return {"upload_url": f"{arguments.base_url}/upload/{file.id}", "file_id": file.id}


def complete_upload(workspace: Workspace, arguments: Arguments) -> Json:
    """`files.completeUploadExternal`: shares the files in a channel as one message; nothing is done by halves.

    Without a channel the files stay the bot's own.
    """
    listed = arguments.structure("files")
    if not isinstance(listed, list) or not all(isinstance(one, dict) and "id" in one for one in listed) or not listed:
        raise SlackRefusal("invalid_arguments", ("[ERROR] files must be a list of objects with an id",))
    uploads = [(workspace.files.uploaded(one["id"]), one.get("title") or "") for one in listed]
    named = arguments.text("channel_id")
    if named is None:
        kept = [workspace.files.complete(file, title, None) for file, title in uploads]
        return {"files": [file_json(file, arguments.base_url) for file in kept]}
    channel = workspace.places.open_to_bot(named)
    thread_ts = thread_of(workspace, channel.id, arguments)
    shared = [workspace.files.complete(file, title, channel.id) for file, title in uploads]
    comment = Content(arguments.text("initial_comment") or "")
    ids = tuple(file.id for file in shared)
    workspace.messages.post(channel.id, BOT_USER, comment, thread_ts=thread_ts, files=ids)
    return {"files": [file_json(file, arguments.base_url) for file in shared]}
