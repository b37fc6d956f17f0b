"""What an approver says beside yes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from commands.approvals import FirstApproval
from commands.reasons import require_reason
from storage.tables import ChangeItemRow

NumberedReasons = Mapping[int, str]
"""Why each item is left out, by its number."""

NOBODY: NumberedReasons = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Terms:
    """Another first day, and whom an approval leaves out: the numbers of items, each with its reason.

    `reason` is the one that was given for several together.
    """

    effective: date | None = None
    left_out: NumberedReasons = field(default_factory=dict)
    reason: str | None = None

    @property
    def as_shown(self) -> bool:
        """Whether the change is approved as its card shows it."""
        return self.effective is None and not self.left_out


def terms(effective: date | None, left_out: NumberedReasons, reason: str | None = None) -> Terms:
    """The terms of an approval; what is left out without a reason of its own is left out for the common one.

    Raises:
        ReasonIsMissing: as named.

    """
    reasons = {number: own.strip() or reason or "" for number, own in left_out.items()}
    for why in reasons.values():
        require_reason(why, "these people are left out")
    return Terms(effective, reasons, reason)


def terms_before(first: FirstApproval, items: Iterable[ChangeItemRow]) -> Terms:
    """What the first of two approvers said, whose exceptions are marked in the items."""
    left_out = {item.position: item.reason or first.reason or "" for item in items if item.excepted}
    return Terms(first.effective, left_out, first.reason)
