"""The invoice of one client on one bill date: owed - billed, for every item and every period up to it.

So a late approval, a back-dated change, a forgotten month and a second run all come out right by themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from billing.agreement import Agreement, Line, Measure, TaxRate, Terms
from billing.calendar import Cycle, Period
from billing.draft import Charge, Draft, Item, Segment, TaxTotal
from billing.errors import Refused
from billing.money import percent_of, whole
from billing.moves import moves_between
from billing.owed import Owed, line_owed, one_off_owed
from billing.people import RosterPeople, Seat, Span
from billing.quantities import Quantities, Step, counted_from, seated, stated

_MONTHLY = 1


class NotABillDate(Refused):
    """The client isn't billed on that day; the message names the next day on which it is."""


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

    def __post_init__(self) -> None:
        """Refuses an amount that isn't whole minor units."""
        whole(self.amount_minor)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that decides what one client owes, as stored at one moment.

    `stated` are numbers from the book, `seats` the open and closed seats, `counted` the first day from which a
    roster's seats replace its stated numbers. `billed` is in the order of issue, `billed_through` the last bill date on
    which a run has issued anything.
    """

    terms: Terms
    stated: Mapping[Measure, tuple[Step, ...]] = field(default_factory=dict)
    seats: tuple[Seat, ...] = ()
    counted: Mapping[str, date] = field(default_factory=dict)
    billed: tuple[BilledCharge, ...] = ()
    billed_through: date | None = None

    def quantities(self, known_on: date) -> Quantities:
        """The time line of everything that is counted, as known on a day."""
        lines = {measure: stated(steps, known_on) for measure, steps in self.stated.items()}
        for roster, first_day in self.counted.items():
            measure = Measure("roster", roster)
            seats = seated(seat for seat in self.seats if seat.roster == roster)
            lines[measure] = counted_from(first_day, lines.get(measure, stated(())), seats)
        return lines


def bill_dates(terms: Terms, start: date | None = None) -> Iterator[date]:
    """Every day from `start` on (default: the first ever) on which the client is billed, without end.

    The boundaries of each agreement's cycle on or after its start, and monthly ones for longer cycles.
    """
    cycles = [(Cycle(_MONTHLY, agreement.cycle.anchor), agreement.start) for agreement in terms.agreements]
    if not cycles:
        return
    day = min(begins for _, begins in cycles) if start is None else start
    while True:
        day = min(cycle.first_boundary(max(begins, day)) for cycle, begins in cycles)
        yield day
        day += timedelta(days=1)


def next_bill_date(terms: Terms, on_or_after: date) -> date | None:
    """The first bill date on or after a day; None for a client without an agreement."""
    return next(bill_dates(terms, on_or_after), None)


def draft_invoice(snapshot: Snapshot, bill_date: date) -> Draft | None:
    """The document that the client is owed on a bill date, or None when nothing is owed.

    Raises:
        NotABillDate: the client isn't billed on that day.

    """
    following = next_bill_date(snapshot.terms, bill_date)
    if following != bill_date:
        hint = f"the next is {following}" if following else "it has no agreement"
        raise NotABillDate(f"{snapshot.terms.slug} isn't billed on {bill_date}: {hint}.")
    if snapshot.billed_through is not None and bill_date < snapshot.billed_through:
        # A later invoice has caught up with this date; what was learnt between the two would only be taken back.
        return None
    terms = snapshot.terms.as_known(bill_date)
    charges = tuple(sorted(_charges(replace(snapshot, terms=terms), bill_date), key=_reading_order))
    if not any(charge.amount_minor for charge in charges):
        return None
    return total(terms, bill_date, charges, _people(snapshot, charges))


def total(terms: Terms, bill_date: date, charges: tuple[Charge, ...], people: tuple[RosterPeople, ...]) -> Draft:
    """Charges added up into a document; a negative total makes it a credit note."""
    taxes = tax_totals(charges)
    subtotal_minor = sum(charge.amount_minor for charge in charges)
    total_minor = subtotal_minor + sum(tax.amount_minor for tax in taxes)
    used = dict.fromkeys(charge.tax for charge in charges)
    reasons = ((name, terms.tax_category(name).reason) for name in used)
    return Draft(
        document="invoice" if total_minor >= 0 else "credit_note",
        client=terms.slug,
        bill_date=bill_date,
        due_on=bill_date + timedelta(days=terms.terms_days),
        currency=terms.currency,
        charges=charges,
        taxes=taxes,
        subtotal_minor=subtotal_minor,
        total_minor=total_minor,
        people=people,
        tax_reasons=tuple((name, reason) for name, reason in reasons if reason),
    )


def tax_totals(charges: tuple[Charge, ...]) -> tuple[TaxTotal, ...]:
    """Each named tax on the sum of its category at its rate, rounded once."""
    bases: dict[tuple[str, TaxRate], int] = {}
    for charge in charges:
        for rate in charge.rates:
            bases[charge.tax, rate] = bases.get((charge.tax, rate), 0) + charge.amount_minor
    return tuple(
        TaxTotal(category, rate.name, rate.percent, base_minor, percent_of(base_minor, rate.percent))
        for (category, rate), base_minor in bases.items()
    )


def quote(snapshot: Snapshot, through: date) -> Iterator[Draft]:
    """The documents that a client would get on each bill date up to a day, each counting as issued for the next."""
    for bill_date in bill_dates(snapshot.terms):
        if bill_date > through:
            return
        draft = draft_invoice(snapshot, bill_date)
        if draft is not None:
            yield draft
            snapshot = replace(snapshot, billed=snapshot.billed + as_billed(draft))


def as_billed(draft: Draft, number: str | None = None, *, reversal: bool = False) -> tuple[BilledCharge, ...]:
    """The charges of a document as what later invoices must not charge again."""
    people = {(Measure("roster", entry.roster), entry.period): entry.spans for entry in draft.people}
    return tuple(
        BilledCharge(
            item=charge.item,
            start=charge.period.start,
            amount_minor=charge.amount_minor,
            tax=charge.tax,
            rates=charge.rates,
            number=number,
            segments=charge.segments,
            spans=people.get((charge.measure, charge.period), ()) if charge.measure else (),
            reversal=reversal,
        )
        for charge in draft.charges
    )


_KINDS_IN_ORDER = ("recurring", "adjustment", "one_off")


def _reading_order(charge: Charge) -> int:
    """What is charged for the first time comes first; within a kind, the agreement's own order stays."""
    return _KINDS_IN_ORDER.index(charge.kind)


