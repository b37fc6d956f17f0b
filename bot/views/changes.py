"""A change: its card in the client's channel, its details, and what waits."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.actions import Act, ChangeTarget
from bot.message import Json, Message
from bot.views import limits, parts
from commands.change_cards import ChangeView, ItemView
from documents.format import Format, day, one_line

BEFORE_TAX = "before tax"
_STATES = {
    "approved": "Approved",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
    "replaced": "Replaced by a newer revision",
}


def change_card(change: ChangeView) -> Message:
    """The card: what changes, who joins and leaves, the money, and the buttons until it is decided."""
    title = headline(change)
    pending = change.state == "pending"
    top = (parts.header(title), parts.paragraph(in_one_line(change)))
    closing = _buttons(change) if pending else decision(change)
    said = title if pending else f"{title}: {_STATES[change.state].lower()}"
    return Message(said, (*top, *_who_moves(change), money(change), closing, parts.small(_small_print(change))))


def changes_list(changes: Sequence[ChangeView]) -> Message:
    """What waits for a decision, each with its buttons."""
    if not changes:
        return parts.said("No change is waiting for approval.")
    middle = [block for change in changes for block in _waiting(change)]
    noun = "change waits" if len(changes) == 1 else "changes wait"
    title = f"{len(changes)} {noun} for approval"
    note = parts.small("There are more than fit here: name a client, as in /changes acme.")
    return Message(title, limits.fitted((parts.header(title),), middle, (), note))


def decided_note(change: ChangeView) -> Message:
    """What the one who decided is told."""
    return parts.said(f"{_STATES[change.state]}: {headline(change)}. The card says so too.")


def refusal_with_card(refusal: str, change: ChangeView) -> Message:
    """Why nothing was decided, and the change as it is now."""
    return Message(refusal, (parts.paragraph(refusal), parts.divider(), *change_card(change).blocks))


def headline(change: ChangeView) -> str:
    """The change in a few words: "Acme Corp: +3 users (42 → 45)"."""
    first = "first count, " if change.first_count else ""
    return f"{parts.name(change.client_name)}: {first}{_difference(change)}"


def _decided_when(change: ChangeView) -> str:
    """The business date, and the time of day unless a fixed date says that it's another day."""
    if change.decided_on is None or change.decided_at is None:
        return ""
    local = change.decided_at.astimezone(ZoneInfo(change.timezone))
    time = f" at {local:%H:%M}" if local.date() == change.decided_on else ""
    return f" on {day(change.decided_on)}{time}"


def _difference(change: ChangeView) -> str:
    if not change.rosters:
        return "; ".join(quantity(item) for item in change.items)
    before, after = sum(move.before for move in change.rosters), sum(move.after for move in change.rosters)
    if before == after and not change.first_count:
        return f"{_count(change.items, 'join')} joined, {_count(change.items, 'leave')} left ({after} users)"
    users = "user" if abs(after - before) == 1 else "users"
    return f"{after - before:+d} {users} ({before} → {after})"


def in_one_line(change: ChangeView) -> str:
    moves = [f"{parts.name(move.roster)}: {move.before} → {move.after}" for move in change.rosters]
    numbers = [quantity(item) for item in change.items if item.kind == "quantity"] if change.rosters else []
    days = sorted({item.effective for item in change.items})
    since = f"From {day(days[0])}." if len(days) == 1 else f"From {day(days[0])} to {day(days[-1])}, each on their day."
    line = f"{limits.listed([*moves, *numbers], limits.SECTION // 2)}. {since}" if moves else since
    if not change.first_count:
        return line
    return (
        "This is the first count: until somebody approves it and says from which day it holds, the number that was "
        f"stated before stays in force. Stated before → counted now: {line}"
    )


def _who_moves(change: ChangeView) -> tuple[Json, ...]:
    """The names by what happens to them; a first count's names are all new, so its details list them."""
    kept = [item for item in change.items if not item.excepted]
    groups = (
        ("Joined", [item for item in kept if item.kind == "join"]),
        ("Left", [item for item in kept if item.kind == "leave"]),
        ("Left out of the approval", [item for item in change.items if item.excepted]),
    )
    room = limits.SECTION // 2
    return tuple(
        parts.titled(f"{title} ({len(items)})", limits.listed(_labels(items, change), room))
        for title, items in groups
        if items
    )


def _labels(items: Iterable[ItemView], change: ChangeView) -> list[str]:
    several_rosters = len({item.roster for item in change.items}) > 1
    several_days = len({item.effective for item in change.items}) > 1

    def label(item: ItemView) -> str:
        notes = [parts.name(item.roster)] if several_rosters and item.roster else []
        notes += [day(item.effective)] if several_days else []
        return f"{parts.name(item.name)} ({', '.join(notes)})" if notes else parts.name(item.name)

    return [label(item) for item in items]


def money(change: ChangeView) -> Json:
    written = Format(change.locale, change.currency)
    # A decision may leave somebody out or name another day; the money stays what the change asked for.
    asked = "" if change.state == "pending" else "As proposed: "
    monthly = f"{asked}{signed(change.monthly_minor, written)} a month, {BEFORE_TAX}"
    if change.next_bill_date is None:
        return parts.titled(monthly, "No invoice is due after this.")
    on_next = f"{signed(change.next_invoice_minor, written)} on the invoice of {day(change.next_bill_date)}"
    return parts.titled(monthly, f"{on_next}, {BEFORE_TAX}")


def signed(amount_minor: int, written: Format) -> str:
    return f"+{written.money(amount_minor)}" if amount_minor > 0 else written.money(amount_minor)


def _buttons(change: ChangeView) -> Json:
    target = ChangeTarget(change.id, change.revision)
    subject = f"change {change.id} of {change.client_name}"
    approve = Act.APPROVE_FIRST_COUNT if change.first_count else Act.APPROVE
    return parts.buttons(
        parts.button("Approve", approve, target, says=f"Approve {subject}", style="primary"),
        parts.button("Reject", Act.REJECT, target, says=f"Reject {subject}", style="danger"),
        parts.button("Details", Act.DETAILS, target, says=f"Details of {subject}"),
    )


def decision(change: ChangeView) -> Json:
    line: list[parts.Inline] = [parts.text(_STATES[change.state], bold=True)]
    if change.decided_by:
        line += [parts.text(" by "), parts.who(change.decided_by), parts.text(_decided_when(change) or ".")]
    if change.reason:
        line += [parts.text(f"\nReason: {one_line(change.reason)}")]
    return parts.rich(*line)


def _waiting(change: ChangeView) -> tuple[Json, ...]:
    return (parts.paragraph(f"{headline(change)}\n{in_one_line(change)}"), money(change), _buttons(change))


def _small_print(change: ChangeView) -> str:
    return f"Change {change.id}, revision {change.revision}, proposed on {day(change.proposed_on)}"


def quantity(item: ItemView) -> str:
    what = parts.name(item.measure.name) if item.measure else parts.name(item.name)
    return f"{what}: {item.before or 0} → {item.after or 0}"


def _count(items: Iterable[ItemView], kind: str) -> int:
    return sum(item.kind == kind for item in items)
