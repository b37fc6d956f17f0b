"""Which bill date a person means when none is said."""

from datetime import date, timedelta

from billing.agreement import Terms
from billing.invoice import next_bill_date
from storage import invoices
from storage.database import Session


def next_unbilled(session: Session, client_id: int, terms: Terms, today: date) -> date | None:
    """The client's first bill date from today on that no run has reached yet; None if it is never billed."""
    through = invoices.billed_through(session, client_id)
    return next_bill_date(terms, today if through is None else max(today, through + timedelta(days=1)))
