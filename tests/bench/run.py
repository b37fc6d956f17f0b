"""How long the rules take: `make bench`. One line a measurement, the median of some runs on one core."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter

from billing.accounts import Account
from billing.agreement import Agreement, Line, Measure, TaxCategory, TaxRate, Terms
from billing.calendar import Cycle, add_months
from billing.dated import always
from billing.invoice import Snapshot, as_billed, draft_invoice, quote
from billing.people import Seat
from billing.prices import Graduated, Tier
from billing.rules import Roster, place

RUNS = 15
PEOPLE = 45
ACCOUNTS = 10_000
START = date(2026, 5, 1)
BILL_DATE = date(2027, 5, 1)


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
    past = quote(snapshot, add_months(BILL_DATE, -1))
    return replace(snapshot, billed=tuple(charge for draft in past for charge in as_billed(draft)))


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
        timed("quote a client's first year, month by month", 13, lambda: list(quote(client(), BILL_DATE))),
        timed("judge an account by a licence rule", ACCOUNTS, lambda: [place(rosters, one) for one in accounts]),
    ):
        print(measurement)


if __name__ == "__main__":
    main()
