"""Everything that decides what one client owes, as stored at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.agreement import Terms
from billing.draft import Basis, Charge, Draft, Item, Segment
from billing.money import whole
from billing.owed import Counts
from billing.quantities import (
    Measure,
    Quantities,
    Reading,
    Seat,
    Seats,
    Span,
    Step,
    Timeline,
    counted_from,
    seated,
    stated,
    stays_of,
)
from billing.taxes import TaxRate, TaxShare


@dataclass(frozen=True, slots=True)
class BilledCharge:
    """One charge that counts as billed: from an issued invoice, a run's credit note, a reversal, or elsewhere."""

    item: Item
    start: date
    amount_minor: int
    tax: str = ""
    rates: tuple[TaxRate, ...] = ()
    number: str | None = None
    segments: tuple[Segment, ...] = ()
    spans: tuple[Span, ...] = ()
    reversal: bool = False
    shares: tuple[TaxShare, ...] = ()
    basis: Basis | None = None

    def __post_init__(self) -> None:
        """Refuses an amount that isn't whole minor units."""
        whole(self.amount_minor)

    @property
    def tax_shares(self) -> tuple[TaxShare, ...]:
        """The parts of the amount by the tax that they bear: one, unless `shares` says that there are several."""
        return self.shares or (TaxShare(self.tax, self.rates, self.amount_minor),)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All facts about one client.

    `stated` are numbers from the book, `seats` the open and closed seats, `counted` the first day from which a
    roster's seats replace its stated numbers, `readings` what each meter read. `billed` is in the order of issue,
    `billed_through` the last bill date on which a run has issued anything.
    """

    terms: Terms
    stated: Mapping[Measure, tuple[Step, ...]] = field(default_factory=dict)
    seats: Seats | tuple[Seat, ...] = ()
    counted: Mapping[str, date] = field(default_factory=dict)
    billed: tuple[BilledCharge, ...] = ()
    billed_through: date | None = None
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)

    def counts(self, known_on: date) -> Counts:
        """The time line of everything that is counted, as known on a day, what meters read, and all seats."""
        lines = {measure: stated(steps, known_on) for measure, steps in self.stated.items()}
        stays = stays_of(self.seats)
        for roster, first_day in self.counted.items():
            measure = Measure("roster", roster)
            lines[measure] = counted_from(first_day, lines.get(measure, Timeline()), seated(roster, stays))
        return Counts(lines, self.readings, stays, self.counted)

    def quantities(self, known_on: date) -> Quantities:
        """The time line of everything that is counted, as known on a day."""
        return self.counts(known_on).quantities


def as_billed(draft: Draft, number: str | None = None, *, reversal: bool = False) -> tuple[BilledCharge, ...]:
    """The charges of a document as what later invoices must not charge again."""
    people = {(Measure("roster", entry.roster), entry.period): entry.spans for entry in draft.people}

    def spans(charge: Charge) -> tuple[Span, ...]:
        return people.get((charge.measure, charge.period), ()) if charge.measure else ()

    return tuple(
        BilledCharge(
            item=charge.item,
            start=charge.period.start,
            amount_minor=charge.amount_minor,
            tax=charge.tax,
            rates=charge.rates,
            number=number,
            segments=charge.segments,
            spans=spans(charge),
            reversal=reversal,
            shares=charge.shares,
            basis=charge.basis,
        )
        for charge in draft.charges
    )
