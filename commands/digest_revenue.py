"""What a month brings, against the month before: what was issued, and what is still to be, as it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from billing.calendar import Period, add_months
from billing.errors import RollcallError
from billing.invoice import draft_invoice
from storage import revenue as issued
from storage import snapshots
from storage.database import Session
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class CurrencyRevenue:
    """One currency's sums before tax; `before_minor` is None where the month before has no document in it."""

    currency: str
    locale: str
    amount_minor: int
    before_minor: int | None


@dataclass(frozen=True, slots=True)
class RevenueView:
    """The sums of a month (its first day), never added up over currencies.

    `expected` says that drafts that aren't issued yet are in it, `unpriced` whose draft can't be made. `moved` says
    that a sum differs from that of the month before.
    """

    month: date
    month_before: date
    expected: bool
    sums: tuple[CurrencyRevenue, ...]
    unpriced: tuple[str, ...]
    moved: bool


def revenue(
    session: Session, by_id: Mapping[int, ClientRow], bill_dates: Mapping[int, date | None], on: date
) -> RevenueView:
    """The month of a day; that of the next bill date where the day's own has nothing issued and nothing to issue."""
    month = _month_of(on)
    done = _issued(session, by_id, month)
    coming = sorted(bill_date for bill_date in bill_dates.values() if bill_date is not None)
    if not done and coming and coming[0] >= month.end:
        month = _month_of(coming[0])
    due = {client_id: each for client_id, each in bill_dates.items() if each is not None and month.covers(each)}
    drafted, unpriced = _drafted(session, by_id, due)
    return _against_before(session, by_id, month, done, drafted, unpriced)


def documented(session: Session, by_id: Mapping[int, ClientRow], on: date) -> RevenueView:
    """The month of a day as far as there are documents: those that were issued, and the open drafts of a run.

    Nothing is drafted for it, so that it is quick for any number of clients.
    """
    month = _month_of(on)
    drafted = {client_id: amount for client_id, amount in issued.drafted(session, month).items() if client_id in by_id}
    return _against_before(session, by_id, month, _issued(session, by_id, month), drafted)


def _against_before(
    session: Session,
    by_id: Mapping[int, ClientRow],
    month: Period,
    done: Mapping[int, int],
    drafted: Mapping[int, int],
    unpriced: tuple[str, ...] = (),
) -> RevenueView:
    month_before = _month_of(add_months(month.start, -1))
    before = _issued(session, by_id, month_before)
    sums = _sums(by_id, _added(done, drafted), before)
    return RevenueView(
        month=month.start,
        month_before=month_before.start,
        expected=bool(drafted),
        sums=sums,
        unpriced=unpriced,
        moved=any(each.before_minor not in {None, each.amount_minor} for each in sums),
    )


def _month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, add_months(first, 1))


def _issued(session: Session, by_id: Collection[int], month: Period) -> dict[int, int]:
    return {client_id: amount for client_id, amount in issued.between(session, month).items() if client_id in by_id}


def _drafted(
    session: Session, by_id: Mapping[int, ClientRow], due: Mapping[int, date]
) -> tuple[dict[int, int], tuple[str, ...]]:
    """What each client would be sent now, and who can't be drafted: a run holds those, and the sum does without."""
    found, unpriced = dict[int, int](), []
    for client_id, bill_date in due.items():
        try:
            draft = draft_invoice(snapshots.load(session, by_id[client_id]), bill_date)
        except RollcallError:
            unpriced.append(by_id[client_id].name)
            continue
        if draft is not None:
            found[client_id] = draft.subtotal_minor
    return found, tuple(unpriced)


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {client_id: one.get(client_id, 0) + other.get(client_id, 0) for client_id in {**one, **other}}


def _sums(
    by_id: Mapping[int, ClientRow], now: Mapping[int, int], before: Mapping[int, int]
) -> tuple[CurrencyRevenue, ...]:
    billed = [by_id[client_id] for client_id in by_id if client_id in now or client_id in before]
    locales: dict[str, str] = {}
    for row in billed:
        locales.setdefault(row.currency, row.locale)
    return tuple(
        CurrencyRevenue(currency, locales[currency], _sum(by_id, now, currency) or 0, _sum(by_id, before, currency))
        for currency in sorted(locales)
    )


def _sum(by_id: Mapping[int, ClientRow], amounts: Mapping[int, int], currency: str) -> int | None:
    ours = [amount for client_id, amount in amounts.items() if by_id[client_id].currency == currency]
    return sum(ours) if ours else None
