"""A run that should never have been started, such as one of a mistyped year, is given up before anything is issued."""

from datetime import date

from billing.errors import Refused
from commands import reasons
from commands.actors import Actor, Clock
from commands.permissions import UseCase, require
from commands.run_cards import ABANDONED, RunView
from commands.runs import run_of, show
from storage import audit, clients, invoices, notices, runs
from storage.database import Database, Session
from storage.ids import id_of

_CHUNK = 20


class RunIsIssued(Refused):
    """Invoices of the run went out, so it can't be as if it had never been."""


def to_be_abandoned(database: Database, actor: Actor, bill_date: date) -> RunView:
    """The run that somebody means to give up, for being asked once more.

    Raises:
        RunIsIssued, NoSuchRun: as for giving it up.

    """
    with database.read() as session:
        require(session, actor, UseCase.RUN)
        run_of(session, bill_date)
        _refuse_issued(session, bill_date)
    return show(database, bill_date)


def abandon(database: Database, actor: Actor, clock: Clock, bill_date: date, *, reason: str) -> RunView:
    """Gives up a run and drops its drafts; again, it drops what is left. Starting the run anew takes this back.

    Raises:
        RunIsIssued: a document of it has its number.
        NoSuchRun: there is none of that date.

    """
    reasons.require_reason(reason, reasons.ABANDONED)
    with database.write("run-abandon") as session:
        require(session, actor, UseCase.RUN)
        run = run_of(session, bill_date, lock=True)
        _refuse_issued(session, bill_date)
        if run.state != ABANDONED:
            run.state, run.abandoned_by, run.abandoned_because = ABANDONED, actor.id, reason.strip()
            runs.put(session, run)
            said = {"reason": reason.strip()}
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "run.abandon", str(bill_date), said)
            notices.owe(session, "run", str(bill_date), None, None)
        left = [row.client_id for row in runs.clients(session, bill_date)]
    for start_at in range(0, len(left), _CHUNK):
        with database.write("run-abandon-drafts") as session:
            for client_id in left[start_at : start_at + _CHUNK]:
                _leave(session, client_id, bill_date)
    return show(database, bill_date)


def _refuse_issued(session: Session, bill_date: date) -> None:
    issued = [row for row in runs.clients(session, bill_date) if row.state == "issued"]
    if issued:
        many = "1 document" if len(issued) == 1 else f"{len(issued)} documents"
        raise RunIsIssued(
            f"The run of {bill_date} has issued {many}, so it can't be abandoned; what is wrong with one is put "
            "right by a credit note: rollcall credit NUMBER."
        )


def _leave(session: Session, client_id: int, bill_date: date) -> None:
    """Takes a client out of the run, unless somebody has started it anew meanwhile."""
    client = clients.lock(session, client_id)
    row = runs.client(session, bill_date, client_id)
    if row is None or run_of(session, bill_date).state != ABANDONED:
        return
    runs.drop_client(session, row)
    draft = invoices.draft_of(session, id_of(client))
    if draft is not None and draft.bill_date == bill_date:
        invoices.drop_draft(session, draft)
