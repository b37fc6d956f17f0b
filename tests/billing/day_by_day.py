"""What a client is billed, reckoned a second way: a day at a time, without segments.

This is what the rules are compared with. It reads the facts of a snapshot and shares no calculation with `billing`:
months, cycles, terms in force, tiers, rounding and taxes are all written again, as slow and plain as they can be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from billing.agreement import Agreement, Line, TaxRate
from billing.dated import Dated
from billing.prices import Flat, Graduated, Package, PerUnit, PriceModel, Tier, Usage
from billing.snapshot import Snapshot

DIGITS = {"USD": 2, "JPY": 0, "KWD": 3}
DAY = timedelta(days=1)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: each charge that isn't nothing, as (item, first day, amount), and the total with tax."""

    charges: tuple[tuple[str, date, int], ...]
    total_minor: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """One amount that was put on a document, with the taxes that it bore."""

    amount_minor: int
    rates: tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class _Charge:
    item: str
    start: date
    amount_minor: int
    tax: str
    rates: tuple[TaxRate, ...]


def papers(snapshot: Snapshot, through: date) -> dict[date, Paper]:
    """Every document up to a day, by its bill date."""
    return _Reckoning(snapshot).run(through)


class _Reckoning:
    """One client's books, kept from its first day on."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._facts = snapshot
        self._ledger: dict[tuple[str, date], list[_Entry]] = {}
        self._reckoned: dict[tuple[str, date, int], tuple[int, date, date] | None] = {}
        self._learnt = sorted(_days_of_learning(snapshot))

    def run(self, through: date) -> dict[date, Paper]:
        found: dict[date, Paper] = {}
        today = min(agreement.start for agreement in self._facts.terms.agreements)
        while today <= through:
            if any(_bills_on(agreement, today) for agreement in self._facts.terms.agreements):
                charges = [charge for charge in self._charges(today) if charge.amount_minor]
                if charges:
                    found[today] = self._paper(charges)
            today += DAY
        return found

    def _paper(self, charges: list[_Charge]) -> Paper:
        bases: dict[tuple[str, TaxRate], int] = {}
        for charge in charges:
            self._ledger.setdefault((charge.item, charge.start), []).append(_Entry(charge.amount_minor, charge.rates))
            for rate in charge.rates:
                bases[charge.tax, rate] = bases.get((charge.tax, rate), 0) + charge.amount_minor
        taxes = sum(_nearest(Fraction(rate.percent) * base / 100) for (_, rate), base in bases.items())
        listed = sorted((charge.item, charge.start, charge.amount_minor) for charge in charges)
        return Paper(tuple(listed), sum(charge.amount_minor for charge in charges) + taxes)

    def _charges(self, today: date) -> Iterator[_Charge]:
        for agreement in self._facts.terms.agreements:
            for start, end in _cycles(agreement, today):
                for line in agreement.lines:
                    yield from self._line_charge(agreement, line, start, end, today)
            for one_off in agreement.one_offs:
                ours = agreement.bills_from is None or agreement.bills_from <= one_off.on
                if ours and one_off.on <= today and (one_off.known is None or one_off.known <= today):
                    yield from self._difference(
                        one_off.text, one_off.on, one_off.on, one_off.amount_minor, one_off.tax, today
                    )

    def _line_charge(self, agreement: Agreement, line: Line, start: date, end: date, today: date) -> Iterator[_Charge]:
        key = (line.name, start, sum(day <= today for day in self._learnt))
        if key not in self._reckoned:
            self._reckoned[key] = self._owed(agreement, line, start, end, today)
        owed = self._reckoned[key]
        owed_minor, last = (0, start) if owed is None else (owed[0], owed[2])
        yield from self._difference(line.name, start, last, owed_minor, line.tax, today)

    def _difference(  # a whole cycle's first day stands for its period, wherever in it the cover begins
        self, item: str, start: date, last: date, owed_minor: int, tax: str, today: date
    ) -> Iterator[_Charge]:
        before = self._ledger.get((item, start), [])
        amount_minor = owed_minor - sum(entry.amount_minor for entry in before)
        raised = [entry.rates for entry in before if entry.amount_minor > 0]
        if amount_minor < 0 and raised:
            yield _Charge(item, start, amount_minor, tax, raised[-1])
        else:
            category = dict(self._facts.terms.taxes).get(tax)
            rates = _in_force(category.rates, last, today) if category else ()
            yield _Charge(item, start, amount_minor, tax, rates)

    def _owed(
        self, agreement: Agreement, line: Line, start: date, end: date, today: date
    ) -> tuple[int, date, date] | None:
        covered = [day for day in _days(start, end) if _covers(agreement, line, day, today)]
        if not covered:
            return None
        amount = sum((self._day_amount(line, day, today) for day in covered), Fraction(0)) / (end - start).days
        return _nearest(amount * 10 ** DIGITS[self._facts.terms.currency]), covered[0], covered[-1]

    def _day_amount(self, line: Line, day: date, today: date) -> Fraction:
        """The price of a day's quantity as if for the whole cycle."""
        quantity = max(self._quantity(line, day, today), _in_force(line.minimum, day, today))
        quantity = max(quantity - _in_force(line.included, day, today), Decimal(0))
        return price(_in_force(line.price, day, today), int(quantity))

    def _quantity(self, line: Line, day: date, today: date) -> Decimal:
        if line.count is None:
            return Decimal(0)
        if line.count.kind == "fixed":
            return Decimal(line.count.name)
        first_count = self._facts.counted.get(line.count.name) if line.count.kind == "roster" else None
        if first_count is not None and first_count <= day:
            seats = [seat for seat in self._facts.seats if seat.roster == line.count.name]
            return Decimal(sum(seat.start <= day and (seat.end is None or day < seat.end) for seat in seats))
        known = [
            (step.on, step.known or date.min, position, step.quantity)
            for position, step in enumerate(self._facts.stated.get(line.count, ()))
            if step.on <= day and (step.known is None or step.known <= today)
        ]
        return max(known)[-1] if known else Decimal(0)


