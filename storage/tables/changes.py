"""Seats, and the changes that open and close them."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class SeatRow(SQLModel, table=True):
    """One person on one roster; opened and closed by a change only. A person has one open seat at most."""

    __tablename__ = "seats"
    __table_args__ = (
        Index(
            "uq_seats_open",
            "person_id",
            unique=True,
            sqlite_where=text("ends IS NULL"),
            postgresql_where=text("ends IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    roster: str
    person_id: int = Field(foreign_key="people.id", index=True)
    starts: date
    ends: date | None = None
    opened_by: int
    closed_by: int | None = None


class ChangeRow(SQLModel, table=True):
    """One revision of a change. It is never altered but for its state and the decision; a client has one pending.

    `counts` is the encoded list of rosters with their number before and after, `first_approval` the encoded first of
    two approvals, `policy` the encoded policy that approved it where nobody did. `decision` is what the approval meant
    as it was given, `left_to_people` why a policy didn't give it, both encoded. `undo_open`
    says that its card offers to undo it, the encoded `undone` who did, `undoes` which change it undoes itself.
    """

    __tablename__ = "changes"
    __table_args__ = (
        Index(
            "uq_changes_pending",
            "client_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    client_id: int = Field(foreign_key="clients.id", index=True)
    state: str
    first_count: bool = False
    proposed_on: date
    proposed_at: datetime
    fingerprint: str
    counts: str = Field(default="[]", sa_type=Text)
    monthly_minor: int
    next_invoice_minor: int
    next_bill_date: date | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)
    first_approval: str | None = Field(default=None, sa_type=Text)
    policy: str | None = Field(default=None, sa_type=Text)
    decision: str | None = Field(default=None, sa_type=Text)
    left_to_people: str | None = Field(default=None, sa_type=Text)
    undo_open: bool = False
    undone: str | None = Field(default=None, sa_type=Text)
    undoes: int | None = None


class ChangeItemRow(SQLModel, table=True):
    """One item of a revision. `excepted` marks an item that the approver left out, `reason` says why.

    `cause` is what it came of, `proposed_by` who did that by hand.
    """

    __tablename__ = "change_items"
    __table_args__ = (ForeignKeyConstraint(["change_id", "revision"], ["changes.id", "changes.revision"]),)

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(index=True)
    revision: int
    position: int
    kind: str
    effective: date
    roster: str | None = None
    person_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="accounts.id")
    measure_kind: str | None = None
    measure_name: str | None = None
    before: str | None = None
    after: str | None = None
    excepted: bool = False
    reason: str | None = Field(default=None, sa_type=Text)
    cause: str = "reading"
    proposed_by: str | None = None


class RejectionRow(SQLModel, table=True):
    """An item that was refused: it isn't proposed again until that account's verdict, or that number, changes.

    `verdict` is the account's reason code by then; None for what was refused before that was kept.
    """

    __tablename__ = "rejections"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    change_id: int
    kind: str
    roster: str | None = None
    person_id: int | None = None
    account_id: int | None = None
    measure_kind: str | None = None
    measure_name: str | None = None
    after: str | None = None
    effective: date
    reason: str = Field(sa_type=Text)
    verdict: str | None = None
