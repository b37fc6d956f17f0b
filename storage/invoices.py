"""Documents: drafts, issued ones, and their charges that count as billed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from sqlalchemy import case, func
from sqlalchemy import select as columns
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from billing.calendar import Period
from billing.draft import Basis, Draft, Item, ItemKind, Segment
from billing.quantities import Span
from billing.snapshot import BilledCharge
from billing.taxes import TaxRate, TaxShare
from storage.codec import decode, encode
from storage.tables import ChargeRow, InvoiceRow

DRAFT, ISSUED = "draft", "issued"

# What a list of documents shows. SQLModel's columns are what `load_only` takes, although they are typed otherwise.
_LISTED: tuple[Any, ...] = (
    *(InvoiceRow.client_id, InvoiceRow.number_text, InvoiceRow.document, InvoiceRow.bill_date, InvoiceRow.issued_on),
    *(InvoiceRow.locale, InvoiceRow.total_minor, InvoiceRow.state),
)


def draft_of(session: Session, client_id: int) -> InvoiceRow | None:
    """The client's one open draft."""
    query = select(InvoiceRow).where(InvoiceRow.client_id == client_id, InvoiceRow.state == DRAFT)
    return session.exec(query).first()


def get(session: Session, invoice_id: int) -> InvoiceRow:
    """The document with this id."""
    return session.exec(select(InvoiceRow).where(InvoiceRow.id == invoice_id)).one()


def by_number(session: Session, number: str) -> InvoiceRow | None:
    """The issued document with this number."""
    return session.exec(select(InvoiceRow).where(InvoiceRow.number_text == number)).first()


def billed_through(session: Session, client_id: int) -> date | None:
    """The last bill date on which a run has issued anything to the client."""
    query = select(func.max(InvoiceRow.bill_date)).where(
        InvoiceRow.client_id == client_id, InvoiceRow.state == ISSUED, col(InvoiceRow.by_run).is_(True)
    )
    return session.exec(query).one()


def billed_through_each(session: Session) -> dict[int, date]:
    """The same of every client to whom a run has issued anything, read at once."""
    issued_by_runs = (col(InvoiceRow.state) == ISSUED, col(InvoiceRow.by_run).is_(True))
    query = columns(col(InvoiceRow.client_id), func.max(col(InvoiceRow.bill_date))).where(*issued_by_runs)
    return {row[0]: row[1] for row in session.execute(query.group_by(col(InvoiceRow.client_id)))}


def issued(session: Session, client_id: int | None = None) -> list[InvoiceRow]:
    """Issued documents in the order of issue, each with all that it says: for proofs, not for lists."""
    return list(session.exec(_issued(client_id)))


def _issued(client_id: int | None) -> SelectOfScalar[InvoiceRow]:
    query = select(InvoiceRow).where(InvoiceRow.state == ISSUED).order_by(col(InvoiceRow.issued_at), col(InvoiceRow.id))
    return query if client_id is None else query.where(InvoiceRow.client_id == client_id)


def listed(session: Session, client_id: int | None = None) -> list[InvoiceRow]:
    """Issued documents in the order of issue, for a list: without the large texts, which only a document needs."""
    return list(session.exec(_issued(client_id).options(load_only(*_LISTED, raiseload=True))))


def newest_invoice(session: Session, client_id: int) -> InvoiceRow | None:
    """What was issued to a client last, credit notes left out."""
    query = select(InvoiceRow).where(InvoiceRow.state == ISSUED, InvoiceRow.client_id == client_id)
    newest = (col(InvoiceRow.issued_at).desc(), col(InvoiceRow.id).desc())
    return session.exec(query.where(InvoiceRow.document == "invoice").order_by(*newest)).first()


def newest_of_runs(session: Session, client_id: int) -> str | None:
    """The number of what a run issued to a client last."""
    query = select(InvoiceRow.number_text).where(InvoiceRow.state == ISSUED, InvoiceRow.client_id == client_id)
    runs = query.where(col(InvoiceRow.by_run).is_(True))
    return session.exec(runs.order_by(col(InvoiceRow.issued_at).desc(), col(InvoiceRow.id).desc()).limit(1)).first()


def newest_numbers(session: Session, most: int) -> list[str]:
    """The numbers that were given last, in the order of issue."""
    query = select(InvoiceRow.number_text).where(InvoiceRow.state == ISSUED)
    newest = session.exec(query.order_by(col(InvoiceRow.issued_at).desc(), col(InvoiceRow.id).desc()).limit(most))
    return [number for number in reversed(newest.all()) if number is not None]


def notes_on(session: Session, invoice_id: int) -> list[InvoiceRow]:
    """The credit notes that correct an invoice, in order."""
    query = select(InvoiceRow).where(InvoiceRow.corrects_id == invoice_id).order_by(col(InvoiceRow.id))
    return list(session.exec(query))


def content(row: InvoiceRow) -> Draft:
    """What the document says."""
    return decode(Draft, row.content)


