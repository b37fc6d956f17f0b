"""Whether a client's total moved against the last time although nothing that a person did explains it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.agreement import Agreement, Line, Terms
from billing.calendar import Cycle, Entry, Period
from billing.draft import Charge
from billing.quantities import Measure
from billing.snapshot import BilledCharge, Snapshot
from checks.records import Key

# Like is compared with like, so what nothing explains should be nothing.
UNEXPLAINED_PERCENT = 10

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Items that cost more or less than the last time, in minor units, and nothing says why."""

    names: tuple[str, ...]
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class Approved:
    """What was counted otherwise from a day on by an approved change; `new` since the last document."""

    measure: Measure
    effective: date
    new: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """What people did that may explain another total.

    Names of the lines, agreements and measures that an import altered since the last document, and what was approved.
    """

    lines: frozenset[str] = frozenset()
    agreements: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    approved: tuple[Approved, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """An item's whole amount for a cycle, against what was billed for the cycle before it; if adjusted, for itself."""

    agreement: Agreement
    item: Key
    window: Period
    billed: tuple[BilledCharge, ...]
    after_minor: int
    adjusted: bool

    @property
    def before_minor(self) -> int:
        return sum(entry.amount_minor for entry in self.billed)


def unexplained(
    snapshot: Snapshot, terms: Terms, charges: Sequence[Charge], bill_date: date, reasons: Reasons
) -> Unexplained | None:
    """What a client's charges for a bill date cost otherwise than the last time, where that is much and nobody did it.

    Like is compared with like: an item's amount for a cycle with the one before it. One-offs are no part of it.
    """
    last = snapshot.billed_through
    if last is None:
        return None
    moves = [move for agreement in terms.agreements for move in _moves(snapshot, agreement, charges, bill_date)]
    since_last = Period(last, max(bill_date, last) + _ONE_DAY)
    odd = [move for move in moves if not _is_explained(snapshot, move, since_last, reasons)]
    before_minor, after_minor = sum(move.before_minor for move in odd), sum(move.after_minor for move in odd)
    # What an adjusted period came to is no part of the last total, unless there is nothing else to compare with.
    usual = [move for move in moves if not move.adjusted] or moves
    total_minor = sum(move.before_minor for move in usual)
    if not exceeds_share(after_minor - before_minor, total_minor, UNEXPLAINED_PERCENT):
        return None
    names = tuple(dict.fromkeys(move.item[1] for move in odd if move.before_minor != move.after_minor))
    return Unexplained(names, before_minor, after_minor)


def _moves(snapshot: Snapshot, agreement: Agreement, charges: Sequence[Charge], bill_date: date) -> Iterator[_Move]:
    books: dict[Key, list[BilledCharge]] = {}
    for entry in snapshot.billed:
        books.setdefault((entry.item.kind, entry.item.name), []).append(entry)

    def move(key: Key, cycle: Period, compared: Period, after_minor: int) -> Iterator[_Move]:
        billed = tuple(entry for entry in books.get(key, ()) if compared.covers(entry.start))
        if billed:
            # What began with the cycle before holds in both of them.
            first = compared.start if compared == cycle else compared.start + _ONE_DAY
            yield _Move(agreement, key, Period(first, cycle.end), billed, after_minor, compared == cycle)

    for charge in charges:
        if charge.item.agreement == agreement.name and charge.item.kind != "one_off":
            compared = charge.cycle if charge.kind == "adjustment" else _before(agreement, charge.cycle)
            yield from move((charge.item.kind, charge.item.name), charge.cycle, compared, charge.owed_minor)
    newest = agreement.cycle.period_of(bill_date)
    newest = newest if agreement.timing == "advance" else _before(agreement, newest)
    charged = {(charge.item.kind, charge.item.name) for charge in charges if charge.cycle == newest}
    for key in (("line", line.name) for line in agreement.lines if not line.metered):
        if key not in charged and not any(newest.covers(entry.start) for entry in books.get(key, ())):
            yield from move(key, newest, _before(agreement, newest), 0)


def _before(agreement: Agreement, cycle: Period) -> Period:
    return agreement.cycle.period_of(cycle.start - _ONE_DAY)


def _is_explained(snapshot: Snapshot, move: _Move, since_last: Period, reasons: Reasons) -> bool:
    """Whether something that a person agreed to or did lies in the compared days, or was learnt since the last time."""
    if any(entry.reversal or entry.number is None for entry in move.billed):
        return True
    agreement, of_line = move.agreement, move.item[0] == "line"
    lines = [line for line in agreement.lines if not of_line or line.name == move.item[1]]
    # A discount on what a meter read, and a minimum that it counts towards, follow a period later in any case.
    if not of_line and any(line.metered for line in lines):
        return True
    measures = {line.count for line in lines if line.count is not None}
    approved = [each for each in reasons.approved if each.measure in measures]
    imported = agreement.name in reasons.agreements or any(line.name in reasons.lines for line in lines)
    if imported or any(of.name in reasons.measures for of in measures) or any(each.new for each in approved):
        return True
    steps = [step for measure in measures for step in snapshot.stated.get(measure, ())]
    read = [each.on for of in measures if of.kind == "usage" for each in snapshot.readings.get(of.name, ())]
    days = [agreement.start, agreement.end, agreement.bills_from, *(each.effective for each in approved)]
    days += [*(step.on for step in steps), *_term_days(lines, move.window)]
    learnt = [agreement.end_known, *(step.known for step in steps)]
    for entry in _entries(agreement, lines):
        days.append(entry.since)
        learnt.append(entry.known)
    return (
        any(day is not None and move.window.covers(day) for day in days)
        or any(day is not None and since_last.covers(day) for day in learnt)
        or any(Period(move.window.start - _ONE_DAY, move.window.end).covers(day) for day in read)
    )


def _term_days(lines: Iterable[Line], window: Period) -> Iterator[date | None]:
    """On which days lines and their licence terms begin, end and renew."""
    for line in lines:
        yield from (line.start, line.end)
        if line.commitment is not None:
            yield from (line.commitment.start, line.commitment.end)
            if line.commitment.renews_months is not None:
                yield Cycle(line.commitment.renews_months, line.commitment.end).first_boundary(window.start)


def _entries(agreement: Agreement, lines: Iterable[Line]) -> Iterator[Entry[Any]]:
    """Every entry of every dated term; of what kind its value is doesn't matter here."""
    for line in lines:
        for dated in (line.price, line.included, line.minimum, line.discount):
            yield from dated.entries if dated is not None else ()
    for each in agreement.discounts:
        yield from each.reductions.entries
    yield from agreement.minimum_minor.entries if agreement.minimum_minor is not None else ()


def exceeds_share(part_minor: int, whole_minor: int, percent: int) -> bool:
    """Whether an amount is more than so many percent of another, by cross-multiplication, so exactly."""
    return abs(part_minor) * 100 > abs(whole_minor) * percent
