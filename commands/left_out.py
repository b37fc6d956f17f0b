"""The items of a change that an approver leaves out."""

from collections.abc import Mapping, Sequence

from billing.errors import Refused, WrongInput
from documents.document import NAME_ERASED
from storage import identities
from storage.database import Session
from storage.tables import ChangeItemRow


class NoSuchItem(WrongInput):
    """The change has no item with that number."""


class MoveIsOneDecision(Refused):
    """Half of a move would leave somebody with two seats at once, or with none although the directory shows one."""


def leave_out(session: Session, items: Sequence[ChangeItemRow], reasons: Mapping[int, str]) -> None:
    """Marks the items with these numbers as left out, each for its reason, and all others as not.

    Raises:
        NoSuchItem, MoveIsOneDecision: as named.

    """
    known = {item.position for item in items}
    wrong = [number for number in reasons if number not in known]
    if wrong:
        raise NoSuchItem(f"The change has items 1 to {len(items)}, not {', '.join(map(str, wrong))}.")
    for item in items:
        item.excepted, item.reason = item.position in reasons, reasons.get(item.position)
    _refuse_half_moves(session, items)


def _refuse_half_moves(session: Session, items: Sequence[ChangeItemRow]) -> None:
    leaving = {item.person_id: item for item in items if item.kind == "leave"}
    for join in (item for item in items if item.kind == "join"):
        leave = leaving.get(join.person_id)
        if leave is not None and join.person_id is not None and leave.excepted != join.excepted:
            name = identities.current_names(session, [join.person_id]).get(join.person_id, NAME_ERASED)
            raise MoveIsOneDecision(
                f"{name} moves from {leave.roster} to {join.roster}, which is one decision: leave out both of its "
                f"items, {leave.position} and {join.position}, or none."
            )
