"""How long it takes to draft a month for many agreements: `python -m tests.bench.drafting [AGREEMENTS]`.

Each agreement has 50 people and four lines (a price a user, a licence, tiers, a flat fee); in every tenth one a person
joins in mid-month. Nothing is stored. The same amounts are worked out beside it by a bare loop over tuples, once with
the same exact fractions and once with integers, and have to be equal. All is streamed: memory doesn't grow.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from resource import RUSAGE_SELF, getrusage
from time import process_time

from billing.agreement import Agreement, Line, Terms
from billing.calendar import Cycle
from billing.dated import always
from billing.invoice import draft_invoice
from billing.money import rounded
from billing.prices import Flat, Graduated, PerUnit, Tier
from billing.quantities import Measure, Step
from billing.snapshot import Snapshot

AGREEMENTS, PEOPLE, PRORATED = 10_000, 50, 10
START, END, MID_MONTH = date(2027, 4, 1), date(2027, 5, 1), date(2027, 4, 11)
USERS, LICENCES = Measure("roster", "full"), Measure("licence", "O365_BUSINESS_PREMIUM")
TIERS = ((25, Fraction(4500)), (50, Fraction(4000)), (None, Fraction(3500)))
GRADUATED = Graduated(
    (Tier(Decimal(45), Decimal(25)), Tier(Decimal(40), Decimal(50)), Tier(Decimal(35))),
)
LINES = (
    Line("users", "Managed users", always(PerUnit(Decimal(50))), USERS),
    Line("licences", "Licences", always(PerUnit(Decimal("26.40"))), LICENCES),
    Line("backup", "Backup", always(GRADUATED), USERS),
    Line("support", "Support", always(Flat(Decimal(99)))),
)
TERMS = Terms("acme", "USD", (Agreement("Services", START, Cycle(1, START), LINES, "arrears"),))

Days = tuple[tuple[int, int], ...]
"""Runs of days with one quantity: how many days, and the quantity."""


def clients(count: int) -> Iterator[Snapshot]:
    """The facts of one client after another."""
    for number in range(count):
        steps: tuple[Step, ...] = (Step(START, Decimal(PEOPLE)),)
        if number % PRORATED == 0:
            steps += (Step(MID_MONTH, Decimal(PEOPLE + 1)),)
        yield Snapshot(TERMS, {USERS: steps, LICENCES: steps})


def runs(count: int) -> Iterator[Days]:
    """The same as tuples."""
    month, before = (END - START).days, (MID_MONTH - START).days
    for number in range(count):
        grows = number % PRORATED == 0
        yield ((before, PEOPLE), (month - before, PEOPLE + 1)) if grows else ((month, PEOPLE),)


def by_the_rules(count: int) -> Iterable[int]:
    """Each agreement's total in cents, as drafted."""
    for facts in clients(count):
        draft = draft_invoice(facts, END)
        yield draft.total_minor if draft else 0


def by_bare_fractions(count: int) -> Iterable[int]:
    """The same by exact fractions over tuples: a price for each run of days, weighted, added, rounded once a line."""
    month = (END - START).days
    for days in runs(count):
        total = 0
        for unit in (Fraction(5000), Fraction(2640)):
            total += rounded(sum((unit * there * Fraction(long, month) for long, there in days), Fraction(0)))
        tiered = Fraction(0)
        for long, there in days:
            cost, below = Fraction(0), 0
            for bound, unit in TIERS:
                top = there if bound is None else min(there, bound)
                cost += unit * max(top - below, 0)
                below = max(top, below)
            tiered += cost * Fraction(long, month)
        yield (
            total
            + rounded(tiered)
            + rounded(sum((Fraction(9900) * Fraction(long, month) for long, _ in days), Fraction(0)))
        )


def by_bare_integers(count: int) -> Iterable[int]:
    """The same by integers over a common denominator."""
    month = (END - START).days
    for days in runs(count):
        sums = [0, 0, 0, 0]
        for long, there in days:
            first, second = min(there, 25), max(min(there, 50) - 25, 0)
            tiered = first * 4500 + second * 4000 + (there - first - second) * 3500
            for place, cost in enumerate((5000 * there, 2640 * there, tiered, 9900)):
                sums[place] += cost * long
        yield sum((2 * each + month) // (2 * month) for each in sums)


def measured(work: Callable[[int], Iterable[int]], count: int) -> tuple[float, int]:
    """CPU seconds and the sum of all totals."""
    start = process_time()
    total = sum(work(count))
    return process_time() - start, total


def main(count: int) -> None:
    """Measures and prints."""
    for work in (by_the_rules, by_bare_fractions, by_bare_integers):
        measured(work, max(count // 100, 1))
    small, _ = measured(by_the_rules, count // 10)
    found = [measured(work, count) for work in (by_the_rules, by_bare_fractions, by_bare_integers)]
    if len({total for _, total in found}) > 1:
        raise AssertionError("The bare loops and the rules disagree, so their times can't be compared.")
    (ours, _), (fractions, _), (integers, _) = found
    print(f"draft {count:,} agreements of {PEOPLE} people: {ours:.2f} s of CPU, {ours / count * 1e6:,.0f} µs each")
    print(f"against a bare loop of the same exact arithmetic: {ours / fractions:.2f} times")
    print(f"against bare integers: {ours / integers:.1f} times")
    print(f"ten times as many agreements take {ours / small:.2f} times as long")
    print(f"memory at its highest: {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else AGREEMENTS)
