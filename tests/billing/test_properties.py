"""Laws about money that hold for every client there could be."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from billing import money
from billing.agreement import TaxCategory, TaxRate
from billing.bill_dates import bill_dates
from billing.calendar import Cycle, Period
from billing.changes import ChangeItem, Placement, apply_items, seat_items
from billing.credits import CreditIsTooLarge, NothingLeftToCredit, credit
from billing.dated import always
from billing.draft import Charge, Draft, Segment
from billing.invoice import draft_invoice, quote
from billing.owed import Owed, line_owed, one_off_owed
from billing.people import Seat
from billing.prices import Graduated, PriceModel
from billing.quantities import Step, seated
from billing.snapshot import Snapshot, as_billed
from tests.billing.build import FULL, agreement, flat, line, one_off, snapshot, terms
from tests.billing.strategies import (
    FIRST_DAY,
    HORIZON,
    LAST_DAY,
    clients,
    counted_prices,
    days,
    flats,
    law,
    percents,
    seats,
    tiers,
)


def _exact(segments: tuple[Segment, ...]) -> Fraction:
    return sum((s.cycle_amount * s.period.days / s.cycle_days for s in segments), Fraction(0))


def _last_bill_date(facts: Snapshot) -> date:
    return next(bill_dates(facts.terms, HORIZON))


def _everything_owed(facts: Snapshot) -> dict[tuple[str, str, date], int]:
    """What every item owes for every period up to the horizon, once all is known."""
    on = _last_bill_date(facts)
    known, counts = facts.terms.as_known(on), facts.counts(on)
    owed: dict[tuple[str, str, date], int] = {}

    def add(entry: Owed | None) -> None:
        if entry is not None and entry.amount_minor:
            owed[entry.item.kind, entry.item.name, entry.cycle.start] = entry.amount_minor

    for of in known.agreements:
        for item in one_off_owed(replace(known, agreements=(of,))):
            if of.bills_from is None or item.period.start >= of.bills_from:
                add(item)
        for cycle in of.cycle.periods(of.start, on):
            if (of.bills_from is None or max(cycle.start, of.start) >= of.bills_from) and (
                of.timing == "advance" or cycle.end <= on
            ):
                for priced in of.lines:
                    add(line_owed(known, of, priced, cycle, counts))
    return owed


def _everything_charged(documents: list[Draft]) -> dict[tuple[str, str, date], int]:
    sums: Counter[tuple[str, str, date]] = Counter()
    for document in documents:
        for charge in document.charges:
            start = charge.cycle.start
            sums[charge.item.kind, charge.item.name, start] += charge.amount_minor
    return {key: amount_minor for key, amount_minor in sums.items() if amount_minor}


def _line_charges(documents: list[Draft]) -> list[Charge]:
    return [charge for document in documents for charge in document.charges if charge.item.kind == "line"]


@law
@given(facts=clients())
def test_once_nothing_is_pending_the_charges_of_each_item_and_period_are_what_it_owes(facts: Snapshot) -> None:
    documents = list(quote(facts, _last_bill_date(facts)))
    assert _everything_charged(documents) == _everything_owed(facts)


@law
@given(facts=clients())
def test_a_second_run_writes_nothing(facts: Snapshot) -> None:
    for document in quote(facts, LAST_DAY):
        facts = replace(facts, billed=facts.billed + as_billed(document))
        assert draft_invoice(facts, document.bill_date) is None


@law
@given(facts=clients())
def test_a_forgotten_month_is_caught_up_to_the_minor_unit(facts: Snapshot) -> None:
    late = draft_invoice(facts, _last_bill_date(facts))
    assert _everything_charged([late] if late else []) == _everything_owed(facts)


@law
@given(facts=clients())
def test_every_charge_is_its_segments_added_rounded_once_less_what_was_billed(facts: Snapshot) -> None:
    currency = facts.terms.currency
    for charge in _line_charges(list(quote(facts, LAST_DAY))):
        assert charge.owed_minor == money.minor_of(_exact(charge.segments), currency)
        assert charge.amount_minor == charge.owed_minor - charge.billed_minor


@law
@given(facts=clients())
def test_the_segments_of_a_charge_lie_end_to_end_over_its_period(facts: Snapshot) -> None:
    for charge in _line_charges(list(quote(facts, LAST_DAY))):
        if charge.segments:
            assert all(one.period.end == other.period.start for one, other in pairwise(charge.segments))
            assert charge.segments[0].period.start == charge.period.start
            assert charge.segments[-1].period.end == charge.period.end
            assert {segment.cycle_days for segment in charge.segments} == {charge.cycle.days}


@law
@given(facts=clients())
def test_no_item_is_charged_for_the_first_time_twice(facts: Snapshot) -> None:
    first = Counter(
        (charge.item, charge.cycle)
        for charge in _line_charges(list(quote(facts, LAST_DAY)))
        if charge.kind == "recurring"
    )
    assert set(first.values()) <= {1}


@law
@given(facts=clients())
def test_lines_and_taxes_add_up_to_the_total(facts: Snapshot) -> None:
    for document in quote(facts, LAST_DAY):
        assert document.subtotal_minor == sum(charge.amount_minor for charge in document.charges)
        assert document.total_minor == document.subtotal_minor + sum(tax.amount_minor for tax in document.taxes)
        assert (document.document == "invoice") is (document.total_minor >= 0)


@law
@given(facts=clients(), cuts=st.lists(days, min_size=1, max_size=5))
def test_a_period_that_is_split_adds_up_to_the_whole_before_rounding(facts: Snapshot, cuts: list[date]) -> None:
    on = _last_bill_date(facts)
    known, counts = facts.terms.as_known(on), facts.counts(on)
    for of in known.agreements:
        for priced in of.lines:
            cycle = of.cycle.period_of(cuts[0])
            whole = line_owed(known, of, priced, cycle, counts)
            bounds = sorted({cycle.start, cycle.end, *(cut for cut in cuts if cycle.covers(cut))})
            parts = Fraction(0)
            for start, end in pairwise(bounds):
                inside = Period(start, end).within(priced.start, priced.end)
                if inside is not None:
                    part = line_owed(known, of, replace(priced, start=inside.start, end=inside.end), cycle, counts)
                    parts += _exact(part.segments) if part else 0
            assert parts == (_exact(whole.segments) if whole else 0)


@law
@given(facts=clients(), on=days, more=st.integers(1, 20))
def test_a_charge_and_its_reversal_are_nothing(facts: Snapshot, on: date, more: int) -> None:
    through = _last_bill_date(facts)
    before = list(quote(facts, through))
    billed = tuple(entry for document in before for entry in as_billed(document))
    grown = {measure: (*steps, Step(on, Decimal(more))) for measure, steps in facts.stated.items()}
    changed = replace(facts, stated=grown, billed=billed)
    adjustment = draft_invoice(changed, through)
    after = as_billed(adjustment) if adjustment else ()
    undone = draft_invoice(replace(facts, billed=billed + after), through)
    both = [document for document in (adjustment, undone) if document]
    assert _everything_charged(both) == {}


@law
@given(facts=clients(), data=st.data())
def test_the_order_in_which_changes_are_learnt_does_not_matter(facts: Snapshot, data: st.DataObject) -> None:
    once = {measure: {step.on: step for step in steps} for measure, steps in facts.stated.items()}
    plain = {m: tuple(replace(step, known=None) for step in steps.values()) for m, steps in once.items()}
    learnt = {m: tuple(replace(step, known=data.draw(days)) for step in steps) for m, steps in plain.items()}
    through = _last_bill_date(facts)
    at_once = _everything_charged(list(quote(replace(facts, stated=plain), through)))
    bit_by_bit = _everything_charged(list(quote(replace(facts, stated=learnt), through)))
    assert at_once == bit_by_bit


@law
@given(before=seats(), data=st.data())
def test_the_order_in_which_changes_are_approved_does_not_matter(before: tuple[Seat, ...], data: st.DataObject) -> None:
    joins = [ChangeItem("join", data.draw(days), "full", person) for person in range(100, 104)]
    leaves = [ChangeItem("leave", data.draw(days), "full", seat.person) for seat in before if seat.end is None]
    items = data.draw(st.permutations([*joins, *leaves]))
    one_by_one = before
    for item in items:
        one_by_one = apply_items(one_by_one, [item])
    assert seated("full", one_by_one) == seated("full", apply_items(before, [*joins, *leaves]))


@law
@given(open_and_closed=seats(), first_count=days, on=days)
def test_the_quantity_of_a_roster_is_its_open_seats_on_every_day(
    open_and_closed: tuple[Seat, ...], first_count: date, on: date
) -> None:
    facts = Snapshot(terms(), seats=open_and_closed, counted={"full": first_count})
    seats_open = sum(seat.start <= on and (seat.end is None or on < seat.end) for seat in open_and_closed)
    expected = seats_open if on >= first_count else 0
    assert facts.quantities(HORIZON)[FULL].at(on) == expected


@law
@given(
    wanted=st.dictionaries(st.integers(0, 12), st.sampled_from(("full", "frontline", None))), before=seats(), on=days
)
def test_after_an_approval_nothing_is_left_to_change(
    wanted: dict[int, str | None], before: tuple[Seat, ...], on: date
) -> None:
    placements = [Placement(person, person, roster, on) for person, roster in wanted.items()]
    rosters = ("full", "frontline")
    after = apply_items(before, seat_items(rosters, placements, before))
    assert seat_items(rosters, placements, after) == ()
    held = {seat.person: seat.roster for seat in after if seat.end is None}
    assert all(held.get(person) == roster for person, roster in wanted.items())


@law
@given(price=counted_prices | flats, quantity=st.integers(0, 10**6), share=st.integers(0, 99))
def test_no_model_gives_a_negative_amount_and_its_parts_add_up(price: PriceModel, quantity: int, share: int) -> None:
    number = Decimal(quantity) + Decimal(share).scaleb(-2)
    assert price.amount(number) >= 0
    assert sum((part.amount for part in price.parts(number)), Fraction(0)) == price.amount(number)


@law
@given(steps=tiers(), fewer=st.integers(0, 100), more=st.integers(0, 100))
def test_under_graduated_tiers_more_never_costs_less(steps: tuple[object, ...], fewer: int, more: int) -> None:
    price = Graduated(steps)  # type: ignore[arg-type]  # The strategy's tiers, whose type pytest need not know.
    assert price.amount(Decimal(fewer)) <= price.amount(Decimal(fewer + more))


@law
@given(total=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_parts_of_an_amount_add_up_and_stay_within_a_unit_of_their_share(total: int, weights: list[int]) -> None:
    assume(any(weights))
    parts = money.allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@law
@given(amount=st.fractions(), currency=st.sampled_from(("USD", "JPY", "KWD")))
def test_rounding_is_near_and_alike_on_both_sides_of_zero(amount: Fraction, currency: str) -> None:
    assert abs(money.rounded(amount) - amount) <= Fraction(1, 2)
    assert money.rounded(-amount) == -money.rounded(amount)
    assert money.parse_minor(money.text_of(money.minor_of(amount, currency), currency), currency) == money.minor_of(
        amount, currency
    )


@law
@given(months=st.integers(1, 24), anchor=st.dates(date(2020, 1, 1), date(2032, 12, 31)), on=days)
def test_every_day_lies_in_exactly_one_period_of_a_cycle(months: int, anchor: date, on: date) -> None:
    cycle = Cycle(months, anchor)
    period = cycle.period_of(on)
    assert period.covers(on)
    assert cycle.period_of(period.end).start == period.end
    assert cycle.period_of(period.start - timedelta(days=1)).end == period.start


@st.composite
def invoices(draw: st.DrawFn) -> Draft:
    """An issued invoice: lines and deductions under several taxes, worth something in the end."""
    some = st.integers(1, 20_000)
    several = st.lists(percents, max_size=2).map(
        lambda found: TaxCategory(always(tuple(TaxRate(f"Tax {n}", percent) for n, percent in enumerate(found))))
    )
    categories = {"standard": draw(several), "reduced": draw(several)}
    taxes = st.sampled_from(("standard", "reduced"))
    flats_billed = (
        line(flat(str(Decimal(amount).scaleb(-2))), name=f"line {n}", tax=draw(taxes))
        for n, amount in enumerate(draw(st.lists(some, min_size=1, max_size=4)))
    )
    minus = (
        replace(one_off(FIRST_DAY.isoformat(), -amount, text=f"Minus {n}"), tax=draw(taxes))
        for n, amount in enumerate(draw(st.lists(some, max_size=2)))
    )
    start = FIRST_DAY.isoformat()
    of = agreement(*flats_billed, start=start, anchor=start, one_offs=tuple(minus))
    invoice = draft_invoice(snapshot(of, taxes=categories), FIRST_DAY)
    assume(invoice is not None and invoice.document == "invoice" and invoice.subtotal_minor > 0)
    assert invoice is not None
    return invoice


@law
@given(invoice=invoices(), data=st.data())
def test_an_invoice_and_its_credit_notes_are_nothing_in_the_end(invoice: Draft, data: st.DataObject) -> None:
    notes: list[Draft] = []
    given_back = st.tuples(st.none() | st.integers(1, len(invoice.charges)), st.none() | st.integers(1, 20_000))
    for line_number, amount_minor in [*data.draw(st.lists(given_back, max_size=5)), (None, None)]:
        try:
            notes.append(credit(invoice, "NW-1", tuple(notes), LAST_DAY, "Because", line_number, amount_minor))
        except (NothingLeftToCredit, CreditIsTooLarge):
            continue
        assert notes[-1].subtotal_minor <= 0
        assert invoice.subtotal_minor + sum(note.subtotal_minor for note in notes) >= 0
        assert invoice.total_minor + sum(note.total_minor for note in notes) >= 0
    assert invoice.subtotal_minor + sum(note.subtotal_minor for note in notes) == 0
    assert invoice.total_minor + sum(note.total_minor for note in notes) == 0


@law
@given(invoice=invoices(), data=st.data())
def test_credits_never_give_back_more_tax_than_was_charged(invoice: Draft, data: st.DataObject) -> None:
    notes: list[Draft] = []
    for amount_minor in data.draw(st.lists(st.integers(1, 20_000), max_size=5)):
        try:
            notes.append(credit(invoice, "NW-1", tuple(notes), LAST_DAY, "Because", None, amount_minor))
        except (NothingLeftToCredit, CreditIsTooLarge):
            continue
    for tax in invoice.taxes:
        key = (tax.category, tax.name, tax.percent)
        back = sum(t.amount_minor for note in notes for t in note.taxes if (t.category, t.name, t.percent) == key)
        low, high = sorted((0, tax.amount_minor))
        assert low <= tax.amount_minor + back <= high
