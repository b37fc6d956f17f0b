"""Clients, what they agreed to, and the numbers that people stated for them."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class HouseRow(SQLModel, table=True):
    """The MSP itself: one row, its seller data, products, templates and approval policies as written in the book.

    `money_from` is the role from which on amounts are shown in Slack.
    """

    __tablename__ = "house"

    id: int = Field(default=1, primary_key=True)
    seller: str = Field(sa_type=Text)
    products: str = Field(default="[]", sa_type=Text)
    templates: str = Field(default="[]", sa_type=Text)
    approvals: str = Field(default="{}", sa_type=Text)
    money_from: str = "viewer"


class ClientRow(SQLModel, table=True):
    """A company that is billed. `buyer` and `taxes` are encoded values; `channel` is a Slack channel id.

    `costs` are the lines' own costs as the book's reader encoded them; `sync_at` is the local time of its nightly sync;
    after `inactive_days` without a sign-in somebody who counts is told of;
    `bill_day` is the day of the month on which it is billed for everything, where it has one; `approvals` are its own
    approval policies, encoded.
    """

    __tablename__ = "clients"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    currency: str
    timezone: str
    locale: str
    channel: str | None = None
    buyer: str = Field(sa_type=Text)
    taxes: str = Field(sa_type=Text)
    costs: str = Field(default="[]", sa_type=Text)
    terms_days: int = 30
    bill_day: int | None = None
    sync_at: str = "02:30"
    inactive_days: int = 60
    approvals: str = Field(default="{}", sa_type=Text)


class AgreementRow(SQLModel, table=True):
    """One agreement of a client; `terms` is the encoded value with its lines."""

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    name: str
    position: int
    terms: str = Field(sa_type=Text)


class RosterRow(SQLModel, table=True):
    """A roster and its rule; `version` grows when the rule changes, `counted_from` is the first count's day."""

    __tablename__ = "rosters"
    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    name: str
    position: int
    rule: str = Field(sa_type=Text)
    version: int = 1
    counted_from: date | None = None


class RuleVersionRow(SQLModel, table=True):
    """All that decided who counts at a client from a day on, encoded; `by` is who imported them."""

    __tablename__ = "rule_versions"
    __table_args__ = (UniqueConstraint("client_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    version: int
    since: date
    at: datetime
    by: str
    rules: str = Field(sa_type=Text)


class QuantityRow(SQLModel, table=True):
    """A stated number: from a day on there were so many, known from a day on; of a book, or of an approved change."""

    __tablename__ = "quantities"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    position: int
    kind: str
    name: str
    on: date
    quantity: str
    known: date | None = None
    change_id: int | None = None


class ReadingRow(SQLModel, table=True):
    """What a meter read; under one key there is one reading a client and meter, and it stays as it is."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("client_id", "meter", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    meter: str
    key: str
    on: date
    amount: str
