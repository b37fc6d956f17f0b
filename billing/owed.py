"""What is owed: a pure function of agreement, quantities and prices, item and service period at a time.

A line's amount for a period is computed as if day by day and rounded once (docs/explanation/amounts): each covered
day's quantity is raised to the minimum, less what is included, priced as if for a whole cycle, and weighted
1 / days in the cycle. Here days of one quantity and one price are taken together as a segment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing.agreement import Agreement, Line, Measure, Terms
from billing.calendar import Period
from billing.draft import Item, Segment
from billing.money import minor_of, share
from billing.quantities import Quantities, Step, Timeline

_NOTHING = Timeline()


@dataclass(frozen=True, slots=True)
class Owed:
    """The amount of one item for one service period, and the segments it adds up from."""

    item: Item
    text: str
    cycle: Period
    period: Period
    amount_minor: int
    quantity: Decimal | None
    measure: Measure | None
    tax: str
    taxed_on: date
    segments: tuple[Segment, ...] = ()


def line_owed(terms: Terms, agreement: Agreement, line: Line, cycle: Period, quantities: Quantities) -> Owed | None:
    """What a line owes for one cycle's period; None when no day of it is covered."""
    covered = agreement.covered(line, cycle)
    if covered is None:
        return None
    timeline = _timeline(line, covered, quantities)
    segments = tuple(_segments(line, covered, cycle, timeline))
    exact = sum(
        (segment.cycle_amount * share(segment.period.days, segment.cycle_days) for segment in segments), Fraction(0)
    )
    return Owed(
        item=Item(agreement.name, "line", line.name),
        text=line.text,
        cycle=cycle,
        period=covered,
        amount_minor=minor_of(exact, terms.currency),
        quantity=segments[-1].quantity if line.count is not None else None,
        measure=line.count,
        tax=line.tax,
        taxed_on=last_day(covered),
        segments=segments,
    )


def one_off_owed(agreements: Iterable[Agreement]) -> Iterator[Owed]:
    """Each one-off of a client as an item of its own, under its date and text, numbered where that is taken.

    As with a line, the name is its identity within the client: under an agreement of another name it stays the same.
    """
    taken: set[str] = set()
    for agreement, one_off in ((owner, each) for owner in agreements for each in owner.one_offs):
        name = plain = f"{one_off.on} {one_off.text}"
        ordinal = 1
        while name in taken:
            ordinal += 1
            name = f"{plain} ({ordinal})"
        taken.add(name)
        day = Period(one_off.on, date.fromordinal(one_off.on.toordinal() + 1))
        yield Owed(
            item=Item(agreement.name, "one_off", name),
            text=one_off.text,
            cycle=day,
            period=day,
            amount_minor=one_off.amount_minor,
            quantity=None,
            measure=None,
            tax=one_off.tax,
            taxed_on=one_off.on,
        )


def last_day(period: Period) -> date:
    """The last day that belongs to the period."""
    return date.fromordinal(period.end.toordinal() - 1)


def cycle_amount(line: Line, day: date, quantity: Decimal) -> Fraction:
    """What a quantity costs for one whole cycle under the terms of a day, in major units."""
    return line.price.at(day).amount(_priced(quantity, line.minimum.at(day), line.included.at(day)))


def _timeline(line: Line, covered: Period, quantities: Quantities) -> Timeline:
    if line.count is None:
        return _NOTHING
    if line.count.kind == "fixed":
        return Timeline((Step(covered.start, Decimal(line.count.name)),))
    return quantities.get(line.count, _NOTHING)


def _priced(quantity: Decimal, minimum: Decimal, included: Decimal) -> Decimal:
    return max(max(quantity, minimum) - included, Decimal(0))


def _segments(line: Line, covered: Period, cycle: Period, timeline: Timeline) -> Iterator[Segment]:
    for part, quantity in timeline.cut(covered):
        for with_price, price in line.price.cut(part):
            for with_minimum, minimum in line.minimum.cut(with_price):
                for days, included in line.included.cut(with_minimum):
                    priced = _priced(quantity, minimum, included)
                    yield Segment(days, cycle.days, quantity, priced, tuple(price.parts(priced)), price.amount(priced))
