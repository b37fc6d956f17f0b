"""What a person does in Slack on the page, each told to the bot as Slack tells it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from billing.errors import WrongInput
from sandbox.page.completion import commands
from sandbox.page.desk import Desk
from sandbox.workspace.interactions import Interactions
from sandbox.workspace.model import Content, Json
from sandbox.workspace.wishes import Wishes

Deed = Callable[[Desk, Interactions, Wishes], Awaitable[Json]]

_TEXT_MOST = 4000


class CommandIsUnknown(WrongInput):
    """A slash command that no app of this workspace has."""


async def _act(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    answer = await person.act(
        wishes.required("user"),
        wishes.required("channel"),
        wishes.required("ts"),
        wishes.required("named"),
        value=wishes.get("value"),
        edition=wishes.get("edition"),
    )
    return asdict(answer)


async def _act_in_view(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    return asdict(
        await person.act_in_view(wishes.required("user"), wishes.required("named"), value=wishes.get("value"))
    )


async def _submit(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    return asdict(await person.submit(wishes.required("user"), wishes.get("values", {})))


async def _close(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    return asdict(await person.close(wishes.required("user")))


async def _command(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    command, known = wishes.required("command"), commands()
    if command.lower() not in known:
        raise CommandIsUnknown(f"{command} is no command here. There are {', '.join(known)}.")
    user, channel = wishes.required("user"), wishes.required("channel")
    return asdict(await person.command(user, channel, command.lower(), wishes.get("text", "")))


async def _say(desk: Desk, _: Interactions, wishes: Wishes) -> Json:
    places, messages = desk.workspace.places, desk.workspace.messages
    user, channel = places.user(wishes.required("user")), places.channel(wishes.required("channel"))
    said = str(wishes.required("text")).strip()
    if not 0 < len(said) <= _TEXT_MOST:
        raise WrongInput(f"A message has 1 to {_TEXT_MOST} characters; this one has {len(said)}.")
    thread = wishes.get("thread")
    root = messages.get(channel.id, thread).ts if thread else None
    written = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"ts": messages.post(channel.id, user.id, Content(written), thread_ts=root).ts}


async def _read(desk: Desk, _: Interactions, wishes: Wishes) -> Json:
    places = desk.workspace.places
    user, channel = places.user(wishes.required("user")), places.channel(wishes.required("channel"))
    if desk.unread.mark(user.id, channel.id, str(wishes.required("ts"))):
        desk.workspace.pulse.beat()
    return {}


DEEDS: Mapping[str, Deed] = {
    "act": _act,
    "act-in-view": _act_in_view,
    "submit": _submit,
    "close": _close,
    "command": _command,
    "say": _say,
    "read": _read,
}
"""By the end of their address below /page/do/."""
