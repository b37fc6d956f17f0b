"""One client of a run: checked, and drafted when nothing holds it."""

import json
from datetime import date

from billing.errors import RollcallError
from checks.reconcile import holds
from commands.actors import Clock
from commands.checks import Checked, check
from commands.issuing import put_draft
from documents import mismatches
from documents.format import Format
from storage import clients, invoices, notices, runs
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow, InvoiceRow, RunClientRow


def draft_one(session: Session, clock: Clock, client: ClientRow, bill_date: date) -> bool:
    """Checks and drafts one client of a run; says whether anything differs from before."""
    client_id = id_of(client)
    row = runs.client(session, bill_date, client_id)
    if row is not None and row.state == "issued":
        return False
    before = _state(row)
    row = row or RunClientRow(bill_date=bill_date, client_id=client_id, state="nothing")
    if _is_drafted_later(session, clock, client, bill_date):
        row.state, row.held, row.overridden, row.approved_hash = "nothing", "[]", "[]", None
        runs.put_client(session, row)
        return _state(row) != before
    checked = check(session, clock, client, bill_date)
    _judge(session, clock, client, row, checked)
    draft = checked.draft
    if row.state == "held" or draft is None:
        _drop_draft(session, row, client_id, bill_date)
    else:
        stored = put_draft(session, client, draft)
        _release(session, stored, bill_date)
        keeps = row.state == "approved" and row.approved_hash == stored.hash
        row.state = "approved" if keeps else "drafted"
        row.approved_hash = stored.hash if keeps else None
        row.invoice_id, row.total_minor = stored.id, draft.total_minor
    runs.put_client(session, row)
    return _state(row) != before


def _is_drafted_later(session: Session, clock: Clock, client: ClientRow, bill_date: date) -> bool:
    """Whether a later run has the client's draft, and that run's date has come: it bills this date's periods as well.

    A run that was started ahead of its date gives the draft back, or a mistyped date could never be mended.
    """
    draft = invoices.draft_of(session, id_of(client))
    return draft is not None and bill_date < draft.bill_date <= clock.today(client.timezone)


def draft_or_hold(session: Session, clock: Clock, client: ClientRow, bill_date: date) -> bool:
    """As `draft_one`; a client whose draft can't be made is held, and the others go on."""
    try:
        with session.begin_nested():
            return draft_one(session, clock, client, bill_date)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this client's alone
        session.expire_all()
        return _hold_as_broken(session, id_of(client), bill_date, error)


def _hold_as_broken(session: Session, client_id: int, bill_date: date, error: Exception) -> bool:
    """R15: the draft could not be made. What a person may read is said, anything else only by its kind."""
    row = runs.client(session, bill_date, client_id)
    before = _state(row)
    row = row or RunClientRow(bill_date=bill_date, client_id=client_id, state="held")
    why = str(error) if isinstance(error, RollcallError) else type(error).__name__
    row.state, row.approved_hash = "held", None
    row.held = json.dumps([["R15", f"The draft could not be made: {why}"]])
    row.overridden, row.late = "[]", None
    _drop_draft(session, row, client_id, bill_date)
    runs.put_client(session, row)
    return _state(row) != before


def _judge(session: Session, clock: Clock, client: ClientRow, row: RunClientRow, checked: Checked) -> None:
    """Notes what holds the client and what somebody let through; a client that isn't due is never held."""
    today = clock.today(client.timezone)
    overridden = runs.overrides(session, id_of(client))
    until = {code: override.until for code, override in overridden.items()}
    held = holds(checked.found, until, today) if checked.due or not _has_terms(session, client) else ()
    holding = [found for found in checked.found if found.effect == "hold"]
    style = Format(client.locale, client.currency)
    causes: dict[str, list[str]] = {}
    for found in holding:
        causes.setdefault(found.code, []).append(mismatches.text(found, style))
    row.held = json.dumps([[code, mismatches.together(causes[code])] for code in held])
    row.late = next((mismatches.text(found, style) for found in checked.found if found.code == "R16"), None)
    through = [overridden[code] for code in causes if code not in held and code in overridden]
    row.overridden = json.dumps([[entry.code, entry.by, entry.reason, str(entry.until)] for entry in through])
    if held:
        row.state, row.approved_hash = "held", None
    elif checked.draft is None or row.state == "held":
        row.state = "nothing"


def _has_terms(session: Session, client: ClientRow) -> bool:
    return bool(clients.terms(session, client).agreements)


def _drop_draft(session: Session, row: RunClientRow, client_id: int, bill_date: date) -> None:
    row.invoice_id = row.total_minor = row.approved_hash = None
    runs.put_client(session, row)
    stored = invoices.draft_of(session, client_id)
    if stored is not None and stored.bill_date == bill_date:
        _release(session, stored, bill_date)
        invoices.drop_draft(session, stored)


def _release(session: Session, draft: InvoiceRow, bill_date: date) -> None:
    """A client has one draft: the run that has it now takes it from those that had it before, whose cards say so."""
    for other in runs.release_draft(session, id_of(draft), bill_date):
        notices.owe(session, "run", str(other), None, None)


def _state(row: RunClientRow | None) -> tuple[object, ...]:
    return (row.state, row.held, row.total_minor, row.invoice_id) if row else ()
