"""Accounts as they are stored, a slice at a time: bare tuples, since there may be a hundred thousand of them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from rosters.rules import Account
from storage import bulk, directories
from storage.tables import AccountRow, IdentityRow

SLICE = bulk.MOST_PARAMETERS
"""Accounts that are read and written together."""


class Held(NamedTuple):
    """An account as it is stored, with what its person is called."""

    id: int
    object_id: str
    person_id: int
    present: bool
    enabled: bool
    guest: bool
    licences: str
    mailbox: str
    groups: str
    department: str
    last_sign_in: date | None
    identity_id: int
    roster: str | None
    reason: str
    detail: str
    rule_version: int | None
    since: date
    sync_id: int | None
    name: str
    mail: str
    upn: str
    employee_id: str
    salt: str


Names = tuple[str, str, str, str]
"""Name, mail, UPN and number of an employee."""

_OF_IDENTITY = ("name", "mail", "upn", "employee_id", "salt")
_OF_ACCOUNT = tuple(name for name in Held._fields if name not in _OF_IDENTITY)
_WRITTEN = _OF_ACCOUNT[3:]
_SIGNED_IN, _SINCE = _OF_ACCOUNT.index("last_sign_in"), _OF_ACCOUNT.index("since")


def names(one: Account | Held) -> Names:
    """What somebody is called in an account."""
    return (one.name, one.mail, one.upn, one.employee_id)


def account_of(row: Held) -> Account:
    """A stored account as a rule looks at it."""
    return Account(
        object_id=row.object_id,
        name=row.name,
        mail=row.mail,
        upn=row.upn,
        enabled=row.enabled,
        guest=row.guest,
        licences=directories.as_names(row.licences),
        mailbox=directories.as_mailbox(row.mailbox),
        groups=directories.as_names(row.groups),
        department=row.department,
        employee_id=row.employee_id,
        last_sign_in=row.last_sign_in,
    )


def said(account: Account) -> dict[str, Any]:
    """The columns of an account that its source says."""
    return {
        "enabled": account.enabled,
        "guest": account.guest,
        "licences": directories.names_text(account.licences),
        "mailbox": account.mailbox,
        "groups": directories.names_text(account.groups),
        "department": account.department,
        "last_sign_in": account.last_sign_in,
    }


def new(account: Account, on: date, sync_id: int | None) -> Held:
    """An account that was never seen before, without a verdict; nobody has stored it and its person yet."""
    return Held(
        id=0,
        object_id=account.object_id,
        person_id=0,
        present=True,
        identity_id=0,
        roster=None,
        reason="",
        detail="",
        rule_version=None,
        since=on,
        sync_id=sync_id,
        name=account.name,
        mail=account.mail,
        upn=account.upn,
        employee_id=account.employee_id,
        # It isn't stored from here; that there is one says that the name wasn't erased.
        salt="salt",
        **said(account),
    )


def _plain(row: Held) -> tuple[Any, ...]:
    """The values of an account's columns as a driver takes them."""
    signed_in = row.last_sign_in.isoformat() if row.last_sign_in else None
    return (*row[:_SIGNED_IN], signed_in, *row[_SIGNED_IN + 1 : _SINCE], row.since.isoformat(), row.sync_id)


def write(session: Session, rows: Iterable[Held]) -> None:
    """Stores rows that were there before."""
    values = ((*_plain(row)[3:], row.id) for row in rows)
    bulk.update(session, AccountRow, _WRITTEN, values)


def _columns() -> list[Any]:
    accounts = [col(getattr(AccountRow, name)) for name in _OF_ACCOUNT]
    return [*accounts, *(col(getattr(IdentityRow, name)) for name in _OF_IDENTITY)]


def select_held(session: Session, directory_id: int, *conditions: Any, most: int | None = None) -> list[Held]:
    """The accounts of a directory under some conditions, in the order in which they were first seen."""
    query = (
        select(*_columns())
        .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
        .where(col(AccountRow.directory_id) == directory_id, *conditions)
        .order_by(col(AccountRow.id))
        .limit(most)
    )
    return [Held._make(row) for row in session.connection().execute(query)]


def every_held(session: Session, directory_id: int) -> Iterator[list[Held]]:
    """Every account ever seen in a directory, a slice at a time, so that memory doesn't grow with it."""
    last = 0
    while held := select_held(session, directory_id, col(AccountRow.id) > last, most=SLICE):
        yield held
        last = held[-1].id
