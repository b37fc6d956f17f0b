"""A billing run: one card with what is held and why, what is drafted, and the next step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from bot.actions import Act
from bot.message import Json, Message
from bot.targets import HoldTarget, RunTarget
from bot.views import limits, parts
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message, said
from commands.run_cards import OverrideView, RunClientView, RunView
from documents.format import Format, day, one_line

_READY = ("drafted", "approved", "issued")
_COUNTED = {
    "drafted": "drafted",
    "approved": "approved",
    "issued": "issued",
    "held": "held",
    "nothing": "with nothing to bill",
}


def run_card(run: RunView) -> Message:
    """The card of a run: holds first, each with its button, then the drafts, then what to press next."""
    return message(title_of(run), _body(run))


def run_note(run: RunView) -> Message:
    """What the one who took a step is told."""
    return said(f"Done. Billing run of {day(run.bill_date)}: {_counts(run)}. The card says so too.")


def abandon_question(run: RunView) -> Message:
    """What giving up a run would do, and the button that asks for the reason."""
    target = RunTarget(run.bill_date, run.seal)
    says = f"Abandon the billing run of {day(run.bill_date)}"
    button = parts.button("Abandon run", Act.ABANDON, target, says=says, style="danger")
    told = what_is_abandoned(run)
    return message(told, Body((parts.paragraph(told), parts.buttons(button))))


def what_is_abandoned(run: RunView) -> str:
    """Which run is given up, and what goes with it."""
    drafts = sum(client.state in ("drafted", "approved") for client in run.clients)
    dropped = (
        "It has no drafts"
        if not drafts
        else "Its draft is dropped"
        if drafts == 1
        else f"Its {drafts} drafts are dropped"
    )
    return (
        f"The billing run of {day(run.bill_date)} would be given up. {dropped}; nothing of it is issued. Starting it "
        "again takes this back."
    )


def outdated_run(refusal: str, run: RunView) -> Message:
    """Why a click on an older card did nothing, and the run as it is now."""
    waits = run.abandoned_by is not None or any(client.state == "drafted" for client in run.clients)
    told = refusal if waits else f"The billing run of {day(run.bill_date)} is approved already."
    body = _body(run)
    return message(told, replace(body, top=(parts.paragraph(told), parts.divider(), *body.top)))


def title_of(run: RunView) -> str:
    """Of which day it is, and how far it is."""
    return f"Billing run of {day(run.bill_date)}: {_counts(run)}"


def _body(run: RunView) -> Body:
    held = any(client.state == "held" for client in run.clients)
    hint = (parts.small("A held client stays out until its cause is gone or somebody overrides it."),) if held else ()
    bottom = (_done_by(run), *hint, *_searched(run), *_next_step(run))
    things = sum(_things(client) for client in run.clients)
    in_a_file = f"/run {run.bill_date} xlsx has them all as a file"
    return Body((parts.header(title_of(run)),), _told(run), bottom, things, in_a_file)


def _things(client: RunClientView) -> int:
    """How much there is to tell of a client."""
    shown = client.state == "held" or client.state in _READY
    return shown + len(client.findings or ()) + (client.late is not None) + len(client.overrides)


def _told(run: RunView) -> Iterator[Piece]:
    """Holds, what was left out or billed twice, what drafts catch up with, the drafts, and what was let through."""
    yield from (Piece((hold(run.bill_date, client),)) for client in run.clients if client.state == "held")
    for client in run.clients:
        yield from (Piece((_told_of(client, found.text),)) for found in client.findings or ())
    yield from (Piece((_told_of(client, client.late),)) for client in run.clients if client.late is not None)
    ready = (client for client in run.clients if client.state in _READY)
    drafts = limits.pieces(ready, limits.HALF, "\n", _draft)
    yield from (Piece((parts.paragraph(lines),), count) for lines, count in drafts)
    for client in run.clients:
        yield from (Piece((_override(client, override),)) for override in client.overrides)


def _counts(run: RunView) -> str:
    states = [client.state for client in run.clients]
    counted = [f"{states.count(state)} {words}" for state, words in _COUNTED.items() if state in states]
    return "abandoned" if run.abandoned_by else ", ".join(counted) or "no clients"


def hold(bill_date: date, client: RunClientView, causes_most: int = limits.HALF, *, overrides: bool = True) -> Json:
    """A client that a run holds: its causes in so many characters, and the button for whoever may override them."""
    causes = client.causes if causes_most else ()
    why = limits.listed(causes, causes_most, "\n", lambda cause: f"• {one_line(cause)}")
    codes = limits.listed(client.held, limits.LINE)
    override = parts.button(
        "Override",
        Act.OVERRIDE,
        HoldTarget(bill_date, client.client),
        says=f"Override a hold of {parts.name(client.client_name)}",
    )
    held = f"{parts.name(client.client_name)} is held ({codes})"
    return parts.paragraph(f"{held}\n{why}" if why else held, override if overrides else None)


def _told_of(client: RunClientView, words: str) -> Json:
    return parts.paragraph(f"{parts.name(client.client_name)}\n{limits.cut(one_line(words), limits.HALF)}")


def _searched(run: RunView) -> tuple[Json, ...]:
    searched = [client for client in run.clients if client.findings is not None]
    if not searched:
        return ()
    found = sum(len(client.findings or ()) for client in searched)
    result = "nothing was found" if not found else f"{found} found, as said above"
    return (parts.small(f"Looked for what was left out or billed twice: {result}."),)


def _draft(client: RunClientView) -> str:
    total = "" if client.total_minor is None else Format(client.locale, client.currency).money(client.total_minor)
    codes = limits.listed(client.overrides, limits.LINE, show=lambda override: override.code)
    overridden = f"{codes} overridden" if codes else ""
    later = f"drafted in the run of {day(client.later_draft)}" if client.later_draft else ""
    early = f"on {day(client.issued_early_on)}, before the bill date" if client.issued_early_on else ""
    facts = filter(None, (total, client.number, client.state, early, overridden, later))
    return f"{parts.name(client.client_name)}: {', '.join(facts)}"


def _override(client: RunClientView, override: OverrideView) -> Json:
    why = f" until {day(override.until)}: {parts.reason(override.reason)}"
    what = f"{parts.name(client.client_name)}: {override.code} overridden by "
    return parts.rich(parts.text(what), parts.who(override.by), parts.text(why))


def _done_by(run: RunView) -> Json:
    steps = (
        ("Started by ", run.started_by),
        ("approved by ", run.approved_by),
        ("issued by ", run.issued_by),
        ("abandoned by ", run.abandoned_by),
    )
    line: list[parts.Inline] = []
    for words, actor in steps:
        if actor:
            line += [parts.text(f", {words}" if line else words), parts.who(actor)]
    if run.abandoned_because:
        line.append(parts.text(f": {parts.reason(run.abandoned_because)}"))
    return parts.rich(*line)


def _next_step(run: RunView) -> tuple[Json, ...]:
    states = {client.state for client in run.clients}
    target, on = RunTarget(run.bill_date, run.seal), day(run.bill_date)
    row: list[ButtonElement] = []
    if "drafted" in states:
        says = f"Approve run of {on}"
        row.append(parts.button("Approve run", Act.APPROVE_RUN, target, says=says, style="primary"))
    if "approved" in states:
        row.append(parts.button("Issue", Act.ISSUE, target, says=f"Issue the invoices of {on}", style="primary"))
    return (parts.buttons(*row),) if row else ()
