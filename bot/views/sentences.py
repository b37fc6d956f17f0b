"""Sentences of pieces: whoever acted as Slack shows people, and a moment as each reader's own zone has it."""

from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import RichTextElementParts

from bot.views import limits, parts
from documents.format import day
from documents.sources import By, Told, When

# Slack's own tokens, as in: Apr 11, 2027 at 2:05 PM.
_MOMENT = "{date_short} at {time}"


def inline(pieces: Told) -> list[parts.Inline]:
    """A sentence in which whoever acted is shown as Slack shows people."""
    shown = [_inline(piece) for piece in pieces[: limits.PIECES]]
    return shown if len(pieces) <= limits.PIECES else [*shown, parts.text("\N{HORIZONTAL ELLIPSIS}")]


def _inline(piece: str | By | When) -> parts.Inline:
    match piece:
        case By(actor):
            return parts.who(actor)
        case When():
            return moment(piece)
        case _:
            return parts.text(piece)


def spoken(pieces: Told) -> str:
    """The same for a notification, which can't show people, so it leaves out who it was."""
    return "".join(_spoken(piece) for piece in pieces)


def _spoken(piece: str | By | When) -> str:
    match piece:
        case By():
            return "somebody"
        case When(on=on):
            return day(on)
        case _:
            return piece


def moment(when: When) -> parts.Inline:
    """A moment in each reader's own zone; only the day where settings fixed it to another one, or no more is known."""
    if when.at is None:
        return parts.text(day(when.on))
    local = when.at.astimezone(ZoneInfo(when.timezone))
    if local.date() != when.on:
        return parts.text(day(when.on))
    fallback = f"{day(when.on)} at {local:%H:%M %Z}"
    return RichTextElementParts.Date(timestamp=int(when.at.timestamp()), format=_MOMENT, fallback=fallback)
