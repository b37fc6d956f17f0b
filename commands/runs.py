"""The billing run: check, draft, approve, issue. Every step can be repeated; what is done already stays as it is."""

from collections.abc import Iterator, Sequence
from datetime import date

from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.clients import named, named_to_alter
from commands.drafting import draft_or_hold
from commands.issuing import issue_draft
from commands.permissions import UseCase, require
from commands.proposals import difference, propose
from commands.reasons import OVERRIDDEN, require_reason
from commands.run_cards import ABANDONED, RunView, run_view
from commands.searching import look_for_gaps
from storage import audit, changes, clients, invoices, notices, runs
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, OverrideRow, RunClientRow, RunRow

# Checking and drafting a client takes up to twenty milliseconds; more at once would hold SQLite's lock over 100 ms.
_CHUNK = 5
_CODES = ("R01", "R02", "R03", "R05", "R06", "R07", "R12", "R15", "R17", "R19", "R20")


class NoSuchRun(WrongInput):
    """No run was started for that bill date."""


class NothingToApprove(Refused):
    """The run has no draft that waits for approval."""


class NothingToIssue(Refused):
    """The run has no approved draft."""


class RunIsAbandoned(Refused):
    """Somebody gave the run up; only starting it again takes that back."""


class RunHasChanged(Refused):
    """What was shown isn't what the run holds now."""


class CodeIsUnknown(WrongInput):
    """There is no check with that code."""


class OverrideIsOver(WrongInput):
    """An override must last at least through today."""


def start(database: Database, actor: Actor, clock: Clock, bill_date: date) -> RunView:
    """Checks every client and drafts those that nothing holds; again, it refreshes what wasn't issued."""
    with database.write("run-start") as session:
        _require_run(session, actor)
        ids = [id_of(row) for row in clients.every(session)]
        row = RunRow(bill_date=bill_date, state="drafted", started_by=actor.id, started_at=clock.now())
        if runs.begin(session, row) or _taken_up_again(session, row):
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "run.start", str(bill_date), {})
    for chunk in _chunks(ids):
        _draft_chunk(database, clock, chunk, bill_date)
    return show(database, bill_date)


def status(database: Database, actor: Actor, bill_date: date | None = None) -> RunView:
    """The run of a bill date, or the newest one."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        return run_view(session, run_of(session, bill_date))


def to_be_overridden(database: Database, actor: Actor, bill_date: date) -> RunView:
    """A run for somebody who is about to override a hold of it; raises NotAllowed before anything is asked."""
    with database.read() as session:
        require(session, actor, UseCase.OVERRIDE)
        return run_view(session, run_of(session, bill_date))


def show(database: Database, bill_date: date) -> RunView:
    """A run as it is now; for cards, so without a role."""
    with database.read() as session:
        return run_view(session, run_of(session, bill_date))


def approve(
    database: Database, actor: Actor, clock: Clock, bill_date: date | None = None, *, shown: str | None = None
) -> RunView:
    """Approves every draft of the run as it is now. `shown` is the seal of what the approver saw.

    Raises:
        RunHasChanged: the run isn't what the approver saw.
        NothingToApprove: no draft waits.

    """
    with database.write("run-approve") as session:
        _require_run(session, actor)
        run = _open(run_of(session, bill_date))
        view = run_view(session, run)
        if shown is not None and shown != view.seal:
            raise RunHasChanged("The run has changed since it was shown; nothing was approved. Look at it again.")
        waiting = [row for row in runs.clients(session, run.bill_date) if row.state == "drafted"]
        if not waiting and not any(entry.state in {"approved", "issued"} for entry in view.clients):
            raise NothingToApprove(f"The run of {run.bill_date} has no draft to approve.")
        documents = runs.documents(session, run.bill_date)
        for row in waiting:
            row.approved_hash, row.state = documents[_drafted(row)].hash, "approved"
            runs.put_client(session, row)
        if waiting:
            _open(run_of(session, run.bill_date, lock=True))
            run.state, run.approved_by = "approved", actor.id
            runs.put(session, run)
            said = {"clients": len(waiting), "seal": view.seal}
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "run.approve", str(run.bill_date), said)
            notices.owe(session, "run", str(run.bill_date), None, None)
        return run_view(session, run)


def issue(database: Database, actor: Actor, clock: Clock, bill_date: date | None = None) -> RunView:
    """Numbers and freezes every approved draft, a client a transaction; one that differs since asks again.

    Then what was silently left out or billed twice is looked for among all clients of the run.
    """
    with database.read() as session:
        _require_run(session, actor)
        run = _open(run_of(session, bill_date))
        on = run.bill_date
        rows = runs.clients(session, on)
        approved = [row.client_id for row in rows if row.state == "approved"]
        if not approved and not any(row.state == "issued" for row in rows):
            raise NothingToIssue(f"The run of {on} has no approved draft: approve it first.")
    for client_id in approved:
        with database.write("run-issue") as session:
            _issue_one(session, actor, clock, client_id, on)
            _settle(session, on, tell=client_id == approved[-1], issued_by=actor.id)
    look_for_gaps(database, actor, clock, on)
    return show(database, on)


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
    require_reason(reason, OVERRIDDEN)
    with database.write("run-override") as session:
        require(session, actor, UseCase.OVERRIDE)
        run = _open(run_of(session, bill_date))
        row = clients.lock(session, id_of(named_to_alter(session, client)))
        _refuse_over(clock, row, until)
        entry = OverrideRow(client_id=id_of(row), code=code, by=actor.id, reason=reason, until=until, at=clock.now())
        is_new = runs.add_override(session, entry)
        if is_new:
            said = {"code": code, "reason": reason, "until": until, "bill_date": run.bill_date}
            audit.append(session, row.slug, clock.now(), actor.id, "run.override", row.slug, said)
        altered = draft_or_hold(session, clock, row, run.bill_date)
        _settle(session, run.bill_date, tell=altered or is_new)
        return run_view(session, run)


def _require_run(session: Session, actor: Actor) -> None:
    """Whoever runs the billing approves amounts, so they must be allowed to see them."""
    require(session, actor, UseCase.RUN)
    require(session, actor, UseCase.SEE_MONEY)


def refuse_over(database: Database, actor: Actor, clock: Clock, client: str, until: date) -> None:
    """Raises OverrideIsOver as `override` would, and lets nothing through: for a form that says so at its field."""
    with database.read() as session:
        require(session, actor, UseCase.OVERRIDE)
        _refuse_over(clock, named(session, client), until)


def _refuse_over(clock: Clock, client: ClientRow, until: date) -> None:
    if until < clock.today(client.timezone):
        raise OverrideIsOver(f"An override until {until} is over already; give a day from today on.")


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The clients a few at a time, and one empty chunk where there is none."""
    for start_at in range(0, max(len(ids), 1), _CHUNK):
        yield ids[start_at : start_at + _CHUNK]


