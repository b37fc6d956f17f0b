"""Looks for what was silently not billed: the terms laid against the charges that were issued.

Nothing here asks the calculation that drafts. From the terms come the days that must be charged by now, from the
documents those that are; whether a day without a charge should have cost anything is reckoned by the day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from billing.agreement import Agreement, Line, Reduction, Terms, bill_dates
from billing.calendar import Dated, Period
from billing.counting import BY_DAY
from billing.money import major_of, minor_of
from billing.owed import Counts
from billing.quantities import Timeline
from billing.snapshot import Snapshot
from checks.records import Books, Finding, Key, Record, by_item, overlaps, standing_of, unmatched

_LONGEST_MONTH = timedelta(days=31)
_ONE_DAY = timedelta(days=1)


def last_bill_date(terms: Terms, on_or_before: date) -> date | None:
    """The client's last bill date up to a day; None when it wasn't billed yet."""
    found = None
    for day in bill_dates(terms, on_or_before - _LONGEST_MONTH):
        if day > on_or_before:
            break
        found = day
    return found


def search(snapshot: Snapshot, records: Sequence[Record], bill_date: date) -> tuple[Finding, ...]:
    """Gaps and overlaps among all that was due by a bill date. `records` are in the order of issue."""
    found, books = [*unmatched(records), *overlaps(records)], by_item(records)
    terms = snapshot.terms.as_known(bill_date)
    through = last_bill_date(terms, bill_date)
    if through is not None:
        found += _gaps(terms, snapshot.counts(bill_date), books, through)
    return tuple(found)


def _gaps(terms: Terms, counts: Counts, books: Books, through: date) -> Iterator[Finding]:
    for agreement in terms.agreements:
        for cycle in agreement.cycle.periods(agreement.start, through):
            covered = cycle.within(agreement.start, agreement.end)
            if covered is None or (agreement.bills_from is not None and covered.start < agreement.bills_from):
                continue
            due = [line for line in agreement.lines if _due_on(agreement, line, cycle) <= through]
            missed = [
                gap
                for line in due
                for gap in _line_gap(terms, agreement, line, cycle, counts, books.get(("line", line.name), ()))
            ]
            yield from missed
            yield from _discount_gaps(agreement, due, cycle, covered, books)
            missed_minor = sum(gap.amount_minor for gap in missed)
            yield from _minimum_gap(agreement, cycle, covered, books, through, missed_minor)
    yield from _one_off_gaps(terms, books, through)


def _due_on(agreement: Agreement, line: Line, cycle: Period) -> date:
    return cycle.end if line.metered else _starts_or_ends(agreement, cycle)


def _starts_or_ends(agreement: Agreement, cycle: Period) -> date:
    """The boundary that bills a cycle: its end in arrears and for a stub at the start, else its start."""
    return cycle.end if agreement.timing == "arrears" or agreement.start > cycle.start else cycle.start


def _line_gap(
    terms: Terms, agreement: Agreement, line: Line, cycle: Period, counts: Counts, entries: Sequence[Record]
) -> Iterator[Finding]:
    covered = agreement.covered(line, cycle)
    near = [each for each in entries if cycle.within(each.period.start, each.period.end)]
    if covered is None or any(each.kind is None for each in near) or _still_to_be_rebilled(near, entries):
        return
    bare = [covered]
    for standing in standing_of(near):
        charged = Period(standing[0].period.start, max(each.period.end for each in standing))
        bare = [rest for days in bare for rest in _without(days, charged)]
    cost = sum((_cost(line, days, covered, cycle, counts) for days in bare), Fraction(0))
    amount_minor = minor_of(cost, terms.currency)
    # What is missing beside a charge may have been lost in that charge's own rounding.
    if bare and amount_minor and (bare == [covered] or abs(cost) >= major_of(1, terms.currency)):
        yield Finding("gap", "line", line.name, Period(bare[0].start, bare[-1].end), amount_minor)


def _still_to_be_rebilled(near: Sequence[Record], entries: Sequence[Record]) -> bool:
    """Whether a person took a charge back, and no document was issued for the item since."""
    return any(each.reversal and each is entries[-1] for each in near)


def _without(days: Period, taken: Period) -> Iterator[Period]:
    before, after = days.within(None, taken.start), days.within(taken.end, None)
    yield from (part for part in (before, after) if part is not None)


def _cost(line: Line, days: Period, covered: Period, cycle: Period, counts: Counts) -> Fraction:
    """What days of a line cost at the least, in major units, a day at a time."""
    if line.metered and line.count is not None:
        readings = counts.readings.get(line.count.name, ())
        read = sum((each.amount for each in readings if days.covers(each.on)), Decimal(0))
        return _price(line, covered.start, read)
    each_day = (days.start + timedelta(days=number) for number in range(days.days))
    prices = (min(_price(line, day, many) for many in _quantities(line, day, covered, counts)) for day in each_day)
    return sum(prices, Fraction(0)) * Fraction(1, cycle.days)


def _price(line: Line, day: date, quantity: Decimal) -> Fraction:
    return line.price.at(day).amount(max(max(quantity, line.minimum.at(day)) - line.included.at(day), Decimal(0)))


def _quantities(line: Line, day: date, covered: Period, counts: Counts) -> tuple[Decimal, ...]:
    """How many may count on a day: its own number, or where a place is kept or a highest number counts, also that."""
    if line.count is None or line.count.kind == "fixed":
        return (Decimal(line.count.name) if line.count else Decimal(0),)
    timeline, basis = counts.quantities.get(line.count, Timeline()), line.counting.basis
    if isinstance(basis, int):
        return (timeline.at(min(covered.start + timedelta(days=basis - 1), covered.last)),)
    if line.counting.proration == "next_period":
        return (timeline.at(covered.start),)
    if line.counting == BY_DAY and line.commitment is None:
        return (timeline.at(day),)
    return timeline.at(day), max(step.quantity for step in timeline.within(covered))


def _net(books: Books, keys: Iterable[Key], cycle: Period) -> int:
    """What is charged for items and a cycle, all in all."""
    return sum(each.amount_minor for each in _within(books, keys, cycle))


def _within(books: Books, keys: Iterable[Key], cycle: Period) -> Iterator[Record]:
    return (each for key in keys for each in books.get(key, ()) if cycle.covers(each.period.start))


_Reductions = Dated[Reduction | None]


def _discount_gaps(
    agreement: Agreement, due: Sequence[Line], cycle: Period, covered: Period, books: Books
) -> Iterator[Finding]:
    """A discount that nobody took off what was charged, although something of that is left."""
    found: list[tuple[str, _Reductions, list[Line], Period]] = []
    for line in due:
        days = agreement.covered(line, cycle)
        found += [(line.name, line.discount, [line], days)] if line.discount is not None and days is not None else []
    for each in agreement.discounts:
        scope = [line for line in due if each.vendor in {None, line.vendor}]
        found.append((each.name, each.reductions, scope, covered))
    taken_minor = _net(books, [("discount", name) for name, *_ in found], cycle)
    for name, reductions, lines, days in found:
        base_minor = _net(books, [("line", line.name) for line in lines], cycle)
        missing_minor = min(_off(reductions, days, cycle, base_minor), Fraction(base_minor + taken_minor)) // 1
        if missing_minor >= 1 and not any(_within(books, [("discount", name)], cycle)):
            yield Finding("gap", "discount", name, days, -missing_minor)


def _off(reductions: _Reductions, days: Period, cycle: Period, base_minor: int) -> Fraction:
    """What a discount takes off a sum of minor units, unrounded."""
    off = Fraction(0)
    for part, reduction in reductions.cut(days):
        if reduction is not None and reduction.percent is not None:
            off += Fraction(reduction.percent) * base_minor * Fraction(part.days, 100 * days.days)
        elif reduction is not None and reduction.amount_minor is not None:
            off += Fraction(reduction.amount_minor * part.days, cycle.days)
    return off


def _minimum_gap(
    agreement: Agreement, cycle: Period, covered: Period, books: Books, through: date, missed_minor: int
) -> Iterator[Finding]:
    """Less than the agreement's minimum amount, once all that counts towards it was due, the lines' gaps included."""
    minimum, lines = agreement.minimum_minor, [each for each in agreement.lines if agreement.covered(each, cycle)]
    due = max([_starts_or_ends(agreement, cycle), *(_due_on(agreement, line, cycle) for line in lines)])
    if minimum is None or due > through:
        return
    names = [line.name for line in agreement.lines]
    keys: list[Key] = [("minimum", agreement.name), *(("line", name) for name in names)]
    keys += [("discount", name) for name in (*names, *(each.name for each in agreement.discounts))]
    charged = list(_within(books, keys, cycle))
    floor = sum((Fraction(each * days.days, cycle.days) for days, each in minimum.cut(covered)), Fraction(0))
    missing_minor = floor // 1 - missed_minor - sum(each.amount_minor for each in charged)
    if missing_minor >= 1 and not any(each.reversal for each in charged):
        yield Finding("gap", "minimum", agreement.name, covered, missing_minor)


def _one_off_gaps(terms: Terms, books: Books, through: date) -> Iterator[Finding]:
    """One-offs that no document has; of several with one day and text, as many as there are fewer."""
    due = [
        each
        for agreement in terms.agreements
        for each in agreement.one_offs
        if each.on <= through and each.amount_minor and not (agreement.bills_from and each.on < agreement.bills_from)
    ]
    charged = Counter(entries[0].period.start for key, entries in books.items() if key[0] == "one_off")
    for day, wanted in Counter(each.on for each in due).items():
        for each in [each for each in due if each.on == day][: max(wanted - charged[day], 0)]:
            yield Finding("gap", "one_off", f"{each.on} {each.text}", Period(day, day + _ONE_DAY), each.amount_minor)
