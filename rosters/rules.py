"""Who counts, as data: directory accounts, the rule of a roster, and what both need to be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from billing.errors import WrongInput
from billing.quantities import Measure

MailboxKind = Literal["user", "shared", "room", "equipment"]


@dataclass(frozen=True, slots=True)
class Account:
    """One entry of a directory, reduced to what a rule looks at.

    `licences` are SKU part numbers, or names as the source writes them where it knows no part numbers. `groups` are
    those of the groups that rules ask for of which it is a member, directly or through others, as the rules call them.
    Either is None where it wasn't read, since no rule asked for it. `last_sign_in` is the day of the last successful
    one, None where the source doesn't say.
    """

    object_id: str
    name: str = ""
    mail: str = ""
    upn: str = ""
    enabled: bool = True
    guest: bool = False
    licences: tuple[str, ...] | None = ()
    mailbox: MailboxKind = "user"
    groups: tuple[str, ...] | None = None
    department: str = ""
    employee_id: str = ""
    last_sign_in: date | None = None

    @property
    def domains(self) -> frozenset[str]:
        """The domains of its sign-in name and its mail address."""
        return frozenset(address.rpartition("@")[2].casefold() for address in (self.upn, self.mail) if address)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a source beside its accounts, since each may take a permission of its own.

    `licences` are those of the accounts, `groups` the ones whose members are to be marked, `mailboxes` what kind each
    mailbox is, `units` how many licences were bought. `or_without_licences` says that another directory of the client
    may know them: a source that doesn't is read without.
    """

    licences: bool = False
    groups: tuple[str, ...] = ()
    mailboxes: bool = False
    units: bool = False
    or_without_licences: bool = False

    @property
    def needs_licences(self) -> bool:
        """Whether a source that knows no licences has to refuse: nothing else could say who counts."""
        return self.licences and not self.or_without_licences

    def covers(self, other: "Wanted") -> bool:
        """Whether a reading of this has all that the other asks for."""
        flags = ((self.licences, other.licences), (self.mailboxes, other.mailboxes), (self.units, other.units))
        return all(mine or not theirs for mine, theirs in flags) and set(other.groups) <= set(self.groups)


Basis = Literal["licensed", "enabled", "group", "manual"]
PatternField = Literal["upn", "mail", "name", "id", "department"]


class RuleMakesNoSense(WrongInput):
    """A rule that could not decide, or an exclusion without a reason."""


def like(text: str, pattern: str) -> bool:
    """Whether a pattern with `*` and `?` fits, without regard to case."""
    # A name may well hold a bracket; only * and ? have a meaning here.
    return fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]"))


@dataclass(frozen=True, slots=True)
class Naming:
    """Accounts that are named, by a pattern with `*` and `?`, compared without regard to case."""

    field: PatternField
    pattern: str

    def __post_init__(self) -> None:
        """Refuses what names nobody."""
        if not self.pattern:
            raise RuleMakesNoSense("An entry of include needs a pattern: it names who counts.")

    def takes(self, account: Account) -> bool:
        """Whether the pattern matches the account."""
        return _fits(account, self.field, self.pattern)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Accounts that don't count, named as by `Naming`; `service_account` says that no human is behind them."""

    field: PatternField
    pattern: str
    reason: str
    owner: str | None = None
    service_account: bool = False

    def __post_init__(self) -> None:
        """Refuses an exclusion that nobody explained."""
        if not self.pattern or not self.reason:
            raise RuleMakesNoSense("An exclusion needs a pattern and a reason: who is left out must be explained.")

    def takes(self, account: Account) -> bool:
        """Whether the pattern matches the account."""
        return _fits(account, self.field, self.pattern)


def _fits(account: Account, named_by: PatternField, pattern: str) -> bool:
    return like(account.object_id if named_by == "id" else getattr(account, named_by), pattern)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which accounts of a client belong to a roster.

    `counted_licences`, when not empty, are the only ones that make an account count; `ignored_licences` never do.
    Both hold SKU part numbers or names with `*` and `?`. `own_domains` are the MSP's: its staff in the client's
    directory isn't billed. An account must be in one of `groups`, where there are any, on whatever basis; `include`
    names the accounts of the basis manual. `mailboxes` asks the source for what kind each mailbox is. `directories`,
    when not empty, are the names of the only ones that it is about.
    """

    basis: Basis = "licensed"
    counted_licences: tuple[str, ...] = ()
    ignored_licences: tuple[str, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    own_domains: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    include: tuple[Naming, ...] = ()
    mailboxes: bool = False
    directories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a basis without what it goes by, and names that it wouldn't look at."""
        if self.basis == "group" and not self.groups:
            raise RuleMakesNoSense("The basis group needs groups: an account counts by being in one of them.")
        if self.basis == "manual" and not self.include:
            raise RuleMakesNoSense("The basis manual needs include: the list of who counts.")
        if self.include and self.basis != "manual":
            raise RuleMakesNoSense(
                f"The basis {self.basis} doesn't look at include: write basis: manual, or leave it out."
            )

    @property
    def asks_for_licences(self) -> bool:
        """Whether its verdict depends on licences, which not every source shows without a further permission."""
        return self.basis == "licensed"

    @property
    def asks_for_names(self) -> bool:
        """Whether its verdict depends on what an account is called, or on its id."""
        return bool(self.exclude or self.include or self.own_domains)

    def is_about(self, directory: str) -> bool:
        """Whether it looks at the accounts of a directory."""
        return not self.directories or directory in self.directories


@dataclass(frozen=True, slots=True)
class Roster:
    """A named list of the people a client pays for under one rule."""

    name: str
    rule: Rule = field(default_factory=Rule)


def about(rosters: Iterable[Roster], directory: str) -> tuple[Roster, ...]:
    """The rosters whose rules look at the accounts of a directory."""
    return tuple(roster for roster in rosters if roster.rule.is_about(directory))


def others_know(rosters: Iterable[Roster], directory: str, knowing: Iterable[str]) -> bool:
    """Whether every rule that goes by licences and is about a directory is about one more, which may know them.

    `knowing` are the client's directories that may.
    """
    others = [name for name in knowing if name != directory]
    asking = (roster.rule for roster in about(rosters, directory) if roster.rule.asks_for_licences)
    return all(any(map(rule.is_about, others)) for rule in asking)


def wanted(
    rosters: Sequence[Roster],
    measures: Iterable[Measure] = (),
    groups: Iterable[str] = (),
    *,
    or_without_licences: bool = False,
) -> Wanted:
    """What who counts on these rosters, and what the lines count, can't be said without.

    `groups` are those that a directory's part of a split goes by.
    """
    asked = dict.fromkeys([*groups, *(group for roster in rosters for group in roster.rule.groups)])
    return Wanted(
        licences=any(roster.rule.asks_for_licences for roster in rosters),
        groups=tuple(asked),
        mailboxes=any(roster.rule.mailboxes for roster in rosters),
        units=any(measure.kind == "licence" for measure in measures),
        or_without_licences=or_without_licences,
    )
