"""What is owed: a pure function of agreement, quantities and prices, an agreement and service period at a time.

A line's amount for a period is computed as if day by day and rounded once (docs/explanation/amounts): each covered
day's quantity is raised to the minimum, less what is included, priced as if for a whole cycle, and weighted
1 / days in the cycle. Here days of one quantity and one price are taken together as a segment. Discounts and a minimum
amount are items of their own, which follow from the rounded amounts of the lines.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from billing.agreement import Agreement, Line, Terms
from billing.basis import Basis, Counted, Metered, Stretch, TakenOff, ToppedUp
from billing.calendar import Period
from billing.commitments import committed
from billing.counting import BY_DAY, counted
from billing.discounts import discounted
from billing.draft import Item, Segment
from billing.money import allocate, major_of, minor_of, share
from billing.quantities import Measure, Quantities, Reading, Step, Timeline
from billing.taxes import TaxShare

_NOTHING = Timeline()


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, as known on a day: the time line of every measure, and the readings of every meter."""

    quantities: Quantities = field(default_factory=dict)
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owed:
    """The amount of one item for one service period, the segments it adds up from, and how it is taxed."""

    item: Item
    text: str
    cycle: Period
    period: Period
    amount_minor: int
    quantity: Decimal | None
    measure: Measure | None
    shares: tuple[TaxShare, ...]
    segments: tuple[Segment, ...] = ()
    basis: Basis | None = None


def agreement_owed(
    terms: Terms, agreement: Agreement, cycle: Period, counts: Counts, due: Collection[str]
) -> Iterator[Owed]:
    """Everything that an agreement owes for one cycle: its lines that are due (by name), discounts, and the minimum."""
    lines = [line for line in agreement.lines if line.name in due]
    owed = {line.name: line_owed(terms, agreement, line, cycle, counts) for line in lines}
    amounts = {name: found for name, found in owed.items() if found is not None}
    yield from amounts.values()
    covered = cycle.within(agreement.start, agreement.end)
    if covered is None:
        return
    # What is left of each line after the discounts so far; a discount never takes more than that.
    left = {name: found.amount_minor for name, found in amounts.items()}
    yield from _discounts(terms, agreement, lines, amounts, covered, cycle, left)
    if agreement.minimum_minor is not None:
        yield _true_up(terms, agreement, covered, cycle, list(amounts.values()), sum(left.values()))


def line_owed(terms: Terms, agreement: Agreement, line: Line, cycle: Period, counts: Counts) -> Owed | None:
    """What a line owes for one cycle's period; None when no day of it is covered."""
    covered = agreement.covered(line, cycle)
    if covered is None:
        return None
    held = in_force(line, counts.quantities, covered.last)
    if line.metered:
        segments: tuple[Segment, ...] = (_metered(line, covered, counts.readings),)
        exact = segments[0].cycle_amount
    else:
        segments = tuple(_segments(line, covered, cycle, held))
        exact = sum((each.cycle_amount * share(each.period.days, each.cycle_days) for each in segments), Fraction(0))
    amount_minor = minor_of(exact, terms.currency)
    return Owed(
        item=Item(agreement.name, "line", line.name),
        text=line.text,
        cycle=cycle,
        period=covered,
        amount_minor=amount_minor,
        quantity=_last_quantity(line, covered, held, segments),
        measure=line.count,
        shares=(tax_share(terms, line.tax, covered.last, amount_minor),),
        segments=segments,
        basis=_basis(line, covered, counts, held),
    )


def one_off_owed(terms: Terms) -> Iterator[Owed]:
    """Each one-off of a client as an item of its own, under its date and text, numbered where that is taken.

    As with a line, the name is its identity within the client: under an agreement of another name it stays the same.
    """
    taken: set[str] = set()
    for agreement, one_off in ((owner, each) for owner in terms.agreements for each in owner.one_offs):
        name = plain = f"{one_off.on} {one_off.text}"
        ordinal = 1
        while name in taken:
            ordinal += 1
            name = f"{plain} ({ordinal})"
        taken.add(name)
        day = Period(one_off.on, one_off.on + timedelta(days=1))
        yield Owed(
            item=Item(agreement.name, "one_off", name),
            text=one_off.text,
            cycle=day,
            period=day,
            amount_minor=one_off.amount_minor,
            quantity=None,
            measure=None,
            shares=(tax_share(terms, one_off.tax, one_off.on, one_off.amount_minor),),
        )


def tax_share(terms: Terms, category: str, day: date, amount_minor: int) -> TaxShare:
    """An amount under a category's rates of a day."""
    return TaxShare(category, terms.tax_category(category).rates.at(day), amount_minor)


def cycle_amount(line: Line, day: date, quantity: Decimal) -> Fraction:
    """What a quantity costs for one whole cycle under the terms of a day, in major units."""
    return line.price.at(day).amount(_priced(quantity, line.minimum.at(day), line.included.at(day)))


def in_force(line: Line, quantities: Quantities, through: date) -> Timeline:
    """The quantities of a line up to a day, as its commitment lets them move; before any other rule of counting."""
    if line.count is None:
        return _NOTHING
    if line.count.kind == "fixed":
        return Timeline((Step(date.min, Decimal(line.count.name)),))
    timeline = quantities.get(line.count, _NOTHING)
    return committed(timeline, line.commitment, through)[0] if line.commitment else timeline


def _priced(quantity: Decimal, minimum: Decimal, included: Decimal) -> Decimal:
    return max(max(quantity, minimum) - included, Decimal(0))


