"""What waits, and which of it somebody may approve together with others."""

from dataclasses import dataclass

from checks.bounds import BACKDATING_MONTHS, earliest_without_a_biller
from commands.actors import Actor, Clock, person_of
from commands.approvals import approver_of, first_of, in_force, proposal_of
from commands.change_cards import ChangeView, change_view
from commands.clients import named
from commands.permissions import ROLE_OF, UseCase, may, require
from rosters.policies import Ground, Outcome, approval, may_decide
from storage import changes, clients
from storage.database import Database, Session
from storage.tables import ChangeRow


@dataclass(frozen=True, slots=True)
class Decidable:
    """A change that waits; `obstacle` says why whoever asked can't approve it together with others, if they can't."""

    change: ChangeView
    obstacle: str | None = None


def to_decide(database: Database, actor: Actor, clock: Clock, client: str | None = None) -> tuple[Decidable, ...]:
    """The changes that wait, of one client or of all, as somebody sees them."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        client_id = named(session, client).id if client else None
        return tuple(
            Decidable(change_view(session, row, actor), _obstacle(session, actor, clock, row))
            for row in changes.every(session, client_id, only_pending=True)
        )


def _obstacle(session: Session, actor: Actor, clock: Clock, row: ChangeRow) -> str | None:
    """Why approving it takes more than a tick; who presses all the same is refused by the approval itself."""
    if not may(session, actor, UseCase.DECIDE_CHANGE):
        return f"To approve it takes the role {ROLE_OF[UseCase.DECIDE_CHANGE]}"
    client = clients.get(session, row.client_id)
    policies, approver = in_force(session, client), approver_of(session, actor)
    if not may_decide(policies, approver):
        return "The book names others who decide it"
    if row.first_count:
        return "A first count asks from which day it holds"
    items, today = changes.items(session, row), clock.today(client.timezone)
    goes_back = any(item.effective < earliest_without_a_biller(today) for item in items)
    if goes_back and not may(session, actor, UseCase.BACKDATE):
        return f"It goes back more than {BACKDATING_MONTHS} months, which takes the role {ROLE_OF[UseCase.BACKDATE]}"
    first = first_of(row)
    proposal = proposal_of(client, row, items, today)
    verdict = approval(policies, proposal, approver, person_of(first.by) if first else None)
    if verdict.outcome is Outcome.FIRST_OF_TWO:
        return "It takes two people"
    return _GROUNDS[verdict.ground] if verdict.ground else None


_GROUNDS = {
    Ground.OWN_PROPOSAL: "You proposed it or a part of it, so somebody else approves it",
    Ground.SAME_PERSON: "You approved it already, and it takes a second person",
}
