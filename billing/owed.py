"""What is owed: a pure function of agreement, quantities and prices, an agreement and service period at a time.

A line's amount for a period is computed as if day by day and rounded once (docs/explanation/amounts): each covered
day's quantity is raised to the minimum, less what is included, priced as if for a whole cycle, and weighted
1 / days in the cycle. Here days of one quantity and one price are taken together as a segment. Discounts and a minimum
amount are items of their own, which follow from the rounded amounts of the lines.

What an item owes is told as the charge that it is as long as nothing was billed for it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import repeat

from billing.agreement import Agreement, Line, Reduction, Terms
from billing.calendar import Dated, Period
from billing.counting import BY_DAY, committed, counted
from billing.draft import (
    Basis,
    Charge,
    ChargeKind,
    Counted,
    Item,
    Metered,
    Segment,
    Stretch,
    TakenOff,
    ToppedUp,
)
from billing.money import allocate, major_of, minor_of, quotient
from billing.prices import added
from billing.quantities import Measure, Quantities, Reading, Span, Stays, Step, Timeline
from billing.taxes import TaxShare

_NOTHING = Timeline()


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, as known on a day: the time line of every measure, and the readings of every meter.

    `stays` are all seats, and `counted` is the first day from which those of a roster count.
    """

    quantities: Quantities = field(default_factory=dict)
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    stays: Stays = field(default_factory=dict)
    counted: Mapping[str, date] = field(default_factory=dict)

    def spans(self, measure: Measure | None, period: Period) -> tuple[Span, ...]:
        """Who had a seat on which days of a period; nobody where the measure counts no people by name."""
        if measure is None or measure.kind != "roster" or measure.name not in self.counted:
            return ()
        inside = period.within(self.counted[measure.name], None)
        there: list[Span] = []
        for (roster, start, end), people in self.stays.items():
            days = inside.within(start, end) if inside is not None and roster == measure.name else None
            if days is not None:
                # Straight as tuples, as a draft lists everybody: Span's own constructor takes twice as long.
                there += map(tuple.__new__, repeat(Span), zip(people, repeat(days)))
        return tuple(sorted(there))


def agreement_owed(
    terms: Terms, agreement: Agreement, cycle: Period, counts: Counts, due: Collection[str]
) -> Iterator[Charge]:
    """Everything that an agreement owes for one cycle: its lines that are due (by name), discounts, and the minimum."""
    lines = [line for line in agreement.lines if line.name in due]
    owed = (line_owed(terms, agreement, line, cycle, counts) for line in lines)
    amounts = {found.item.name: found for found in owed if found is not None}
    yield from amounts.values()
    covered = cycle.within(agreement.start, agreement.end)
    if covered is None:
        return
    # What is left of each line after the discounts so far; a discount never takes more than that.
    left = {name: found.amount_minor for name, found in amounts.items()}
    yield from _discounts(terms, agreement, lines, amounts, covered, cycle, left)
    if agreement.minimum_minor is not None:
        yield _true_up(terms, agreement, covered, cycle, list(amounts.values()), sum(left.values()))


def line_owed(terms: Terms, agreement: Agreement, line: Line, cycle: Period, counts: Counts) -> Charge | None:
    """What a line owes for one cycle's period; None when no day of it is covered."""
    covered = agreement.covered(line, cycle)
    if covered is None:
        return None
    last = covered.last
    held = in_force(line, counts.quantities, last)
    if line.metered:
        segments: tuple[Segment, ...] = (_metered(line, covered, counts.readings),)
        quantity: Decimal | None = segments[0].quantity
    else:
        segments = _segments(line, covered, cycle, held)
        quantity = held.at(last) if line.count else None
    amount_minor = minor_of(_weighted(segments), terms.currency)
    tax = line.tax.at(last)
    return Charge(
        item=Item(agreement.name, "line", line.name),
        kind="recurring",
        text=line.text,
        cycle=cycle,
        period=covered,
        quantity=quantity,
        measure=line.count,
        amount_minor=amount_minor,
        tax=tax,
        rates=terms.tax_category(tax).rates.at(last),
        owed_minor=amount_minor,
        billed_minor=0,
        segments=segments,
        basis=_basis(line, covered, counts, held),
    )


def one_off_owed(terms: Terms) -> Iterator[Charge]:
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
        share = tax_share(terms, one_off.tax, one_off.on, one_off.amount_minor)
        yield uncounted(Item(agreement.name, "one_off", name), one_off.text, day, day, (share,))


def tax_share(terms: Terms, category: str, day: date, amount_minor: int) -> TaxShare:
    """An amount under a category's rates of a day."""
    return TaxShare(category, terms.tax_category(category).rates.at(day), amount_minor)


def uncounted(
    item: Item, text: str, cycle: Period, period: Period, shares: tuple[TaxShare, ...], basis: Basis | None = None
) -> Charge:
    """What an item without a quantity owes: its amount is that of its shares together."""
    minor, first = sum(share.amount_minor for share in shares), shares[0]
    kind: ChargeKind = "recurring" if item.kind == "line" else item.kind
    return Charge(
        *(item, kind, text, cycle, period, None, None, minor, first.category, first.rates, minor, 0),
        shares=shares if len(shares) > 1 else (),
        basis=basis,
    )


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


def _weighted(segments: Sequence[Segment]) -> Fraction:
    """The segments' amounts, each weighted by its days of the one cycle that they lie in."""
    first = segments[0]
    if len(segments) == 1 and first.period.days == first.cycle_days:
        return first.cycle_amount
    by_days = (each.cycle_amount * each.period.days for each in segments)
    return quotient(sum(by_days, Fraction(0)), first.cycle_days)


