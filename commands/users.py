"""People: who is on which roster, why one account counts or doesn't, and erasing a name."""

from dataclasses import dataclass
from datetime import date

from billing.errors import Refused, WrongInput
from billing.rules import Reason
from commands.actors import Actor, Clock
from commands.clients import named
from commands.permissions import UseCase, require
from commands.reasons import require_reason
from documents import wording
from documents.document import NAME_ERASED
from documents.format import day, reading_order
from storage import audit, changes, clients, directories
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import AccountRow, ClientRow, DirectoryRow, IdentityRow

_MOST_LISTED = 10


class NobodyFits(WrongInput):
    """No account of the client has that name, mail or id."""


class SeveralFit(Refused):
    """Several accounts fit; the message lists them."""


@dataclass(frozen=True, slots=True)
class SeatView:
    """A person with a seat; `end` is the first day without it."""

    person: int
    name: str
    accounts: tuple[str, ...]
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster on a day: its seats, and how many people count by the directories as last read."""

    name: str
    billable: int
    seats: tuple[SeatView, ...]


@dataclass(frozen=True, slots=True)
class RostersView:
    """All rosters of a client on a day."""

    client: str
    client_name: str
    on: date
    rosters: tuple[RosterView, ...]


@dataclass(frozen=True, slots=True)
class WhyView:
    """One account's verdict with its reason, and since when."""

    client: str
    who: str
    account: str
    directory: str
    counts: bool
    roster: str | None
    reason: str
    detail: str
    since: date
    seated_since: date | None
    because: str
    sentence: str


def rosters(database: Database, actor: Actor, clock: Clock, client: str, on: date | None = None) -> RostersView:
    """Who has a seat on which roster on a day (default: today)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        asked = on or clock.today(row.timezone)
        seats = [seat for seat in changes.seats(session, id_of(row)) if seat.starts <= asked]
        seats = [seat for seat in seats if seat.ends is None or asked < seat.ends]
        names = directories.current_names(session, (seat.person_id for seat in seats))
        accounts: dict[int, tuple[str, ...]] = {}
        counts: dict[str, set[int]] = {}
        for account, _, _ in directories.accounts_of_client(session, id_of(row)):
            accounts[account.person_id] = (*accounts.get(account.person_id, ()), account.object_id)
            counts.setdefault(account.roster or "", set()).add(account.person_id)
        views = []
        for roster in clients.rosters(session, id_of(row)):
            seated = [
                SeatView(
                    s.person_id,
                    names.get(s.person_id, NAME_ERASED),
                    accounts.get(s.person_id, ()),
                    s.starts,
                    s.ends,
                )
                for s in seats
                if s.roster == roster.name
            ]
            seated.sort(key=lambda seat: (reading_order(seat.name), seat.person))
            views.append(RosterView(roster.name, len(counts.get(roster.name, ())), tuple(seated)))
        return RostersView(row.slug, row.name, asked, tuple(views))


def why(database: Database, actor: Actor, client: str, who: str) -> WhyView:
    """Why one account counts or doesn't; by name, mail, sign-in name or object id, or any part that only one has."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        account, directory, identity = _one(session, row, who)
        seat = changes.open_seats(session, id_of(row)).get(account.person_id)
        said = wording.verdict(Reason(account.reason), account.detail)
        counts = account.roster is not None
        verdict = f"counts on {account.roster}" if counts else "doesn't count"
        seated = f" The seat on {seat.roster} is open since {day(seat.starts)}." if seat else " There is no open seat."
        return WhyView(
            client=row.slug,
            who=identity.name or NAME_ERASED,
            account=account.object_id,
            directory=directory.name,
            counts=counts,
            roster=account.roster,
            reason=account.reason,
            detail=account.detail,
            since=account.since,
            seated_since=seat.starts if seat else None,
            because=said,
            sentence=f"{identity.name or NAME_ERASED} {verdict}, since {day(account.since)}: {said}.{seated}"
            + _refused(session, row, account),
        )


def _refused(session: Session, client: ClientRow, account: AccountRow) -> str:
    """Who decided that the seats stay as they are although the account counts otherwise."""
    standing = [row for row in changes.rejections(session, id_of(client)) if row.person_id == account.person_id]
    change = changes.newest(session, standing[-1].change_id) if standing else None
    if change is None or change.decided_on is None:
        return ""
    who, when = change.decided_by, day(change.decided_on)
    return f" {who} left that out of change {change.id} on {when}: {standing[-1].reason}"


def erase(database: Database, actor: Actor, clock: Clock, client: str, who: str, reason: str) -> str:
    """Empties a person's names and mails everywhere; bills and proofs stay, since they name people by digest."""
    require_reason(reason, "the name is erased")
    with database.write("erase") as session:
        require(session, actor, UseCase.ERASE)
        row = clients.lock(session, id_of(named(session, client)))
        account, _, _ = _one(session, row, who)
        erased = directories.erase(session, account.person_id, clock.today(row.timezone))
        if erased:
            said = {"person": account.person_id, "entries": erased, "reason": reason}
            audit.append(session, row.slug, clock.now(), actor.id, "person.erase", str(account.person_id), said)
        where = "no place had it" if not erased else f"emptied in {erased} place{'s' if erased > 1 else ''}"
        return f"Person {account.person_id} of {row.slug} has no name any more ({where})."


def _one(session: Session, client: ClientRow, who: str) -> tuple[AccountRow, DirectoryRow, IdentityRow]:
    wanted = " ".join(who.split()).casefold()
    found = list(directories.accounts_of_client(session, id_of(client)))
    exact = [entry for entry in found if wanted in _keys(entry)]
    fitting = exact or [entry for entry in found if wanted and any(wanted in key for key in _keys(entry))]
    if not fitting:
        raise NobodyFits(f"No account of {client.slug} has {who!r} in its name, mail, sign-in name or id.")
    if len(fitting) > 1:
        names = ", ".join(f"{identity.name} ({account.object_id})" for account, _, identity in fitting[:_MOST_LISTED])
        more = f" and {len(fitting) - _MOST_LISTED} more" if len(fitting) > _MOST_LISTED else ""
        raise SeveralFit(f"{who!r} fits {len(fitting)} accounts: {names}{more}. Write the mail or the id of one.")
    return fitting[0]


def _keys(entry: tuple[AccountRow, DirectoryRow, IdentityRow]) -> tuple[str, ...]:
    account, _, identity = entry
    keys = (identity.name, identity.mail, identity.upn, account.object_id)
    return tuple(key.casefold() for key in keys if key)
