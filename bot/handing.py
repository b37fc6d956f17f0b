"""A file for whoever asked, in a direct message: nobody else in the channel is shown it."""

from bot.edge import Edge
from bot.message import Message
from bot.views.surfaces import sent
from commands.actors import Actor


async def hand_over(edge: Edge, actor: Actor, name: str, content: bytes, says: str) -> Message:
    """Sends the file with a line that says what it is, and answers where it went."""
    place = await edge.slack.direct(actor.id)
    uploaded = await edge.slack.upload(name, content, place, says)
    return sent(name, uploaded.permalink)


def table_name(of: str, client: str | None) -> str:
    """What the spreadsheet of one client or of all is called: changes-acme.xlsx, or changes.xlsx."""
    return f"{of}-{client}.xlsx" if client else f"{of}.xlsx"