def _priced(quantity: Decimal, minimum: Decimal, included: Decimal) -> Decimal:
    if not minimum and not included:
        return quantity
    return max(max(quantity, minimum) - included, Decimal(0))


def _segments(line: Line, covered: Period, cycle: Period, held: Timeline) -> tuple[Segment, ...]:
    segments, cycle_days = [], cycle.days
    for part, quantity in counted(held, covered, line.counting).cut(covered):
        for days, price, minimum, included in line.cut(part):
            priced = _priced(quantity, minimum, included)
            parts = price.parts(priced)
            segments.append(Segment(days, cycle_days, quantity, priced, parts, added(parts)))
    return tuple(segments)


def _metered(line: Line, covered: Period, readings: Mapping[str, tuple[Reading, ...]]) -> Segment:
    """All that a meter read in a period, priced once: a dated term applies from the next period."""
    meter = line.count.name if line.count else ""
    read = sum((each.amount for each in readings.get(meter, ()) if covered.covers(each.on)), Decimal(0))
    day = covered.start
    priced, price = _priced(read, line.minimum.at(day), line.included.at(day)), line.price.at(day)
    parts = price.parts(priced)
    return Segment(covered, covered.days, read, priced, parts, added(parts))


def _basis(line: Line, covered: Period, counts: Counts, held: Timeline) -> Basis | None:
    """What the counted numbers were made of; None where each day's own number counts."""
    if line.count is None or line.count.kind == "fixed":
        return None
    if line.metered:
        days = sorted(each.on for each in counts.readings.get(line.count.name, ()) if covered.covers(each.on))
        return Metered(len(days), days[0] if days else None, days[-1] if days else None)
    if line.commitment is None and line.counting == BY_DAY:
        return None
    wanted = counts.quantities.get(line.count, _NOTHING)
    stretches = (
        Stretch(days, number, before) for part, number in wanted.cut(covered) for days, before in held.cut(part)
    )
    return Counted(line.counting, tuple(stretches))


def _discounts(
    terms: Terms,
    agreement: Agreement,
    lines: Sequence[Line],
    amounts: Mapping[str, Charge],
    covered: Period,
    cycle: Period,
    left: dict[str, int],
) -> Iterator[Charge]:
    """Each discount as an item; what it takes is taken off `left`, a line's name to its minor units."""
    of_lines = [
        (line.name, line.text, line.discount, amounts[line.name].period, [line.name])
        for line in lines
        if line.discount is not None and line.name in amounts
    ]
    of_agreement = [
        (each.name, each.name, each.reductions, covered, [x.name for x in lines if each.vendor in {None, x.vendor}])
        for each in agreement.discounts
    ]
    for name, text, reductions, days, scope in [*of_lines, *of_agreement]:
        within = {line: amounts[line] for line in scope if line in amounts}
        base_minor = sum(found.amount_minor for found in within.values())
        left_minor = sum(left[line] for line in within)
        off_minor = discounted(reductions, days, cycle, base_minor, left_minor, terms.currency)
        parts = allocate(off_minor, [left[line] for line in within])
        for line, part in zip(within, parts, strict=True):
            left[line] -= part
        # Each part is taxed as the line that it is taken off.
        split = (TaxShare(of.tax, of.rates, -part) for of, part in zip(within.values(), parts, strict=True))
        shares = tuple(split) or (_first_share(terms, agreement, covered),)
        terms_of_days = tuple((cut, value) for cut, value in reductions.cut(days) if value is not None)
        basis = TakenOff(tuple(found.text for found in within.values()), base_minor, left_minor, terms_of_days)
        item = Item(agreement.name, "discount", name)
        yield uncounted(item, text, cycle, days, shares, basis)


def _true_up(
    terms: Terms, agreement: Agreement, covered: Period, cycle: Period, lines: Sequence[Charge], net_minor: int
) -> Charge:
    """What is missing to the agreement's minimum amount, weighted like a price by the days that are covered."""
    floor = Fraction(0)
    minimums = tuple(agreement.minimum_minor.cut(covered)) if agreement.minimum_minor else ()
    for days, minimum_minor in minimums:
        floor += major_of(minimum_minor, terms.currency) * Fraction(days.days, cycle.days)
    missing_minor = max(minor_of(floor, terms.currency) - net_minor, 0)
    plain = lines[0].tax_shares[0] if lines else _first_share(terms, agreement, covered)
    item = Item(agreement.name, "minimum", agreement.name)
    taxed = replace(plain, amount_minor=missing_minor)
    return uncounted(item, agreement.name, cycle, covered, (taxed,), ToppedUp(net_minor, minimums))


def _first_share(terms: Terms, agreement: Agreement, covered: Period) -> TaxShare:
    """How the agreement's first line is taxed, for an amount that belongs to no line."""
    category = agreement.lines[0].tax.at(covered.last) if agreement.lines else "standard"
    return tax_share(terms, category, covered.last, 0)


def discounted(
    reductions: Dated[Reduction | None], covered: Period, cycle: Period, base_minor: int, left_minor: int, currency: str
) -> int:
    """What is taken off in a period, in minor units, at most what earlier discounts left; rounded once.

    `base_minor` is the sum of the rounded amounts in the discount's scope. A percentage that isn't in force on every
    covered day counts by its share of them, an amount by its days of the whole cycle.
    """
    off = Fraction(0)
    for days, reduction in reductions.cut(covered):
        if reduction is None:
            continue
        if reduction.percent is not None:
            percentage = Fraction(reduction.percent) * Fraction(days.days, 100 * covered.days)
            off += percentage * major_of(base_minor, currency)
        elif reduction.amount_minor is not None:
            off += major_of(reduction.amount_minor, currency) * Fraction(days.days, cycle.days)
    return max(min(minor_of(off, currency), left_minor), 0)
