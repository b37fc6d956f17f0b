"""Billing runs: one bill date over all clients, and who let a held client through."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class RunRow(SQLModel, table=True):
    """One bill date. `state`: drafted, approved, issued, abandoned."""

    __tablename__ = "runs"

    bill_date: date = Field(primary_key=True)
    state: str
    started_by: str
    started_at: datetime
    approved_by: str | None = None
    issued_by: str | None = None
    abandoned_by: str | None = None
    abandoned_because: str | None = Field(default=None, sa_type=Text)


class RunClientRow(SQLModel, table=True):
    """One client in a run. `state`: drafted, held, nothing, approved, issued. `approved_hash` binds the approval.

    `held` is a list of [code, cause in words], `overridden` one of [code, who, why, until]. `findings` is what was left
    out or billed twice, a list of [kind, name, first day, end, words]; None before anybody has looked. `late` says in
    words what the draft catches up with.
    """

    __tablename__ = "run_clients"

    bill_date: date = Field(primary_key=True, foreign_key="runs.bill_date")
    client_id: int = Field(primary_key=True, foreign_key="clients.id")
    state: str
    held: str = Field(default="[]", sa_type=Text)
    overridden: str = Field(default="[]", sa_type=Text)
    total_minor: int | None = None
    invoice_id: int | None = Field(default=None, foreign_key="invoices.id")
    approved_hash: str | None = None
    findings: str | None = Field(default=None, sa_type=Text)
    late: str | None = Field(default=None, sa_type=Text)


class OverrideRow(SQLModel, table=True):
    """A named person lets one hold of one client through, until a day, with a reason."""

    __tablename__ = "overrides"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    code: str
    by: str
    reason: str = Field(sa_type=Text)
    until: date
    at: datetime
