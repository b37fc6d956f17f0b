"""People: who is on which roster, and erasing a name."""

from dataclasses import dataclass
from datetime import date

from commands.actors import Actor, Clock
from commands.clients import named, named_to_alter
from commands.permissions import UseCase, require
from commands.reasons import require_reason
from commands.why import found_by
from documents.document import NAME_ERASED
from documents.format import reading_order
from rosters.changes import standing
from storage import audit, clients, directories, identities, placed, seats
from storage.database import Database
from storage.ids import id_of


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


def rosters(database: Database, actor: Actor, clock: Clock, client: str, on: date | None = None) -> RostersView:
    """Who has a seat on which roster on a day (default: today)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        asked = on or clock.today(row.timezone)
        held = [seat for seat in seats.every(session, id_of(row)) if seat.starts <= asked]
        held = [seat for seat in held if seat.ends is None or asked < seat.ends]
        names = identities.current_names(session, (seat.person_id for seat in held))
        accounts: dict[int, tuple[str, ...]] = {}
        for account, _, _ in directories.accounts_of_client(session, id_of(row)):
            accounts[account.person_id] = (*accounts.get(account.person_id, ()), account.object_id)
        views, known = [], clients.rosters(session, id_of(row))
        counts = list(standing([r.name for r in known], placed.placements(session, id_of(row))).values())
        for roster in known:
            seated = [
                SeatView(
                    s.person_id,
                    names.get(s.person_id, NAME_ERASED),
                    accounts.get(s.person_id, ()),
                    s.starts,
                    s.ends,
                )
                for s in held
                if s.roster == roster.name
            ]
            seated.sort(key=lambda seat: (reading_order(seat.name), seat.person))
            views.append(RosterView(roster.name, counts.count(roster.name), tuple(seated)))
        return RostersView(row.slug, row.name, asked, tuple(views))


def erase(database: Database, actor: Actor, clock: Clock, client: str, who: str, reason: str) -> str:
    """Empties a person's names and mails everywhere; bills and proofs stay, since they name people by digest."""
    require_reason(reason, "the name is erased")
    with database.write("erase") as session:
        require(session, actor, UseCase.ERASE)
        row = clients.lock(session, id_of(named_to_alter(session, client)))
        account, _, _ = found_by(session, row, who)[0]
        erased = identities.erase(session, account.person_id, clock.today(row.timezone))
        if erased:
            said = {"person": account.person_id, "entries": erased, "reason": reason}
            audit.append(session, row.slug, clock.now(), actor.id, "person.erase", str(account.person_id), said)
        where = "no place had it" if not erased else f"emptied in {erased} place{'s' if erased > 1 else ''}"
        return f"Person {account.person_id} of {row.slug} has no name any more ({where})."
