"""A billing run as its card and the command line show it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from storage import clients, invoices, runs
from storage.database import Session
from storage.tables import ClientRow, RunClientRow, RunRow


@dataclass(frozen=True, slots=True)
class RunClientView:
    """One client of a run. `causes` says in sentences what holds it."""

    client: str
    client_name: str
    currency: str
    locale: str
    state: str
    held: tuple[str, ...]
    causes: tuple[str, ...]
    total_minor: int | None
    number: str | None
    overridden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its card shows it; `seal` says exactly what was shown, for an approval to bind to."""

    bill_date: date
    state: str
    clients: tuple[RunClientView, ...]
    started_by: str
    approved_by: str | None
    issued_by: str | None
    seal: str


def run_view(session: Session, run: RunRow) -> RunView:
    """The run as it is now, the clients by slug."""
    known = {row.id: row for row in clients.every(session)}
    views = [_client_view(session, row, known[row.client_id]) for row in runs.clients(session, run.bill_date)]
    views.sort(key=lambda view: view.client)
    shown = [f"{view.client}|{view.state}|{view.total_minor}|{','.join(view.held)}" for view in views]
    return RunView(
        bill_date=run.bill_date,
        state=run.state,
        clients=tuple(views),
        started_by=run.started_by,
        approved_by=run.approved_by,
        issued_by=run.issued_by,
        seal=hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16],
    )


def _client_view(session: Session, row: RunClientRow, client: ClientRow) -> RunClientView:
    held = json.loads(row.held)
    number = invoices.get(session, row.invoice_id).number_text if row.invoice_id else None
    return RunClientView(
        client=client.slug,
        client_name=client.name,
        currency=client.currency,
        locale=client.locale,
        state=row.state,
        held=tuple(code for code, _ in held),
        causes=tuple(cause for _, cause in held),
        total_minor=row.total_minor,
        number=number,
        overridden=tuple(code for code, _ in json.loads(row.overridden)),
    )
