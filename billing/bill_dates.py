"""The days on which a client is billed."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing.agreement import Agreement, Terms
from billing.calendar import Cycle

_MONTHLY = 1
# A month with 31 days, so that a bill day of any number can be its anchor.
_ANCHOR_YEAR_AND_MONTH = (2000, 1)


def bill_dates(terms: Terms, start: date | None = None) -> Iterator[date]:
    """Every day from `start` on (default: the first ever) on which the client is billed, without end.

    The client's own day of each month where it has one; else the boundaries of each agreement's cycle on or after its
    start, and monthly ones for longer cycles.
    """
    cycles = [(_billing_cycle(terms, agreement), agreement.start) for agreement in terms.agreements]
    if not cycles:
        return
    day = min(begins for _, begins in cycles) if start is None else start
    while True:
        day = min(cycle.first_boundary(max(begins, day)) for cycle, begins in cycles)
        yield day
        day += timedelta(days=1)


def next_bill_date(terms: Terms, on_or_after: date) -> date | None:
    """The first bill date on or after a day; None for a client without an agreement."""
    return next(bill_dates(terms, on_or_after), None)


def _billing_cycle(terms: Terms, agreement: Agreement) -> Cycle:
    if terms.bill_day is None:
        return Cycle(_MONTHLY, agreement.cycle.anchor)
    return Cycle(_MONTHLY, date(*_ANCHOR_YEAR_AND_MONTH, terms.bill_day))
