"""Directories, accounts, and the names of people."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select

from rosters.rules import Account, MailboxKind
from rosters.split import EVERYBODY, Scope
from storage.bulk import MOST_PARAMETERS, slices
from storage.codec import decode, encode
from storage.tables import AccountRow, BoughtRow, DirectoryRow, IdentityRow, NoticeRow, SyncRow


def of_client(session: Session, client_id: int) -> list[DirectoryRow]:
    """A client's directories, by name."""
    query = select(DirectoryRow).where(DirectoryRow.client_id == client_id).order_by(DirectoryRow.name)
    return list(session.exec(query))


def get(session: Session, directory_id: int) -> DirectoryRow:
    """The directory with this id."""
    return session.exec(select(DirectoryRow).where(DirectoryRow.id == directory_id)).one()


def find(session: Session, directory_id: int) -> DirectoryRow | None:
    """The directory with this id, unless a book has taken it away."""
    return session.exec(select(DirectoryRow).where(DirectoryRow.id == directory_id)).first()


def newest_reading(session: Session, directory_id: int) -> int | None:
    """The id of the last attempt to read a directory that came to its end, whether it was accepted or held."""
    ended = (SyncRow.directory_id == directory_id, col(SyncRow.outcome).in_(("accepted", "held")))
    return session.exec(select(func.max(SyncRow.id)).where(*ended)).one()


def last_attempt(session: Session, directory_id: int) -> date | None:
    """The local day of the last attempt to read a directory."""
    return _day_of_last(session, SyncRow.directory_id == directory_id)


def last_full_reading(session: Session, directory_id: int) -> date | None:
    """The local day of the last reading of everybody that was accepted."""
    taken = (SyncRow.directory_id == directory_id, SyncRow.outcome == "accepted", col(SyncRow.full).is_(True))
    return _day_of_last(session, *taken)


def _day_of_last(session: Session, *which: Any) -> date | None:
    """The day of the one that came last: a mistyped one may have a later day."""
    query = columns(col(SyncRow.on)).where(*which).order_by(col(SyncRow.id).desc())
    return session.execute(query.limit(1)).scalars().first()


def not_after(session: Session, row: DirectoryRow, today: date) -> None:
    """Lets what was first seen on a day that is yet to come, as on a mistyped one, have been seen today."""
    for table in (AccountRow, BoughtRow):
        later = (col(table.directory_id) == row.id, col(table.since) > today)
        session.execute(update(table).where(*later).values(since=today).execution_options(synchronize_session=False))


def put(
    session: Session, client_id: int, name: str, kind: str, settings: str, scope: Scope = EVERYBODY
) -> DirectoryRow:
    """Stores where a directory is and which part is the client's; one that moved is read anew from the start."""
    query = select(DirectoryRow).where(DirectoryRow.client_id == client_id, DirectoryRow.name == name)
    row = session.exec(query).first() or DirectoryRow(client_id=client_id, name=name, kind=kind, settings=settings)
    if (row.kind, row.settings) != (kind, settings):
        row.kind, row.settings = kind, settings
        row.cursor = row.groups_read = row.counts_licences = row.knows_licences = None
        row.mailboxes_read = False
        session.exec(delete(BoughtRow).where(col(BoughtRow.directory_id) == row.id))
    row.scope = encode(scope)
    session.add(row)
    session.flush()
    return row


def scope_of(row: DirectoryRow) -> Scope:
    """The part of a directory that is the client's."""
    return decode(Scope, row.scope)


def drop(session: Session, row: DirectoryRow) -> None:
    """Removes a directory in which nobody was ever seen, with the attempts to read it and their alert."""
    session.exec(delete(SyncRow).where(col(SyncRow.directory_id) == row.id))
    session.exec(delete(BoughtRow).where(col(BoughtRow.directory_id) == row.id))
    session.exec(delete(NoticeRow).where(col(NoticeRow.subject) == f"directory:{row.id}"))
    session.delete(row)
    session.flush()


def accounts(session: Session, directory_id: int) -> dict[str, AccountRow]:
    """Every account ever seen in a directory, by object id."""
    rows = session.exec(select(AccountRow).where(AccountRow.directory_id == directory_id))
    return {row.object_id: row for row in rows}


def accounts_of_client(session: Session, client_id: int) -> Iterator[tuple[AccountRow, DirectoryRow, IdentityRow]]:
    """Every account of a client with its directory and present identity, by name."""
    query = (
        select(AccountRow, DirectoryRow, IdentityRow)
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
        .where(DirectoryRow.client_id == client_id)
        .order_by(IdentityRow.name, col(AccountRow.id))
    )
    yield from session.exec(query)