def _segments(line: Line, covered: Period, cycle: Period, held: Timeline) -> Iterator[Segment]:
    timeline = counted(held, covered, line.counting)
    for part, quantity in timeline.cut(covered):
        for with_price, price in line.price.cut(part):
            for with_minimum, minimum in line.minimum.cut(with_price):
                for days, included in line.included.cut(with_minimum):
                    priced = _priced(quantity, minimum, included)
                    yield Segment(days, cycle.days, quantity, priced, tuple(price.parts(priced)), price.amount(priced))


def _metered(line: Line, covered: Period, readings: Mapping[str, tuple[Reading, ...]]) -> Segment:
    """All that a meter read in a period, priced once: a dated term applies from the next period."""
    meter = line.count.name if line.count else ""
    read = sum((each.amount for each in readings.get(meter, ()) if covered.covers(each.on)), Decimal(0))
    day = covered.start
    priced, price = _priced(read, line.minimum.at(day), line.included.at(day)), line.price.at(day)
    return Segment(covered, covered.days, read, priced, tuple(price.parts(priced)), price.amount(priced))


def _basis(line: Line, covered: Period, counts: Counts, held: Timeline) -> Basis | None:
    """What the counted numbers were made of; None where each day's own number counts."""
    if line.count is None or line.count.kind == "fixed":
        return None
    if line.metered:
        days = sorted(each.on for each in counts.readings.get(line.count.name, ()) if covered.covers(each.on))
        return Metered(len(days), days[0] if days else None, days[-1] if days else None)
    if line.counting == BY_DAY and line.commitment is None:
        return None
    wanted = counts.quantities.get(line.count, _NOTHING)
    stretches = (
        Stretch(days, number, before) for part, number in wanted.cut(covered) for days, before in held.cut(part)
    )
    return Counted(line.counting, tuple(stretches))


def _last_quantity(line: Line, covered: Period, held: Timeline, segments: Sequence[Segment]) -> Decimal | None:
    if line.count is None:
        return None
    return segments[-1].quantity if line.metered else held.at(covered.last)


def _discounts(
    terms: Terms,
    agreement: Agreement,
    lines: Sequence[Line],
    amounts: Mapping[str, Owed],
    covered: Period,
    cycle: Period,
    left: dict[str, int],
) -> Iterator[Owed]:
    """Each discount as an item; what it takes is taken off `left`, a line's name to its minor units."""
    of_lines = [
        (line.name, line.text, line.discount, amounts[line.name].period, [line.name])
        for line in lines
        if line.discount is not None and line.name in amounts
    ]
    of_agreement = [
        (each.name, each.name, each.reductions, covered, _scope(lines, each.vendor)) for each in agreement.discounts
    ]
    for name, text, reductions, days, scope in [*of_lines, *of_agreement]:
        within = {line: amounts[line] for line in scope if line in amounts}
        base_minor = sum(found.amount_minor for found in within.values())
        left_minor = sum(left[line] for line in within)
        off_minor = discounted(reductions, days, cycle, base_minor, left_minor, terms.currency)
        parts = allocate(off_minor, [left[line] for line in within])
        for line, part in zip(within, parts, strict=True):
            left[line] -= part
        shares = _split(parts, within.values()) or (_first_share(terms, agreement, covered),)
        terms_of_days = tuple((cut, value) for cut, value in reductions.cut(days) if value is not None)
        basis = TakenOff(tuple(found.text for found in within.values()), base_minor, left_minor, terms_of_days)
        item = Item(agreement.name, "discount", name)
        yield Owed(item, text, cycle, days, -off_minor, None, None, shares, basis=basis)


def _scope(lines: Iterable[Line], vendor: str | None) -> list[str]:
    """The names of a vendor's lines, or of all."""
    return [line.name for line in lines if vendor in {None, line.vendor}]


def _split(parts: Iterable[int], lines: Iterable[Owed]) -> tuple[TaxShare, ...]:
    """A discount's parts, each taxed as the line that it is taken off."""
    return tuple(
        TaxShare(line.shares[0].category, line.shares[0].rates, -part) for part, line in zip(parts, lines, strict=True)
    )


def _true_up(
    terms: Terms, agreement: Agreement, covered: Period, cycle: Period, lines: Sequence[Owed], net_minor: int
) -> Owed:
    """What is missing to the agreement's minimum amount, weighted like a price by the days that are covered."""
    floor = Fraction(0)
    minimums = tuple(agreement.minimum_minor.cut(covered)) if agreement.minimum_minor else ()
    for days, minimum_minor in minimums:
        floor += major_of(minimum_minor, terms.currency) * share(days.days, cycle.days)
    missing_minor = max(minor_of(floor, terms.currency) - net_minor, 0)
    plain = lines[0].shares[0] if lines else _first_share(terms, agreement, covered)
    item = Item(agreement.name, "minimum", agreement.name)
    share_of_tax = TaxShare(plain.category, plain.rates, missing_minor)
    basis = ToppedUp(net_minor, minimums)
    return Owed(item, agreement.name, cycle, covered, missing_minor, None, None, (share_of_tax,), basis=basis)


def _first_share(terms: Terms, agreement: Agreement, covered: Period) -> TaxShare:
    """How the agreement's first line is taxed, for an amount that belongs to no line."""
    category = agreement.lines[0].tax if agreement.lines else "standard"
    return tax_share(terms, category, covered.last, 0)
