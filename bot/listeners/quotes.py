"""/quote: what adding or removing people or licences would cost, before it is done."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.edge import Edge
from bot.grammar.quotes import AskQuote
from bot.handing import hand_over
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.quotes import quote_card, summary
from commands import quotes
from commands.actors import Actor
from documents.pdf import quote_as_pdf


async def quote(edge: Edge, actor: Actor, request: AskQuote) -> Message:
    """The amounts; or their paper, in a direct message to whoever asked."""
    asked = (request.client, request.units, request.of, request.start, request.end)
    paper = await edge.run(quotes.quote, edge.database, actor, edge.clock, *asked)
    if not request.pdf:
        return quote_card(paper)
    content = await edge.work.draw(quote_as_pdf, paper)
    return await hand_over(edge, actor, paper.file_name, content, summary(paper))


ANSWERS: Mapping[type, Answer] = {AskQuote: quote}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command."""
    app.command("/quote")(replies.listener(desk))
