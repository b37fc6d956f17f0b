"""What so many more or fewer would cost."""

from bot.message import Message
from bot.views import limits, parts
from documents.quotes import QuotePaper, amounts, asked, notes


def quote_card(paper: QuotePaper) -> Message:
    """The amounts, what a commitment holds back, and how to have it as a file."""
    title = summary(paper)
    told = [parts.paragraph("\n".join(amounts(paper)))]
    held = [parts.small(note) for note in notes(paper.quote)]
    closing = parts.small("Nothing is stored or changed by this. Add pdf at the end for a file to send to the client.")
    note = parts.small("There is more than fits here: the file has it all.")
    return Message(title, limits.fitted((parts.header(title),), [*told, *held], (closing,), note))


def summary(paper: QuotePaper) -> str:
    """Who asks what: Acme Corp: 3 users more (full), from 11 Apr 2027 on."""
    return f"{parts.name(paper.buyer.name)}: {asked(paper)}"


def sent_note(paper: QuotePaper, permalink: str) -> Message:
    """Where the file went; only whoever asked can follow the link."""
    return parts.sent(paper.file_name, permalink)
