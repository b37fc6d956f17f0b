"""Which bill date a person means when none is said."""

from datetime import date, timedelta

from billing.agreement import Terms
from billing.invoice import next_bill_date
from storage import invoices
from storage.database import Session


def next_unbilled(session: Session, client_id: int, terms: Terms, today: date) -> date | None:
    """The client's first bill date from today on for which no run has issued anything; None if it is never billed."""
    bill_date = next_bill_date(terms, today)
    while bill_date is not None and invoices.issued_on_bill_date(session, client_id, bill_date) is not None:
        bill_date = next_bill_date(terms, bill_date + timedelta(days=1))
    return bill_date
