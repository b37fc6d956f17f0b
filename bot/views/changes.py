"""A change: its card in the client's channel, its details, and what waits."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from slack_sdk.models.blocks import ButtonElement

from bot.actions import Act
from bot.message import Json, Message
from bot.targets import ChangeTarget
from bot.views import limits, parts, sentences
from bot.views.fitting import Body
from bot.views.surfaces import message, said
from commands.change_cards import ChangeView, ItemView
from commands.decisions import Decided
from commands.proposals import RosterMove
from documents import policies
from documents.format import Format, day
from documents.sources import Told, When, when
from rosters.policies import Ground

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
    told = title if change.state == "pending" else f"{title}: {_STATES[change.state].lower()}"
    return message(told, Body(_card(change)))


def decided_note(change: ChangeView) -> Message:
    """What the one who decided is told."""
    return said(f"{outcome(change)} The card says so too." if change.state != "pending" else outcome(change))


def outcome(change: ChangeView) -> str:
    """What came of somebody's decision, in a sentence or two."""
    if change.state != "pending":
        return f"{_STATES[change.state]}: {headline(change)}."
    return f"Your approval is kept: {headline(change)}. It is the first of two, so a second person has to approve it."


def refusal_with_card(refusal: Told, change: ChangeView) -> Message:
    """Why nothing was decided, and the change as it is now."""
    why = sentences.inline(refusal)
    return message(sentences.spoken(refusal), Body((parts.rich(*why), parts.divider(), *_card(change))))


def _card(change: ChangeView) -> tuple[Json, ...]:
    top = (parts.header(headline(change)), parts.paragraph(in_one_line(change)))
    closing = (
        (*standing(change), change_buttons(change)) if change.state == "pending" else (decision(change), *_undo(change))
    )
    return (*top, *_who_moves(change), *_shown_money(change), *closing, parts.small(_small_print(change)))


def headline(change: ChangeView) -> str:
    """The change in a few words: "Acme Corp: +3 users (42 → 45)"."""
    first = "first count, " if change.first_count else ""
    return f"{parts.name(change.client_name)}: {first}{_difference(change)}"


def _decided_when(change: ChangeView) -> list[parts.Inline]:
    """When it was decided, where that is known."""
    decided = when(change.decided_on, change.decided_at, change.timezone)
    return [parts.text(" on "), sentences.moment(decided)] if decided else []


def _moment(on: date, at: datetime, change: ChangeView) -> parts.Inline:
    return sentences.moment(When(on, at, change.timezone))


def _difference(change: ChangeView) -> str:
    if not change.rosters:
        return limits.listed(change.items, limits.HEADER - limits.NAME, "; ", quantity)
    before, after = sum(move.before for move in change.rosters), sum(move.after for move in change.rosters)
    if before == after and not change.first_count:
        return f"{_count(change.items, 'join')} joined, {_count(change.items, 'leave')} left ({after} users)"
    users = "user" if abs(after - before) == 1 else "users"
    return f"{after - before:+d} {users} ({before} → {after})"


def in_one_line(change: ChangeView) -> str:
    numbers = [item for item in change.items if item.kind == "quantity"] if change.rosters else []
    days = sorted({item.effective for item in change.items})
    since = f"From {day(days[0])}." if len(days) == 1 else f"From {day(days[0])} to {day(days[-1])}, each on their day."
    moved: list[RosterMove | ItemView] = [*change.rosters, *numbers]
    moves = limits.listed(moved, limits.HALF, show=_move)
    line = f"{moves}. {since}" if moves else since
    if not change.first_count:
        return line
    return (
        "This is the first count: until somebody approves it and says from which day it holds, the number that was "
        f"stated before stays in force. Stated before → counted now: {line}"
    )


def _move(moved: RosterMove | ItemView) -> str:
    if isinstance(moved, ItemView):
        return quantity(moved)
    return f"{parts.name(moved.roster)}: {moved.before} → {moved.after}"


