"""How long the rules take: `make bench`. One line a measurement, the median of some runs on one core."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from time import perf_counter

from billing.agreement import Agreement, Line, Terms
from billing.calendar import Cycle, add_months, always
from billing.invoice import draft_invoice
from billing.money import rounded
from billing.prices import Graduated, Tier
from billing.quantities import Measure, Seat
from billing.snapshot import Snapshot, as_billed
from billing.taxes import TaxCategory, TaxRate
from rosters.quote import month_by_month
from rosters.rules import Account, Roster
from rosters.verdicts import place
from tests.bench import acknowledging, drafting, syncing, tenants

RUNS = 15
PEOPLE = 45
ACCOUNTS = 10_000
START = date(2026, 5, 1)
BILL_DATE = date(2027, 5, 1)
BILLED_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was done, how many of them in one run, and the run's median time."""

    name: str
    count: int
    seconds: float

    def __str__(self) -> str:
        each = self.seconds / self.count * 1e6
        return f"{self.name:<62} {each:>10,.1f} µs each {self.count / self.seconds:>12,.0f} a second"


def timed(name: str, count: int, work: Callable[[], object]) -> Measurement:
    """The median time of the work, after one run that doesn't count."""
    work()
    seconds = []
    for _ in range(RUNS):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return Measurement(name, count, median(seconds))


def client() -> Snapshot:
    """A client with a graduated line over a roster, whose people joined one a week."""
    tiers = (Tier(Decimal(45), Decimal(25)), Tier(Decimal(40), Decimal(50)), Tier(Decimal(35)))
    roster = Measure("roster", "full")
    line = Line("managed-user", "Managed user", always(Graduated(tiers)), roster)
    agreement = Agreement("Managed services", START, Cycle(1, START), (line,))
    tax = TaxCategory(always((TaxRate("Sales tax", Decimal("8.25")),)))
    seats = tuple(
        Seat("full", person, add_months(START, person // 4).replace(day=1 + 7 * (person % 4)))
        for person in range(PEOPLE)
    )
    return Snapshot(Terms("acme", "USD", (agreement,), (("standard", tax),)), seats=seats, counted={"full": START})


def with_its_past(snapshot: Snapshot) -> Snapshot:
    """The client with the invoices of its first year issued, so that a draft has a past to compare with."""
    past = month_by_month(snapshot, add_months(BILL_DATE, -1))
    return replace(snapshot, billed=tuple(charge for draft in past for charge in as_billed(draft)))


def bare_quote() -> list[Fraction]:
    """The subtotals of the same thirteen documents, by the same exact arithmetic over nothing but tuples and dates."""
    joined = sorted(seat.start for seat in client().seats)
    cycles = [(add_months(START, n), add_months(START, n + 1)) for n in range(BILLED_MONTHS)]
    billed = [Fraction(0)] * BILLED_MONTHS
    subtotals = []
    for through in range(BILLED_MONTHS):
        subtotal = Fraction(0)
        for number, (start, end) in enumerate(cycles[: through + 1]):
            owed = _bare_amount(joined, start, end)
            subtotal += owed - billed[number]
            billed[number] = owed
        subtotals.append(subtotal)
    return subtotals


def _bare_amount(joined: list[date], start: date, end: date) -> Fraction:
    """One period's amount in cents, by segments of equal quantity, rounded once."""
    cuts = [start, *dict.fromkeys(day for day in joined if start < day < end), end]
    exact = Fraction(0)
    for since, until in pairwise(cuts):
        quantity = sum(day <= since for day in joined)
        below, price = 0, Fraction(0)
        for bound, unit in ((25, 45), (50, 40), (None, 35)):
            top = quantity if bound is None else min(quantity, bound)
            price += Fraction(max(top - below, 0)) * unit
            below = max(top, below)
        exact += price * Fraction((until - since).days, (end - start).days)
    return Fraction(rounded(exact * 100), 100)


def ratio_to_bare() -> str:
    """How much longer the real quote takes than the bare loop, both measured in this run, with the same subtotals."""
    real = [Fraction(draft.subtotal_minor, 100) for draft in month_by_month(client(), BILL_DATE)]
    if real != bare_quote():
        raise AssertionError("The bare loop and the rules disagree, so their times can't be compared.")
    ours = timed("quote", 1, lambda: list(month_by_month(client(), BILL_DATE)))
    bare = timed("bare", 1, bare_quote)
    what = "a quoted year against a bare loop of the same exact arithmetic"
    return f"{what:<62} {ours.seconds / bare.seconds:>10.2f} times"


def main() -> None:
    """Measures and prints."""
    old_client = with_its_past(client())
    rosters = [Roster("full")]
    accounts = [Account(f"id-{n}", licences=("FLOW_FREE", "SPB") if n % 3 else ()) for n in range(ACCOUNTS)]
    for measurement in (
        timed(
            f"draft a client's invoice ({PEOPLE} people, a year billed before)",
            1,
            lambda: draft_invoice(old_client, BILL_DATE),
        ),
        timed("quote a client's first year, month by month", 13, lambda: list(month_by_month(client(), BILL_DATE))),
        timed("judge an account by a licence rule", ACCOUNTS, lambda: [place(rosters, one) for one in accounts]),
    ):
        print(measurement)
    print(ratio_to_bare())
    drafting.main()
    syncing.main()
    tenants.main()
    acknowledging.main()


if __name__ == "__main__":
    main()
