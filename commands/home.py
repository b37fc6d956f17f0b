"""The home tab of one person: what waits for them, the run, the money, and how reading the directories goes.

It is made anew each time that somebody opens it, so everything is read for all clients at once, and nothing is drafted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from commands.actors import Actor, Clock, person_of
from commands.approvals import approver_of, first_of
from commands.bill_dates import next_unbilled_each
from commands.change_cards import change_view
from commands.digest_cards import NextRun, WaitingChange, run_ahead, run_under_way
from commands.digest_revenue import RevenueView, documented
from commands.permissions import Role, UseCase, may, role_of
from documents.sources import When, when
from rosters.policies import may_decide
from storage import changes, clients, credentials, directories
from storage.database import Database, Session
from storage.directories import Standing
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow

MOST_CHANGES = 10
"""How many waiting changes are read in full; of the others, the tab says how many there are."""


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits for approval: `mine` for this person, `others` for somebody else; the first of them in full.

    Whoever may decide is shown theirs, whoever may only look all of them, both the longest waiting first.
    """

    shown: tuple[WaitingChange, ...] = ()
    mine: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """A directory that needs somebody: it can't be read, or the safety catch holds its last reading back."""

    client_name: str
    name: str
    failing_since: When | None
    failure: str
    last_read: When | None


@dataclass(frozen=True, slots=True)
class DirectoriesView:
    """All directories: how many there are, when the one was read that wasn't read for longest, and what is amiss.

    `never_read` is how many were never read; `expiring` are credentials by name, with the day on which each expires.
    """

    count: int = 0
    oldest: When | None = None
    never_read: int = 0
    troubled: tuple[DirectoryView, ...] = ()
    expiring: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class HomeView:
    """Somebody's home tab as of a moment. Without a role it says nothing else; `revenue` only to whom may see amounts.

    `holding` counts the clients that each check holds in the run, by its code.
    """

    user: str
    as_of: When
    role: Role | None
    clients: int = 0
    waiting: WaitingView = WaitingView()
    run: NextRun | None = None
    holding: tuple[tuple[str, int], ...] = ()
    revenue: RevenueView | None = None
    directories: DirectoriesView = DirectoriesView()
    decides: bool = False
    overrides: bool = False
    sees_money: bool = False


def home(database: Database, actor: Actor, clock: Clock) -> HomeView:
    """What somebody's home tab shows now, of one snapshot of the database; whoever has no role sees no data."""
    with database.read() as session:
        role = role_of(session, actor)
        if role is None:
            return HomeView(actor.id, _as_of(clock, "UTC"), None)
        rows = clients.every(session)
        by_id = {id_of(row): row for row in rows}
        as_of = _as_of(clock, rows[0].timezone if rows else "UTC")
        on = as_of.on
        run = run_under_way(session, by_id) or run_ahead(next_unbilled_each(session, rows, clock.today), on)
        sees_money, decides = may(session, actor, UseCase.SEE_MONEY), may(session, actor, UseCase.DECIDE_CHANGE)
        return HomeView(
            user=actor.id,
            as_of=as_of,
            role=role,
            clients=len(rows),
            waiting=_waiting(session, actor, by_id, on, decides=decides),
            run=run,
            holding=_holding(run),
            revenue=documented(session, by_id, on) if sees_money else None,
            directories=_directories(session, by_id),
            decides=decides,
            overrides=may(session, actor, UseCase.OVERRIDE),
            sees_money=sees_money,
        )


def _as_of(clock: Clock, timezone: str) -> When:
    return When(clock.today(timezone), clock.now(), timezone)


def _waiting(session: Session, actor: Actor, by_id: Mapping[int, ClientRow], on: date, *, decides: bool) -> WaitingView:
    first = changes.first_proposed(session)
    rows = sorted(changes.every(session, None, only_pending=True), key=lambda row: (first[row.id], row.id))
    mine = _theirs(session, actor, by_id, rows) if decides else []
    shown = (mine if decides else rows)[:MOST_CHANGES]
    views = (WaitingChange(change_view(session, row, actor), max(0, (on - first[row.id]).days)) for row in shown)
    return WaitingView(tuple(views), len(mine), len(rows) - len(mine))


def _theirs(
    session: Session, actor: Actor, by_id: Mapping[int, ClientRow], rows: Iterable[ChangeRow]
) -> list[ChangeRow]:
    """Those on which this person may decide, and hasn't yet given the first of two approvals."""
    house, approver = clients.house_policies(session), approver_of(session, actor)

    def waits_for_them(row: ChangeRow) -> bool:
        approval = first_of(row)
        has_approved = approval is not None and person_of(approval.by) == approver.person
        return not has_approved and may_decide(clients.policies(by_id[row.client_id]).over(house), approver)

    return [row for row in rows if waits_for_them(row)]


def _holding(run: NextRun | None) -> tuple[tuple[str, int], ...]:
    codes = Counter(code for client in run.held for code in set(client.held)) if run else Counter[str]()
    return tuple(sorted(codes.items()))


def _directories(session: Session, by_id: Mapping[int, ClientRow]) -> DirectoriesView:
    every = directories.standings(session)
    # They come by the day of their last reading.
    read = [_read(each, by_id[each.client_id]) for each in every if each.last_read is not None]
    amiss = (each for each in every if each.failing_since is not None or each.is_held)
    return DirectoriesView(
        count=len(every),
        oldest=next(iter(read), None),
        never_read=len(every) - len(read),
        troubled=tuple(_directory(each, by_id[each.client_id]) for each in amiss),
        expiring=tuple((row.name, row.expires.date()) for row in credentials.expiring(session)),
    )


def _directory(standing: Standing, client: ClientRow) -> DirectoryView:
    failing = when(standing.failing_since, standing.failing_at, client.timezone)
    return DirectoryView(client.name, standing.name, failing, standing.failure or "", _read(standing, client))


def _read(standing: Standing, client: ClientRow) -> When | None:
    return when(standing.last_read, standing.read_at, client.timezone)
