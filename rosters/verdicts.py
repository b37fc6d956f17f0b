"""The one verdict that a rule gives each account, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rosters.rules import Account, Roster, Rule, like
from rosters.split import EVERYBODY, Scope


class Reason(StrEnum):
    """Why an account counts or doesn't."""

    LICENSED = "LICENSED"
    ENABLED = "ENABLED"
    IN_GROUP = "IN_GROUP"
    NAMED = "NAMED"
    GUEST = "GUEST"
    DISABLED = "DISABLED"
    NO_LICENCE = "NO_LICENCE"
    FREE_LICENCE_ONLY = "FREE_LICENCE_ONLY"
    LICENCES_UNKNOWN = "LICENCES_UNKNOWN"
    NOT_IN_GROUP = "NOT_IN_GROUP"
    NOT_NAMED = "NOT_NAMED"
    SHARED_MAILBOX = "SHARED_MAILBOX"
    ROOM = "ROOM"
    SERVICE_ACCOUNT = "SERVICE_ACCOUNT"
    EXCLUDED = "EXCLUDED"
    OWN_STAFF = "OWN_STAFF"
    ELSEWHERE = "ELSEWHERE"
    NO_ROSTER = "NO_ROSTER"
    GONE = "GONE"
    SAME_PERSON = "SAME_PERSON"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an account counts, why, and a detail such as the licence or the exclusion's own reason."""

    counts: bool
    reason: Reason
    detail: str = ""
    roster: str | None = None


# SKU part numbers and product names that cost nothing or are trials, so that nobody becomes a user by clicking
# "try for free". From Microsoft's "Product names and service plan identifiers for licensing" (read 2026-11); that Teams
# Rooms Basic comes "at no additional cost" from its "Microsoft Teams Rooms licenses", and that the E5 developer
# subscription is "free of charge" from its "Microsoft 365 Developer Program FAQ" (both read 2026-11).
FREE_LICENCES: tuple[str, ...] = (
    "CCIBOTS_PRIVPREV_VIRAL",
    "DEVELOPERPACK_E5",
    "DYN365_ENTERPRISE_P1_IW",
    "FLOW_FREE",
    "FORMS_PRO",
    "MCOPSTNC",
    "MICROSOFT_BUSINESS_CENTER",
    "MICROSOFT_TEAMS_ROOMS_BASIC",
    "MICROSOFT_TEAMS_ROOMS_BASIC_WITHOUT_AUDIO_CONFERENCING",
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
    "Microsoft 365 E5 Developer*",
    "Microsoft Power Apps for Developer",
    "Microsoft Teams Phone Resource Account",
    "Microsoft Teams Rooms Basic*",
    "Rights Management Adhoc",
    "Windows Store for Business",
)


# A tenant's people share a handful of licences, and each is compared with the same few dozen patterns.
@lru_cache(maxsize=1024)
def _matches(licence: str, patterns: tuple[str, ...]) -> bool:
    return any(like(licence, pattern) for pattern in patterns)


def is_free(licence: str) -> bool:
    """Whether it costs nothing, or is a trial."""
    return _matches(licence, FREE_LICENCES)


def is_named(licence: str, rule: Rule) -> bool:
    """Whether a rule says of a licence that it counts, or that it doesn't."""
    return _matches(licence, rule.counted_licences) or _matches(licence, rule.ignored_licences)


def judge(rule: Rule, account: Account) -> Verdict:
    """The rule's verdict on one account: the first reason against it, or the one for it."""
    against = _obstacle(rule, account)
    if against is not None:
        return against
    shared = _shared_group(rule, account)
    if rule.groups and shared is None:
        return Verdict(counts=False, reason=Reason.NOT_IN_GROUP, detail=", ".join(rule.groups))
    match rule.basis:
        case "enabled":
            return Verdict(counts=True, reason=Reason.ENABLED)
        case "group":
            return Verdict(counts=True, reason=Reason.IN_GROUP, detail=shared or "")
        case "manual":
            return _by_name(rule, account)
        case "licensed":
            return _by_licence(rule, account)


def _obstacle(rule: Rule, account: Account) -> Verdict | None:
    excluded = _excluded(rule, account)
    if excluded is not None:
        return excluded
    against = _kind(account)
    return None if against is None else Verdict(counts=False, reason=against)


def _excluded(rule: Rule, account: Account) -> Verdict | None:
    excluded = next((entry for entry in rule.exclude if entry.takes(account)), None)
    if excluded is not None:
        reason = Reason.SERVICE_ACCOUNT if excluded.service_account else Reason.EXCLUDED
        return Verdict(counts=False, reason=reason, detail=excluded.reason)
    own = {domain.casefold() for domain in rule.own_domains}
    return Verdict(counts=False, reason=Reason.OWN_STAFF) if own and own & account.domains else None


def _kind(account: Account) -> Reason | None:
    if account.guest:
        return Reason.GUEST
    if account.mailbox == "shared":
        return Reason.SHARED_MAILBOX
    if account.mailbox in {"room", "equipment"}:
        return Reason.ROOM
    return None if account.enabled else Reason.DISABLED


def _shared_group(rule: Rule, account: Account) -> str | None:
    """The first group of the rule that has the account."""
    theirs = account.groups or ()
    return next((group for group in rule.groups if group in theirs), None)


def _by_name(rule: Rule, account: Account) -> Verdict:
    named = any(entry.takes(account) for entry in rule.include)
    return Verdict(counts=named, reason=Reason.NAMED if named else Reason.NOT_NAMED)


def _by_licence(rule: Rule, account: Account) -> Verdict:
    if account.licences is None:
        return Verdict(counts=False, reason=Reason.LICENCES_UNKNOWN)
    candidates = [licence for licence in account.licences if not _matches(licence, rule.ignored_licences)]
    if rule.counted_licences:
        counted = [licence for licence in candidates if _matches(licence, rule.counted_licences)]
    else:
        counted = [licence for licence in candidates if not is_free(licence)]
    if counted:
        return Verdict(counts=True, reason=Reason.LICENSED, detail=counted[0])
    free = bool(candidates) and all(map(is_free, candidates))
    reason = Reason.FREE_LICENCE_ONLY if free else Reason.NO_LICENCE
    return Verdict(counts=False, reason=reason, detail=candidates[0] if candidates else "")


def place(rosters: Sequence[Roster], account: Account, scope: Scope = EVERYBODY) -> Verdict:
    """The verdict on an account over the rosters that are about its directory: the first whose rule takes it.

    Where none does, it is the last refusal; but that its licences aren't known comes before a refusal, since a rule
    that goes by them may have taken it. `scope` is the part of its directory that is the client's; who isn't in it is
    on no roster.
    """
    missed = scope.missed_by(account)
    if missed is not None:
        # Whom a rule leaves out by name needs no part of the directory either.
        left_out = (_excluded(roster.rule, account) for roster in rosters)
        elsewhere = Verdict(counts=False, reason=Reason.ELSEWHERE, detail=missed)
        return next((verdict for verdict in left_out if verdict is not None), elsewhere)
    verdict = Verdict(counts=False, reason=Reason.NO_ROSTER)
    unknown = None
    for roster in rosters:
        verdict = judge(roster.rule, account)
        if verdict.counts:
            return replace(verdict, roster=roster.name)
        if verdict.reason is Reason.LICENCES_UNKNOWN:
            unknown = verdict
    return unknown or verdict
