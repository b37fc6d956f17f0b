"""Laws of the smaller things: seats, prices, amounts, cycles, and the credit notes of an invoice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from billing import money
from billing.calendar import Cycle, always
from billing.credits import CreditIsTooLarge, CreditWouldCost, NothingLeftToCredit, credit
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.prices import Graduated, PriceModel, added
from billing.quantities import Seat, seated, stays_of
from billing.snapshot import Snapshot
from billing.taxes import TaxCategory, TaxRate
from rosters.changes import ChangeItem, Placement, apply_items, seat_items
from tests.billing.build import FULL, agreement, flat, line, one_off, snapshot, terms
from tests.billing.strategies import (
    FIRST_DAY,
    LAST_DAY,
    counted_prices,
    days,
    flats,
    law,
    percents,
    seats,
    tiers,
)


@law
@given(before=seats(), data=st.data())
def test_the_order_in_which_changes_are_approved_does_not_matter(before: tuple[Seat, ...], data: st.DataObject) -> None:
    joins = [ChangeItem("join", data.draw(days), "full", person) for person in range(100, 104)]
    leaves = [ChangeItem("leave", data.draw(days), "full", seat.person) for seat in before if seat.end is None]
    items = data.draw(st.permutations([*joins, *leaves]))
    one_by_one: Iterable[Seat] = before
    for item in items:
        one_by_one = apply_items(one_by_one, [item])
    assert seated("full", stays_of(one_by_one)) == seated("full", stays_of(apply_items(before, [*joins, *leaves])))


@law
@given(open_and_closed=seats(), first_count=days, on=days)
def test_the_quantity_of_a_roster_is_its_open_seats_on_every_day(
    open_and_closed: tuple[Seat, ...], first_count: date, on: date
) -> None:
    facts = Snapshot(terms(), seats=open_and_closed, counted={"full": first_count})
    seats_open = sum(seat.start <= on and (seat.end is None or on < seat.end) for seat in open_and_closed)
    expected = seats_open if on >= first_count else 0
    assert facts.quantities(LAST_DAY)[FULL].at(on) == expected


@law
@given(
    wanted=st.dictionaries(st.integers(0, 12), st.sampled_from(("full", "frontline", None))), before=seats(), on=days
)
def test_after_an_approval_nothing_is_left_to_change(
    wanted: dict[int, str | None], before: tuple[Seat, ...], on: date
) -> None:
    placements = [Placement(person, person, roster, on) for person, roster in sorted(wanted.items())]
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
    assert sum((added((part,)) for part in price.parts(number)), Fraction(0)) == price.amount(number)


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
        except (NothingLeftToCredit, CreditIsTooLarge, CreditWouldCost):
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
        except (NothingLeftToCredit, CreditIsTooLarge, CreditWouldCost):
            continue
    for tax in invoice.taxes:
        key = (tax.category, tax.name, tax.percent)
        back = sum(t.amount_minor for note in notes for t in note.taxes if (t.category, t.name, t.percent) == key)
        low, high = sorted((0, tax.amount_minor))
        assert low <= tax.amount_minor + back <= high
