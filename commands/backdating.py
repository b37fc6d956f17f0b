"""How far back whoever approves a change may reach."""

from collections.abc import Iterable
from datetime import date

from checks.bounds import BACKDATING_MONTHS, earliest_without_a_biller
from commands.actors import Actor
from commands.permissions import ROLE_OF, NotAllowed, UseCase, may
from rosters.changes import ChangeItem
from storage.database import Session


class GoesBackTooFar(NotAllowed):
    """The change reaches further back than an approver may; the message says who can approve it."""


def refuse_backdating(session: Session, actor: Actor, change_id: int, items: Iterable[ChangeItem], today: date) -> None:
    """What goes back far alters months that were reported to somebody: that takes a biller."""
    first = min((item.effective for item in items), default=today)
    if first >= earliest_without_a_biller(today) or may(session, actor, UseCase.BACKDATE):
        return
    role = ROLE_OF[UseCase.BACKDATE]
    raise GoesBackTooFar(
        f"Change {change_id} goes back to {first}, more than {BACKDATING_MONTHS} months; nothing was decided. "
        f"To approve that takes the role {role}: ask somebody who has it, or an admin, to approve it as it is, "
        f"or reject it with a reason. An admin can give you the role: rollcall role grant {actor.id} {role}"
    )
