"""The billing run: check, draft, approve, issue. Every step can be repeated; what is done already stays as it is."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing.errors import Refused, WrongInput
from billing.reconcile import holds
from commands.actors import Actor, Clock
from commands.checks import Checked, check
from commands.clients import named
from commands.issuing import issue_draft, put_draft
from commands.permissions import UseCase, require
from documents import mismatches
from documents.format import Format
from storage import audit, clients, invoices, notices, runs
from storage.database import Database, Session
from storage.tables import ClientRow, OverrideRow, RunClientRow, RunRow

# Checking and drafting a client takes a few milliseconds; more at once would hold SQLite's lock over 100 ms.
_CHUNK = 20
_CODES = ("R01", "R02", "R03", "R05", "R06", "R07", "R15")


class NoSuchRun(WrongInput):
    """No run was started for that bill date."""


class NothingToApprove(Refused):
    """The run has no draft that waits for approval."""


class NothingToIssue(Refused):
    """The run has no approved draft."""


class RunHasChanged(Refused):
    """What was shown isn't what the run holds now."""


class CodeIsUnknown(WrongInput):
    """There is no check with that code."""


class ReasonIsMissing(WrongInput):
    """An override without a reason explains nothing."""


class OverrideIsOver(WrongInput):
    """An override must last at least through today."""


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


def start(database: Database, actor: Actor, clock: Clock, bill_date: date) -> RunView:
    """Checks every client and drafts those that nothing holds; again, it refreshes what wasn't issued."""
    with database.write("run-start") as session:
        require(session, actor, UseCase.RUN)
        ids = [row.id or 0 for row in clients.every(session)]
        if runs.get(session, bill_date) is None:
            row = RunRow(bill_date=bill_date, state="drafted", started_by=actor.id, started_at=clock.now())
            runs.put(session, row)
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "run.start", str(bill_date), {})
    changed = [_draft_chunk(database, clock, chunk, bill_date) for chunk in _chunks(ids)]
    return _finish(database, bill_date, tell=any(changed))


