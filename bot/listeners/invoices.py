"""/invoice: the invoice as it stands, what was issued, its files, and where each cent comes from."""

from collections.abc import Callable, Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.grammar.invoices import (
    ExplainInvoice,
    InvoiceHistory,
    InvoicePdf,
    InvoiceWorkbook,
    PreviewInvoice,
    PreviewWorkbook,
)
from bot.handing import hand_over
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.explanations import explained_card
from bot.views.invoices import file_name, history_card, preview_card, summary
from commands import credits, invoices  # noqa: A004 - the builtin credits is for the interactive shell
from commands import explain as explanations
from commands.actors import Actor
from documents.document import Document
from documents.pdf import as_pdf
from documents.xlsx import as_xlsx


async def preview(edge: Edge, actor: Actor, request: PreviewInvoice) -> Message:
    """The invoice of a bill date as it would be drafted now."""
    asked = (request.client, request.bill_date)
    return preview_card(await edge.run(invoices.preview, edge.database, actor, edge.clock, *asked))


async def preview_workbook(edge: Edge, actor: Actor, request: PreviewWorkbook) -> Message:
    """The same as a spreadsheet, where there is anything to bill."""
    asked = (request.client, request.bill_date)
    found = await edge.run(invoices.preview, edge.database, actor, edge.clock, *asked)
    if found.document is None:
        return preview_card(found)
    content = await edge.work.draw(as_xlsx, found.document)
    name = f"preview-{found.client.slug}-{found.bill_date}.xlsx"
    return await hand_over(edge, actor, name, content, summary(found.document))


async def history(edge: Edge, actor: Actor, request: InvoiceHistory) -> Message:
    """What was issued to the client, and for billers what of it can be credited."""
    issued = await edge.run(invoices.history, edge.database, actor, request.client)
    return history_card(
        request.client, issued, await edge.run(credits.creditable, edge.database, actor, request.client)
    )


async def pdf(edge: Edge, actor: Actor, request: InvoicePdf) -> Message:
    """A document's PDF."""
    return await _file(edge, actor, request, "pdf", as_pdf)


async def workbook(edge: Edge, actor: Actor, request: InvoiceWorkbook) -> Message:
    """A document as a spreadsheet."""
    return await _file(edge, actor, request, "xlsx", as_xlsx)


async def _file(
    edge: Edge, actor: Actor, request: InvoicePdf | InvoiceWorkbook, kind: str, make: Callable[[Document], bytes]
) -> Message:
    document = await edge.run(invoices.of_client, edge.database, actor, request.client, request.number)
    content = await edge.work.draw(make, document)
    return await hand_over(edge, actor, file_name(document, kind), content, summary(document))


async def explain(edge: Edge, actor: Actor, request: ExplainInvoice) -> Message:
    """Where each cent of the newest invoice, or of another document, comes from."""
    asked = (request.client, request.asked)
    return explained_card(await edge.run(explanations.explain_client, edge.database, actor, edge.clock, *asked))


ANSWERS: Mapping[type, Answer] = {
    PreviewInvoice: preview,
    PreviewWorkbook: preview_workbook,
    InvoiceHistory: history,
    InvoicePdf: pdf,
    InvoiceWorkbook: workbook,
    ExplainInvoice: explain,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/invoice")(replies.listener(desk))
