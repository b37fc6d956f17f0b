"""Which bill date a person means when none is said."""

from datetime import date, timedelta

from billing.agreement import Terms, next_bill_date
from storage import invoices, runs
from storage.database import Session


def next_unbilled(session: Session, client_id: int, terms: Terms, today: date) -> date | None:
    """The client's first bill date that no run has issued yet, from today on; None if it is never billed.

    A run that was started on a day before and hasn't issued to the client yet is still that client's next invoice.
    """
    through = invoices.billed_through(session, client_id)
    following = next_bill_date(terms, today if through is None else max(today, through + timedelta(days=1)))
    waiting = runs.open_bill_date(session, client_id, through)
    if following is None or waiting is None or waiting > following:
        return following
    return waiting if next_bill_date(terms, waiting) == waiting else following
