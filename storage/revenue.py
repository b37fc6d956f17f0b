"""What was issued in a month, and what is drafted in it, before tax."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from billing.calendar import Period
from storage import invoices
from storage.codec import decode
from storage.tables import ChargeRow, InvoiceRow


@dataclass(frozen=True, slots=True)
class _Sum:
    """As much of a draft as is asked for here; all of it takes ten times as long to read."""

    subtotal_minor: int


def between(session: Session, period: Period) -> dict[int, int]:
    """What the documents whose bill date lies in a period come to by client, before tax, credits taken off."""
    within = (
        col(InvoiceRow.state) == invoices.ISSUED,
        col(InvoiceRow.bill_date) >= period.start,
        col(InvoiceRow.bill_date) < period.end,
    )
    charged = (
        columns(col(InvoiceRow.client_id), func.sum(col(ChargeRow.amount_minor)))
        .join(ChargeRow, col(ChargeRow.invoice_id) == InvoiceRow.id)
        .where(*within, col(InvoiceRow.by_run).is_(True))
        .group_by(col(InvoiceRow.client_id))
    )
    found = {client_id: int(amount_minor) for client_id, amount_minor in session.execute(charged)}
    # A concession that a person gave counts as billed nowhere, so that only the credit note itself says what it was.
    for note in session.exec(select(InvoiceRow).where(*within, col(InvoiceRow.by_run).is_(False))):
        found[note.client_id] = found.get(note.client_id, 0) + invoices.content(note).subtotal_minor
    return found


def drafted(session: Session, period: Period) -> dict[int, int]:
    """What the open drafts whose bill date lies in a period come to by client, before tax."""
    within = (col(InvoiceRow.bill_date) >= period.start, col(InvoiceRow.bill_date) < period.end)
    drafts = columns(col(InvoiceRow.client_id), col(InvoiceRow.content)).where(
        col(InvoiceRow.state) == invoices.DRAFT, *within
    )
    return {client_id: decode(_Sum, content).subtotal_minor for client_id, content in session.execute(drafts)}
