"""What the items of a change came of: a reading, or somebody's hand."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What happened, so that an item was found for the first time."""

    READING = "reading"
    """A directory or a vendor's list shows it."""

    LET_THROUGH = "let_through"
    """So does one, but the safety catch held it until somebody let it through."""

    RULES = "rules"
    """Another rule says who counts."""

    HAND = "hand"
    """A book states another number, or somebody said that two accounts are one person's."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an item came of, and who did that by hand, as the audit log has them; nobody proposes by reading."""

    cause: Cause
    by: str | None = None


READ = Origin(Cause.READING)