def put(session: Session, row: InvoiceRow) -> InvoiceRow:
    """Stores a document."""
    session.add(row)
    session.flush()
    return row


def drop_draft(session: Session, row: InvoiceRow) -> None:
    """Removes a draft; it has no number, so it leaves no gap."""
    session.delete(row)
    session.flush()


def add_charges(session: Session, invoice: InvoiceRow, charges: Iterable[BilledCharge], draft: Draft) -> None:
    """Stores an issued document's charges as billed."""
    ends = [charge.period.end for charge in draft.charges]
    for position, (charge, end) in enumerate(zip(charges, ends, strict=True), start=1):
        session.add(
            ChargeRow(
                client_id=invoice.client_id,
                invoice_id=invoice.id,
                position=position,
                item_kind=charge.item.kind,
                agreement=charge.item.agreement,
                item=charge.item.name,
                starts=charge.start,
                ends=end,
                amount_minor=charge.amount_minor,
                reversal=charge.reversal,
                tax=charge.tax,
                rates=encode(charge.rates, tuple[TaxRate, ...]),
                segments=encode(charge.segments, tuple[Segment, ...]),
                spans=encode(charge.spans, tuple[Span, ...]),
                shares=encode(charge.shares, tuple[TaxShare, ...]),
                basis=encode(() if charge.basis is None else (charge.basis,), tuple[Basis, ...]),
            )
        )
    session.flush()


def billed(session: Session, client_id: int) -> tuple[BilledCharge, ...]:
    """All that counts as billed to a client, in the order of issue; what was billed elsewhere comes first."""
    query = (
        select(ChargeRow, InvoiceRow.number_text)
        .join(InvoiceRow, col(ChargeRow.invoice_id) == InvoiceRow.id, isouter=True)
        .where(ChargeRow.client_id == client_id)
        .order_by(col(ChargeRow.invoice_id).is_not(None), col(ChargeRow.invoice_id), col(ChargeRow.position))
    )
    return tuple(_as_billed(row, number) for row, number in session.exec(query))


def _as_billed(row: ChargeRow, number: str | None) -> BilledCharge:
    kinds: dict[str, ItemKind] = {kind: kind for kind in get_args(ItemKind)}
    return BilledCharge(
        item=Item(row.agreement, kinds[row.item_kind], row.item),
        start=row.starts,
        amount_minor=row.amount_minor,
        tax=row.tax,
        rates=decode(tuple[TaxRate, ...], row.rates),
        number=number,
        segments=decode(tuple[Segment, ...], row.segments),
        spans=decode(tuple[Span, ...], row.spans),
        reversal=row.reversal,
        shares=decode(tuple[TaxShare, ...], row.shares),
        basis=next(iter(decode(tuple[Basis, ...], row.basis)), None),
    )


def counted(session: Session) -> dict[int, list[tuple[date, int, bool]]]:
    """What counts as billed by document: first day, minor units, and whether it is a reversal, in order."""
    query = (
        select(ChargeRow)
        .where(col(ChargeRow.invoice_id).is_not(None))
        .order_by(col(ChargeRow.invoice_id), col(ChargeRow.position))
    )
    found: dict[int, list[tuple[date, int, bool]]] = {}
    for row in session.exec(query.execution_options(yield_per=500)):
        found.setdefault(row.invoice_id or 0, []).append((row.starts, row.amount_minor, row.reversal))
    return found


def elsewhere(session: Session, client_id: int) -> list[ChargeRow]:
    """What was billed before by something else, in the order of the book."""
    query = (
        select(ChargeRow)
        .where(ChargeRow.client_id == client_id, col(ChargeRow.invoice_id).is_(None))
        .order_by(col(ChargeRow.position))
    )
    return list(session.exec(query))


def put_elsewhere(session: Session, client_id: int, charges: Iterable[tuple[Item, Period, int]]) -> None:
    """Stores what was billed before by something else (item, days, minor units), in place of what was stored."""
    session.exec(delete(ChargeRow).where(col(ChargeRow.client_id) == client_id, col(ChargeRow.invoice_id).is_(None)))
    for position, (item, period, amount_minor) in enumerate(charges, start=1):
        session.add(
            ChargeRow(
                client_id=client_id,
                position=position,
                item_kind=item.kind,
                agreement=item.agreement,
                item=item.name,
                starts=period.start,
                ends=period.end,
                amount_minor=amount_minor,
            )
        )
    session.flush()


def rename_lines(session: Session, client_id: int, names: Mapping[str, str]) -> None:
    """Moves what was billed under lines' old names to their new ones, all at once; frozen documents keep the old.

    A line's own discount goes by the line's name, so it goes along; no other discount may have such a name.
    """
    mine = (col(ChargeRow.client_id) == client_id, col(ChargeRow.item_kind).in_(["line", "discount"]))
    statement = update(ChargeRow).where(*mine, col(ChargeRow.item).in_(names))
    renamed = statement.values(item=case(names, value=col(ChargeRow.item)))
    session.exec(renamed.execution_options(synchronize_session="fetch"))
