"""A channel that Slack keeps the bot out of: told where somebody can see it, with the remedy."""

from slack_sdk.models.blocks import RichTextElementParts

from bot.message import Message
from bot.views import limits, parts
from commands.closed_channels import ClosedChannel

_REMEDY = (
    "Type /invite @Rollcall in that channel, or give the client another channel in its book. "
    "What waits is kept, and appears within a minute."
)


def closed_channel_card(closed: ClosedChannel) -> Message:
    """Which channel it is, whose cards wait, and what to do; or that it is over."""
    channel = RichTextElementParts.Channel(channel_id=closed.channel)
    if closed.is_open:
        title = "Solved: a channel is open to Rollcall again"
        line = parts.rich(channel, parts.text(f" ({closed.channel}) shows everything that waited."))
        return Message(f"{title}: {closed.channel}", (parts.header(title), line), closes=True)
    title = "Needs you: Rollcall can't post in a channel"
    whose = parts.names(closed.clients, limits.NAME * 3) or "The bot"
    line = parts.rich(channel, parts.text(f" ({closed.channel}) keeps cards waiting. Whose: {whose}."))
    why = limits.listed(closed.problems, limits.SECTION, "\n")
    shown = (parts.header(title), line, parts.paragraph(why), parts.titled("What to do", _REMEDY))
    return Message(f"{title}: {closed.channel}", shown)
