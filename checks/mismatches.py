"""What the checks of a client say: mismatches, each with its code, its money and its cause as a fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.draft import PutOff
from billing.quantities import Reading
from checks.bounds import Cause
from rosters.catch import Trip
from rosters.changes import Effect
from rosters.links import Likeness, Pair
from rosters.verdicts import Reason

Code = Literal["R01", "R02", "R03", "R05", "R06", "R07", "R10", "R11", "R12", "R13", "R15", "R16", "R17", "R19", "R20"]
MismatchEffect = Literal["hold", "warn", "info"]


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one directory: the last complete reading's local day, and the failure since then if any."""

    name: str
    last_read: date | None
    failing_since: date | None = None
    failure: str | None = None
    trips: tuple[Trip, ...] = ()
    accounts_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """Between who counts and who has a seat on a roster: head counts and the money a month of the difference.

    `open_items` have no decision yet that explains them; `rejected` were decided and stay as they are.
    """

    roster: str
    billable: int
    open_seats: int
    opens: int
    closes: int
    monthly_minor: int
    rejected: int = 0
    rejected_monthly_minor: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that nobody has decided."""

    joins: int
    leaves: int
    quantities: int
    money: Effect | None
    since: date | None


@dataclass(frozen=True, slots=True)
class NoAgreement:
    """Nothing says what the client pays on the bill date."""

    bill_date: date


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that doesn't hold, in words for whoever has to find out why."""

    what: str


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What a meter read on days that no line counting it covers."""

    meter: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A roster that no line counts, and how many people have a seat on it."""

    roster: str
    seats: int


@dataclass(frozen=True, slots=True)
class UnknownLicence:
    """A licence that a line counts and no directory of the client has; `stated` is the number in force, if any."""

    licence: str
    stated: Decimal | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two accounts that look like one human's, each by its name and where it is; `pair` has their ids.

    `monthly_minor` is what counting both costs; None where they don't both count.
    """

    pair: Pair
    likeness: Likeness
    one: tuple[str, str]
    other: tuple[str, str]
    monthly_minor: int | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """People of a directory that knows no licences, of whom a rule that goes by them can't say whether they count."""

    directory: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unruled:
    """A directory that no roster's rule is about, and how many accounts it has."""

    directory: str
    accounts: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Accounts of a directory that several clients share which are in two parts of it, or (`is_gap`) in none."""

    directory: str
    others: tuple[str, ...]
    who: tuple[str, ...]
    is_gap: bool


@dataclass(frozen=True, slots=True)
class UncoveredLicence:
    """A paid licence that no rule and no line names, and how many people have it."""

    licence: str
    people: int


@dataclass(frozen=True, slots=True)
class IdleLicence:
    """Accounts of one kind behind which nobody works, and which have a paid licence all the same."""

    reason: Reason
    who: tuple[str, ...]
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inactive:
    """People who count, and didn't sign in for so many days."""

    days: int
    who: tuple[str, ...]


PeopleCause = Undecided | Unruled | Shared | UncoveredLicence | IdleLicence | Inactive

MismatchCause = (
    SourceState
    | Drift
    | Pending
    | NoAgreement
    | Broken
    | Uncovered
    | Unpriced
    | UnknownLicence
    | Duplicate
    | PutOff
    | Cause
    | PeopleCause
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One disagreement: its code, what it does to the run, its money (None: none of its own), and its cause."""

    client: str
    code: Code
    effect: MismatchEffect
    amount_minor: int | None
    cause: MismatchCause
    accepted: bool = False


def in_order(found: Iterable[Mismatch]) -> tuple[Mismatch, ...]:
    """Mismatches as they are listed: the holds first."""
    order = {"hold": 0, "warn": 1, "info": 2}
    return tuple(sorted(found, key=lambda mismatch: (order[mismatch.effect], mismatch.code)))
