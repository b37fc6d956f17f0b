"""Directories, what was read from them, and the people behind the accounts."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class DirectoryRow(SQLModel, table=True):
    """One identity source of a client. `last_read` is the local day of the last complete reading that was accepted.

    `failing_since` is that of the first of the failures since; `read_at` and `failing_at` are the moments.
    `held` lists, while the safety catch is on, what the reading would have moved, with the day it was first seen.
    `scope` is the part of it that is the client's. `groups_read` are the groups whose members the last accepted reading
    asked for; None where the entries say their groups themselves.
    `mailboxes_read` says that it asked what mailboxes are.
    `judged_by` is the digest of the rules that gave its accounts their verdicts.
    `held_moves` is that list as it is shown, `held_seal` its seal, `let_through` the pass that somebody gave it;
    `held_by_rules` says that it is what another rule would move alone, whatever was read since.
    `knows_licences` says whether it says which licences its accounts have; None: it wasn't asked.
    `counts_licences` says whether it knows how many units of licences were bought; None: it wasn't asked.
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
    failing_at: datetime | None = None
    failure: str | None = Field(default=None, sa_type=Text)
    failure_cause: str | None = None
    held: str | None = Field(default=None, sa_type=Text)
    trips: str | None = Field(default=None, sa_type=Text)
    accounts_seen: int | None = None
    scope: str = Field(default="{}", sa_type=Text)
    groups_read: str | None = Field(default=None, sa_type=Text)
    mailboxes_read: bool = False
    judged_by: str = ""
    counts_licences: bool | None = None
    knows_licences: bool | None = None
    held_moves: str | None = Field(default=None, sa_type=Text)
    held_seal: str | None = None
    let_through: str | None = Field(default=None, sa_type=Text)
    held_by_rules: bool = False


class CredentialRow(SQLModel, table=True):
    """What a kind of directory is signed in by; `told` says that its channel knows that it expires soon."""

    __tablename__ = "credentials"

    name: str = Field(primary_key=True)
    expires: datetime
    remedy: str = Field(sa_type=Text)
    told: bool = False


class BoughtRow(SQLModel, table=True):
    """So many units of a licence were bought in a directory, from the local day on which so many were first seen."""

    __tablename__ = "bought"
    __table_args__ = (UniqueConstraint("directory_id", "licence"),)

    id: int | None = Field(default=None, primary_key=True)
    directory_id: int = Field(foreign_key="directories.id")
    licence: str
    units: int
    since: date


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
    """A human at a client, by id alone; `erased_on` says that the name was erased.

    `merged_into` is the person who has the accounts since somebody said, on `merged_on`, that both are one human.
    """

    __tablename__ = "people"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    erased_on: date | None = None
    merged_into: int | None = None
    merged_on: date | None = None


class LinkRow(SQLModel, table=True):
    """What a person said of two accounts: that they are one human's (`same`) or not; the lower id first."""

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    one_id: int = Field(foreign_key="accounts.id")
    other_id: int = Field(foreign_key="accounts.id")
    same: bool
    decided_by: str
    decided_on: date


class IdentityRow(SQLModel, table=True):
    """What a person was called in an account from a day on: the only table with names, mails and numbers of employees.

    Frozen invoices point here by `digest` (SHA-256 of salt and name). Erasure empties all of them and the salt.
    """

    __tablename__ = "identities"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    name: str
    mail: str
    upn: str
    employee_id: str = ""
    salt: str
    digest: str
    seen_on: date


class AccountRow(SQLModel, table=True):
    """One entry of a directory, keyed by the directory's immutable object id, with the verdict that it has.

    `since` is the local day of the first reading that saw the present verdict (for a leaver, the first day missing).
    `born_as` is the person for whom it stood before it was linked to another's; None: it wasn't. `rule_version` is the
    version of the client's rules by which it was judged last.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("directory_id", "object_id"),)

    id: int | None = Field(default=None, primary_key=True)
    directory_id: int = Field(foreign_key="directories.id")
    object_id: str
    person_id: int = Field(foreign_key="people.id", index=True)
    born_as: int | None = None
    identity_id: int = Field(foreign_key="identities.id")
    present: bool = True
    enabled: bool = True
    guest: bool = False
    licences: str = Field(default="[]", sa_type=Text)
    mailbox: str = "user"
    groups: str = Field(default="null", sa_type=Text)
    department: str = ""
    last_sign_in: date | None = None
    roster: str | None = None
    reason: str = ""
    detail: str = Field(default="", sa_type=Text)
    rule_version: int | None = None
    since: date
    first_seen: date
    sync_id: int | None = Field(default=None, foreign_key="syncs.id")
