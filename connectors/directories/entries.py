"""What a directory says about one account, and what a list of such sayings makes of the accounts known before."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from msgspec import UNSET, Struct, UnsetType, structs

from rosters.rules import Account, MailboxKind

# What a field holds when its source says that it is empty: the default of the account itself.
CLEARED: Mapping[str, Any] = MappingProxyType(
    {entry.name: entry.default for entry in fields(Account) if entry.default is not MISSING}
)


_Names = tuple[str, ...] | UnsetType | None


class Told(Struct, frozen=True, gc=False):
    """What a source said of an account, as it is read back, by field; UNSET is what it didn't say."""

    name: str | UnsetType = UNSET
    mail: str | UnsetType = UNSET
    upn: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    guest: bool | UnsetType = UNSET
    licences: _Names = UNSET
    mailbox: MailboxKind | UnsetType = UNSET
    groups: _Names = UNSET
    department: str | UnsetType = UNSET
    employee_id: str | UnsetType = UNSET
    last_sign_in: date | UnsetType | None = UNSET

    def said(self) -> Mapping[str, Any]:
        """What was sent, by field."""
        found = ((each, getattr(self, each)) for each in self.__struct_fields__)
        return {each: value for each, value in found if value is not UNSET}

    def then(self, said: Mapping[str, Any]) -> Self:
        """What was said before and now; where both speak of the same, now."""
        return structs.replace(self, **said)


class Sighting(Struct, frozen=True, gc=False, array_like=True):
    """An account as a source describes it now.

    `fields` has only what the source sent, under the field names of `rosters.rules.Account` without `object_id`.
    A field that is missing is unchanged or unknown; one that the source emptied is there with its `CLEARED` value.
    `licences` is a sorted tuple, or None where they were not read.
    """

    object_id: str
    fields: Mapping[str, Any]


class Removal(Struct, frozen=True, gc=False, array_like=True):
    """An account that the source took away: for good, or into a bin from which it may come back."""

    object_id: str
    permanent: bool


Entry = Sighting | Removal


def accounts_after(before: Iterable[Account], entries: Iterable[Entry], *, full: bool) -> dict[str, Account]:
    """The accounts present after a reading, by object id; of several entries on one account, the last wins.

    After a full reading, accounts that it doesn't mention are gone. Fields that no entry mentions keep the value
    known before. Repeating entries changes nothing.
    """
    known = {account.object_id: account for account in before}
    present = {} if full else dict(known)
    for entry in entries:
        if isinstance(entry, Removal):
            present.pop(entry.object_id, None)
            continue
        base = present.get(entry.object_id) or known.get(entry.object_id) or Account(entry.object_id)
        present[entry.object_id] = replace(base, **entry.fields)
    return present