def _draft_chunk(database: Database, clock: Clock, ids: Sequence[int], bill_date: date) -> None:
    with database.write("run-draft") as session:
        changed = [draft_or_hold(session, clock, clients.lock(session, client_id), bill_date) for client_id in ids]
        _settle(session, bill_date, tell=any(changed))


def _issue_one(session: Session, actor: Actor, clock: Clock, client_id: int, bill_date: date) -> None:
    """Recomputes under the client's lock; only what is still exactly what was approved is issued."""
    client = clients.lock(session, client_id)
    row = runs.client(session, bill_date, client_id)
    if row is None or row.state != "approved":
        return
    draft_or_hold(session, clock, client, bill_date)
    session.refresh(row)
    if row.state != "approved":
        return
    stored = invoices.get(session, _drafted(row))
    issue_draft(session, actor, clock, client, stored)
    row.state = "issued"
    runs.put_client(session, row)
    if changes.pending(session, client_id) is not None:
        # What waits goes to the next invoice from now on; its card must not promise this one.
        propose(session, actor, clock, client, difference(session, client, clock.today(client.timezone)))


def _drafted(row: RunClientRow) -> int:
    if row.invoice_id is None:
        raise ValueError(f"A client that is {row.state} in a run has a draft.")
    return row.invoice_id


def _settle(session: Session, bill_date: date, *, tell: bool, issued_by: str | None = None) -> None:
    """Brings the run's own state in line with its clients; the card that is owed goes with it.

    It belongs into the transaction that altered the clients: the next start finds nothing altered any more, and would
    leave the run's state, and its card, as they were before.
    """
    run = _open(run_of(session, bill_date, lock=True))
    states = {row.state for row in runs.clients(session, bill_date)}
    order = ("drafted", "approved", "issued")
    run.state = next((state for state in order if state in states), run.state)
    run.issued_by = issued_by or run.issued_by
    runs.put(session, run)
    if tell or runs.never_told(session, bill_date):
        notices.owe(session, "run", str(bill_date), None, None)


def run_of(session: Session, bill_date: date | None, *, lock: bool = False) -> RunRow:
    """The run of a bill date, or the newest one; held by this transaction if it is to be.

    Raises:
        NoSuchRun: none was started.

    """
    run = runs.newest(session) if bill_date is None else runs.get(session, bill_date)
    if run is not None and lock:
        run = runs.lock(session, run.bill_date)
    if run is None:
        when = f"for {bill_date}" if bill_date else "yet"
        raise NoSuchRun(f"No run was started {when}: rollcall run start {bill_date or 'YYYY-MM-DD'}")
    return run


def _open(run: RunRow) -> RunRow:
    """The run, unless it was given up, perhaps while this step was under way."""
    if run.state == ABANDONED:
        on = run.bill_date
        raise RunIsAbandoned(f"The run of {on} was abandoned. If it is wanted all the same: rollcall run start {on}")
    return run


def _taken_up_again(session: Session, started: RunRow) -> bool:
    """Whether the run was abandoned; then it begins as if it were new."""
    run = run_of(session, started.bill_date, lock=True)
    if run.state != ABANDONED:
        return False
    run.state, run.started_by, run.started_at = started.state, started.started_by, started.started_at
    run.approved_by = run.abandoned_by = run.abandoned_because = None
    runs.put(session, run)
    return True
