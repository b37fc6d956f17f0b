"""A billing run: one card with what is held and why, what is drafted, and the next step."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.actions import Act, HoldTarget, RunTarget
from bot.message import Json, Message
from bot.views import limits, parts
from commands.run_cards import OverrideView, RunClientView, RunView
from documents.format import Format, day, one_line

_CLIENTS_A_BLOCK = 15
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
    held = [client for client in run.clients if client.state == "held"]
    ready = [client for client in run.clients if client.state in _READY]
    title = f"Billing run of {day(run.bill_date)}: {_counts(run)}"
    overrides = [_override(client, override) for client in run.clients for override in client.overrides]
    middle = [*(_hold(run, client) for client in held), *_drafts(ready), *overrides]
    note = parts.small("There are more clients than fit here: rollcall run status lists them all.")
    hint = (parts.small("A held client stays out until its cause is gone or somebody overrides it."),) if held else ()
    blocks = limits.fitted((parts.header(title),), middle, (_done_by(run), *hint, *_next_step(run)), note)
    return Message(title, blocks)


def run_note(run: RunView) -> Message:
    """What the one who took a step is told."""
    return parts.said(f"Done. Billing run of {day(run.bill_date)}: {_counts(run)}. The card says so too.")


def outdated_run(refusal: str, run: RunView) -> Message:
    """Why a click on an older card did nothing, and the run as it is now."""
    waits = any(client.state == "drafted" for client in run.clients)
    told = refusal if waits else f"The billing run of {day(run.bill_date)} is approved already."
    return Message(told, (parts.paragraph(told), parts.divider(), *run_card(run).blocks))


def _counts(run: RunView) -> str:
    states = [client.state for client in run.clients]
    counted = [f"{states.count(state)} {words}" for state, words in _COUNTED.items() if state in states]
    return ", ".join(counted) or "no clients"


def _hold(run: RunView, client: RunClientView) -> Json:
    causes = limits.listed([f"• {one_line(cause)}" for cause in client.causes], limits.SECTION // 2, "\n")
    codes = ", ".join(client.held)
    override = parts.button(
        "Override",
        Act.OVERRIDE,
        HoldTarget(run.bill_date, client.client),
        says=f"Override a hold of {client.client_name}",
    )
    return parts.paragraph(f"{parts.name(client.client_name)} is held ({codes})\n{causes}", override)


def _drafts(clients: Sequence[RunClientView]) -> list[Json]:
    lines = [_draft(client) for client in clients]
    chunks = [lines[at : at + _CLIENTS_A_BLOCK] for at in range(0, len(lines), _CLIENTS_A_BLOCK)]
    return [parts.paragraph("\n".join(chunk)) for chunk in chunks]


def _draft(client: RunClientView) -> str:
    total = "" if client.total_minor is None else Format(client.locale, client.currency).money(client.total_minor)
    codes = ", ".join(override.code for override in client.overrides)
    overridden = f"{codes} overridden" if codes else ""
    later = f"drafted in the run of {day(client.later_draft)}" if client.later_draft else ""
    early = f"on {day(client.issued_early_on)}, before the bill date" if client.issued_early_on else ""
    facts = filter(None, (total, client.number, client.state, early, overridden, later))
    return f"{parts.name(client.client_name)}: {', '.join(facts)}"


def _override(client: RunClientView, override: OverrideView) -> Json:
    why = f" until {day(override.until)}: {one_line(override.reason)}"
    what = f"{parts.name(client.client_name)}: {override.code} overridden by "
    return parts.rich(parts.text(what), parts.who(override.by), parts.text(why))


def _done_by(run: RunView) -> Json:
    steps = (("Started by ", run.started_by), ("approved by ", run.approved_by), ("issued by ", run.issued_by))
    line: list[parts.Inline] = []
    for words, actor in steps:
        if actor:
            line += [parts.text(f", {words}" if line else words), parts.who(actor)]
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
