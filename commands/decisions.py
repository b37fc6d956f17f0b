"""What a decision meant as it was taken, kept with it: later the money may be others, and the policies too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rosters.changes import ChangeItem, Effect
from rosters.policies import Automatic, Ground, Proposal
from storage.codec import decode, encode
from storage.tables import ChangeRow


@dataclass(frozen=True, slots=True)
class Decided:
    """From which day on the items hold, to which day for the last of them, and what they cost, before tax."""

    first_day: date
    last_day: date
    monthly_minor: int
    next_invoice_minor: int
    next_bill_date: date | None


@dataclass(frozen=True, slots=True)
class LeftToPeople:
    """Why a policy didn't approve a change by itself: on which ground, and how far it goes itself.

    `money_most_minor` is None where the policy has no limit in the client's currency.
    """

    ground: Ground
    people: int
    people_most: int
    money_minor: int
    money_most_minor: int | None


@dataclass(frozen=True, slots=True)
class Undone:
    """Who undid a decision, when, and by which further change; a rejection takes none."""

    by: str
    at: datetime
    on: date
    change: int | None = None


def keep_decision(row: ChangeRow, items: Sequence[ChangeItem], money: Effect) -> None:
    """Keeps with an approved revision what its items meant; where all are left out, there is nothing to keep."""
    if items:
        days = [item.effective for item in items]
        row.decision = encode(
            Decided(min(days), max(days), money.monthly_minor, money.next_invoice_minor, money.next_bill_date)
        )


def decided_of(row: ChangeRow) -> Decided | None:
    """What an approval meant as it was given."""
    return decode(Decided, row.decision) if row.decision else None


def keep_ground(row: ChangeRow, ground: Ground | None, policy: Automatic, proposal: Proposal) -> None:
    """Keeps with a revision why a policy leaves it to people."""
    if ground is not None:
        limit_minor = policy.money.get(proposal.currency)
        left = LeftToPeople(ground, proposal.people, policy.people, proposal.money_minor, limit_minor)
        row.left_to_people = encode(left)


def ground_of(row: ChangeRow) -> LeftToPeople | None:
    """Why a policy left a revision to people, where there was one that could have approved it."""
    return decode(LeftToPeople, row.left_to_people) if row.left_to_people else None


def undone_of(row: ChangeRow) -> Undone | None:
    """Who undid the decision, if anybody did."""
    return decode(Undone, row.undone) if row.undone else None


def money_shown(row: ChangeRow) -> Effect:
    """The money that the revision's card shows."""
    return Effect(row.monthly_minor, row.next_invoice_minor, row.next_bill_date)
