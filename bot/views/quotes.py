"""What so many more or fewer would cost."""

from bot.message import Message
from bot.views import limits, parts
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from documents.quotes import QuotePaper, amounts, asked, notes


def quote_card(paper: QuotePaper) -> Message:
    """The amounts, what a commitment holds back, and how to have it as a file."""
    title = summary(paper)
    lines, held = amounts(paper), notes(paper.quote)
    told = [Piece((parts.paragraph(text),), count) for text, count in limits.pieces(lines, limits.HALF, "\n")]
    middle = [*told, *(Piece((parts.small(note),)) for note in held)]
    closing = parts.small("Nothing is stored or changed by this. Add pdf at the end for a file to send to the client.")
    body = Body((parts.header(title),), middle, (closing,), len(lines) + len(held), "the file has it all")
    return message(title, body)


def summary(paper: QuotePaper) -> str:
    """Who asks what: Acme Corp: 3 users more (full), from 11 Apr 2027 on."""
    return f"{parts.name(paper.buyer.name)}: {asked(paper)}"
