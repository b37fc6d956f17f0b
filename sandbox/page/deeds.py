"""What a person does in Slack on the page, each told to the bot as Slack tells it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from billing.errors import WrongInput
from sandbox.page.completion import commands
from sandbox.page.desk import Desk
from sandbox.workspace.interactions import Interactions
from sandbox.workspace.model import Json
from sandbox.workspace.state import BOT_NAME, BOT_USER
from sandbox.workspace.wishes import Wishes

Deed = Callable[[Desk, Interactions, Wishes], Awaitable[Json]]

_TEXT_MOST = 4000
_MENTION = re.compile(r"(?<![\w@])@[\w-]+")


class CommandIsUnknown(WrongInput):
    """A slash command that no app of this workspace has."""


class CommandInThread(WrongInput):
    """Slack takes no slash command in a thread."""


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
    user = wishes.required("user")
    # Slack tells the bot all that was filled in by then.
    person.fill(user, wishes.get("values", {}))
    return asdict(await person.act_in_view(user, wishes.required("named"), value=wishes.get("value")))


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


async def _say(desk: Desk, person: Interactions, wishes: Wishes) -> Json:
    said = str(wishes.required("text")).strip()
    if not 0 < len(said) <= _TEXT_MOST:
        raise WrongInput(f"A message has 1 to {_TEXT_MOST} characters; this one has {len(said)}.")
    thread = wishes.get("thread")
    if thread and said.startswith("/"):
        command = said.split()[0]
        raise CommandInThread(f"{command} is not supported in threads. Ask @rollcall {command.removeprefix('/')} here.")
    written = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MENTION.sub(lambda at: _mention(desk, at[0]), written)
    return {"ts": (await person.say(wishes.required("user"), wishes.required("channel"), text, thread)).ts}


def _mention(desk: Desk, typed: str) -> str:
    """A handle as Slack keeps it, where somebody is called so."""
    handles = {BOT_NAME: BOT_USER, **{user.name: user.id for user in desk.workspace.places.users.values()}}
    known = handles.get(typed.removeprefix("@").casefold())
    return f"<@{known}>" if known else typed


async def _act_at_home(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    return asdict(
        await person.act_at_home(wishes.required("user"), wishes.required("named"), value=wishes.get("value"))
    )


async def _open_home(_: Desk, person: Interactions, wishes: Wishes) -> Json:
    await person.open_home(wishes.required("user"))
    return {}


async def _read(desk: Desk, _: Interactions, wishes: Wishes) -> Json:
    places = desk.workspace.places
    user, channel = places.user(wishes.required("user")), places.channel(wishes.required("channel"))
    if desk.unread.mark(user.id, channel.id, str(wishes.required("ts"))):
        desk.workspace.pulse.beat()
    return {}


DEEDS: Mapping[str, Deed] = {
    "act": _act,
    "act-in-view": _act_in_view,
    "act-at-home": _act_at_home,
    "open-home": _open_home,
    "submit": _submit,
    "close": _close,
    "command": _command,
    "say": _say,
    "read": _read,
}
"""By the end of their address below /page/do/."""
