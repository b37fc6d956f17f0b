"""What people and tests are told about the workspace; the same values on the server's and the client's side."""

from dataclasses import dataclass, field

from sandbox.workspace.model import Content, File, Json, Message, View
from sandbox.workspace.reading import block_words, buttons, pings, words
from sandbox.workspace.state import BOT_USER


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an interaction.

    `error` is what Slack would show (`operation_timeout` and so on). `outcome` says what a modal did: `closed`,
    `updated`, `pushed`, `cleared`, or `open` when it stayed; `complaints` are the sentences below its fields, by
    block id. Any other interaction has the outcome `done`. `messages` says what Slack can't use in the bot's answer.
    """

    seconds: float = 0.0
    error: str | None = None
    outcome: str = "done"
    complaints: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a select that the bot fills offers for some letters; `error` and `messages` as in an Answer."""

    seconds: float = 0.0
    error: str | None = None
    options: list[Json] = field(default_factory=list)
    option_groups: list[Json] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message on somebody's screen; `said` is all of it as read, `text` only the fallback for notifications."""

    channel: str
    ts: str
    author: str
    is_from_bot: bool
    said: str
    text: str
    buttons: list[str]
    pings: list[str]
    edits: int
    is_marked_edited: bool
    thread_ts: str | None
    only_for: str | None
    files: list[str]
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class ViewSeen:
    """An open modal, of which the last one of a user is on top; or a home tab, which has no title."""

    id: str
    user: str
    title: str
    said: str
    buttons: list[str]
    fields: list[str]
    hash: str
    payload: Json


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that the bot shared."""

    id: str
    name: str
    title: str
    length: int
    channel: str | None


def message_seen(message: Message) -> MessageSeen:
    """A message as it is read now."""
    content: Content = message.content
    return MessageSeen(
        channel=message.channel,
        ts=message.ts,
        author=message.author,
        is_from_bot=message.author == BOT_USER,
        said=words(content),
        text=content.text,
        buttons=buttons(content.blocks),
        pings=pings(content),
        edits=len(message.editions) - 1,
        is_marked_edited=message.is_edited,
        thread_ts=message.thread_ts,
        only_for=message.only_for,
        files=list(message.files),
        blocks=list(content.blocks),
    )


def view_seen(view: View) -> ViewSeen:
    """A modal or home tab as it is seen now."""
    blocks = view.payload["blocks"]
    return ViewSeen(
        id=view.id,
        user=view.user,
        title=view.payload.get("title", {}).get("text", ""),
        said=block_words(blocks),
        buttons=buttons(blocks),
        fields=[block["label"]["text"] for block in blocks if block["type"] == "input"],
        hash=view.hash,
        payload=view.payload,
    )


def file_seen(file: File) -> FileSeen:
    """A file without its content."""
    return FileSeen(file.id, file.name, file.title, file.length, file.channel)
