"""Everything about one change, in a modal for whoever asked."""

from collections.abc import Iterator

from bot.message import Json, Message, ModalView
from bot.views import limits, parts, sentences
from bot.views.changes import BEFORE_TAX, decision, headline, in_one_line, money, quantity, signed, standing
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message, modal
from commands.change_cards import ChangeView, ItemView
from commands.change_details import ChangeDetails
from documents.format import Format, day, one_line
from documents.sources import When

_VERBS = {"join": "joins", "leave": "leaves"}
_CLOCK = "clock"


def details_modal(found: ChangeDetails, chart: Message) -> ModalView:
    """The change with every item and its reason; `chart` is the picture, or what stands in its place."""
    change = found.change
    state = standing(change) if change.state == "pending" else (decision(change),)
    top = (
        parts.header(headline(change)),
        parts.paragraph(in_one_line(change)),
        *((_money(found),) if change.shows_money else ()),
        *state,
        *chart.blocks,
    )
    of = parts.name(change.client)
    waits = change.state == "pending"
    elsewhere = f"/changes {of} xlsx has every item" if waits else f"rollcall changes {of} --all lists every item"
    body = Body(top, _items(change), (_proposed(found),), len(change.items), elsewhere)
    return modal(f"Change {change.id}", body)


def decision_reply(change: ChangeView) -> Message:
    """What was decided, item by item, for the thread of its card."""
    title = f"Change {change.id} in detail"
    top = (parts.header(title), parts.paragraph(f"{headline(change)}\n{in_one_line(change)}"))
    elsewhere = f"rollcall changes {parts.name(change.client)} --all lists every item"
    return message(title, Body(top, _items(change), (decision(change),), len(change.items), elsewhere))


def _money(found: ChangeDetails) -> Json:
    change, now = found.change, found.monthly_now_minor
    if now is None:
        return money(change)
    written = Format(change.locale, change.currency)
    amounts = [written.money(amount) for amount in (now, now + change.monthly_minor)]
    monthly = f"{amounts[0]} a month now, then {amounts[1]} ({signed(change.monthly_minor, written)}), {BEFORE_TAX}"
    if change.next_bill_date is None:
        return parts.titled(monthly, "No invoice is due after this.")
    following = f"{signed(change.next_invoice_minor, written)} on the invoice of {day(change.next_bill_date)}"
    return parts.titled(monthly, f"{following}, {BEFORE_TAX}")


def _items(change: ChangeView) -> Iterator[Piece]:
    titles = {"join": "Joining", "leave": "Leaving", "quantity": "Counted"}
    for kind, title in titles.items():
        items = [item for item in change.items if item.kind == kind]
        heading = f"{title} ({len(items)})"
        for text, count in limits.pieces(items, limits.HALF, "\n", _item):
            yield Piece((parts.titled(heading, text) if heading else parts.paragraph(text),), count)
            heading = ""


def _item(item: ItemView) -> str:
    out = f" Left out of the approval{_for(item.reason)}." if item.excepted else ""
    if item.kind == "quantity":
        return f"{item.number}. {quantity(item)}, from {day(item.effective)}.{out}"
    days = f"{_VERBS[item.kind]} {parts.name(item.roster or '')} from {day(item.effective)}"
    because = limits.cut(one_line(item.because), limits.NAME)
    return f"{item.number}. {parts.name(item.name)} {days}: {because}.{out}"


def _for(reason: str | None) -> str:
    return f": {limits.cut(one_line(reason), limits.LINE).removesuffix('.')}" if reason else ""


def _proposed(found: ChangeDetails) -> Json:
    """Who proposed what is shown, when, and since when something waits."""
    change = found.change
    line: list[parts.Inline] = [
        parts.text(f"Change {change.id}, revision {change.revision}, proposed on "),
        sentences.moment(When(change.proposed_on, found.proposed_at, change.timezone)),
    ]
    if found.proposed_by == _CLOCK:
        line += [parts.text(" by the nightly reading")]
    elif found.proposed_by:
        line += [parts.text(" by "), parts.who(found.proposed_by)]
    if found.first_proposed_on != change.proposed_on:
        line += [parts.text(f"; first proposed on {day(found.first_proposed_on)}")]
    return parts.rich(*line)
