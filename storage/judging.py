"""Verdicts on stored accounts: by which rules, on which day, and when an earlier one stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rosters.rules import Account, Roster, Wanted, about, wanted
from rosters.split import Scope
from rosters.verdicts import Reason, Verdict, place
from storage import directories
from storage.handovers import NO_HANDOVERS, Handovers
from storage.held import Held
from storage.tables import DirectoryRow

_GONE = Verdict(counts=False, reason=Reason.GONE)
# Verdicts that were made by a name or mail: they stand once that name is erased, since nothing could make them again.
_NEEDS_NAMES = frozenset({Reason.EXCLUDED, Reason.SERVICE_ACCOUNT, Reason.OWN_STAFF, Reason.NAMED, Reason.NOT_NAMED})
# What speaks against an account that was once named, whatever it is called.
_AGAINST_NAMED = frozenset({Reason.DISABLED, Reason.GUEST, Reason.SHARED_MAILBOX, Reason.ROOM})


@dataclass(frozen=True, slots=True)
class Part:
    """What the verdicts on a directory's accounts take: the rosters, what they ask, which part of it is the client's.

    `unread` says that a rule began to go by a group for whose members nobody has asked yet, or by what mailboxes are
    where nobody has asked for that; `knows_licences` that the directory does, or wasn't asked yet.
    """

    rosters: tuple[Roster, ...]
    asked: Wanted
    scope: Scope
    unread: bool
    knows_licences: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """By which rules, on which day and after which sync verdicts are given; `version` is the number of those rules.

    `first_seen` has the days on which a held reading saw a verdict first, `handovers` those on which another client's
    did, where the directory is shared.
    """

    rosters: Sequence[Roster]
    on: date
    sync_id: int | None
    first_seen: Mapping[str, date]
    version: int | None = None
    handovers: Handovers = NO_HANDOVERS

    def of(self, directory: DirectoryRow) -> Part:
        """What the verdicts on the accounts of one directory take."""
        scope = directories.scope_of(directory)
        rosters = about(self.rosters, directory.name)
        asked = wanted(rosters, groups=scope.groups)
        read = None if directory.groups_read is None else directories.as_names(directory.groups_read)
        unread = (read is not None and not set(asked.groups) <= set(read)) or (
            asked.mailboxes and not directory.mailboxes_read
        )
        return Part(rosters, asked, scope, unread, knows_licences=directory.knows_licences is not False)

    def asks_for_names(self, part: Part) -> bool:
        """Whether accounts that differ in nothing but what they are called may get different verdicts."""
        return bool(part.scope.domains) or any(roster.rule.asks_for_names for roster in part.rosters)

    def judged(self, row: Held, account: Account, part: Part) -> Held:
        """The row with its verdict; `since` moves only when the account goes to another roster or off it."""
        if row.present and (part.unread or _was_not_read(account, part)):
            # A rule began to ask for more; until this directory is read with that, nothing new can be said.
            return row
        erased = not row.salt
        verdict = place(part.rosters, account, _known_of(part.scope, row, erased=erased)) if row.present else _GONE
        row = row._replace(rule_version=self.version)
        if row.present and erased and _stands(row, verdict, part.scope):
            return row
        since, sync_id = row.since, row.sync_id
        if row.roster != verdict.roster or not row.reason:
            handed_over = self.handovers.day(row.object_id, row.roster, row.reason, verdict)
            since, sync_id = handed_over or self.first_seen.get(row.object_id, self.on), self.sync_id
        return row._replace(
            roster=verdict.roster, reason=str(verdict.reason), detail=verdict.detail, since=since, sync_id=sync_id
        )


def _known_of(scope: Scope, row: Held, *, erased: bool) -> Scope:
    """The scope as far as an account can be held against it: who was inside by a domain that is erased, stays."""
    return replace(scope, domains=()) if erased and row.reason else scope


def _stands(row: Held, verdict: Verdict, scope: Scope) -> bool:
    """Whether the verdict on an erased name stays, since the new one only says that there is no name any more."""
    if row.reason == Reason.NAMED:
        return verdict.reason not in _AGAINST_NAMED
    return row.reason in _NEEDS_NAMES or (row.reason == Reason.ELSEWHERE and bool(scope.domains))


def _was_not_read(account: Account, part: Part) -> bool:
    licences = part.asked.licences and part.knows_licences and account.licences is None
    return licences or (bool(part.asked.groups) and account.groups is None)
