"""One client at a glance: what it pays and for whom, where its people are read, and what is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.agreement import Agreement
from billing.errors import RollcallError
from billing.invoice import draft_invoice
from billing.money import minor_of
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.change_cards import ChangeView, change_view
from commands.clients import ClientRef, named, ref
from commands.permissions import UseCase, may, require
from commands.run_cards import held_codes
from documents.sources import When, when
from rosters.changes import standing
from rosters.effects import monthly_amount
from storage import changes, clients, directories, placed, runs, seats, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, DirectoryRow


@dataclass(frozen=True, slots=True)
class RosterCount:
    """A roster: how many seats are open, and how many people count by the directories as last read."""

    name: str
    seats: int
    billable: int


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """An agreement that isn't over; `lines` are the texts of what is paid for, `end` the first day without it."""

    name: str
    start: date
    end: date | None
    months: int
    timing: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectoryHealth:
    """A directory and how its last reading went; `held` says that the safety catch holds it."""

    name: str
    kind: str
    accounts: int | None
    last_read: When | None
    failing_since: When | None
    held: bool


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is paid a month as of today, and the next invoice as it stands, None where it can't be drafted."""

    monthly_minor: int
    next_invoice_minor: int | None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client as its card shows it. Without `amounts` whoever asked may not see them.

    `held` are the codes of what holds it in the newest run, `change` is what waits for a decision. `may_change` says
    that whoever asked may change what it pays.
    """

    client: ClientRef
    bill_day: int | None
    terms_days: int
    rosters: tuple[RosterCount, ...]
    agreements: tuple[AgreementSummary, ...]
    directories: tuple[DirectoryHealth, ...]
    next_bill_date: date | None
    amounts: Amounts | None
    held: tuple[str, ...]
    change: ChangeView | None
    may_change: bool = False


def client_card(database: Database, actor: Actor, clock: Clock, client: str) -> ClientView:
    """Everything at a glance, from one snapshot."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        client_id, today = id_of(row), clock.today(row.timezone)
        snapshot = snapshots.load(session, row)
        bill_date = next_unbilled(session, client_id, snapshot.terms, today)
        pending = changes.pending(session, client_id)
        return ClientView(
            client=ref(row),
            bill_day=row.bill_day,
            terms_days=row.terms_days,
            rosters=tuple(_rosters(session, client_id, today)),
            agreements=tuple(_agreements(snapshot, today)),
            directories=tuple(_health(each, row.timezone) for each in directories.of_client(session, client_id)),
            next_bill_date=bill_date,
            amounts=_amounts(snapshot, row, today, bill_date) if may(session, actor, UseCase.SEE_MONEY) else None,
            held=_held(session, client_id),
            change=change_view(session, pending, actor) if pending else None,
            may_change=may(session, actor, UseCase.IMPORT),
        )


def _rosters(session: Session, client_id: int, today: date) -> Iterator[RosterCount]:
    known = [roster.name for roster in clients.rosters(session, client_id)]
    counted = list(standing(known, placed.placements(session, client_id)).values())
    begun = [seat for seat in seats.every(session, client_id) if seat.starts <= today]
    seated = [seat.roster for seat in begun if seat.ends is None or today < seat.ends]
    yield from (RosterCount(name, seated.count(name), counted.count(name)) for name in known)


def _agreements(snapshot: Snapshot, today: date) -> Iterator[AgreementSummary]:
    for agreement in snapshot.terms.agreements:
        if agreement.end is None or today < agreement.end:
            yield AgreementSummary(
                name=agreement.name,
                start=agreement.start,
                end=agreement.end,
                months=agreement.cycle.months,
                timing=agreement.timing,
                lines=tuple(_lines(agreement, today)),
            )


def _lines(agreement: Agreement, today: date) -> Iterator[str]:
    yield from (line.text for line in agreement.lines if line.end is None or today < line.end)


def _health(row: DirectoryRow, timezone: str) -> DirectoryHealth:
    return DirectoryHealth(
        name=row.name,
        kind=row.kind,
        accounts=row.accounts_seen,
        last_read=when(row.last_read, row.read_at, timezone),
        failing_since=when(row.failing_since, row.failing_at, timezone),
        held=row.trips is not None,
    )


def _amounts(snapshot: Snapshot, row: ClientRow, today: date, bill_date: date | None) -> Amounts:
    try:
        draft = draft_invoice(snapshot, bill_date) if bill_date else None
    except RollcallError:
        draft = None
    return Amounts(minor_of(monthly_amount(snapshot, today), row.currency), draft.subtotal_minor if draft else None)


def _held(session: Session, client_id: int) -> tuple[str, ...]:
    run = runs.newest(session)
    entry = runs.client(session, run.bill_date, client_id) if run else None
    return held_codes(entry) if entry is not None else ()