def present_ids(session: Session, directory_id: int) -> list[str]:
    """The object ids of the accounts that a directory had when it was read last."""
    there = (col(AccountRow.directory_id) == directory_id, col(AccountRow.present).is_(True))
    return list(session.execute(columns(col(AccountRow.object_id)).where(*there)).scalars())


def verdict_days(session: Session, directory_id: int) -> Iterator[tuple[str, date]]:
    """Each account of a directory by object id, with the day of its verdict."""
    query = columns(col(AccountRow.object_id), col(AccountRow.since)).where(
        col(AccountRow.directory_id) == directory_id
    )
    yield from ((row[0], row[1]) for row in session.execute(query))


def judged_otherwise(session: Session, client_id: int, version: int) -> bool:
    """Whether anybody's verdict is still one by other rules than those of a version."""
    query = select(AccountRow.id).join(DirectoryRow, col(DirectoryRow.id) == col(AccountRow.directory_id))
    theirs = (DirectoryRow.client_id == client_id, col(AccountRow.present).is_(True))
    other = or_(col(AccountRow.rule_version).is_(None), col(AccountRow.rule_version) != version)
    return session.exec(query.where(*theirs, other).limit(1)).first() is not None


def never_read(session: Session, client_id: int) -> list[str]:
    """The names of a client's directories that no reading was ever accepted of."""
    read = select(SyncRow.id).where(SyncRow.directory_id == DirectoryRow.id, SyncRow.outcome == "accepted")
    query = select(DirectoryRow.name).where(DirectoryRow.client_id == client_id, ~read.exists())
    return list(session.exec(query.order_by(DirectoryRow.name)))


def troubled(session: Session, client_ids: Collection[int]) -> list[DirectoryRow]:
    """The directories of some clients that can't be read, or whose last reading is held back."""
    needs_somebody = or_(col(DirectoryRow.failing_since).is_not(None), col(DirectoryRow.trips).is_not(None))
    rows = session.exec(select(DirectoryRow).where(needs_somebody).order_by(col(DirectoryRow.id)))
    return [row for row in rows if row.client_id in client_ids]


@dataclass(frozen=True, slots=True)
class Standing:
    """How reading a directory goes: `is_held` says that the safety catch holds its last reading back."""

    client_id: int
    name: str
    last_read: date | None
    read_at: datetime | None
    failing_since: date | None
    failing_at: datetime | None
    failure: str | None
    is_held: bool


def standings(session: Session) -> list[Standing]:
    """How reading every directory goes, read at once and without what was read; what was never read comes first."""
    query = columns(
        col(DirectoryRow.client_id),
        col(DirectoryRow.name),
        col(DirectoryRow.last_read),
        col(DirectoryRow.read_at),
        col(DirectoryRow.failing_since),
        col(DirectoryRow.failing_at),
        col(DirectoryRow.failure),
        col(DirectoryRow.trips).is_not(None),
    )
    found = [Standing(*row) for row in session.execute(query)]
    return sorted(found, key=lambda each: (each.last_read or date.min, each.client_id, each.name))


def as_account(row: AccountRow, identity: IdentityRow) -> Account:
    """A stored account as the rule looks at it."""
    return Account(
        object_id=row.object_id,
        name=identity.name,
        mail=identity.mail,
        upn=identity.upn,
        enabled=row.enabled,
        guest=row.guest,
        licences=as_names(row.licences),
        mailbox=as_mailbox(row.mailbox),
        groups=as_names(row.groups),
        department=row.department,
        employee_id=identity.employee_id,
        last_sign_in=row.last_sign_in,
    )


def as_mailbox(kind: str) -> MailboxKind:
    """A stored kind of mailbox."""
    kinds: dict[str, MailboxKind] = {"user": "user", "shared": "shared", "room": "room", "equipment": "equipment"}
    return kinds[kind]


@lru_cache(maxsize=1024)
def as_names(text: str) -> tuple[str, ...] | None:
    """Stored licences or groups; None where they were not read."""
    names: list[str] | None = json.loads(text)
    return None if names is None else tuple(names)


@lru_cache(maxsize=1024)
def names_text(names: tuple[str, ...] | None) -> str:
    """Licences or groups as they are stored; a tenant's people share a handful of combinations."""
    return json.dumps(names)


def add_sync(session: Session, **values: Any) -> SyncRow:
    """Records one attempt to read a directory."""
    row = SyncRow(**values)
    session.add(row)
    session.flush()
    return row


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, AccountRow]:
    """Accounts by id."""
    found: dict[int, AccountRow] = {}
    for some in slices(ids, MOST_PARAMETERS):
        rows = session.exec(select(AccountRow).where(col(AccountRow.id).in_(some)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found
