"""/changes and /reconcile: what waits and what doesn't agree, of one client or of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What waits for approval, of one client or of all."""

    client: str | None


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The mismatches, of one client or of all."""

    client: str | None


def read_changes(tokens: Sequence[str], _today: date) -> ListChanges:
    """Whose changes are asked for."""
    return ListChanges(" ".join(tokens) or None)


def read_reconcile(tokens: Sequence[str], _today: date) -> Reconcile:
    """Whose mismatches are asked for."""
    return Reconcile(" ".join(tokens) or None)
