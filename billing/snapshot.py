"""Everything that decides what one client owes, as stored at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.agreement import TaxRate, Terms
from billing.calendar import Period
from billing.draft import Charge, Draft, Item, Segment
from billing.money import whole
from billing.owed import Counts
from billing.people import Seat, Span
from billing.quantities import Measure, Quantities, Reading, Step, counted_from, seated, stated
from billing.taxes import TaxShare


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
    seats: tuple[Seat, ...] = ()
    counted: Mapping[str, date] = field(default_factory=dict)
    billed: tuple[BilledCharge, ...] = ()
    billed_through: date | None = None
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)

    def counts(self, known_on: date) -> Counts:
        """The time line of everything that is counted, as known on a day, and the readings of every meter."""
        lines = {measure: stated(steps, known_on) for measure, steps in self.stated.items()}
        for roster, first_day in self.counted.items():
            measure = Measure("roster", roster)
            lines[measure] = counted_from(first_day, lines.get(measure, stated(())), seated(roster, self.seats))
        return Counts(lines, self.readings)

    def quantities(self, known_on: date) -> Quantities:
        """The time line of everything that is counted, as known on a day."""
        return self.counts(known_on).quantities

    def spans(self, measure: Measure | None, period: Period) -> tuple[Span, ...]:
        """Who had a seat on which days of a period; nobody where the measure counts no people by name."""
        if measure is None or measure.kind != "roster" or measure.name not in self.counted:
            return ()
        inside = period.within(self.counted[measure.name], None)
        if inside is None:
            return ()
        cut = ((seat.person, seat.within(inside)) for seat in self.seats if seat.roster == measure.name)
        return tuple(sorted(Span(person, days) for person, days in cut if days is not None))


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
        )
        for charge in draft.charges
    )
