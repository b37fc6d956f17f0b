"""Taking a complete reading of a directory into the accounts, a slice at a time: by object id, the last sighting wins.

Rows go to the database by the driver itself, so that a first reading of a large directory holds nobody up; whoever has
loaded such rows as objects before must load them anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from rosters.rules import Account
from rosters.verdicts import Reason
from storage import bulk, directories
from storage.held import SLICE, Held, account_of, every_held, names, said, select_held, write
from storage.ids import id_of
from storage.judging import Judging, Part
from storage.newcomers import Newcomers, call
from storage.tables import AccountRow, DirectoryRow

Fields = Mapping[str, Any]
Members = Mapping[str, frozenset[str]]
"""The object ids in each group that was asked for."""


def take(
    session: Session,
    directory: DirectoryRow,
    entries: Iterable[tuple[str, Fields | None]],
    judging: Judging,
    *,
    full: bool,
    members: Members | None = None,
) -> None:
    """Stores what was seen (None: removed) with its verdicts.

    A property that the source didn't send keeps its value. After a full reading, accounts that weren't seen are gone.
    `members` is None where the entries say their groups themselves.
    """
    if members is not None:
        directory.groups_read = directories.names_text(tuple(sorted(members)))
    session.flush()
    part = judging.of(directory)
    newcomers = Newcomers(session, id_of(directory), directory.client_id, judging, part)
    work = _Work(session, id_of(directory), judging, part, members, newcomers)
    newest = work.newest()
    seen: set[int] = set()
    for some in bulk.slices(entries, SLICE):
        latest: dict[str, Fields | None] = {}
        for object_id, fields in some:
            before = latest.get(object_id)
            latest[object_id] = {**before, **fields} if before and fields else fields
        seen.update(work.take(latest))
    if full:
        work.take_away(newest, seen)
    elif members is not None:
        work.group_again(newest, seen)
    session.expire_all()


def judge(session: Session, directory: DirectoryRow, judging: Judging) -> None:
    """Gives every account of a directory its verdict anew."""
    session.flush()
    part = judging.of(directory)
    for held in every_held(session, id_of(directory)):
        judged = (judging.judged(row, account_of(row), part) for row in held)
        write(session, (after for before, after in zip(held, judged, strict=True) if after != before))
    session.expire_all()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many accounts a directory has now, how many count on some roster, and how many no rule could judge.

    Those are of unknown licences.
    """

    present: int
    counting: int
    without_licences: int


def tally(session: Session, directory: DirectoryRow) -> Tally:
    """Counts the accounts of a directory."""
    unknown = col(AccountRow.reason) == Reason.LICENCES_UNKNOWN
    numbers = (_how_many(col(AccountRow.present).is_(True)), func.count(col(AccountRow.roster)), _how_many(unknown))
    mine = col(AccountRow.directory_id) == directory.id
    return Tally(*session.execute(select(*numbers).where(mine)).one())


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


@dataclass(frozen=True, slots=True)
class _Work:
    """One reading on its way into the accounts of one directory."""

    session: Session
    directory_id: int
    judging: Judging
    part: Part
    members: Members | None
    newcomers: Newcomers

    def newest(self) -> int:
        """The id of the account that was seen last for the first time; 0 where nobody ever was."""
        mine = col(AccountRow.directory_id) == self.directory_id
        last: int | None = self.session.execute(select(func.max(AccountRow.id)).where(mine)).scalar_one()
        return last or 0

    def take(self, latest: Mapping[str, Fields | None]) -> list[int]:
        """A slice: what was seen last of each object id. Gives the ids of the accounts that were there before."""
        known = bulk.among(self.session, AccountRow, "object_id", tuple(latest), "directory_id", self.directory_id)
        held = self._held(known) if known else []
        self._update([(row, latest[row.object_id]) for row in held])
        new = ((each, fields) for each, fields in latest.items() if fields is not None and each not in known)
        self.newcomers.add({each: self._grouped(each, fields) for each, fields in new})
        return [row.id for row in held]

    def take_away(self, newest: int, seen: AbstractSet[int]) -> None:
        """After a full reading, who was present before and wasn't seen is gone; `newest` was the last account then."""
        there = (col(AccountRow.directory_id) == self.directory_id, col(AccountRow.present).is_(True))
        known = select(col(AccountRow.id)).where(*there, col(AccountRow.id) <= newest)
        missing = [account for (account,) in self.session.connection().execute(known) if account not in seen]
        for some in bulk.slices(missing, SLICE):
            gone = select_held(self.session, self.directory_id, col(AccountRow.id).in_(some))
            self._update([(row, None) for row in gone])

    def group_again(self, newest: int, seen: AbstractSet[int]) -> None:
        """What a reading says of accounts that it didn't mention: in which groups they are now."""
        for held in every_held(self.session, self.directory_id):
            self._update([(row, {}) for row in held if row.present and row.id <= newest and row.id not in seen])

    def _held(self, object_ids: AbstractSet[str]) -> list[Held]:
        return select_held(self.session, self.directory_id, col(AccountRow.object_id).in_(object_ids))

    def _grouped(self, object_id: str, fields: Fields) -> Fields:
        """What was said, with the groups that have the account where they were asked for by themselves."""
        if self.members is None:
            return fields
        return {**fields, "groups": tuple(sorted(group for group, ids in self.members.items() if object_id in ids))}

    def _update(self, updates: Sequence[tuple[Held, Fields | None]]) -> None:
        """Brings rows in line with what was seen of them; whoever is called otherwise now gets an identity for it."""
        found: list[tuple[Held, Held, Account]] = []
        for row, fields in updates:
            account = account_of(row)
            if fields is not None:
                account = replace(account, **self._grouped(row.object_id, fields))
            seen = row._replace(present=fields is not None, **said(account))
            found.append((row, seen, account))
        renamed = [(seen, account) for row, seen, account in found if row.salt and names(account) != names(row)]
        called_now = [(seen.person_id, seen.object_id, names(account)) for seen, account in renamed]
        identities = call(self.session, called_now, self.judging.on)
        called = {seen.id: identity for (seen, _), identity in zip(renamed, identities, strict=True)}
        after = (
            self.judging.judged(seen._replace(identity_id=called.get(seen.id, seen.identity_id)), account, self.part)
            for _, seen, account in found
        )
        write(self.session, (new for (old, _, _), new in zip(found, after, strict=True) if new != old))
