"""Approval policies: which changes need nobody, one person or two, and who they may be.

Whatever a policy doesn't know for certain, it leaves to people, or to more of them.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Literal

from rosters.changes import ChangeItem
from rosters.origins import Cause

_NONE = Decimal(0)

Money = Mapping[str, int]
"""An amount in minor units for each currency."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """What is approved by itself: so many people at most, and at most so much money a month and on the next invoice.

    A change that other rules brought is among it only where `rule_changes` says so.
    """

    people: int
    money: Money
    rule_changes: bool = False


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """What takes two people: more people than this, or more money than this; None: however many, however much."""

    people: int | None = None
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """What a book says about approvals. None: it doesn't say; False: there is no such policy; of nobody: anybody."""

    automatic: Automatic | Literal[False] | None = None
    two_people: TwoPeople | Literal[False] | None = None
    own_proposals: bool | None = None
    by: tuple[str, ...] | None = None

    def over(self, house: "Policies") -> "Policies":
        """A client's policies, with the house's where it says nothing itself."""
        return Policies(
            automatic=house.automatic if self.automatic is None else self.automatic,
            two_people=house.two_people if self.two_people is None else self.two_people,
            own_proposals=house.own_proposals if self.own_proposals is None else self.own_proposals,
            by=house.by if self.by is None else self.by,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What policies look at of a change. Money is before tax, a month and on the next invoice, whichever is more.

    `decided_minor` is that of what an approver makes of it, by another first day or by leaving somebody out.
    `proposers` are the people who proposed any of it by hand; `goes_back_far` that it takes more than an approver.
    """

    people: int
    currency: str
    money_minor: int
    decided_minor: int = 0
    first_count: bool = False
    causes: AbstractSet[Cause] = field(default_factory=frozenset)
    proposers: AbstractSet[str] = field(default_factory=frozenset)
    rejected_before: bool = False
    goes_back_far: bool = False


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who wants to approve: which human it is, and the Slack ids under which a book may name them."""

    person: str
    ids: AbstractSet[str] = frozenset()
    is_admin: bool = False


class Outcome(StrEnum):
    """What follows."""

    APPROVED = "approved"
    FIRST_OF_TWO = "first of two"
    REFUSED = "refused"
    LEFT_TO_PEOPLE = "left to people"


class Ground(StrEnum):
    """Why somebody is refused, or why a policy leaves a change to people."""

    NOT_NAMED = "not named"
    OWN_PROPOSAL = "own proposal"
    SAME_PERSON = "same person"
    NO_POLICY = "no policy"
    TWO_PEOPLE = "two people"
    FIRST_COUNT = "first count"
    LET_THROUGH = "let through"
    RULES = "rules"
    BY_HAND = "by hand"
    REJECTED_BEFORE = "rejected before"
    GOES_BACK_FAR = "goes back far"
    PEOPLE = "people"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says, and on which ground where that isn't an approval."""

    outcome: Outcome
    ground: Ground | None = None


def size(items: Iterable[ChangeItem]) -> int:
    """How many people items are about: a move between rosters is one, and so is each unit of what is counted."""
    items = tuple(items)
    people = {item.person for item in items if item.measure is None}
    numbers = [(item.before or _NONE, item.after or _NONE) for item in items if item.measure is not None]
    units = sum((abs(after - before) for before, after in numbers), _NONE)
    return len(people) + int(units.to_integral_value(ROUND_CEILING))


def may_decide(policies: Policies, approver: Approver) -> bool:
    """Whether somebody is among those who decide at a client; an admin always is, or nobody could mend the list."""
    return not policies.by or approver.is_admin or not approver.ids.isdisjoint(policies.by)


def needs_two(policies: Policies, proposal: Proposal) -> bool:
    """Whether two people have to approve; also where an amount is limited and none is named in the currency."""
    limits = policies.two_people
    if not limits:
        return False
    if limits.people is not None and proposal.people > limits.people:
        return True
    return limits.money is not None and not _within(limits.money, proposal)


def approval(policies: Policies, proposal: Proposal, approver: Approver, first: str | None = None) -> Verdict:
    """What somebody's approval does; `first` is the person who approved the very same before, if anybody did."""
    if not may_decide(policies, approver):
        return Verdict(Outcome.REFUSED, Ground.NOT_NAMED)
    if policies.own_proposals is False and approver.person in proposal.proposers:
        return Verdict(Outcome.REFUSED, Ground.OWN_PROPOSAL)
    if not needs_two(policies, proposal):
        return Verdict(Outcome.APPROVED)
    if first is None:
        return Verdict(Outcome.FIRST_OF_TWO)
    return Verdict(Outcome.REFUSED, Ground.SAME_PERSON) if first == approver.person else Verdict(Outcome.APPROVED)


def automatic(policies: Policies, proposal: Proposal) -> Verdict:
    """Whether a change is approved by itself, as soon as it is proposed."""
    limits = policies.automatic
    if not limits:
        return Verdict(Outcome.LEFT_TO_PEOPLE, Ground.NO_POLICY)
    against = {
        Ground.TWO_PEOPLE: needs_two(policies, proposal),
        Ground.FIRST_COUNT: proposal.first_count,
        Ground.LET_THROUGH: Cause.LET_THROUGH in proposal.causes,
        Ground.RULES: Cause.RULES in proposal.causes and not limits.rule_changes,
        Ground.BY_HAND: Cause.HAND in proposal.causes,
        Ground.REJECTED_BEFORE: proposal.rejected_before,
        Ground.GOES_BACK_FAR: proposal.goes_back_far,
        Ground.PEOPLE: proposal.people > limits.people,
        Ground.MONEY: not _within(limits.money, proposal),
    }
    ground = next((ground for ground, holds in against.items() if holds), None)
    return Verdict(Outcome.LEFT_TO_PEOPLE, ground) if ground else Verdict(Outcome.APPROVED)


def _within(money: Money, proposal: Proposal) -> bool:
    limit_minor = money.get(proposal.currency)
    return limit_minor is not None and max(proposal.money_minor, proposal.decided_minor) <= limit_minor
