"""One directory that several clients share: which part of it is whose, and that the parts are disjoint and complete."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing.errors import WrongInput
from rosters.rules import Account


class ScopeMakesNoSense(WrongInput):
    """A part of a directory that nothing describes."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a directory that is a client's: an account must be in one of each that is given.

    `departments` and `domains` are compared without regard to case. Without any, the whole directory is the client's.
    """

    groups: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    def missed_by(self, account: Account) -> str | None:
        """What puts the account outside, in words; None where it is inside."""
        theirs = account.groups or ()
        if self.groups and not any(group in theirs for group in self.groups):
            return f"group {_either(self.groups)}"
        if self.departments and account.department.casefold() not in map(str.casefold, self.departments):
            return f"department {_either(self.departments)}"
        if self.domains and not account.domains & {domain.casefold() for domain in self.domains}:
            return f"domain {_either(self.domains)}"
        return None


EVERYBODY = Scope()


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


@dataclass(frozen=True, slots=True)
class Part:
    """One client's part of a directory that several share, as it was last read.

    `inside` has the ids of the enabled members that are in it, `outside` those of the ones that aren't.
    """

    client: str
    directory: str
    inside: frozenset[str]
    outside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Accounts that are in the parts of two clients, or twice in those of one."""

    parts: tuple[Part, Part]
    ids: frozenset[str]


def overlaps(parts: Iterable[Part]) -> tuple[Overlap, ...]:
    """Who would be billed twice, for every two parts that share somebody."""
    held = tuple(parts)
    pairs = ((one, other) for place, one in enumerate(held) for other in held[place + 1 :])
    return tuple(Overlap(pair, pair[0].inside & pair[1].inside) for pair in pairs if pair[0].inside & pair[1].inside)


def gap(parts: Iterable[Part]) -> frozenset[str]:
    """Who is in nobody's part.

    Somebody whom one of the parts hasn't seen yet, since it was read earlier, may be that part's: nothing is said.
    """
    held = tuple(parts)
    return frozenset.intersection(*(part.outside for part in held)) if held else frozenset()
