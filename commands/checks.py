"""The checks of one client for one bill date: facts gathered in one transaction, judged by billing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.bill_dates import next_bill_date
from billing.changes import ChangeItem, effect
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.reconcile import ClientFacts, Drift, Mismatch, SourceState, broken_invariants, mismatches
from billing.safety import Trip
from billing.snapshot import Snapshot
from commands.actors import Clock
from commands.proposals import difference
from storage import changes, clients, directories, snapshots
from storage.codec import decode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow, DirectoryRow


@dataclass(frozen=True, slots=True)
class Checked:
    """A client's draft for a bill date (None: nothing owed, or not a bill date) and what disagrees."""

    draft: Draft | None
    due: bool
    found: tuple[Mismatch, ...]


def check(session: Session, clock: Clock, client: ClientRow, bill_date: date) -> Checked:
    """Drafts the client's document and compares every source that should agree."""
    today = clock.today(client.timezone)
    snapshot = snapshots.load(session, client)
    due = next_bill_date(snapshot.terms, bill_date) == bill_date
    draft = draft_invoice(snapshot, bill_date) if due else None
    pending = changes.pending(session, id_of(client))
    items = changes.items(session, pending) if pending else ()
    facts = ClientFacts(
        client=client.slug,
        currency=client.currency,
        today=today,
        bill_date=bill_date,
        sources=tuple(_source(row) for row in directories.of_client(session, id_of(client))),
        has_agreement=_has_agreement(snapshot, bill_date, draft),
        pending=items,
        pending_effect=effect(snapshot, items, bill_date) if items else None,
        drifts=tuple(_drifts(session, client, snapshot, items, today)),
        draft=draft,
        broken=broken_invariants(snapshot, draft, today),
    )
    return Checked(draft, due, mismatches(facts))


def _source(row: DirectoryRow) -> SourceState:
    return SourceState(
        name=row.name,
        last_read=row.last_read,
        failing_since=row.failing_since,
        failure=row.failure,
        trips=decode(tuple[Trip, ...], row.trips) if row.trips else (),
        accounts_seen=row.accounts_seen,
    )


def _has_agreement(snapshot: Snapshot, bill_date: date, draft: Draft | None) -> bool:
    """Whether somebody pays: an agreement in force, something still owed, or nobody left to pay for."""
    agreements = snapshot.terms.as_known(bill_date).agreements
    if draft is not None or any(agreement.in_force(bill_date) for agreement in agreements):
        return True
    seated = any(seat.end is None for seat in snapshot.seats)
    return bool(agreements) and not seated


def _drifts(
    session: Session, client: ClientRow, snapshot: Snapshot, pending: Iterable[ChangeItem], today: date
) -> Iterable[Drift]:
    found = difference(session, client)
    waiting = {item.identity for item in pending}
    undecided = tuple(item for item in found.items if item.identity not in waiting)
    counts = _billable(session, client)
    open_seats = [seat.roster for seat in changes.open_seats(session, id_of(client)).values()]
    for roster in clients.rosters(session, id_of(client)):
        mine = tuple(item for item in undecided if item.roster == roster.name)
        refused = tuple(item for item in found.refused if item.roster == roster.name)
        if mine or refused:
            yield Drift(
                roster=roster.name,
                billable=counts.get(roster.name, 0),
                open_seats=open_seats.count(roster.name),
                opens=sum(item.kind == "join" for item in mine),
                closes=sum(item.kind == "leave" for item in mine),
                monthly_minor=effect(snapshot, mine, today).monthly_minor if mine else 0,
                rejected=len(refused),
                rejected_monthly_minor=effect(snapshot, refused, today).monthly_minor if refused else 0,
            )


def _billable(session: Session, client: ClientRow) -> dict[str, int]:
    people: dict[str, set[int]] = {}
    for placement in directories.placements(session, id_of(client)):
        if placement.roster is not None:
            people.setdefault(placement.roster, set()).add(placement.person)
    return {roster: len(counted) for roster, counted in people.items()}