def _who_moves(change: ChangeView) -> tuple[Json, ...]:
    """The names by what happens to them; a first count's names are all new, so its details list them."""
    kept = [item for item in change.items if not item.excepted]
    groups = (
        ("Joined", [item for item in kept if item.kind == "join"]),
        ("Left", [item for item in kept if item.kind == "leave"]),
        ("Left out of the approval", [item for item in change.items if item.excepted]),
    )
    label = _labels(change)
    return tuple(
        parts.titled(f"{title} ({len(items)})", limits.listed(items, limits.HALF, show=label))
        for title, items in groups
        if items
    )


def _labels(change: ChangeView) -> Callable[[ItemView], str]:
    """How an item is written on a card: with its roster and its day where there are several of them."""
    several_rosters = len({item.roster for item in change.items}) > 1
    several_days = len({item.effective for item in change.items}) > 1

    def label(item: ItemView) -> str:
        if item.kind == "quantity":
            return quantity(item)
        notes = [parts.name(item.roster)] if several_rosters and item.roster else []
        notes += [day(item.effective)] if several_days else []
        return f"{parts.name(item.name)} ({', '.join(notes)})" if notes else parts.name(item.name)

    return label


def _shown_money(change: ChangeView) -> tuple[Json, ...]:
    """The money of a change, for whoever may see it."""
    return (money(change),) if change.shows_money else ()


def money(change: ChangeView) -> Json:
    written, decided = Format(change.locale, change.currency), change.decided
    known = decided or change
    # A decision may leave somebody out or name another day; of old ones, only what the change asked for is known.
    is_asked = change.state == "pending" or (decided is None and change.policy is not None)
    asked = "" if is_asked else "As decided: " if decided else "As proposed: "
    monthly = f"{asked}{signed(known.monthly_minor, written)} a month, {BEFORE_TAX}"
    if known.next_bill_date is None:
        return parts.titled(monthly, "No invoice is due after this.")
    on_next = f"{signed(known.next_invoice_minor, written)} on the invoice of {day(known.next_bill_date)}"
    return parts.titled(monthly, f"{on_next}, {BEFORE_TAX}")


def signed(amount_minor: int, written: Format) -> str:
    return f"+{written.money(amount_minor)}" if amount_minor > 0 else written.money(amount_minor)


def _target(change: ChangeView) -> ChangeTarget:
    return ChangeTarget(change.id, change.revision)


def _subject(change: ChangeView) -> str:
    return f"change {change.id} of {parts.name(change.client_name)}"


def change_buttons(change: ChangeView) -> Json:
    """What can be done with a change that waits."""
    target, subject = _target(change), _subject(change)
    approve = Act.APPROVE_FIRST_COUNT if change.first_count else Act.APPROVE
    return parts.buttons(
        parts.button("Approve", approve, target, says=f"Approve {subject}", style="primary"),
        parts.button("Reject", Act.REJECT, target, says=f"Reject {subject}", style="danger"),
        _details(change),
        parts.button("Approve with changes", Act.APPROVE_WITH, target, says=f"Approve with changes: {subject}"),
    )


def _undo(change: ChangeView) -> tuple[Json, ...]:
    """The button that undoes a decision, on its day."""
    if not change.undo_open:
        return ()
    told = f"{limits.cut(headline(change), limits.CONFIRM // 2)}: everything is put back as it was, and it waits again."
    asks = parts.confirm("Undo the decision?", told, "Undo")
    says = f"Undo the decision on {_subject(change)}"
    return (parts.buttons(parts.button("Undo", Act.UNDO, _target(change), says=says, asks=asks)),)


def undone_note(change: ChangeView) -> Message:
    """What the one who undid a decision is told."""
    back = "What is still so is proposed anew."
    return said(f"Undone: {headline(change)} is no longer {change.state}, and everything is as it was before. {back}")


