"""An answer that only one person sees, and how it comes to be everybody's in the channel."""

from bot.actions import Act
from bot.message import Message
from bot.views import parts
from bot.views.surfaces import extended, said


def offered(answer: Message, words: str) -> Message:
    """The answer with a button that shares it; `words` are those after /rollcall that ask the same.

    Where they are too long to travel with a button, the answer is as it was.
    """
    asks = parts.confirm("Share it?", "Everybody in this channel will see it, amounts and names too.", "Share")
    button = parts.button("Share", Act.SHARE, words, says="Share this answer in the channel", asks=asks)
    return extended(answer, parts.buttons(button)) if button.value is not None else answer


def shared(answer: Message, by: str) -> Message:
    """The answer as the channel is shown it, with who shared it."""
    return extended(answer, parts.rich(parts.text("Shared by "), parts.who(by)))


def shared_note() -> Message:
    """What the one who shared it is told."""
    return said("Done: everybody in the channel sees it now.")
