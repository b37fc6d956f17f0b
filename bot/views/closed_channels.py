"""A channel that Slack keeps the bot out of: told where somebody can see it, with the remedy."""

from bot.message import Message
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.surfaces import message
from commands.closed_channels import ClosedChannel
from documents.format import one_line

_REMEDY = (
    "Type /invite @Rollcall in that channel, or give the client another channel in its book. "
    "What waits is kept, and appears within a minute."
)


def closed_channel_card(closed: ClosedChannel) -> Message:
    """Which channel it is, whose cards wait, and what to do; or that it is over."""
    channel, called = parts.channel(closed.channel), parts.name(closed.channel)
    if closed.is_open:
        title = "Solved: a channel is open to Rollcall again"
        line = parts.rich(channel, parts.text(f" ({called}) shows everything that waited."))
        return message(f"{title}: {called}", Body((parts.header(title), line)), closes=True)
    title = "Needs you: Rollcall can't post in a channel"
    whose = parts.names(closed.clients, limits.NAME * 3) or "The bot"
    line = parts.rich(channel, parts.text(f" ({called}) keeps cards waiting. Whose: {whose}."))
    why = limits.listed(closed.problems, limits.SECTION, "\n", one_line)
    shown = (parts.header(title), line, parts.paragraph(why), parts.titled("What to do", _REMEDY))
    return message(f"{title}: {called}", Body(shown))
