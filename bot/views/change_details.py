"""Everything about one change, in a modal for whoever asked."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.message import Json, Message
from bot.views import limits, parts
from bot.views.changes import BEFORE_TAX, decision, headline, in_one_line, money, quantity, signed
from commands.change_cards import ChangeView, ItemView
from commands.change_details import ChangeDetails
from documents.format import Format, day, one_line

_ITEMS_A_BLOCK = 10
_VERBS = {"join": "joins", "leave": "leaves"}
_CLOCK = "clock"


def details_modal(found: ChangeDetails, chart: Message) -> Json:
    """The change with every item and its reason; `chart` is the picture, or what stands in its place."""
    change = found.change
    state = () if change.state == "pending" else (decision(change),)
    top = (
        parts.header(headline(change)),
        parts.paragraph(in_one_line(change)),
        _money(found),
        *state,
        *chart.blocks,
    )
    items = [block for group in _groups(change) for block in group]
    note = parts.small(f"There is more than fits here: rollcall changes {change.client} --json lists every item.")
    blocks = limits.fitted(top, items, (_proposed(found),), note, limits.IN_A_MODAL)
    return parts.modal(f"Change {change.id}", blocks)


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


def _groups(change: ChangeView) -> Iterable[list[Json]]:
    titles = {"join": "Joining", "leave": "Leaving", "quantity": "Counted"}
    for kind, title in titles.items():
        lines = [_item(item) for item in change.items if item.kind == kind]
        chunks = [lines[at : at + _ITEMS_A_BLOCK] for at in range(0, len(lines), _ITEMS_A_BLOCK)]
        if chunks:
            first = parts.titled(f"{title} ({len(lines)})", "\n".join(chunks[0]))
            yield [first, *(parts.paragraph("\n".join(chunk)) for chunk in chunks[1:])]


def _item(item: ItemView) -> str:
    out = " Left out of the approval." if item.excepted else ""
    if item.kind == "quantity":
        return f"{item.number}. {quantity(item)}, from {day(item.effective)}.{out}"
    days = f"{_VERBS[item.kind]} {parts.name(item.roster or '')} from {day(item.effective)}"
    because = limits.cut(one_line(item.because), limits.NAME)
    return f"{item.number}. {parts.name(item.name)} {days}: {because}.{out}"


def _proposed(found: ChangeDetails) -> Json:
    """Who proposed what is shown, when, and since when something waits."""
    change = found.change
    line: list[parts.Inline] = [parts.text(f"Change {change.id}, revision {change.revision}, proposed {_when(found)}")]
    if found.proposed_by == _CLOCK:
        line += [parts.text(" by the nightly reading")]
    elif found.proposed_by:
        line += [parts.text(" by "), parts.who(found.proposed_by)]
    if found.first_proposed_on != change.proposed_on:
        line += [parts.text(f"; first proposed on {day(found.first_proposed_on)}")]
    return parts.rich(*line)


def _when(found: ChangeDetails) -> str:
    """The business date, and the time of day unless a fixed date says that it's another day."""
    local = found.proposed_at.astimezone(ZoneInfo(found.change.timezone))
    time = f" at {local:%H:%M}" if local.date() == found.change.proposed_on else ""
    return f"on {day(found.change.proposed_on)}{time}"