def status(database: Database, actor: Actor, bill_date: date | None = None) -> RunView:
    """The run of a bill date, or the newest one."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        return _view(session, _run(session, bill_date))


def show(database: Database, bill_date: date) -> RunView:
    """A run as it is now; for cards, so without a role."""
    with database.read() as session:
        return _view(session, _run(session, bill_date))


def approve(
    database: Database, actor: Actor, clock: Clock, bill_date: date | None = None, *, shown: str | None = None
) -> RunView:
    """Approves every draft of the run as it is now. `shown` is the seal of what the approver saw.

    Raises:
        RunHasChanged: the run isn't what the approver saw.
        NothingToApprove: no draft waits.

    """
    with database.write("run-approve") as session:
        require(session, actor, UseCase.RUN)
        run = _run(session, bill_date)
        view = _view(session, run)
        if shown is not None and shown != view.seal:
            raise RunHasChanged("The run has changed since it was shown; nothing was approved. Look at it again.")
        waiting = [row for row in runs.clients(session, run.bill_date) if row.state == "drafted"]
        if not waiting and not any(entry.state in {"approved", "issued"} for entry in view.clients):
            raise NothingToApprove(f"The run of {run.bill_date} has no draft to approve.")
        for row in waiting:
            row.approved_hash = invoices.get(session, row.invoice_id or 0).hash
            row.state = "approved"
            runs.put_client(session, row)
        if waiting:
            run.state, run.approved_by = "approved", actor.id
            runs.put(session, run)
            said = {"clients": len(waiting), "seal": view.seal}
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "run.approve", str(run.bill_date), said)
            notices.owe(session, "run", str(run.bill_date), None, None)
        return _view(session, run)


def issue(database: Database, actor: Actor, clock: Clock, bill_date: date | None = None) -> RunView:
    """Numbers and freezes every approved draft, a client a transaction; one that differs since asks again."""
    with database.read() as session:
        require(session, actor, UseCase.RUN)
        run = _run(session, bill_date)
        on = run.bill_date
        rows = runs.clients(session, on)
        approved = [row.client_id for row in rows if row.state == "approved"]
        if not approved and not any(row.state == "issued" for row in rows):
            raise NothingToIssue(f"The run of {on} has no approved draft: approve it first.")
    for client_id in approved:
        with database.write("run-issue") as session:
            _issue_one(session, actor, clock, client_id, on)
    return _finish(database, on, tell=bool(approved), issued_by=actor.id if approved else None)


def override(
    database: Database,
    actor: Actor,
    clock: Clock,
    client: str,
    code: str,
    reason: str,
    until: date,
    bill_date: date | None = None,
) -> RunView:
    """Lets one hold of one client through until a day (the last one on which it counts), and drafts the client."""
    code = code.strip().upper()
    if code not in _CODES:
        raise CodeIsUnknown(f"{code!r} is no check that can hold a client: possible are {', '.join(_CODES)}.")
    if not reason.strip():
        raise ReasonIsMissing("Say why the hold is overridden: --reason TEXT.")
    with database.write("run-override") as session:
        require(session, actor, UseCase.OVERRIDE)
        run = _run(session, bill_date)
        row = clients.lock(session, named(session, client).id or 0)
        if until < clock.today(row.timezone):
            raise OverrideIsOver(f"An override until {until} is over already; give a day from today on.")
        entry = OverrideRow(client_id=row.id or 0, code=code, by=actor.id, reason=reason, until=until, at=clock.now())
        runs.add_override(session, entry)
        said = {"code": code, "reason": reason, "until": until, "bill_date": run.bill_date}
        audit.append(session, row.slug, clock.now(), actor.id, "run.override", row.slug, said)
        _draft_one(session, clock, row, run.bill_date)
        notices.owe(session, "run", str(run.bill_date), None, None)
        return _view(session, run)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start_at in range(0, len(ids), _CHUNK):
        yield ids[start_at : start_at + _CHUNK]


def _draft_chunk(database: Database, clock: Clock, ids: Sequence[int], bill_date: date) -> bool:
    with database.write("run-draft") as session:
        changed = [_draft_one(session, clock, clients.lock(session, client_id), bill_date) for client_id in ids]
        return any(changed)


def _draft_one(session: Session, clock: Clock, client: ClientRow, bill_date: date) -> bool:
    """Checks and drafts one client of a run; says whether anything differs from before."""
    client_id = client.id or 0
    row = runs.client(session, bill_date, client_id)
    if row is not None and row.state == "issued":
        return False
    before = _state(row)
    row = row or RunClientRow(bill_date=bill_date, client_id=client_id, state="nothing")
    checked = check(session, clock, client, bill_date)
    _judge(session, clock, client, row, checked)
    draft = checked.draft
    if row.state == "held" or draft is None:
        _drop_draft(session, row, client_id, bill_date)
    else:
        stored = put_draft(session, client, draft)
        keeps = row.state == "approved" and row.approved_hash == stored.hash
        row.state = "approved" if keeps else "drafted"
        row.approved_hash = stored.hash if keeps else None
        row.invoice_id, row.total_minor = stored.id, draft.total_minor
    runs.put_client(session, row)
    return _state(row) != before


def _judge(session: Session, clock: Clock, client: ClientRow, row: RunClientRow, checked: Checked) -> None:
    """Notes what holds the client and what somebody let through; a client that isn't due is never held."""
    today = clock.today(client.timezone)
    overridden = runs.overrides(session, client.id or 0)
    held = holds(checked.found, overridden, today) if checked.due or not _has_terms(session, client) else ()
    holding = [found for found in checked.found if found.effect == "hold"]
    style = Format(client.locale, client.currency)
    causes: dict[str, str] = {found.code: mismatches.text(found, style) for found in holding}
    row.held = json.dumps([[code, causes[code]] for code in held])
    row.overridden = json.dumps([[code, cause] for code, cause in causes.items() if code not in held])
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
        runs.forget_invoice(session, stored.id or 0)
        invoices.drop_draft(session, stored)


def _issue_one(session: Session, actor: Actor, clock: Clock, client_id: int, bill_date: date) -> None:
    """Recomputes under the client's lock; only what is still exactly what was approved is issued."""
    client = clients.lock(session, client_id)
    row = runs.client(session, bill_date, client_id)
    if row is None or row.state != "approved":
        return
    _draft_one(session, clock, client, bill_date)
    session.refresh(row)
    if row.state != "approved":
        return
    stored = invoices.get(session, row.invoice_id or 0)
    issue_draft(session, actor, clock, client, stored)
    row.state = "issued"
    runs.put_client(session, row)


def _finish(database: Database, bill_date: date, *, tell: bool, issued_by: str | None = None) -> RunView:
    """Brings the run's own state in line with its clients; the card that is owed goes with it."""
    with database.write("run-state") as session:
        run = _run(session, bill_date)
        states = {row.state for row in runs.clients(session, bill_date)}
        order = ("drafted", "approved", "issued")
        run.state = next((state for state in order if state in states), run.state)
        run.issued_by = issued_by or run.issued_by
        runs.put(session, run)
        if tell or runs.never_told(session, bill_date):
            notices.owe(session, "run", str(bill_date), None, None)
        return _view(session, run)


def _run(session: Session, bill_date: date | None) -> RunRow:
    run = runs.newest(session) if bill_date is None else runs.get(session, bill_date)
    if run is None:
        when = f"for {bill_date}" if bill_date else "yet"
        raise NoSuchRun(f"No run was started {when}: rollcall run start {bill_date or 'YYYY-MM-DD'}")
    return run


def _state(row: RunClientRow | None) -> tuple[object, ...]:
    return (row.state, row.held, row.total_minor, row.invoice_id) if row else ()


def _view(session: Session, run: RunRow) -> RunView:
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
