"""Everything about one change that its card has no room for."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.money import minor_of
from billing.quantities import Step
from commands.actors import Actor, Clock
from commands.change_cards import ChangeView, change_view
from commands.changes import NoSuchChange
from commands.history import HistoryView, history_of
from commands.permissions import UseCase, require
from rosters.effects import monthly_amount
from storage import audit, changes, clients, snapshots
from storage.database import Database, Session
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class ChangeDetails:
    """A change as it is now, what the client pays a month without it, who proposed it, and the head count before it.

    `monthly_now_minor` is None once the change is decided: what was paid before it isn't what is paid now.
    """

    change: ChangeView
    monthly_now_minor: int | None
    proposed_by: str | None
    proposed_at: datetime
    first_proposed_on: date
    history: HistoryView


def details(database: Database, actor: Actor, clock: Clock, change_id: int) -> ChangeDetails:
    """The newest revision of a change in full, from one snapshot.

    Raises:
        NoSuchChange, NotAllowed: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = changes.newest(session, change_id)
        if row is None:
            raise NoSuchChange(f"There is no change {change_id}.")
        client = clients.get(session, row.client_id)
        today, view = clock.today(client.timezone), change_view(session, row, actor)
        first = changes.get(session, row.id, 1) or row
        pending = row.state == changes.PENDING
        return ChangeDetails(
            change=view,
            monthly_now_minor=_monthly(session, client, view, today) if pending else None,
            proposed_by=audit.author(session, client.slug, "change.propose", f"{row.id}:{row.revision}"),
            proposed_at=row.proposed_at,
            first_proposed_on=first.proposed_on,
            history=history_of(session, client, today, _proposed(view) if pending else {}),
        )


def _monthly(session: Session, client: ClientRow, change: ChangeView, today: date) -> int:
    """What is paid a month without the change, on the day on which all of it would be in force."""
    day = max([today, *(item.effective for item in change.items)])
    return minor_of(monthly_amount(snapshots.load(session, client), day), client.currency)


def _proposed(change: ChangeView) -> dict[str, Step]:
    """Where each roster would go, from the first of its items' days."""
    found = {}
    for move in change.rosters:
        days = [item.effective for item in change.items if item.roster == move.roster]
        if days:
            found[move.roster] = Step(min(days), Decimal(move.after))
    return found
