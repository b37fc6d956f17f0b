"""/reconcile: what doesn't agree."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.message import Message
from bot.parsing import Reconcile
from bot.replies import Answer, Replies
from bot.views.mismatches import mismatches_card
from commands.actors import Actor
from commands.reconcile import reconcile


async def mismatches(edge: Edge, actor: Actor, request: Reconcile) -> Message:
    """The mismatches of one client or of all."""
    slugs = [request.client] if request.client else []
    return mismatches_card(await edge.run(reconcile, edge.database, actor, edge.clock, slugs))


ANSWERS: Mapping[type, Answer] = {Reconcile: mismatches}


def register(app: AsyncApp, replies: Replies, _desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/reconcile")(replies.listener())
