"""What was issued in a month, before tax."""

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from billing.calendar import Period
from storage import invoices
from storage.tables import ChargeRow, InvoiceRow


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
