"""Which bill date a person means when none is said."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from billing.agreement import Terms, next_bill_date
from storage import clients, invoices, runs
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow


def next_unbilled(session: Session, client_id: int, terms: Terms, today: date) -> date | None:
    """The client's first bill date that no run has issued yet, from today on; None if it is never billed.

    A run that was started on a day before and hasn't issued to the client yet is still that client's next invoice.
    """
    through = invoices.billed_through(session, client_id)
    return _following(terms, today, through, runs.open_bill_date(session, client_id, through))


def next_unbilled_each(
    session: Session, rows: Iterable[ClientRow], today: Callable[[str], date]
) -> dict[int, date | None]:
    """The same of several clients, read at once; `today` gives the business date in a time zone."""
    through, waiting = invoices.billed_through_each(session), runs.open_bill_dates(session)
    found: dict[int, date | None] = {}
    for row, terms in clients.terms_of(session, tuple(rows)):
        billed = through.get(id_of(row))
        later = (on for on in waiting.get(id_of(row), ()) if billed is None or on > billed)
        found[id_of(row)] = _following(terms, today(row.timezone), billed, max(later, default=None))
    return found


def _following(terms: Terms, today: date, through: date | None, waiting: date | None) -> date | None:
    following = next_bill_date(terms, today if through is None else max(today, through + timedelta(days=1)))
    if following is None or waiting is None or waiting > following:
        return following
    return waiting if next_bill_date(terms, waiting) == waiting else following
