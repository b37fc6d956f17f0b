"""A digest as its channel reads it: what needs somebody, the next run, and what moved in a month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.calendar import add_months
from billing.snapshot import Snapshot
from commands.alerts import AlertView, alert_view
from commands.bill_dates import next_unbilled
from commands.change_cards import ChangeView, change_view
from commands.digest_revenue import RevenueView, revenue
from commands.run_cards import RunClientView, RunView, run_view
from storage import changes, clients, directories, failures, quantities, runs, seats
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that waits for approval, and for how many days it has."""

    change: ChangeView
    days: int


@dataclass(frozen=True, slots=True)
class NextRun:
    """The billing run that is next: the one that was started and isn't through, else that of the next bill date.

    `clients` are those who are billed in it, `issued` how many of them are through. `due` says that its day has come.
    """

    bill_date: date
    started: bool
    due: bool
    clients: int
    held: tuple[RunClientView, ...] = ()
    to_approve: int = 0
    to_issue: int = 0
    issued: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """How many people a client had on the day a month before, and has now."""

    client: str
    client_name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody who is billable, now and on the day a month before; the largest movements come first."""

    since: date
    before: Decimal
    after: Decimal
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest as of a day. `quiet` says that nothing needs anybody and nothing has moved.

    `given_up` is how many cards Slack did not take for a day, of all clients.
    """

    on: date
    clients: int
    changes: tuple[WaitingChange, ...]
    alerts: tuple[AlertView, ...]
    run: NextRun | None
    people: PeopleView
    revenue: RevenueView
    quiet: bool
    given_up: int = 0


def digest_view(session: Session, rows: Sequence[ClientRow], on: date) -> DigestView:
    """The digest of some clients as of a day; all of it is of one snapshot of the database."""
    by_id = {id_of(row): row for row in rows}
    facts = {client_id: _facts(session, row) for client_id, row in by_id.items()}
    bill_dates = {client_id: next_unbilled(session, client_id, each.terms, on) for client_id, each in facts.items()}
    waiting = tuple(_waiting(session, by_id, on))
    alerts = tuple(alert_view(session, row, by_id[row.client_id]) for row in directories.troubled(session, by_id))
    run = _next_run(session, by_id, bill_dates, on)
    people = _people(by_id, facts, on)
    billed = revenue(session, by_id, bill_dates, on)
    given_up = failures.backlog(session)[2]
    needs_nobody = not waiting and not alerts and not given_up and not (run and run.due)
    return DigestView(
        on=on,
        clients=len(rows),
        changes=waiting,
        alerts=alerts,
        run=run,
        people=people,
        revenue=billed,
        quiet=needs_nobody and not people.movements and not billed.moved,
        given_up=given_up,
    )


def _facts(session: Session, row: ClientRow) -> Snapshot:
    """What counts people; what was billed is only read for those whose invoice is next."""
    client_id = id_of(row)
    rosters = clients.rosters(session, client_id)
    return Snapshot(
        terms=clients.terms(session, row),
        stated=quantities.stated(session, client_id),
        seats=seats.known(session, client_id),
        counted={roster.name: roster.counted_from for roster in rosters if roster.counted_from is not None},
    )


def _waiting(session: Session, by_id: Mapping[int, ClientRow], on: date) -> Iterator[WaitingChange]:
    """The changes that wait, the longest waiting first."""
    first = changes.first_proposed(session)
    rows = [row for row in changes.every(session, None, only_pending=True) if row.client_id in by_id]
    for row in sorted(rows, key=lambda row: (first[row.id], row.id)):
        yield WaitingChange(change_view(session, row), max(0, (on - first[row.id]).days))


def _next_run(
    session: Session, by_id: Mapping[int, ClientRow], bill_dates: Mapping[int, date | None], on: date
) -> NextRun | None:
    return run_under_way(session, by_id) or run_ahead(bill_dates, on)


def run_under_way(session: Session, by_id: Mapping[int, ClientRow]) -> NextRun | None:
    """The run that was started last, as far as it is about these clients; None when it is through with them."""
    newest = runs.newest(session)
    return _started(run_view(session, newest), {row.slug for row in by_id.values()}) if newest is not None else None


def run_ahead(bill_dates: Mapping[int, date | None], on: date) -> NextRun | None:
    """The run of the next bill date of all."""
    coming = [bill_date for bill_date in bill_dates.values() if bill_date is not None]
    if not coming:
        return None
    first = min(coming)
    return NextRun(first, started=False, due=first <= on, clients=coming.count(first))


def _started(run: RunView, slugs: set[str]) -> NextRun | None:
    """A run as far as it is about these clients; None when it is through with them."""
    ours = [client for client in run.clients if client.client in slugs and client.state != "nothing"]
    states = [client.state for client in ours]
    if not any(state in runs.OPEN for state in states):
        return None
    return NextRun(
        bill_date=run.bill_date,
        started=True,
        due=True,
        clients=len(ours),
        held=tuple(client for client in ours if client.state == "held"),
        to_approve=states.count("drafted"),
        to_issue=states.count("approved"),
        issued=states.count("issued"),
    )


def _people(by_id: Mapping[int, ClientRow], facts: Mapping[int, Snapshot], on: date) -> PeopleView:
    since = add_months(on, -1)
    counted = [Movement(row.slug, row.name, *_counts(facts[client_id], since, on)) for client_id, row in by_id.items()]
    moved = [client for client in counted if client.before != client.after]
    return PeopleView(
        since=since,
        before=sum((client.before for client in counted), Decimal(0)),
        after=sum((client.after for client in counted), Decimal(0)),
        movements=tuple(sorted(moved, key=lambda client: (-abs(client.after - client.before), client.client))),
    )


def _counts(facts: Snapshot, since: date, on: date) -> tuple[Decimal, Decimal]:
    lines = [line for measure, line in facts.quantities(on).items() if measure.kind == "roster"]
    before, after = (sum((line.at(day) for line in lines), Decimal(0)) for day in (since, on))
    return before, after
