"""Accounts of a client that are probably one human's, with what counting both costs a month."""

from collections.abc import Iterator
from datetime import date

from billing.money import minor_of
from billing.snapshot import Snapshot
from checks.mismatches import Duplicate
from documents.document import NAME_ERASED
from rosters.changes import ChangeItem, after_change, standing
from rosters.effects import monthly_amount
from rosters.links import Likely, suspects
from storage import clients, directories, links, placed, seats
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow


def duplicates(session: Session, client: ClientRow, snapshot: Snapshot, today: date) -> Iterator[Duplicate]:
    """Every pair that nobody has decided, the names as they are now."""
    client_id = id_of(client)
    seated = {seat.person_id for seat in seats.every(session, client_id)}
    accounts, names, homes, places = [], {}, {}, {}
    for account, directory, identity in directories.accounts_of_client(session, client_id):
        key = id_of(account)
        accounts.append(
            Likely(
                account=key,
                person=account.person_id,
                directory=account.directory_id,
                mail=identity.mail,
                employee_id=identity.employee_id,
                upn=identity.upn,
                present=account.present,
                seated=account.person_id in seated,
            )
        )
        names[key], homes[key] = identity.name or NAME_ERASED, directory.name
        places[key] = f"{directory.name}/{account.object_id}"
    pairs = list(suspects(accounts, links.of_client(session, client_id).keys()))
    if not pairs:
        return
    people = {each.account: each.person for each in accounts}
    cost = _Cost(session, client, snapshot, today)
    for pair, likeness in pairs:
        # Directories are read side by side, so ids don't tell which comes first; within one the older account does.
        told = sorted(pair, key=lambda account: (homes[account], account))
        one, other = ((names[account], places[account]) for account in told)
        yield Duplicate(pair, likeness, one, other, cost.of(people[pair[0]], people[pair[1]]))


class _Cost:
    """What counting one more on a roster costs a month, worked out once for each."""

    def __init__(self, session: Session, client: ClientRow, snapshot: Snapshot, today: date) -> None:
        client_id = id_of(client)
        self._snapshot, self._today = snapshot, today
        self._seats = {person: seat.roster for person, seat in seats.by_person(session, client_id).items()}
        rosters = [row.name for row in clients.rosters(session, client_id)]
        self._counts = standing(rosters, placed.placements(session, client_id))
        self._known: dict[tuple[str, bool], int] = {}

    def of(self, one: int, other: int) -> int | None:
        """Of two people who are one, in minor units; None where they don't both count."""
        if not all(person in self._seats or person in self._counts for person in (one, other)):
            return None
        spare = other if other in self._seats else one
        return self._of(spare, self._seats.get(spare) or self._counts[spare], seated=spare in self._seats)

    def _of(self, person: int, roster: str, *, seated: bool) -> int:
        if (roster, seated) not in self._known:
            item = ChangeItem("leave" if seated else "join", self._today, roster, person)
            after = monthly_amount(after_change(self._snapshot, (item,)), self._today)
            moved = after - monthly_amount(self._snapshot, self._today)
            self._known[roster, seated] = abs(minor_of(moved, self._snapshot.terms.currency))
        return self._known[roster, seated]
