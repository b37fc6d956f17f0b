"""Accounts that no reading showed before: straight from what their source said to the rows of three tables."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlmodel import Session

from rosters.rules import Account
from storage import bulk, identities
from storage.held import Names, new
from storage.judging import Judging, Part
from storage.tables import AccountRow, IdentityRow, PersonRow

_SALT_BYTES = 16
_UNSAID = {one.name: one.default for one in fields(Account) if one.default is not MISSING}
_names_of = itemgetter("name", "mail", "upn", "employee_id")
# What an account has in common with many others of its tenant.
_KIND = ("enabled", "guest", "licences", "mailbox", "groups", "department")
_kind_of = itemgetter(*_KIND)
_OF_IDENTITY = ("id", "person_id", "name", "mail", "upn", "employee_id", "salt", "digest", "seen_on")
_OWN = ("directory_id", "first_seen", "object_id", "person_id", "identity_id", "last_sign_in", "since")
_SHARED = ("reason", "roster", "detail", "rule_version", "sync_id", "present", *_KIND)
_shared_of = attrgetter(*_SHARED)


class Newcomers:
    """Those of one reading of a directory, judged and stored a slice at a time.

    Where no rule looks at names, whoever has the same properties gets the same verdict, and it is given once.
    """

    def __init__(self, session: Session, directory_id: int, client_id: int, judging: Judging, part: Part) -> None:
        """Nobody is stored yet."""
        self._session, self._directory_id, self._client_id = session, directory_id, client_id
        self._judging, self._part = judging, part
        self._by_names = judging.asks_for_names(part)
        self._of_kind = lru_cache(maxsize=1024)(self._judged_kind)

    def add(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        """Stores a slice: what was said, by object id. Each becomes a person of their own."""
        people = bulk.new_ids(self._session, PersonRow, len(told))
        client_id = self._client_id
        bulk.insert(self._session, PersonRow, ("id", "client_id"), ((person, client_id) for person in people))
        said = {object_id: {**_UNSAID, **each} for object_id, each in told.items()}
        called = zip(people, said, map(_names_of, said.values()), strict=True)
        identities = call(self._session, list(called), self._judging.on)
        bulk.insert(self._session, AccountRow, (*_OWN, *_SHARED), self._rows(said, people, identities))

    def _rows(
        self, said: Mapping[str, Mapping[str, Any]], people: Sequence[int], identities: Sequence[int]
    ) -> Iterator[tuple[Any, ...]]:
        on, first_seen, directory_id = self._judging.on.isoformat(), self._judging.first_seen, self._directory_id
        for (object_id, each), person, identity in zip(said.items(), people, identities, strict=True):
            shared = self._judged(Account(object_id, **each)) if self._by_names else self._of_kind(_kind_of(each))
            # Whom nobody has judged yet can't have been held back by an earlier reading.
            since = first_seen[object_id].isoformat() if shared[0] and object_id in first_seen else on
            signed_in = each["last_sign_in"]
            signed_in = None if signed_in is None else signed_in.isoformat()
            yield (directory_id, on, object_id, person, identity, signed_in, since, *shared)

    def _judged_kind(self, kind: tuple[Any, ...]) -> tuple[Any, ...]:
        return self._judged(Account("", **dict(zip(_KIND, kind, strict=True))))

    def _judged(self, account: Account) -> tuple[Any, ...]:
        row = new(account, self._judging.on, self._judging.sync_id)
        shared = _shared_of(self._judging.judged(row, account, self._part))
        return tuple(bulk.flag(self._session, value=one) if isinstance(one, bool) else one for one in shared)


def call(session: Session, people: Sequence[tuple[int, str, Names]], on: date) -> Sequence[int]:
    """Stores what people are called from a day on, each under a fresh salt, and gives the ids under which it stands.

    Beside each person stands the object id that serves whoever has no name.
    """
    ids, day = bulk.new_ids(session, IdentityRow, len(people)), on.isoformat()
    rows = (
        (identity, person, *_named(object_id, names, salt), day)
        for identity, salt, (person, object_id, names) in zip(ids, _salts(len(people)), people, strict=True)
    )
    bulk.insert(session, IdentityRow, _OF_IDENTITY, rows)
    return ids


def _salts(count: int) -> Iterator[str]:
    drawn, length = secrets.token_hex(_SALT_BYTES * count), 2 * _SALT_BYTES
    return (drawn[start : start + length] for start in range(0, len(drawn), length))


def _named(object_id: str, names: Names, salt: str) -> tuple[str, ...]:
    name, mail, upn, number = names
    name = name or upn or mail or object_id
    return (name, mail, upn, number, salt, identities.digest(salt, name))