def _charges(snapshot: Snapshot, bill_date: date) -> Iterator[Charge]:
    quantities = snapshot.quantities(bill_date)
    for agreement in snapshot.terms.agreements:
        billed = [entry for entry in snapshot.billed if entry.item.kind == "line"]
        for line in agreement.lines:
            mine = [entry for entry in billed if entry.item.name == line.name]
            cycles = tuple(_due_cycles(agreement, bill_date, mine))
            for cycle in cycles:
                owed = line_owed(snapshot.terms, agreement, line, cycle, quantities)
                before = [entry for entry in mine if cycle.covers(entry.start)]
                charge = _line_charge(snapshot, agreement, line, cycle, owed, before)
                # What costs nothing is shown once, on the invoice of its period; an empty month isn't made up for.
                if charge is not None and (charge.amount_minor or cycle == cycles[-1]):
                    yield charge
    yield from _one_off_charges(snapshot, bill_date)


def _due_cycles(agreement: Agreement, bill_date: date, billed: list[BilledCharge]) -> Iterator[Period]:
    """Every cycle's period that may be billed by now; also those already billed that lie outside the agreement.

    In advance, a stub at the start is billed with the period that begins on the first boundary after it.
    """
    earliest = min([agreement.start, *(entry.start for entry in billed)])
    for cycle in agreement.cycle.periods(earliest, bill_date):
        ours = agreement.bills_from is None or max(cycle.start, agreement.start) >= agreement.bills_from
        stub = cycle.start < agreement.start and not any(cycle.covers(entry.start) for entry in billed)
        reached_on = cycle.end if stub or agreement.timing == "arrears" else cycle.start
        if ours and reached_on <= bill_date:
            yield cycle


def _line_charge(
    snapshot: Snapshot, agreement: Agreement, line: Line, cycle: Period, owed: Owed | None, before: list[BilledCharge]
) -> Charge | None:
    item = Item(agreement.name, "line", line.name)
    billed_minor = sum(entry.amount_minor for entry in before)
    if owed is None:
        owed = Owed(item, line.text, cycle, cycle, 0, None, line.count, line.tax, cycle.start)
        if billed_minor == 0:
            return None
    if not before or (billed_minor == 0 and any(entry.reversal for entry in before)):
        return _first_charge(snapshot.terms, owed)
    return _later_charge(snapshot, owed, before, billed_minor)


def _first_charge(terms: Terms, owed: Owed) -> Charge | None:
    if owed.amount_minor == 0 and not owed.quantity:
        return None
    return Charge(
        item=owed.item,
        kind="recurring",
        text=owed.text,
        cycle=owed.cycle,
        period=owed.period,
        quantity=owed.quantity,
        measure=owed.measure,
        amount_minor=owed.amount_minor,
        tax=owed.tax,
        rates=_rates(terms, owed),
        owed_minor=owed.amount_minor,
        billed_minor=0,
        segments=owed.segments,
    )


