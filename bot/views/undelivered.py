"""What Slack didn't take: a channel that it keeps the bot out of, and cards that were given up, with the remedy."""

from collections.abc import Sequence

from bot.actions import Act
from bot.message import Json, Message
from bot.views import limits, parts, sentences
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message, said
from commands.closed_channels import ClosedChannel
from commands.undelivered import Undelivered
from documents.format import one_line
from documents.sources import When

_INVITE = (
    "Type /invite @Rollcall in that channel, or give the client another channel in its book. What waits is kept, and "
    "appears within ten minutes, or at once where you press Try again."
)
_MEND = (
    "Mend what each line names. Then press Try again, or type rollcall cards --again at the command line. A card that "
    "has something new to show is tried again by itself."
)


def closed_channel_card(closed: ClosedChannel) -> Message:
    """Which channel it is, what waits there, and what to do; or that it is over."""
    channel, called = parts.channel(closed.channel), parts.name(closed.channel)
    if closed.is_open:
        title = "Solved: a channel is open to Rollcall again"
        line = parts.rich(channel, parts.text(f" ({called}) shows everything that waited."))
        return message(f"{title}: {called}", Body((parts.header(title), line)), closes=True)
    title = "Needs you: Rollcall can't post in a channel"
    waits = parts.names(closed.waiting, limits.NAME * 5) or "nothing yet"
    line = parts.rich(channel, parts.text(f" ({called}). What waits there: {waits}."))
    why = limits.listed(closed.problems, limits.SECTION, "\n", one_line)
    shown = (parts.header(title), line, parts.paragraph(why), parts.titled("What to do", _INVITE), again())
    return message(f"{title}: {called}", Body(shown))


def given_up_card(cards: Sequence[Undelivered]) -> Message:
    """Which cards could not be shown for a day, why, and what to do; or that it is over."""
    if not cards:
        title = "Over: no card is given up any more"
        line = parts.paragraph("What was given up was shown, or is being tried again: /rollcall status tells.")
        return message(title, Body((parts.header(title), line)), closes=True)
    title = f"Needs you: {_counted(len(cards))} could not be shown in Slack for a day"
    top = (parts.header(title), parts.paragraph("Rollcall tries no longer. Nothing is lost: what they show is kept."))
    bottom = (parts.titled("What to do", _MEND), again())
    return message(title, Body(top, map(_line, cards), bottom, len(cards), "rollcall cards"))


def tried_note(tried: int) -> Message:
    """The answer to who asked for another try."""
    return said(f"{_counted(tried)} will be tried again now." if tried else "No card waits for another try.")


def _line(card: Undelivered) -> Piece:
    where = parts.channel(card.channel) if card.channel else parts.text("the default channel")
    since = [parts.text(", since "), sentences.moment(When(card.since.date(), card.since, "UTC"))] if card.since else []
    why = parts.text(f": {parts.reason(card.problem)}")
    what = parts.name(card.what)
    return Piece((parts.rich(parts.text(f"{what[:1].upper()}{what[1:]}"), *since, parts.text(", in "), where, why),))


def again() -> Json:
    """The button that has everything tried at once."""
    says = "Let Rollcall try again to show every card that Slack did not take"
    return parts.buttons(parts.button("Try again", Act.TRY_AGAIN, "cards", says=says))


def _counted(number: int) -> str:
    return f"{number:,} card{'' if number == 1 else 's'}"
