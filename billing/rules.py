"""Who counts: a versioned rule as data, and the one verdict it gives each account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal

from billing.accounts import Account
from billing.errors import WrongInput

Basis = Literal["licensed", "enabled"]


class RuleMakesNoSense(WrongInput):
    """A rule that could not decide, or an exclusion without a reason."""


class Reason(StrEnum):
    """Why an account counts or doesn't."""

    LICENSED = "LICENSED"
    ENABLED = "ENABLED"
    GUEST = "GUEST"
    DISABLED = "DISABLED"
    NO_LICENCE = "NO_LICENCE"
    FREE_LICENCE_ONLY = "FREE_LICENCE_ONLY"
    SHARED_MAILBOX = "SHARED_MAILBOX"
    ROOM = "ROOM"
    EXCLUDED = "EXCLUDED"
    OWN_STAFF = "OWN_STAFF"
    GONE = "GONE"


def _like(text: str, pattern: str) -> bool:
    # A name may well hold a bracket; only * and ? have a meaning here.
    return fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]"))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Accounts that don't count, by a pattern with `*` and `?`, compared without regard to case."""

    field: Literal["upn", "mail", "name", "id"]
    pattern: str
    reason: str
    owner: str | None = None

    def __post_init__(self) -> None:
        """Refuses an exclusion that nobody explained."""
        if not self.pattern or not self.reason:
            raise RuleMakesNoSense("An exclusion needs a pattern and a reason: who is left out must be explained.")

    def takes(self, account: Account) -> bool:
        """Whether the pattern matches the account."""
        return _like(account.object_id if self.field == "id" else getattr(account, self.field), self.pattern)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which accounts of a client belong to a roster.

    `counted_licences`, when not empty, are the only ones that make an account count; `ignored_licences` never do.
    Both hold SKU part numbers or names with `*` and `?`. `own_domains` are the MSP's: its staff in the client's
    directory isn't billed.
    """

    basis: Basis = "licensed"
    counted_licences: tuple[str, ...] = ()
    ignored_licences: tuple[str, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    own_domains: tuple[str, ...] = ()

    @property
    def asks_for_licences(self) -> bool:
        """Whether its verdict depends on licences, which not every source shows without a further permission."""
        return self.basis == "licensed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an account counts, why, and a detail such as the licence or the exclusion's own reason."""

    counts: bool
    reason: Reason
    detail: str = ""
    roster: str | None = None


# SKU part numbers and product names that cost nothing or are trials, so that nobody becomes a user by clicking
# "try for free". From Microsoft's "Product names and service plan identifiers for licensing" (read 2026-11).
FREE_LICENCES: tuple[str, ...] = (
    "CCIBOTS_PRIVPREV_VIRAL",
    "DYN365_ENTERPRISE_P1_IW",
    "FLOW_FREE",
    "FORMS_PRO",
    "MCOPSTNC",
    "MICROSOFT_BUSINESS_CENTER",
    "PHONESYSTEM_VIRTUALUSER",
    "POWERAPPS_DEV",
    "POWERAPPS_INDIVIDUAL_USER",
    "POWER_BI_STANDARD",
    "RIGHTSMANAGEMENT_ADHOC",
    "STREAM",
    "TEAMS_EXPLORATORY",
    "TEAMS_FREE*",
    "WINDOWS_STORE",
    "*_FREE",
    "*_TRIAL*",
    "*_VIRAL*",
    "* free",
    "*(free)*",
    "* trial*",
    "*exploratory*",
    "Communications Credits",
    "Microsoft Power Apps for Developer",
    "Microsoft Teams Phone Resource Account",
    "Rights Management Adhoc",
    "Windows Store for Business",
)


# A tenant's people share a handful of licences, and each is compared with the same few dozen patterns.
@lru_cache(maxsize=1024)
def _matches(licence: str, patterns: tuple[str, ...]) -> bool:
    return any(_like(licence, pattern) for pattern in patterns)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def judge(rule: Rule, account: Account) -> Verdict:
    """The rule's verdict on one account: the first reason against it, or the one for it."""
    excluded = next((entry for entry in rule.exclude if entry.takes(account)), None)
    if excluded is not None:
        return Verdict(counts=False, reason=Reason.EXCLUDED, detail=excluded.reason)
    against = _obstacle(rule, account)
    if against is not None:
        return Verdict(counts=False, reason=against)
    if rule.basis == "enabled":
        return Verdict(counts=True, reason=Reason.ENABLED)
    return _by_licence(rule, account)


def _obstacle(rule: Rule, account: Account) -> Reason | None:
    own = {domain.casefold() for domain in rule.own_domains}
    if own and {_domain(account.upn), _domain(account.mail)} & own:
        return Reason.OWN_STAFF
    if account.guest:
        return Reason.GUEST
    if account.mailbox == "shared":
        return Reason.SHARED_MAILBOX
    if account.mailbox in {"room", "equipment"}:
        return Reason.ROOM
    return None if account.enabled else Reason.DISABLED


def _by_licence(rule: Rule, account: Account) -> Verdict:
    candidates = [licence for licence in account.licences or () if not _matches(licence, rule.ignored_licences)]
    if rule.counted_licences:
        counted = [licence for licence in candidates if _matches(licence, rule.counted_licences)]
    else:
        counted = [licence for licence in candidates if not _matches(licence, FREE_LICENCES)]
    if counted:
        return Verdict(counts=True, reason=Reason.LICENSED, detail=counted[0])
    free = bool(candidates) and all(_matches(licence, FREE_LICENCES) for licence in candidates)
    reason = Reason.FREE_LICENCE_ONLY if free else Reason.NO_LICENCE
    return Verdict(counts=False, reason=reason, detail=candidates[0] if candidates else "")


@dataclass(frozen=True, slots=True)
class Roster:
    """A named list of the people a client pays for under one rule."""

    name: str
    rule: Rule = field(default_factory=Rule)


def place(rosters: Sequence[Roster], account: Account) -> Verdict:
    """The verdict on an account over a client's rosters: the first whose rule takes it, else the last refusal."""
    verdict = Verdict(counts=False, reason=Reason.EXCLUDED, detail="the client has no roster")
    for roster in rosters:
        verdict = judge(roster.rule, account)
        if verdict.counts:
            return Verdict(counts=True, reason=verdict.reason, detail=verdict.detail, roster=roster.name)
    return verdict


def asks_for_licences(rosters: Sequence[Roster]) -> bool:
    """Whether who counts on these rosters can't be said without licences."""
    return any(roster.rule.asks_for_licences for roster in rosters)
