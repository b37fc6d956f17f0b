"""What is paid a month, as things stand on a day: a whole cycle of that day's terms and numbers, by the month."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from billing.agreement import Agreement, Line
from billing.counting import BY_DAY
from billing.dated import always
from billing.draft import ItemKind
from billing.money import major_of, quotient
from billing.owed import Counts, agreement_owed, in_force
from billing.quantities import Measure, Quantities
from billing.snapshot import Snapshot

PaidFor = tuple[ItemKind, str]
"""A line, discount or minimum, and the text by which it is billed."""


def monthly_amount(snapshot: Snapshot, day: date) -> Fraction:
    """What the numbers of a day cost a month, discounts and minimums included, before tax, in major units."""
    return sum(monthly_amounts(snapshot, day).values(), Fraction(0))


def monthly_amounts(snapshot: Snapshot, day: date) -> dict[PaidFor, Fraction]:
    """The same, item by item; what is metered counts nothing, since its readings aren't known ahead."""
    terms, quantities = snapshot.terms.as_known(day), snapshot.quantities(day)
    amounts: dict[PaidFor, Fraction] = {}
    for agreement in terms.agreements:
        if not agreement.in_force(day):
            continue
        cycle = agreement.cycle.period_of(day)
        lasting = _as_on(agreement, day, quantities)
        for owed in agreement_owed(terms, lasting, cycle, Counts(), [line.name for line in lasting.lines]):
            month = quotient(major_of(owed.amount_minor, terms.currency), agreement.cycle.months)
            key = (owed.item.kind, owed.text)
            amounts[key] = amounts.get(key, Fraction(0)) + month
    return amounts


def _as_on(agreement: Agreement, day: date, quantities: Quantities) -> Agreement:
    """The agreement as if the day's terms and numbers held for the whole cycle."""
    lines = (line for line in agreement.lines if _begun(line, day))
    return replace(
        agreement,
        start=agreement.cycle.period_of(day).start,
        end=None,
        lines=tuple(_line_on(line, day, quantities) for line in lines),
        discounts=tuple(replace(each, reductions=always(each.reductions.at(day))) for each in agreement.discounts),
        minimum_minor=always(agreement.minimum_minor.at(day)) if agreement.minimum_minor else None,
    )


def _begun(line: Line, day: date) -> bool:
    return (line.start is None or line.start <= day) and (line.end is None or day < line.end)


def _line_on(line: Line, day: date, quantities: Quantities) -> Line:
    count = line.count
    if count is not None and not line.metered:
        count = Measure("fixed", str(in_force(line, quantities, day).at(day)))
    return replace(
        line,
        start=None,
        end=None,
        price=always(line.price.at(day)),
        included=always(line.included.at(day)),
        minimum=always(line.minimum.at(day)),
        discount=always(line.discount.at(day)) if line.discount else None,
        count=count,
        counting=BY_DAY,
        commitment=None,
    )
