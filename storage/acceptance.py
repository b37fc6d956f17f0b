"""Taking a complete reading of a directory into the accounts, a slice at a time: by object id, the last sighting wins.

Rows go to the database by the driver itself, so that a first reading of a large directory holds nobody up; whoever has
loaded such rows as objects before must load them anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
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
from storage.told import Told

_AT_ONCE = 5000
"""Entries that are stored together: ids are random keys, and the more go into their index together, the quicker."""
Members = Mapping[str, frozenset[str]]
"""The object ids in each group that was asked for."""


def take(
    session: Session,
    directory: DirectoryRow,
    entries: Iterable[tuple[str, Told | None]],
    judging: Judging,
    *,
    full: bool,
    members: Members | None = None,
) -> Newcomers | None:
    """Stores what was seen (None: removed) with its verdicts.

    A property that the source didn't send keeps its value. After a full reading, accounts that weren't seen are gone.
    `members` is None where the entries say their groups themselves. Gives those who were never seen before; None where
    the reading came back to some of them, so that they may no longer be what they came as.
    """
    if members is not None:
        directory.groups_read = directories.names_text(tuple(sorted(members)))
    session.flush()
    part = judging.of(directory)
    newcomers = Newcomers(session, id_of(directory), directory.client_id, judging, part)
    newest = _newest(session, id_of(directory))
    work = _Work(session, id_of(directory), judging, part, members, newcomers, newest)
    seen: set[int] = set()
    for some in bulk.slices(entries, _AT_ONCE):
        seen.update(work.take(_latest(some)))
    if full:
        work.take_away(seen)
    elif members is not None:
        work.group_again(seen)
    session.expire_all()
    return newcomers if max(seen, default=0) <= newest else None


def _latest(entries: Sequence[tuple[str, Told | None]]) -> dict[str, Told | None]:
    """What was said last of each object id: of several sightings, the last word on each property."""
    latest = dict(entries)
    if len(latest) == len(entries):
        return latest
    latest = {}
    for object_id, told in entries:
        before = latest.get(object_id)
        latest[object_id] = before.then(told.said()) if before and told else told
    return latest


def _newest(session: Session, directory_id: int) -> int:
    """The id of the account that was seen last for the first time; 0 where nobody ever was."""
    mine = col(AccountRow.directory_id) == directory_id
    last: int | None = session.execute(select(func.max(AccountRow.id)).where(mine)).scalar_one()
    return last or 0


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
    newest: int
    """The account that was seen last for the first time before this reading."""
    marks: set[int] = field(default_factory=set)
    """Hashes of the object ids that this reading has shown, where nobody had an account before."""

    def take(self, latest: Mapping[str, Told | None]) -> list[int]:
        """A slice: what was seen last of each object id. Gives the ids of the accounts that were there before."""
        known: dict[str, int] = {}
        for some in bulk.slices(self._perhaps_known(latest), SLICE):
            mine = bulk.among(self.session, AccountRow, "object_id", some, "directory_id", self.directory_id)
            held = self._held(mine) if mine else []
            self._update([(row, told.said() if (told := latest[row.object_id]) else None) for row in held])
            known |= {row.object_id: row.id for row in held}
        new = {each: told for each, told in latest.items() if told is not None and each not in known}
        self.newcomers.add(new if self.members is None else {each: new[each].then(self._groups(each)) for each in new})
        return list(known.values())

    def _perhaps_known(self, object_ids: Iterable[str]) -> Iterable[str]:
        """Those who may have an account: where nobody had one before, whoever this reading has shown already."""
        if self.newest:
            return sorted(object_ids)
        marks = list(map(hash, object_ids))
        again = [] if self.marks.isdisjoint(marks) else [each for each in object_ids if hash(each) in self.marks]
        self.marks.update(marks)
        return again

    def take_away(self, seen: AbstractSet[int]) -> None:
        """After a full reading, who was present before and wasn't seen is gone."""
        there = (col(AccountRow.directory_id) == self.directory_id, col(AccountRow.present).is_(True))
        known = select(col(AccountRow.id)).where(*there, col(AccountRow.id) <= self.newest)
        missing = [account for (account,) in self.session.connection().execute(known) if account not in seen]
        for some in bulk.slices(missing, SLICE):
            gone = select_held(self.session, self.directory_id, col(AccountRow.id).in_(some))
            self._update([(row, None) for row in gone])

    def group_again(self, seen: AbstractSet[int]) -> None:
        """What a reading says of accounts that it didn't mention: in which groups they are now."""
        for held in every_held(self.session, self.directory_id):
            self._update([(row, {}) for row in held if row.present and row.id <= self.newest and row.id not in seen])

    def _held(self, object_ids: AbstractSet[str]) -> list[Held]:
        return select_held(self.session, self.directory_id, col(AccountRow.object_id).in_(object_ids))

    def _groups(self, object_id: str) -> Mapping[str, Any]:
        """In which groups an account is, where they were asked for by themselves."""
        if self.members is None:
            return {}
        return {"groups": tuple(sorted(group for group, ids in self.members.items() if object_id in ids))}

    def _update(self, updates: Sequence[tuple[Held, Mapping[str, Any] | None]]) -> None:
        """Brings rows in line with what was seen of them; whoever is called otherwise now gets an identity for it."""
        found: list[tuple[Held, Held, Account]] = []
        for row, fields in updates:
            account = account_of(row)
            if fields is not None:
                account = replace(account, **{**fields, **self._groups(row.object_id)})
            seen = row._replace(present=fields is not None, **said(account))
            found.append((row, seen, account))
        renamed = [(seen, account) for row, seen, account in found if row.salt and names(account) != names(row)]
        called_now = ((seen.person_id, seen.object_id, names(account)) for seen, account in renamed)
        identities = call(self.session, len(renamed), called_now, self.judging.on)
        called = {seen.id: identity for (seen, _), identity in zip(renamed, identities, strict=True)}
        after = (
            self.judging.judged(seen._replace(identity_id=called.get(seen.id, seen.identity_id)), account, self.part)
            for _, seen, account in found
        )
        write(self.session, (new for (old, _, _), new in zip(found, after, strict=True) if new != old))
