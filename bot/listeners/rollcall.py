"""/rollcall: the bot itself, the other commands by another name, and the menu that asks which client was meant."""

import re
from collections.abc import Mapping
from importlib.metadata import version

from slack_bolt.async_app import AsyncApp

from bot.actions import Act, ButtonIsStrange
from bot.clicks import Click
from bot.desk import Desk
from bot.edge import Edge
from bot.grammar.house import AskDigest, AskHelp, AskRoles, AskStatus
from bot.message import Message
from bot.parsing import USAGES, ClientRequest, parse
from bot.replies import Answer, Replies
from bot.views.digests import digest_answer
from bot.views.house import Health, help_card, roles_card, status_card
from commands import changes, clients, digests, examples, notices, roles
from commands.actors import Actor


async def tell_usages(edge: Edge, actor: Actor, request: AskHelp) -> Message:
    """Every command that there is, with examples of a client that whoever asks may see."""
    return help_card(USAGES, await edge.run(examples.at_hand, edge.database, actor, edge.clock, request.channel))


async def tell_roles(edge: Edge, actor: Actor, _request: AskRoles) -> Message:
    """Who may do what."""
    return roles_card(await edge.run(roles.see, edge.database, actor))


async def tell_status(edge: Edge, actor: Actor, _request: AskStatus) -> Message:
    """How the bot is doing."""
    waiting = await edge.run(changes.pending, edge.database, actor)
    backlog = await edge.run(notices.backlog, edge.database)
    known = await edge.run(clients.all_clients, edge.database)
    health = Health(
        version("rollcall"),
        len(known),
        len(waiting),
        backlog.owed,
        backlog.problems,
        edge.clock.fixed,
        backlog.given_up,
    )
    return status_card(health)


async def tell_digest(edge: Edge, actor: Actor, request: AskDigest) -> Message:
    """The digest as of now, for whoever asks."""
    return digest_answer(await edge.run(digests.ask, edge.database, actor, edge.clock, request.channel))


async def tell_unknown(_edge: Edge, _click: Click) -> Message:
    """Answers a button of a card, or a modal, that another version made."""
    raise ButtonIsStrange


ANSWERS: Mapping[type, Answer] = {
    AskHelp: tell_usages,
    AskStatus: tell_status,
    AskRoles: tell_roles,
    AskDigest: tell_digest,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command, the menu, and last of all every button and modal that nobody else took."""

    async def picked(edge: Edge, click: Click) -> Message | None:
        # The menu asks about a client. What decides something is kept before it is done, and so comes by the desk.
        if not isinstance(parse("/rollcall", click.value, edge.clock.today("UTC")), ClientRequest):
            raise ButtonIsStrange
        return await replies.answer(click.user, "/rollcall", click.value, click.channel)

    app.command("/rollcall")(replies.listener(desk))
    app.action(Act.SHARE)(desk.deciding(Click.of_action))
    app.action(Act.PICK_CLIENT)(desk.asking(picked))
    app.action(re.compile(".*"))(desk.asking(tell_unknown))
    app.view(re.compile(".*"))(desk.asking(tell_unknown, Click.of_submission))
