"""A reminder of what waits: for how long, and what it costs not to decide."""

from collections.abc import Sequence

from bot.message import Message
from bot.views import parts
from bot.views.changes import BEFORE_TAX, headline
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from commands.change_cards import ChangeView
from commands.reminders import StillWaiting
from documents.format import Format, day


def reminder(waiting: Sequence[StillWaiting]) -> Message:
    """A reminder of one change, for the thread of its card, or of several together."""
    if len(waiting) == 1:
        told = _told(waiting[0])
        return message(told, Body((parts.paragraph(told),)))
    title = f"{len(waiting)} changes still wait for approval"
    middle = (Piece((parts.paragraph(_told(each)),)) for each in waiting)
    bottom = (parts.small("/changes lists them, to be decided together or one by one."),)
    return message(title, Body((parts.header(title),), middle, bottom, len(waiting), "/changes lists them"))


def _told(waiting: StillWaiting) -> str:
    days = {0: "since today", 1: "for 1 day"}.get(waiting.days, f"for {waiting.days:,} days")
    second = " One person has approved it, and it takes a second one." if waiting.change.first_approval else ""
    return f"{headline(waiting.change)} has waited {days}.{second} {_cost(waiting.change)}"


def _cost(change: ChangeView) -> str:
    if not change.shows_money:
        return "Until it is decided, the bill stays as it was before."
    written = Format(change.locale, change.currency)
    monthly, following = change.monthly_minor, change.next_invoice_minor
    said = []
    if monthly:
        where = "off" if monthly > 0 else "on"
        said.append(f"{written.money(abs(monthly))} a month stays {where} the bill")
    if following and change.next_bill_date is not None:
        how = "too little" if following > 0 else "too much"
        said.append(f"the invoice of {day(change.next_bill_date)} asks {written.money(abs(following))} {how}")
    if not said:
        return "It moves no money."
    return f"Until it is decided, {', and '.join(said)}, {BEFORE_TAX}."
