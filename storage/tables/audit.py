"""Who did what, who may do what, and which slots of the clock are taken."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class AuditHeadRow(SQLModel, table=True):
    """The newest entry of a chain; locking it is what puts writers of one chain in line."""

    __tablename__ = "audit_heads"

    chain: str = Field(primary_key=True)
    seq: int = 0
    hash: str = ""


class AuditRow(SQLModel, table=True):
    """One entry: one chain a client and one for the house, each entry sealed over the one before."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    chain: str
    seq: int
    at: str
    actor: str
    action: str
    subject: str
    data: str = Field(sa_type=Text)
    previous: str
    hash: str


class RoleRow(SQLModel, table=True):
    """What a Slack user or user group may do."""

    __tablename__ = "roles"

    subject: str = Field(primary_key=True)
    role: str


class SlotRow(SQLModel, table=True):
    """A turn of the clock, claimed by inserting it: job, and local date and time as written in the schedule."""

    __tablename__ = "slots"

    job: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    claimed_at: datetime
    done_at: datetime | None = None
