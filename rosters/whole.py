"""First counts that wait: a roster is counted for the first time when everybody was looked at whom it may be about."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet

from rosters.changes import ChangeItem
from rosters.rules import Roster, about


def waiting(rosters: Sequence[Roster], uncounted: AbstractSet[str], unread: Iterable[str]) -> frozenset[str]:
    """The rosters that were never counted, and that are about one of the directories that were never read."""
    return frozenset(
        roster.name for directory in unread for roster in about(rosters, directory) if roster.name in uncounted
    )


def without(items: Iterable[ChangeItem], rosters: Collection[str]) -> tuple[ChangeItem, ...]:
    """The items without those of the people who join one of these rosters: of a move, neither half."""
    items = tuple(items)
    joining = {item.person for item in items if item.roster in rosters and item.measure is None}
    return tuple(item for item in items if item.measure is not None or item.person not in joining)
