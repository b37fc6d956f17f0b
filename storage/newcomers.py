"""Accounts that no reading showed before: straight from what their source said to the rows of three tables."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlmodel import Session

from rosters.changes import ChangeItem
from rosters.rules import Account
from storage import bulk, identities
from storage.held import SLICE, Names, new
from storage.judging import Judging, Part
from storage.tables import AccountRow, IdentityRow, PersonRow
from storage.told import Told

_SALT_BYTES = 16
_called = attrgetter("name", "mail", "upn", "employee_id")
_signed_in = attrgetter("last_sign_in")
# What a verdict rests on where no rule looks at names: an account has it in common with many others of its tenant.
_SAID = ("enabled", "guest", "licences", "mailbox", "groups", "department")
_kind_of = attrgetter(*_SAID)
_OF_IDENTITY = ("id", "person_id", "name", "mail", "upn", "employee_id", "salt", "digest")
_SHARED = ("roster", "reason", "detail", "rule_version", "sync_id", "present", *_SAID)
_shared_of = attrgetter(*_SHARED)
_OWN = ("id", "object_id", "person_id", "identity_id", "last_sign_in", "since")
_MOST_KINDS = 1024
_Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What accounts have in common: the values of the shared columns, and the roster among them."""

    number: int
    values: _Values
    roster: str | None


_One = tuple[_Kind, str, Told]
"""A newcomer's kind, object id, and all that was said."""


def _number_of(one: _One) -> int:
    return one[0].number


@dataclass(frozen=True, slots=True)
class _Stored:
    """A slice of them: the ids of their accounts and people, with what each is and since when."""

    accounts: Sequence[int]
    people: Sequence[int]
    kinds: Sequence[_Kind]
    days: Sequence[date]


class Newcomers:
    """Those of one reading of a directory, judged and stored a slice at a time.

    Where no rule looks at names, whoever has the same properties gets the same verdict, and it is given once.
    """

    def __init__(self, session: Session, directory_id: int, client_id: int, judging: Judging, part: Part) -> None:
        """Nobody is stored yet."""
        self._session, self._directory_id, self._client_id = session, directory_id, client_id
        self._judging, self._part = judging, part
        self._by_names = judging.asks_for_names(part)
        self._kinds: dict[_Values, _Kind] = {}
        self._kind_by_said: dict[_Values, _Kind] = {}
        self._stored: list[_Stored] = []

    def add(self, told: Mapping[str, Told]) -> None:
        """Stores a slice: what was said, by object id. Each becomes a person of their own."""
        # So many that nobody looks at one after the other are stored in the order in which that goes most quickly.
        is_long = len(told) > SLICE
        found = [self._one(key, told[key]) for key in (sorted(told) if is_long else told)]
        if is_long and len(self._kinds) > 1:
            found.sort(key=_number_of)
        people = bulk.new_ids(self._session, PersonRow, len(found))
        bulk.insert_alike(self._session, PersonRow, ("client_id",), ("id",), {(self._client_id,): people})
        called = ((person, key, _called(each)) for person, (_, key, each) in zip(people, found, strict=True))
        identities = call(self._session, len(found), called, self._judging.on)
        self._keep(found, people, identities)

    def joins(self) -> Iterator[ChangeItem]:
        """The seat of everybody who counts: nobody who has only just come has one yet, or another account."""
        for some in self._stored:
            for account, person, kind, day in zip(some.accounts, some.people, some.kinds, some.days, strict=True):
                if kind.roster is not None:
                    yield ChangeItem("join", day, kind.roster, person, account)

    @property
    def first(self) -> int | None:
        """The first of the people, who all come after whoever was known before; None where nobody came."""
        return next((some.people[0] for some in self._stored if some.people), None)

    def _one(self, object_id: str, told: Told) -> _One:
        said = _kind_of(told)
        kind = self._kind_by_said.get(said)
        if kind is None:
            kind = self._judged(Account(object_id, **told.said()))
            if not self._by_names and len(self._kind_by_said) < _MOST_KINDS:
                self._kind_by_said[said] = kind
        return kind, object_id, told

    def _keep(self, found: Sequence[_One], people: Sequence[int], identities: Sequence[int]) -> None:
        accounts, on = bulk.new_ids(self._session, AccountRow, len(found)), self._judging.on
        days, day, first_seen = [on] * len(found), on.isoformat(), self._judging.first_seen
        rows = defaultdict[_Kind, list[Any]](list)
        for at, (account, (kind, object_id, each), person, identity) in enumerate(
            zip(accounts, found, people, identities, strict=True)
        ):
            since, signed_in = day, _signed_in(each)
            if object_id in first_seen and kind.values[1]:
                days[at] = first_seen[object_id]
                since = days[at].isoformat()
            signed_in = signed_in.isoformat() if signed_in else None
            rows[kind] += (account, object_id, person, identity, signed_in, since)
        common, of = ("directory_id", "first_seen", *_SHARED), (self._directory_id, day)
        alike = {(*of, *kind.values): values for kind, values in rows.items()}
        bulk.insert_alike(self._session, AccountRow, common, _OWN, alike)
        self._stored.append(_Stored(accounts, people, [kind for kind, _, _ in found], days))

    def _judged(self, account: Account) -> _Kind:
        row = new(account, self._judging.on, self._judging.sync_id)
        shared = _shared_of(self._judging.judged(row, account, self._part))
        values = tuple(bulk.flag(self._session, value=one) if isinstance(one, bool) else one for one in shared)
        return self._kinds.setdefault(values, _Kind(len(self._kinds), values, shared[0]))


def call(session: Session, count: int, people: Iterable[tuple[int, str, Names]], on: date) -> Sequence[int]:
    """Stores what so many people are called from a day on, each under a fresh salt, and gives the ids of that.

    Beside each person stands the object id that serves whoever has no name. A name that isn't true is empty.
    """
    ids = bulk.new_ids(session, IdentityRow, count)
    values: list[Any] = []
    for identity, salt, (person, object_id, (name, mail, upn, number)) in zip(ids, _salts(count), people, strict=True):
        called = name or upn or mail or object_id
        values += (identity, person, called, mail or "", upn or "", number or "", salt, identities.digest(salt, called))
    bulk.insert_alike(session, IdentityRow, ("seen_on",), _OF_IDENTITY, {(on.isoformat(),): values})
    return ids


def _salts(count: int) -> Iterator[str]:
    drawn, length = secrets.token_hex(_SALT_BYTES * count), 2 * _SALT_BYTES
    return (drawn[start : start + length] for start in range(0, len(drawn), length))
