"""Directories, what was read from them, and the people behind the accounts."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class DirectoryRow(SQLModel, table=True):
    """One identity source of a client. `last_read` is the local day of the last complete reading that was accepted.

    `held` lists, while the safety catch is on, what the reading would have moved, with the day it was first seen.
    """

    __tablename__ = "directories"
    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    name: str
    kind: str
    settings: str = Field(sa_type=Text)
    cursor: str | None = Field(default=None, sa_type=Text)
    last_read: date | None = None
    read_at: datetime | None = None
    failing_since: date | None = None
    failure: str | None = Field(default=None, sa_type=Text)
    held: str | None = Field(default=None, sa_type=Text)
    trips: str | None = Field(default=None, sa_type=Text)
    accounts_seen: int | None = None


class SyncRow(SQLModel, table=True):
    """One attempt to read a directory and what became of it: accepted, held, or failed."""

    __tablename__ = "syncs"

    id: int | None = Field(default=None, primary_key=True)
    directory_id: int = Field(foreign_key="directories.id", index=True)
    at: datetime
    on: date
    outcome: str
    full: bool = False
    accounts_seen: int = 0
    detail: str = Field(default="", sa_type=Text)


class PersonRow(SQLModel, table=True):
    """A human at a client, by id alone; `erased_on` says that the name was erased."""

    __tablename__ = "people"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    erased_on: date | None = None


class IdentityRow(SQLModel, table=True):
    """What a person was called in an account from a day on: the only table with names and mails.

    Frozen invoices point here by `digest` (SHA-256 of salt and name). Erasure empties name, mail, upn and salt.
    """

    __tablename__ = "identities"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    name: str
    mail: str
    upn: str
    salt: str
    digest: str
    seen_on: date


class AccountRow(SQLModel, table=True):
    """One entry of a directory, keyed by the directory's immutable object id, with the verdict that it has.

    `since` is the local day of the first reading that saw the present verdict (for a leaver, the first day missing).
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("directory_id", "object_id"),)

    id: int | None = Field(default=None, primary_key=True)
    directory_id: int = Field(foreign_key="directories.id")
    object_id: str
    person_id: int = Field(foreign_key="people.id", index=True)
    identity_id: int = Field(foreign_key="identities.id")
    present: bool = True
    enabled: bool = True
    guest: bool = False
    licences: str = Field(default="[]", sa_type=Text)
    mailbox: str = "user"
    roster: str | None = None
    reason: str = ""
    detail: str = Field(default="", sa_type=Text)
    since: date
    first_seen: date
    sync_id: int | None = Field(default=None, foreign_key="syncs.id")
