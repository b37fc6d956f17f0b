"""One human with several accounts: which accounts look like one human's, and who is who once somebody has said it."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Likeness = Literal["mail", "employee_id", "upn"]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Likely:
    """An account of a client, reduced to what tells that two of them may be one human's.

    `present` says that its directory has it still, `seated` that its person ever had a seat.
    """

    account: int
    person: int
    directory: int
    mail: str = ""
    employee_id: str = ""
    upn: str = ""
    present: bool = True
    seated: bool = False


def pair_of(one: int, other: int) -> Pair:
    """Two accounts as one pair, whichever is named first."""
    return (min(one, other), max(one, other))


def suspects(accounts: Iterable[Likely], decided: AbstractSet[Pair]) -> Iterator[tuple[Pair, Likeness]]:
    """Pairs of accounts that may be one human's, each once, without those of which somebody has decided.

    In different directories they share a mail address or a number of an employee, and both are there. In one directory
    a sign-in name came back with another id, after somebody who had a seat was gone.
    """
    accounts = tuple(accounts)
    told = set(decided)
    likenesses: tuple[Likeness, ...] = ("mail", "employee_id", "upn")
    for likeness in likenesses:
        alike: dict[str, list[Likely]] = {}
        for each in accounts:
            shared = str(getattr(each, likeness)).strip().casefold()
            if shared:
                alike.setdefault(shared, []).append(each)
        for group in alike.values():
            for one, other in combinations(sorted(group, key=lambda each: each.account), 2):
                pair = pair_of(one.account, other.account)
                if pair not in told and one.person != other.person and _may_be_one(one, other, likeness):
                    told.add(pair)
                    yield pair, likeness


def _may_be_one(one: Likely, other: Likely, likeness: Likeness) -> bool:
    if likeness == "upn":
        came_back = one.present != other.present and any(each.seated for each in (one, other) if not each.present)
        return one.directory == other.directory and came_back
    return one.directory != other.directory and one.present and other.present


def together(accounts: Sequence[int], same: Iterable[Pair]) -> tuple[frozenset[int], ...]:
    """The accounts in groups, each of one human, by the pairs that somebody called the same."""
    group_of = {account: frozenset({account}) for account in accounts}
    for one, other in same:
        if one in group_of and other in group_of:
            joined = group_of[one] | group_of[other]
            group_of |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(group_of.values()))
