"""What a change of terms would do to periods that are already billed, before anybody applies it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.calendar import Period
from billing.draft import Item
from billing.errors import Refused
from billing.owed import agreement_owed, one_off_owed
from billing.snapshot import Snapshot


class BilledPeriodsWouldChange(Refused):
    """New terms would alter what was owed for periods that were already billed."""


class BilledLineIsMissing(Refused):
    """A line that has charges can't just disappear."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One billed item and period whose owed amount would differ, in minor units."""

    item: Item
    period: Period
    before_minor: int
    after_minor: int


def alterations(before: Snapshot, after: Snapshot, on: date) -> tuple[Alteration, ...]:
    """The periods on issued documents for which the new facts owe another amount than the old ones, seen on a day."""
    was, now = _owed(before, before, on), _owed(after, before, on)
    return tuple(
        Alteration(item, period, was.get((item, period), 0), now.get((item, period), 0))
        for item, period in dict.fromkeys([*was, *now])
        if was.get((item, period), 0) != now.get((item, period), 0)
    )


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


def _owed(facts: Snapshot, billed: Snapshot, on: date) -> dict[tuple[Item, Period], int]:
    return dict(_billed_amounts(facts, billed, on))


def _billed_amounts(facts: Snapshot, billed: Snapshot, on: date) -> Iterator[tuple[tuple[Item, Period], int]]:
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
                yield (Item("", owed.item.kind, owed.item.name), cycle), owed.amount_minor
    names = {entry.item.name for entry in issued if entry.item.kind == "one_off"}
    for owed in one_off_owed(terms):
        if owed.item.name in names:
            yield (Item("", "one_off", owed.item.name), owed.period), owed.amount_minor
