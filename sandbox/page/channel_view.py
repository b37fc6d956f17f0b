"""The channels, the messages of one of them, and a thread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from sandbox.page.blocks import render_blocks, render_mrkdwn
from sandbox.page.desk import Desk, file_path
from sandbox.page.faces import Face, face
from sandbox.page.fragments import Fragment, Part, fragment
from sandbox.page.visit import Visit
from sandbox.workspace.model import Channel, File, Message
from sandbox.workspace.payloads import held
from sandbox.workspace.state import BOT_USER

_UNITS = ("bytes", "KB", "MB", "GB")
_STEP = 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as a message shows it."""

    name: str
    size: str
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message as somebody sees it."""

    message: Message
    author: str
    face: Face
    is_from_app: bool
    time: datetime
    body: Markup
    files: Sequence[Paper]
    replies: int
    thread: str

    @property
    def edition(self) -> int:
        """Which edition is shown, counted from 0."""
        return len(self.message.editions) - 1


def sidebar(desk: Desk, visit: Visit) -> Fragment:
    """The channels with what is new in them, and the people whom one can act as."""
    places, roles = desk.workspace.places, desk.backstage.roles() if desk.backstage else {}
    channels = [
        (channel, title(desk, channel), visit.to(channel=channel.id), _unread(desk, visit, channel))
        for channel in visit.channels(places)
    ]
    people = [
        (user, face(user.id, user.real_name), roles.get(user.id), visit.to(user=user.id))
        for user in places.users.values()
    ]
    html = desk.render("sidebar.html", visit=visit, channels=channels, people=people)
    return fragment([Part("sidebar", html)])


def messages(desk: Desk, visit: Visit) -> Fragment:
    """What was said in the channel, by business days."""
    if visit.is_home:
        return fragment([])
    shown = desk.workspace.messages.in_channel(visit.channel.id, visit.user.id)
    top = [message for message in shown if message.thread_ts in {None, message.ts}]
    if not top:
        return fragment([Part("empty", desk.render("empty.html", title=title(desk, visit.channel)), "empty")])
    return fragment(list(_by_days(desk, visit, top)))


def thread(desk: Desk, visit: Visit) -> Fragment:
    """An open thread: its first message, and the answers to it."""
    if visit.thread is None:
        return fragment([])
    shown = desk.workspace.messages.in_channel(visit.channel.id, visit.user.id)
    inside = [message for message in shown if visit.thread in {message.ts, message.thread_ts}]
    if not inside:
        return fragment([Part("gone", desk.render("gone.html"), "empty")])
    return fragment([_part(desk, visit, message, in_thread=True) for message in inside])


def title(desk: Desk, channel: Channel) -> str:
    """What a channel is called; the direct messages with the bot have its name."""
    return desk.name(BOT_USER) if channel.direct_with else channel.name


def _unread(desk: Desk, visit: Visit, channel: Channel) -> int:
    return desk.unread.count(visit.user.id, channel.id)


def _by_days(desk: Desk, visit: Visit, shown: Sequence[Message]) -> Iterator[Part]:
    last: date | None = None
    for message in shown:
        day = desk.backstage.day_of(message.ts) if desk.backstage else None
        if day is not None and day != last:
            yield Part(f"day-{message.ts}", desk.render("day.html", day=day), "day")
            last = day
        yield _part(desk, visit, message, in_thread=False)


def _part(desk: Desk, visit: Visit, message: Message, *, in_thread: bool) -> Part:
    html = desk.render("message.html", post=_post(desk, visit, message, in_thread=in_thread), in_thread=in_thread)
    return Part(f"message-{message.ts}", html)


def _post(desk: Desk, visit: Visit, message: Message, *, in_thread: bool) -> Post:
    content = message.content
    chosen = desk.workspace.chosen.get((visit.user.id, message.channel, message.ts), {})
    answers = held(list(content.blocks), chosen) if chosen else {}
    look = desk.look(visit, f"{'thread' if in_thread else 'log'}-{message.ts}", answers)
    author = desk.name(message.author)
    files = [desk.workspace.files.get(file) for file in message.files]
    return Post(
        message=message,
        author=author,
        face=face(message.author, author),
        is_from_app=message.author not in desk.workspace.places.users,
        time=datetime.fromtimestamp(int(message.ts.partition(".")[0]), UTC).astimezone(visit.zone),
        body=render_blocks(content.blocks, look) if content.blocks else render_mrkdwn(content.text, look),
        files=[_paper(file) for file in files],
        replies=_replies(desk, visit, message),
        thread=visit.to(thread=message.thread_ts or message.ts),
    )


def _replies(desk: Desk, visit: Visit, message: Message) -> int:
    shown = desk.workspace.messages.in_channel(message.channel, visit.user.id)
    return sum(1 for other in shown if other.thread_ts == message.ts != other.ts and other.only_for is None)


def _paper(file: File) -> Paper:
    kind = file.name.rpartition(".")[2].upper() if "." in file.name else "FILE"
    return Paper(file.name, size(file.length), file_path(file), kind[:4])


def size(length: int) -> str:
    """A number of bytes as people say it: 48 KB."""
    unit = 0
    while length >= _STEP and unit < len(_UNITS) - 1:
        length, unit = -(-length // _STEP), unit + 1
    return f"{length} {_UNITS[unit]}"
