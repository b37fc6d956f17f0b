"""/invoice: the invoice as it stands, what was issued, its PDF, and where each cent comes from."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.grammar.invoices import ExplainInvoice, InvoiceHistory, InvoicePdf, PreviewInvoice
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.explanations import explained_card
from bot.views.invoices import file_name, history_card, preview_card, sent_note, summary
from commands import credits, invoices  # noqa: A004 - the builtin credits is for the interactive shell
from commands import explain as explanations
from commands.actors import Actor
from documents.pdf import as_pdf


async def preview(edge: Edge, actor: Actor, request: PreviewInvoice) -> Message:
    """The invoice of a bill date as it would be drafted now."""
    asked = (request.client, request.bill_date)
    return preview_card(await edge.run(invoices.preview, edge.database, actor, edge.clock, *asked))


async def history(edge: Edge, actor: Actor, request: InvoiceHistory) -> Message:
    """What was issued to the client, and for billers what of it can be credited."""
    issued = await edge.run(invoices.history, edge.database, actor, request.client)
    return history_card(
        request.client, issued, await edge.run(credits.creditable, edge.database, actor, request.client)
    )


async def pdf(edge: Edge, actor: Actor, request: InvoicePdf) -> Message:
    """Sends a document's PDF to whoever asked, in a direct message: nobody else in the channel is shown it."""
    document = await edge.run(invoices.of_client, edge.database, actor, request.client, request.number)
    content = await edge.work.draw(as_pdf, document)
    place = await edge.slack.direct(actor.id)
    sent = await edge.slack.upload(file_name(document), content, place, summary(document))
    return sent_note(document, sent.permalink)


async def explain(edge: Edge, actor: Actor, request: ExplainInvoice) -> Message:
    """Where each cent of the newest invoice, or of another document, comes from."""
    asked = (request.client, request.asked)
    return explained_card(await edge.run(explanations.explain_client, edge.database, actor, edge.clock, *asked))


ANSWERS: Mapping[type, Answer] = {
    PreviewInvoice: preview,
    InvoiceHistory: history,
    InvoicePdf: pdf,
    ExplainInvoice: explain,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/invoice")(replies.listener(desk))
