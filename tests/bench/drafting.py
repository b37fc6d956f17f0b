"""How long drafting a month takes for many agreements: `make bench`, or `python -m tests.bench.drafting [AGREEMENTS]`.

Each agreement has terms of its own, 50 people with a seat each, and four lines: a price a user, a licence, tiers and a
flat fee; in every tenth a person joins in mid-month. Nothing is stored. The same amounts are worked out beside it by a
bare loop over tuples of people and numbers, once with the same exact fractions and once with integers, and have to be
equal. What is read is made beforehand, a chunk at a time, and isn't measured; nothing is kept, so memory doesn't grow.
"""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import Any

from billing.agreement import Agreement, Line, Terms
from billing.calendar import Cycle, always
from billing.invoice import draft_invoice
from billing.money import rounded
from billing.prices import Flat, Graduated, PerUnit, Tier
from billing.quantities import Measure, Seat, Step
from billing.snapshot import Snapshot

AGREEMENTS, PEOPLE, PRORATED, CHUNK = 10_000, 50, 10, 250
AIM = 2.5
BEFORE, START, MID_MONTH, END = date(2027, 1, 1), date(2027, 4, 1), date(2027, 4, 11), date(2027, 5, 1)
MONTH = (END - START).days
USERS, LICENCES = Measure("roster", "full"), Measure("licence", "O365_BUSINESS_PREMIUM")
TIERS = ((25, Fraction(4500)), (50, Fraction(4000)), (None, Fraction(3500)))

Facts = tuple[tuple[date, ...], tuple[tuple[date, int], ...]]
"""On which day each person came, and the number of licences from some days on."""


def joined(number: int) -> tuple[date, ...]:
    """On which day each person of an agreement came."""
    late = (MID_MONTH,) if number % PRORATED == 0 else ()
    return (BEFORE,) * PEOPLE + late


def bought(number: int) -> tuple[tuple[date, int], ...]:
    """The licences of an agreement: how many from which day on."""
    late = ((MID_MONTH, PEOPLE + 1),) if number % PRORATED == 0 else ()
    return ((BEFORE, PEOPLE), *late)


def facts_of(number: int) -> Snapshot:
    """One client with all that a draft reads, nothing of it shared with another client."""
    tiers = (Tier(Decimal(45), Decimal(25)), Tier(Decimal(40), Decimal(50)), Tier(Decimal(35)))
    lines = (
        Line("users", "Managed users", always(PerUnit(Decimal(50))), USERS),
        Line("licences", "Licences", always(PerUnit(Decimal("26.40"))), LICENCES),
        Line("backup", "Backup", always(Graduated(tiers)), USERS),
        Line("support", "Support", always(Flat(Decimal(99)))),
    )
    terms = Terms(f"client-{number}", "USD", (Agreement("Services", START, Cycle(1, START), lines, "arrears"),))
    seats = tuple(Seat("full", person, day) for person, day in enumerate(joined(number)))
    licences = tuple(Step(day, Decimal(count)) for day, count in bought(number))
    return Snapshot(terms, {LICENCES: licences}, seats, {"full": BEFORE})


def tuples_of(number: int) -> Facts:
    """The same as tuples."""
    return joined(number), bought(number)


def by_the_rules(facts: Snapshot) -> int:
    """An agreement's total in cents, as drafted."""
    draft = draft_invoice(facts, END)
    return draft.total_minor if draft else 0


Runs = list[tuple[int, int]]
"""Days with one quantity: how many days, and the quantity."""


def runs_of_people(days: tuple[date, ...]) -> Runs:
    """The month as runs of days on which equally many were there."""
    came: dict[date, int] = {}
    for day in days:
        came[max(day, START)] = came.get(max(day, START), 0) + 1
    there, steps = 0, []
    for day in sorted(came):
        there += came[day]
        steps.append((day, there))
    return runs_of_numbers(tuple(steps))


def runs_of_numbers(numbers: tuple[tuple[date, int], ...]) -> Runs:
    """The month as runs of days with one number."""
    steps = [(max(day, START), number) for day, number in numbers if day < END]
    return [((until - since).days, number) for (since, number), (until, _) in pairwise([*steps, (END, 0)])]


def by_bare_fractions(facts: Facts) -> int:
    """The same by exact fractions over tuples: a price for each run of days, weighted, added, rounded once a line."""
    users, licences = runs_of_people(facts[0]), runs_of_numbers(facts[1])
    total = 0
    for runs, unit in ((users, Fraction(5000)), (licences, Fraction(2640))):
        total += rounded(sum((unit * there * Fraction(long, MONTH) for long, there in runs), Fraction(0)))
    tiered = Fraction(0)
    for long, there in users:
        cost, below = Fraction(0), 0
        for bound, unit in TIERS:
            top = there if bound is None else min(there, bound)
            cost += unit * max(top - below, 0)
            below = max(top, below)
        tiered += cost * Fraction(long, MONTH)
    return total + rounded(tiered) + rounded(Fraction(9900) * Fraction(MONTH, MONTH))


def by_bare_integers(facts: Facts) -> int:
    """The same by integers over a common denominator."""
    users, licences = runs_of_people(facts[0]), runs_of_numbers(facts[1])
    sums = [0, 0, 0, 9900 * MONTH]
    for long, there in users:
        first, second = min(there, 25), max(min(there, 50) - 25, 0)
        sums[0] += 5000 * there * long
        sums[1] += (first * 4500 + second * 4000 + (there - first - second) * 3500) * long
    for long, there in licences:
        sums[2] += 2640 * there * long
    return sum((2 * each + MONTH) // (2 * MONTH) for each in sums)


WORKS: tuple[tuple[Callable[[int], Any], Callable[[Any], int]], ...] = (
    (facts_of, by_the_rules),
    (tuples_of, by_bare_fractions),
    (tuples_of, by_bare_integers),
)
"""How the facts are made, which isn't measured, and the work on them, which is."""


def measured(count: int) -> list[float]:
    """CPU seconds of each work alone, in turn chunk by chunk, so that what slows the machine down falls on all."""
    seconds, totals = [0.0] * len(WORKS), [0] * len(WORKS)
    for first in range(0, count, CHUNK):
        for which, (make, work) in enumerate(WORKS):
            made = [make(number) for number in range(first, min(first + CHUNK, count))]
            start = process_time()
            totals[which] += sum(map(work, made))
            seconds[which] += process_time() - start
    if len(set(totals)) > 1:
        raise AssertionError("The bare loops and the rules disagree, so their times can't be compared.")
    return seconds


def highest_mib() -> float:
    """How much memory was in use at most until now."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def main(count: int = AGREEMENTS) -> None:
    """Measures a tenth and all, and prints."""
    measured(CHUNK)
    few, _, _ = measured(max(count // 10, 1))
    few_mib = highest_mib()
    ours, fractions, integers = measured(count)
    print(f"draft {count:,} agreements of {PEOPLE} people: {ours:.2f} s of CPU, {ours / count * 1e6:,.0f} µs each")
    print(f"  against a bare loop of the same exact arithmetic: {ours / fractions:.2f} times (aim: at most {AIM})")
    print(f"  against bare integers: {ours / integers:.1f} times")
    print(f"  ten times as many agreements take {ours / few:.1f} times as long")
    print(f"  memory at its highest: {few_mib:.0f} MiB with a tenth of them, {highest_mib():.0f} MiB with all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
