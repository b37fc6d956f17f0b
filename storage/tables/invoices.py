"""Documents, and the charges on them that count as billed."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class SeriesRow(SQLModel, table=True):
    """A number series and the next number that it gives out; without gaps, since it moves with the issue itself."""

    __tablename__ = "series"

    name: str = Field(primary_key=True)
    next: int = 1


class InvoiceRow(SQLModel, table=True):
    """A document: a draft without a number, or an issued one, frozen with seller, buyer and people's digests.

    `content` is the encoded draft; `hash` the one that an approval binds to; `digests` maps person ids to the salted
    digest of the name as it was. `by_run` documents are unique per client and bill date.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        Index(
            "uq_invoices_draft",
            "client_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_invoices_bill_date",
            "client_id",
            "bill_date",
            unique=True,
            sqlite_where=text("by_run = 1"),
            postgresql_where=text("by_run"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    bill_date: date
    document: str
    by_run: bool = True
    state: str = "draft"
    hash: str
    content: str = Field(sa_type=Text)
    seller: str = Field(sa_type=Text)
    buyer: str = Field(sa_type=Text)
    locale: str
    digests: str = Field(default="{}", sa_type=Text)
    total_minor: int
    series: str | None = None
    number: int | None = None
    number_text: str | None = Field(default=None, unique=True)
    issued_on: date | None = None
    issued_at: datetime | None = None
    issued_by: str | None = None
    corrects_id: int | None = Field(default=None, foreign_key="invoices.id")
    reversal: bool = False


class ChargeRow(SQLModel, table=True):
    """One charge that counts as billed; without an invoice it was billed elsewhere before.

    `shares` are the parts that bear different taxes; empty where all of it bears the one of `tax` and `rates`.
    `basis` is what the amount rests on: one thing, or none where the segments say it all.
    """

    __tablename__ = "charges"

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="clients.id", index=True)
    invoice_id: int | None = Field(default=None, foreign_key="invoices.id", index=True)
    position: int
    item_kind: str
    agreement: str
    item: str
    starts: date
    ends: date
    amount_minor: int
    reversal: bool = False
    tax: str = ""
    rates: str = Field(default="[]", sa_type=Text)
    segments: str = Field(default="[]", sa_type=Text)
    spans: str = Field(default="[]", sa_type=Text)
    shares: str = Field(default="[]", sa_type=Text)
    basis: str = Field(default="[]", sa_type=Text)


class FactsRow(SQLModel, table=True):
    """What a document of a run rests on, as it was when it was issued: compressed, so that it can be drafted again."""

    __tablename__ = "facts"

    invoice_id: int = Field(foreign_key="invoices.id", primary_key=True)
    content: bytes
