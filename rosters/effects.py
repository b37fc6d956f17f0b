"""What a day's numbers cost a month, and what other terms would do to periods that are already billed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from billing.agreement import Agreement, Line, Terms
from billing.calendar import Period, always
from billing.draft import Item, ItemKind
from billing.errors import Refused
from billing.money import major_of, quotient
from billing.owed import Counts, agreement_owed, in_force, one_off_owed
from billing.quantities import Measure, Quantities, Reading
from billing.snapshot import Snapshot
from billing.taxes import TaxShare

_ByCategory = Mapping[str, int]
"""An amount by the tax categories of its parts, in minor units."""

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
    # How a line counts, and what it is committed to, make no difference to a number that stays the same.
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
    )


class BilledPeriodsWouldChange(Refused):
    """New terms would alter what was owed for periods that were already billed."""


class BilledLineIsMissing(Refused):
    """A line that has charges can't just disappear."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One billed item and period that would owe another amount, in minor units, or bear other taxes.

    The categories are named where they differ.
    """

    item: Item
    period: Period
    before_minor: int
    after_minor: int
    before_tax: tuple[str, ...] = ()
    after_tax: tuple[str, ...] = ()


def alterations(before: Snapshot, after: Snapshot, on: date) -> tuple[Alteration, ...]:
    """The periods on issued documents for which the new facts owe another amount than the old ones, seen on a day.

    So they do where the same amount goes over to another tax category: what was billed is taxed anew then.
    """
    was, now = dict(_billed_amounts(before, before, on)), dict(_billed_amounts(after, before, on))
    return tuple(
        _alteration(item, period, was.get((item, period), {}), now.get((item, period), {}))
        for item, period in dict.fromkeys([*was, *now])
        if was.get((item, period), {}) != now.get((item, period), {})
    )


def _alteration(item: Item, period: Period, was: _ByCategory, now: _ByCategory) -> Alteration:
    names = (tuple(was), tuple(now)) if was and now and set(was) != set(now) else ((), ())
    return Alteration(item, period, sum(was.values()), sum(now.values()), *names)


def missing_lines(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Lines with charges that the new terms don't have any more."""
    have = {line.name for line in after.terms.lines()}
    charged = (entry.item.name for entry in before.billed if entry.item.kind == "line")
    return tuple(name for name in dict.fromkeys(charged) if name not in have)


def missing_agreements(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Agreements that discounts or minimums were billed under, and that the new terms don't have by that name."""
    have = {agreement.name for agreement in after.terms.agreements}
    charged = (entry.item.agreement for entry in before.billed if entry.item.kind in {"discount", "minimum"})
    return tuple(name for name in dict.fromkeys(charged) if name not in have)


def counted_on(terms: Terms, day: date) -> Iterable[Measure]:
    """What is counted by lines that don't end until that day, each once."""
    ends = [(line.count, (agreement.end, line.end)) for agreement in terms.agreements for line in agreement.lines]
    lasting = (count for count, days in ends if all(end is None or day < end for end in days))
    return dict.fromkeys(count for count in lasting if count is not None)


def uncovered(terms: Terms, readings: Mapping[str, tuple[Reading, ...]]) -> Iterator[tuple[str, Reading]]:
    """What meters read on days that no line counting them covers, so that nobody ever pays for it."""
    metered = [(agreement, line) for agreement in terms.agreements for line in agreement.lines if line.metered]
    for meter, found in readings.items():
        homes = [(agreement, line) for agreement, line in metered if line.count == Measure("usage", meter)]
        for reading in found:
            if not any(agreement.in_force(reading.on) and _begun(line, reading.on) for agreement, line in homes):
                yield meter, reading


def _billed_amounts(facts: Snapshot, billed: Snapshot, on: date) -> Iterator[tuple[tuple[Item, Period], _ByCategory]]:
    terms, counts = facts.terms.as_known(on), facts.counts(on)
    issued = [entry for entry in billed.billed if entry.number is not None]
    for agreement in terms.agreements:
        lines = {line.name for line in agreement.lines}
        mine = [entry for entry in issued if entry.item.agreement == agreement.name or entry.item.name in lines]
        of_cycles = [entry for entry in mine if entry.item.kind != "one_off"]
        for cycle in sorted({agreement.cycle.period_of(entry.start) for entry in of_cycles}):
            names = {entry.item.name for entry in of_cycles if entry.item.kind == "line" and cycle.covers(entry.start)}
            # The agreement may be called otherwise by now; an item's kind and name are its identity.
            for owed in agreement_owed(terms, agreement, cycle, counts, names & lines):
                yield (Item("", owed.item.kind, owed.item.name), cycle), _by_category(owed.tax_shares)
    names = {entry.item.name for entry in issued if entry.item.kind == "one_off"}
    for owed in one_off_owed(terms):
        if owed.item.name in names:
            yield (Item("", "one_off", owed.item.name), owed.period), _by_category(owed.tax_shares)


def _by_category(shares: Iterable[TaxShare]) -> _ByCategory:
    sums = Counter[str]()
    for share in shares:
        sums[share.category] += share.amount_minor
    return {category: minor for category, minor in sums.items() if minor}