def standing(change: ChangeView) -> tuple[Json, ...]:
    """What a pending change still takes, where that isn't one approval."""
    first, left = change.first_approval, left_to_people(change)
    if first is None:
        two = "It takes two people to approve this." if change.takes_two else ""
        told = "\n".join(filter(None, (left, two)))
        return (parts.paragraph(told),) if told else ()
    line: list[parts.Inline] = [
        *(parts.text("Approved", bold=True), parts.text(" by "), parts.who(first.by)),
        *(parts.text(" on "), _moment(first.on, first.at, change)),
        parts.text("; a second person has to approve it."),
    ]
    if first.effective is not None:
        line += [parts.text(f"\nFrom {day(first.effective)}.")]
    if first.reason:
        line += [parts.text(f"\nReason: {parts.reason(first.reason)}")]
    return (parts.rich(*line),)


def left_to_people(change: ChangeView) -> str:
    """Why a policy left a change to people; nothing where there was none that could have approved it."""
    left = change.left_to_people
    if left is None:
        return ""
    if left.ground is Ground.MONEY and not change.shows_money:
        return "Left to people: it costs more than policy approves by itself."
    written = Format(change.locale, change.currency)
    most = None if left.money_most_minor is None else written.money(left.money_most_minor)
    money_of = (written.money(left.money_minor), most)
    return f"Left to people: {policies.left_to_people(left.ground, (left.people, left.people_most), money_of)}."


def decision(change: ChangeView) -> Json:
    """Who decided, when, from which day, and why that was left to people."""
    line: list[parts.Inline] = [parts.text(_STATES[change.state], bold=True)]
    if change.policy is not None:
        written = Format(change.locale, change.currency)
        limit = written.money(change.policy.money_minor) if change.shows_money else None
        policy = policies.applied(change.policy.people, limit, change.policy.of)
        line += [parts.text(f" by policy: {policy},"), *_decided_when(change), parts.text(".")]
    elif change.decided_by:
        if change.first_approval is not None and change.state == "approved":
            line += [parts.text(" by "), parts.who(change.first_approval.by), parts.text(" and")]
        line += [parts.text(" by "), parts.who(change.decided_by), *_decided_when(change), parts.text(".")]
    if change.decided is not None:
        line += [parts.text(f"\n{_since(change.decided)}")]
    if change.reason:
        line += [parts.text(f"\nReason: {parts.reason(change.reason)}")]
    if change.state in {"approved", "rejected"} and (left := left_to_people(change)):
        line += [parts.text(f"\n{left}")]
    if (undone := change.undone) is not None:
        by = f", by change {undone.change}" if undone.change is not None else ""
        line += [parts.text("\nUndone", bold=True), parts.text(" by "), parts.who(undone.by)]
        line += [parts.text(" on "), _moment(undone.on, undone.at, change), parts.text(f"{by}.")]
    return parts.rich(*line)


def _since(decided: Decided) -> str:
    first, last = day(decided.first_day), day(decided.last_day)
    return f"From {first}." if first == last else f"From {first} to {last}, each on their day."


def with_buttons(change: ChangeView, note: str = "", *, decides: bool = True) -> tuple[Json, ...]:
    """A change among others, with its buttons; who doesn't decide has only that for its details."""
    top = parts.titled(headline(change), "\n".join(filter(None, (in_one_line(change), note))))
    row = change_buttons(change) if decides else parts.buttons(_details(change))
    return (top, *_shown_money(change), *standing(change), row)


def _details(change: ChangeView) -> ButtonElement:
    return parts.button("Details", Act.DETAILS, _target(change), says=f"Details of {_subject(change)}")


def _small_print(change: ChangeView) -> str:
    return f"Change {change.id}, revision {change.revision}, proposed on {day(change.proposed_on)}"


def quantity(item: ItemView) -> str:
    what = parts.name(item.measure.name) if item.measure else parts.name(item.name)
    return f"{what}: {item.before or 0} → {item.after or 0}"


def _count(items: Iterable[ItemView], kind: str) -> int:
    return sum(item.kind == kind for item in items)
