"""/reconcile: what doesn't agree, and the buttons by which somebody says who is one person."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.actions import Act
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.grammar.checks import MismatchesWorkbook, Reconcile
from bot.handing import hand_over, table_name
from bot.logging import about
from bot.message import Message
from bot.replies import Answer, Replies
from bot.targets import PairTarget
from bot.views.mismatches import how_many, mismatches_card
from bot.views.surfaces import said
from commands import links, spreadsheets
from commands.actors import Actor
from commands.reconcile import reconcile


async def mismatches(edge: Edge, actor: Actor, request: Reconcile) -> Message:
    """The mismatches of one client or of all."""
    slugs = [request.client] if request.client else []
    return mismatches_card(await edge.run(reconcile, edge.database, actor, edge.clock, slugs))


async def workbook(edge: Edge, actor: Actor, request: MismatchesWorkbook) -> Message:
    """The same as a spreadsheet, where there are any."""
    slugs = [request.client] if request.client else []
    found = await edge.run(reconcile, edge.database, actor, edge.clock, slugs)
    if not found:
        return mismatches_card(found)
    content = await edge.work.draw(spreadsheets.of_mismatches, found)
    return await hand_over(edge, actor, table_name("mismatches", request.client), content, how_many(found))


async def same_person(edge: Edge, click: Click) -> Message:
    """Says that two accounts are one person's."""
    return await _decide(edge, click, same=True)


async def two_people(edge: Edge, click: Click) -> Message:
    """Says that two accounts are two people's."""
    return await _decide(edge, click, same=False)


async def _decide(edge: Edge, click: Click, *, same: bool) -> Message:
    target, actor = about(PairTarget.parse(click.value)), await edge.actor(click.user)
    pair = (target.one, target.other)
    return said(await edge.run(links.decide, edge.database, actor, edge.clock, pair, same=same))


ANSWERS: Mapping[type, Answer] = {Reconcile: mismatches, MismatchesWorkbook: workbook}
DECISIONS: Mapping[str, Doer] = {Act.SAME_PERSON: same_person, Act.TWO_PEOPLE: two_people}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command and the buttons."""
    app.command("/reconcile")(replies.listener(desk))
    app.action(Act.SAME_PERSON)(desk.deciding(Click.of_action))
    app.action(Act.TWO_PEOPLE)(desk.deciding(Click.of_action))
