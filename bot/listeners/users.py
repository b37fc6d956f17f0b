"""/users: rosters and names, why somebody counts, and the head count over twelve months."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.grammar.users import ExplainUser, ListUsers, UserHistory, UsersWorkbook
from bot.handing import hand_over
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.users import counted, history_card, rosters_card, why_card
from commands import history, spreadsheets, users
from commands import why as why_of
from commands.actors import Actor


async def rosters(edge: Edge, actor: Actor, request: ListUsers) -> Message:
    """Every roster with its names."""
    return rosters_card(await edge.run(users.rosters, edge.database, actor, edge.clock, request.client))


async def why(edge: Edge, actor: Actor, request: ExplainUser) -> Message:
    """One account's verdict."""
    return why_card(await edge.run(why_of.why, edge.database, actor, request.client, request.who))


async def head_count(edge: Edge, actor: Actor, request: UserHistory) -> Message:
    """The head count over twelve months, with its chart."""
    return history_card(await edge.run(history.history, edge.database, actor, edge.clock, request.client))


async def workbook(edge: Edge, actor: Actor, request: UsersWorkbook) -> Message:
    """Everybody on every roster, as a spreadsheet."""
    found = await edge.run(users.rosters, edge.database, actor, edge.clock, request.client)
    content = await edge.work.draw(spreadsheets.of_rosters, found)
    return await hand_over(edge, actor, f"users-{found.client}-{found.on}.xlsx", content, counted(found))


ANSWERS: Mapping[type, Answer] = {
    ListUsers: rosters,
    ExplainUser: why,
    UserHistory: head_count,
    UsersWorkbook: workbook,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/users")(replies.listener(desk))
