"""The checks of one client for one bill date: facts gathered in one transaction, judged by billing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from zoneinfo import ZoneInfo

from billing.agreement import next_bill_date
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.snapshot import Snapshot
from checks.mismatches import Drift, Mismatch, SourceState, UnknownLicence, Unpriced, in_order
from checks.people import about_people
from checks.reconcile import ClientFacts, broken_invariants, mismatches
from commands.actors import Clock
from commands.bounds import breaches
from commands.duplicates import duplicates
from commands.proposals import difference
from documents.document import NAME_ERASED
from rosters.catch import Trip
from rosters.changes import ChangeItem, effect, standing
from rosters.effects import counted_on, uncovered
from rosters.licences import is_licence
from storage import changes, clients, directories, licences, placed, seats, snapshots
from storage import standing as standing_rows
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
        sources=tuple(_source(row, client, today) for row in directories.of_client(session, id_of(client))),
        has_agreement=_has_agreement(snapshot, bill_date, draft),
        pending=items,
        pending_effect=effect(snapshot, items, bill_date) if items else None,
        drifts=tuple(_drifts(session, client, snapshot, items, today)),
        draft=draft,
        broken=broken_invariants(snapshot, draft, today),
        breaches=breaches(session, client, snapshot, draft, bill_date, today),
        uncovered=tuple(uncovered(snapshot.terms, snapshot.readings)),
        unpriced=tuple(_unpriced(session, client, snapshot, bill_date)),
        unknown_licences=tuple(_unknown_licences(session, client, snapshot, today)),
        duplicates=tuple(duplicates(session, client, snapshot, today)),
    )
    return Checked(draft, due, in_order((*mismatches(facts), *_about_people(session, client, snapshot, today))))


def _about_people(session: Session, client: ClientRow, snapshot: Snapshot, today: date) -> Iterable[Mismatch]:
    client_id = id_of(client)
    counted = [measure.name for measure in snapshot.terms.measures() if measure.kind == "licence"]
    return about_people(
        client.slug,
        today,
        clients.rosters_of(session, client_id),
        counted,
        standing_rows.of_client(session, client_id, NAME_ERASED),
        standing_rows.splits(session, client_id, NAME_ERASED),
        client.inactive_days,
    )


def _source(row: DirectoryRow, client: ClientRow, today: date) -> SourceState:
    return SourceState(
        name=row.name,
        last_read=_last_read(row, client, today),
        failing_since=row.failing_since,
        failure=row.failure,
        trips=decode(tuple[Trip, ...], row.trips) if row.trips else (),
        accounts_seen=row.accounts_seen,
    )


def _last_read(row: DirectoryRow, client: ClientRow, today: date) -> date | None:
    """The day of the last reading; by its moment, where that day is yet to come, as a mistyped one is."""
    if row.last_read is None or row.last_read <= today or row.read_at is None:
        return row.last_read
    read_at = row.read_at.replace(tzinfo=row.read_at.tzinfo or UTC)
    return min(today, read_at.astimezone(ZoneInfo(client.timezone)).date())


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
    found = difference(session, client, today)
    waiting = {item.identity for item in pending}
    undecided = tuple(item for item in found.items if item.identity not in waiting)
    counts = _billable(session, client)
    open_seats = seats.open_counts(session, id_of(client))
    for roster in clients.rosters(session, id_of(client)):
        mine = tuple(item for item in undecided if item.roster == roster.name)
        refused = tuple(item for item in found.refused if item.roster == roster.name)
        if mine or refused:
            yield Drift(
                roster=roster.name,
                billable=counts.get(roster.name, 0),
                open_seats=open_seats.get(roster.name, 0),
                opens=sum(item.kind == "join" for item in mine),
                closes=sum(item.kind == "leave" for item in mine),
                monthly_minor=effect(snapshot, mine, today).monthly_minor if mine else 0,
                rejected=len(refused),
                rejected_monthly_minor=effect(snapshot, refused, today).monthly_minor if refused else 0,
            )
    yield from (_accepted_number(item, snapshot, today) for item in found.refused if item.measure is not None)


def _accepted_number(item: ChangeItem, snapshot: Snapshot, today: date) -> Drift:
    """A counted number that was refused, and the one in force."""
    name = item.measure.name if item.measure else ""
    monthly_minor = effect(snapshot, (item,), today).monthly_minor
    return Drift(name, int(item.after or 0), int(item.before or 0), 0, 0, 0, 1, monthly_minor)


def _unpriced(session: Session, client: ClientRow, snapshot: Snapshot, on: date) -> Iterable[Unpriced]:
    """Where people have a seat and no line counts it, so that nobody pays for them."""
    counted = {measure.name for measure in counted_on(snapshot.terms, on) if measure.kind == "roster"}
    for roster, people in seats.open_counts(session, id_of(client)).items():
        if people and roster not in counted:
            yield Unpriced(roster, people)


def _unknown_licences(session: Session, client: ClientRow, snapshot: Snapshot, today: date) -> Iterable[UnknownLicence]:
    """What lines count and no source has, once every source was asked."""
    if not licences.counting(session, id_of(client)):
        return
    names = [each.licence for each in licences.bought(session, id_of(client))]
    for measure in counted_on(snapshot.terms, today):
        if measure.kind == "licence" and not any(is_licence(measure, name) for name in names):
            steps = snapshot.stated.get(measure, ())
            number = snapshot.quantities(today)[measure].at(today) if steps else None
            yield UnknownLicence(measure.name, number)


def _billable(session: Session, client: ClientRow) -> dict[str, int]:
    client_id = id_of(client)
    rosters = [row.name for row in clients.rosters(session, client_id)]
    return Counter(standing(rosters, placed.placements(session, client_id)).values())
