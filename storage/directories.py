"""Directories, accounts, and the names of people."""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select

from billing.accounts import Account, MailboxKind
from billing.changes import Placement
from storage.tables import AccountRow, DirectoryRow, IdentityRow, NoticeRow, PersonRow, SyncRow

# SQLite and PostgreSQL both bound the number of parameters of one statement.
_MOST_PARAMETERS = 500


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


def put(session: Session, client_id: int, name: str, kind: str, settings: str) -> DirectoryRow:
    """Stores where a directory is; a directory that moved is read anew from the start."""
    query = select(DirectoryRow).where(DirectoryRow.client_id == client_id, DirectoryRow.name == name)
    row = session.exec(query).first() or DirectoryRow(client_id=client_id, name=name, kind=kind, settings=settings)
    if (row.kind, row.settings) != (kind, settings):
        row.kind, row.settings, row.cursor = kind, settings, None
    session.add(row)
    session.flush()
    return row


def drop(session: Session, row: DirectoryRow) -> None:
    """Removes a directory in which nobody was ever seen, with the attempts to read it and their alert."""
    session.exec(delete(SyncRow).where(col(SyncRow.directory_id) == row.id))
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


def placements(session: Session, client_id: int) -> list[Placement]:
    """Where each account of a client puts its person; only the columns that this takes, since it is asked often."""
    query = (
        columns(col(AccountRow.id), col(AccountRow.person_id), col(AccountRow.roster), col(AccountRow.since))
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .where(col(DirectoryRow.client_id) == client_id)
        .order_by(col(AccountRow.id))
    )
    return [Placement(account or 0, person, roster, since) for account, person, roster, since in session.execute(query)]


def identities(session: Session, ids: Iterable[int]) -> dict[int, IdentityRow]:
    """Identities by id."""
    found: dict[int, IdentityRow] = {}
    for some in _batches(ids):
        rows = session.exec(select(IdentityRow).where(col(IdentityRow.id).in_(some)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found


def troubled(session: Session, client_ids: Collection[int]) -> list[DirectoryRow]:
    """The directories of some clients that can't be read, or whose last reading is held back."""
    needs_somebody = or_(col(DirectoryRow.failing_since).is_not(None), col(DirectoryRow.trips).is_not(None))
    rows = session.exec(select(DirectoryRow).where(needs_somebody).order_by(col(DirectoryRow.id)))
    return [row for row in rows if row.client_id in client_ids]


def new_identity(person_id: int, account: Account, on: date) -> IdentityRow:
    """What a person is called from a day on, with a fresh salt; to be added to the session by the caller."""
    salt = secrets.token_hex(16)
    name = account.name or account.upn or account.mail or account.object_id
    return IdentityRow(
        person_id=person_id,
        name=name,
        mail=account.mail,
        upn=account.upn,
        salt=salt,
        digest=digest(salt, name),
        seen_on=on,
    )


def digest(salt: str, name: str) -> str:
    """The salted digest under which a frozen document names a person."""
    return hashlib.sha256(f"{salt}:{name}".encode()).hexdigest()


def as_account(row: AccountRow, identity: IdentityRow) -> Account:
    """A stored account as the rule looks at it."""
    kinds: dict[str, MailboxKind] = {"user": "user", "shared": "shared", "room": "room", "equipment": "equipment"}
    return Account(
        object_id=row.object_id,
        name=identity.name,
        mail=identity.mail,
        upn=identity.upn,
        enabled=row.enabled,
        guest=row.guest,
        licences=as_licences(row.licences),
        mailbox=kinds[row.mailbox],
    )


def as_licences(text: str) -> tuple[str, ...] | None:
    """Stored licences; None where they were not read."""
    licences: list[str] | None = json.loads(text)
    return None if licences is None else tuple(licences)


def current_names(session: Session, people: Iterable[int]) -> dict[int, str]:
    """The newest name of each person, without those that were erased."""
    return {row.person_id: row.name for row in _of_people(session, people) if row.name}


def newest_digests(session: Session, people: Iterable[int]) -> dict[int, str]:
    """The digest of each person's newest name, as a frozen document keeps it."""
    return {row.person_id: row.digest for row in _of_people(session, people)}


def names_by_digest(session: Session, digests: Mapping[int, str]) -> dict[int, str]:
    """The names as they were when a document was frozen; erased ones are left out."""
    rows = _of_people(session, digests)
    return {row.person_id: row.name for row in rows if row.name and digests[row.person_id] == row.digest}


def _of_people(session: Session, people: Iterable[int]) -> Iterator[IdentityRow]:
    """Everything that people were ever called, each person's newest last."""
    for some in _batches(set(people)):
        query = select(IdentityRow).where(col(IdentityRow.person_id).in_(some)).order_by(col(IdentityRow.id))
        yield from session.exec(query)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), _MOST_PARAMETERS):
        yield wanted[start : start + _MOST_PARAMETERS]


def erase(session: Session, person_id: int, on: date) -> int:
    """Empties every name, mail and salt of a person, and says how many entries that were; again, it is none."""
    written = select(IdentityRow).where(IdentityRow.person_id == person_id, IdentityRow.salt != "")
    rows = list(session.exec(written))
    for row in rows:
        row.name = row.mail = row.upn = row.salt = ""
        session.add(row)
    person = session.exec(select(PersonRow).where(PersonRow.id == person_id)).one()
    person.erased_on = person.erased_on or on
    session.add(person)
    return len(rows)


def add_sync(session: Session, **values: Any) -> SyncRow:
    """Records one attempt to read a directory."""
    row = SyncRow(**values)
    session.add(row)
    session.flush()
    return row


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, AccountRow]:
    """Accounts by id."""
    found: dict[int, AccountRow] = {}
    for some in _batches(ids):
        rows = session.exec(select(AccountRow).where(col(AccountRow.id).in_(some)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found


def altered(session: Session) -> Iterator[str]:
    """Digests that no longer fit their name; where both salt and name were erased, nothing is left to fit."""
    query = select(IdentityRow).where(or_(col(IdentityRow.salt) != "", col(IdentityRow.name) != ""))
    for row in session.exec(query.execution_options(yield_per=500)):
        if row.digest != digest(row.salt, row.name):
            yield row.digest