def _later_charge(snapshot: Snapshot, owed: Owed, before: list[BilledCharge], billed_minor: int) -> Charge | None:
    amount_minor = owed.amount_minor - billed_minor
    if amount_minor == 0:
        return None
    taxed = _taxed_as(snapshot.terms, owed, before, amount_minor)
    spans = _spans(snapshot, owed.measure, owed.period)
    last = before[-1]
    return Charge(
        item=owed.item,
        kind="adjustment",
        text=owed.text,
        cycle=owed.cycle,
        period=owed.period,
        quantity=None,
        measure=owed.measure,
        amount_minor=amount_minor,
        tax=taxed[0],
        rates=taxed[1],
        owed_minor=owed.amount_minor,
        billed_minor=billed_minor,
        segments=owed.segments,
        moves=moves_between(owed.cycle, last.segments, last.spans, owed.segments, spans),
    )


def _one_off_charges(snapshot: Snapshot, bill_date: date) -> Iterator[Charge]:
    billed: dict[str, list[BilledCharge]] = {}
    for entry in snapshot.billed:
        if entry.item.kind == "one_off":
            billed.setdefault(entry.item.name, []).append(entry)
    first_days = {agreement.name: agreement.bills_from for agreement in snapshot.terms.agreements}
    for owed in one_off_owed(snapshot.terms.agreements):
        ours_from = first_days[owed.item.agreement]
        if ours_from is not None and owed.period.start < ours_from:
            # As with a period of that time, it is neither billed by us nor, where it was once, given back.
            billed.pop(owed.item.name, None)
            continue
        if owed.period.start > bill_date:
            continue
        before = billed.pop(owed.item.name, [])
        billed_minor = sum(entry.amount_minor for entry in before)
        if owed.amount_minor != billed_minor:
            yield _one_off_charge(snapshot.terms, owed, before, billed_minor)
    for before in billed.values():
        billed_minor = sum(entry.amount_minor for entry in before)
        if billed_minor:
            gone = Period(before[0].start, before[0].start + timedelta(days=1))
            owed = Owed(before[0].item, before[0].item.name, gone, gone, 0, None, None, before[0].tax, gone.start)
            yield _one_off_charge(snapshot.terms, owed, before, billed_minor)


def _one_off_charge(terms: Terms, owed: Owed, before: list[BilledCharge], billed_minor: int) -> Charge:
    amount_minor = owed.amount_minor - billed_minor
    tax, rates = _taxed_as(terms, owed, before, amount_minor) if before else (owed.tax, _rates(terms, owed))
    return Charge(
        item=owed.item,
        kind="adjustment" if before else "one_off",
        text=owed.text,
        cycle=owed.cycle,
        period=owed.period,
        quantity=None,
        measure=None,
        amount_minor=amount_minor,
        tax=tax,
        rates=rates,
        owed_minor=owed.amount_minor,
        billed_minor=billed_minor,
    )


def _taxed_as(
    terms: Terms, owed: Owed, before: list[BilledCharge], amount_minor: int
) -> tuple[str, tuple[TaxRate, ...]]:
    """A decrease is taxed at the rate at which it was billed, an increase at the one in force for the period."""
    if amount_minor < 0:
        charged = [entry for entry in before if entry.amount_minor > 0 and entry.tax]
        if charged:
            return charged[-1].tax, charged[-1].rates
    return owed.tax, _rates(terms, owed)


def _rates(terms: Terms, owed: Owed) -> tuple[TaxRate, ...]:
    return terms.tax_category(owed.tax).rates.at(owed.taxed_on)


def _people(snapshot: Snapshot, charges: tuple[Charge, ...]) -> tuple[RosterPeople, ...]:
    found: dict[tuple[str, Period], RosterPeople] = {}
    for charge in charges:
        if charge.measure is not None and charge.measure.kind == "roster":
            key = (charge.measure.name, charge.period)
            spans = _spans(snapshot, charge.measure, charge.period)
            if spans and key not in found:
                found[key] = RosterPeople(charge.measure.name, charge.period, spans)
    return tuple(found.values())


def _spans(snapshot: Snapshot, measure: Measure | None, period: Period) -> tuple[Span, ...]:
    if measure is None or measure.kind != "roster" or measure.name not in snapshot.counted:
        return ()
    first_day = snapshot.counted[measure.name]
    inside = period.within(first_day, None)
    if inside is None:
        return ()
    cut = ((seat.person, seat.within(inside)) for seat in snapshot.seats if seat.roster == measure.name)
    return tuple(sorted(Span(person, days) for person, days in cut if days is not None))