@lru_cache(maxsize=10_000)
def price(model: PriceModel, quantity: int) -> Fraction:
    """The price of a whole quantity, unit by unit where the units differ."""
    if isinstance(model, Flat):
        return Fraction(model.fixed)
    if isinstance(model, PerUnit):
        return quantity * Fraction(model.unit)
    if quantity == 0:
        return Fraction(0)
    if isinstance(model, Graduated):
        tiers = [_tier_of(model.tiers, unit) for unit in range(1, quantity + 1)]
        fees = [Fraction(tier.flat) for tier in model.tiers if tier in tiers]
        return sum((Fraction(tier.unit) for tier in tiers), Fraction(0)) + sum(fees, Fraction(0))
    if isinstance(model, Package):
        return -(-quantity // int(model.size)) * Fraction(model.price)
    if isinstance(model, Usage):
        return quantity * Fraction(model.unit)
    reached = _tier_of(model.tiers, quantity)
    return quantity * Fraction(reached.unit) + Fraction(reached.flat)


def _tier_of(tiers: tuple[Tier, ...], unit: int) -> Tier:
    return next(tier for tier in tiers if tier.up_to is None or unit <= tier.up_to)


def _days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += DAY


def _covers(agreement: Agreement, line: Line, day: date, today: date) -> bool:
    ends = agreement.end if agreement.end_known is None or agreement.end_known <= today else None
    return (
        agreement.start <= day
        and (ends is None or day < ends)
        and (line.start is None or line.start <= day)
        and (line.end is None or day < line.end)
    )


def _is_monthly(anchor: date, day: date) -> bool:
    """Whether the anchor's day of the month, or the month's last where it is shorter, is the day."""
    ends_month = (day + DAY).month != day.month
    return day.day == anchor.day or (ends_month and day.day < anchor.day)


def _bills_on(agreement: Agreement, day: date) -> bool:
    return agreement.start <= day and _is_monthly(agreement.cycle.anchor, day)


@lru_cache(maxsize=1000)
def _boundaries(months: int, anchor: date, first: date, last: date) -> tuple[date, ...]:
    return tuple(
        day
        for day in _days(first, last)
        if _is_monthly(anchor, day) and ((day.year - anchor.year) * 12 + day.month - anchor.month) % months == 0
    )


def _cycles(agreement: Agreement, today: date) -> Iterator[tuple[date, date]]:
    """The whole cycles that are to be billed by today, as first day and day after."""
    around = timedelta(days=400)
    first, last = agreement.start - around, today.replace(month=12, day=31) + around
    boundaries = _boundaries(agreement.cycle.months, agreement.cycle.anchor, first, last)
    for start, end in pairwise(boundaries):
        stub = start < agreement.start
        due = end if agreement.timing == "arrears" or stub else start
        ours = agreement.bills_from is None or agreement.bills_from <= max(start, agreement.start)
        if end > agreement.start and due <= today and ours:
            yield start, end


def _in_force(term: Dated[Value], day: date, today: date) -> Value:
    known = [entry for entry in term.entries if entry.known is None or entry.known <= today] or [term.entries[0]]
    begun = [entry for entry in known if entry.since is None or entry.since <= day]
    if begun:
        return max(begun, key=lambda entry: (entry.since or date.min, entry.known or date.min)).value
    first = min(entry.since for entry in known if entry.since is not None)
    return max((entry for entry in known if entry.since == first), key=lambda entry: entry.known or date.min).value


def _nearest(amount: Fraction) -> int:
    """Half away from zero."""
    distance = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return distance if amount > 0 else -distance


def _days_of_learning(snapshot: Snapshot) -> Iterator[date]:
    """The days on which anything was learnt: between two of them, what is owed for a period stays the same."""
    for steps in snapshot.stated.values():
        yield from (step.known for step in steps if step.known)
    for agreement in snapshot.terms.agreements:
        if agreement.end_known:
            yield agreement.end_known
        for line in agreement.lines:
            for term in (line.price, line.minimum, line.included):
                yield from (entry.known for entry in term.entries if entry.known)
