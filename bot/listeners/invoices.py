"""/invoice: the invoice as it stands, and what was issued."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.message import Message
from bot.parsing import InvoiceHistory, PreviewInvoice
from bot.replies import Answer, Replies
from bot.views.invoices import history_card, preview_card
from commands import invoices
from commands.actors import Actor


async def preview(edge: Edge, actor: Actor, request: PreviewInvoice) -> Message:
    """The invoice of a bill date as it would be drafted now."""
    asked = (request.client, request.bill_date)
    return preview_card(await edge.run(invoices.preview, edge.database, actor, edge.clock, *asked))


async def history(edge: Edge, actor: Actor, request: InvoiceHistory) -> Message:
    """What was issued to the client."""
    return history_card(request.client, await edge.run(invoices.history, edge.database, actor, request.client))


ANSWERS: Mapping[type, Answer] = {PreviewInvoice: preview, InvoiceHistory: history}


def register(app: AsyncApp, replies: Replies, _desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/invoice")(replies.listener())
