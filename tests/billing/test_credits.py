"""Credit notes that a person gives: whole, by line, by amount, and never more than what is left."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Discount, Reduction
from billing.calendar import Dated, Entry, always
from billing.counting import Deferral
from billing.credits import (
    CreditIsTooLarge,
    CreditWouldCost,
    NoSuchLine,
    NothingLeftToCredit,
    OnlyInvoicesAreCredited,
    credit,
    left_of_lines,
)
from billing.draft import Draft, PutOff
from billing.errors import WrongInput
from billing.invoice import draft_invoice
from billing.quantities import Measure
from billing.snapshot import as_billed
from billing.taxes import TaxCategory, TaxRate, TaxShare, tax_totals
from rosters.quote import month_by_month
from tests.billing.build import agreement, day, flat, line, one_off, per_unit, rates, seat, snapshot, tax

ON = day("2027-02-10")


def _invoice(*amounts: str, taxes: dict[str, TaxCategory] | None = None) -> Draft:
    """An invoice with a flat line for each positive amount and a one-off for each negative one."""
    flats = [line(flat(amount), name=f"line {n}") for n, amount in enumerate(amounts) if not amount.startswith("-")]
    minus = tuple(
        one_off("2027-01-01", int(Decimal(amount) * 100), text=f"Minus {n}")
        for n, amount in enumerate(amounts)
        if amount.startswith("-")
    )
    of = agreement(*flats, one_offs=minus)
    invoice = draft_invoice(snapshot(of, taxes={"standard": tax("8.25")} if taxes is None else taxes), of.start)
    assert invoice is not None
    return invoice


def _credit(invoice: Draft, *earlier: Draft, line_number: int | None = None, amount: int | None = None) -> Draft:
    return credit(invoice, "NW-1", earlier, ON, "Because", line_number, amount)


def test_a_whole_credit_takes_everything_back_tax_included() -> None:
    invoice = _invoice("100", "33.33")
    note = _credit(invoice)
    assert (note.document, note.corrects, note.reason, note.bill_date) == ("credit_note", ("NW-1",), "Because", ON)
    assert note.subtotal_minor == -133_33
    assert note.total_minor == -invoice.total_minor


def test_a_credit_by_line_takes_back_that_line_and_its_tax() -> None:
    note = _credit(_invoice("100", "50"), line_number=2)
    assert [(charge.amount_minor, charge.credits_line) for charge in note.charges] == [(-50_00, 2)]
    assert note.total_minor == -50_00 - 4_13


def test_a_credit_by_amount_is_spread_over_the_lines() -> None:
    note = _credit(_invoice("200", "100"), amount=100_00)
    assert [charge.amount_minor for charge in note.charges] == [-66_67, -33_33]
    assert note.subtotal_minor == -100_00


def test_a_credit_by_line_and_amount_takes_back_so_much_of_that_line() -> None:
    note = _credit(_invoice("200", "100"), line_number=2, amount=40_00)
    assert [(charge.credits_line, charge.amount_minor) for charge in note.charges] == [(2, -40_00)]


def test_the_last_credit_takes_the_remainder_of_the_tax() -> None:
    # 8.25 % of 1.00 is 0.08 a note, but of 3.00 it is 0.25: the last note owes the cent.
    invoice = _invoice("3")
    first = _credit(invoice, amount=100)
    second = _credit(invoice, first, amount=100)
    last = _credit(invoice, first, second, amount=100)
    assert [note.total_minor for note in (first, second, last)] == [-108, -108, -109]
    assert invoice.total_minor + first.total_minor + second.total_minor + last.total_minor == 0


def test_partial_credits_never_give_back_more_tax_than_was_charged() -> None:
    # A tax of 0.01 on 0.10 would round to 0.01 on each half.
    invoice = _invoice("0.10", taxes={"standard": tax("10")})
    first = _credit(invoice, amount=5)
    last = _credit(invoice, first)
    assert [first.taxes[0].amount_minor, sum(total.amount_minor for total in last.taxes)] == [-1, 0]


def test_several_taxes_are_each_credited_to_nothing() -> None:
    both = TaxCategory(rates((TaxRate("GST", Decimal(5)), TaxRate("PST", Decimal("7.5")))))
    invoice = _invoice("33.33", "66.66", taxes={"standard": both})
    first = _credit(invoice, amount=12_34)
    last = _credit(invoice, first)
    for position in (0, 1):
        assert sum(document.taxes[position].amount_minor for document in (invoice, first, last)) == 0


def _under_two_taxes(standard_minor: int, reduced_minor: int) -> Draft:
    """An invoice of one line that bears a tax of 20 % on a part of it and one of 10 % on the rest."""
    plain = _invoice("10")
    rate, reduced = TaxRate("Sales tax", Decimal(20)), TaxRate("Reduced", Decimal(10))
    shares = (TaxShare("standard", (rate,), standard_minor), TaxShare("reduced", (reduced,), reduced_minor))
    taxes = tax_totals(shares)
    charges = (replace(plain.charges[0], shares=shares),)
    return replace(plain, charges=charges, taxes=taxes, total_minor=10_00 + sum(one.amount_minor for one in taxes))


def test_a_line_that_bears_several_taxes_is_credited_to_nothing_under_each() -> None:
    """Of 3.33 a half is no whole cent, so three halves rounded by themselves would give one tax 5.01 of 5.00."""
    invoice = _under_two_taxes(5_00, 5_00)
    first = _credit(invoice, line_number=1, amount=3_33)
    second = _credit(invoice, first, line_number=1, amount=3_33)
    last = _credit(invoice, first, second)
    assert invoice.total_minor + first.total_minor + second.total_minor + last.total_minor == 0
    given = [one for note in (first, second, last) for one in note.taxes]
    for charged in invoice.taxes:
        mine = [one for one in given if one.category == charged.category]
        assert charged.base_minor + sum(one.base_minor for one in mine) == 0
        assert charged.amount_minor + sum(one.amount_minor for one in mine) == 0


def test_a_credit_of_a_part_is_taxed_as_the_larger_part_of_what_it_gives_back() -> None:
    (charge,) = _credit(_under_two_taxes(1_00, 9_00), amount=5_00).charges
    assert (charge.tax, [share.amount_minor for share in charge.shares]) == ("reduced", [-50, -4_50])


def test_a_part_that_is_negative_itself_gives_nothing_back() -> None:
    (charge,) = _credit(_under_two_taxes(15_00, -5_00), amount=9_99).charges
    assert (charge.tax, charge.amount_minor, charge.shares) == ("standard", -9_99, ())


def test_a_credit_bears_a_tax_of_one_name_and_rate_in_its_own_category_only() -> None:
    taxed, other = line(flat("100"), name="taxed"), line(flat("50"), name="other", tax="other")
    of = agreement(taxed, other)
    invoice = draft_invoice(snapshot(of, taxes={"standard": tax("10"), "other": tax("10")}), of.start)
    assert invoice is not None
    note = _credit(invoice, line_number=2)
    assert [(total.category, total.base_minor, total.amount_minor) for total in note.taxes] == [
        ("other", -50_00, -5_00)
    ]


def test_what_is_left_of_each_share_is_what_no_earlier_credit_gave_back() -> None:
    invoice = _under_two_taxes(9_00, 1_00)
    notes: tuple[Draft, ...] = ()
    for _ in range(3):
        notes = (*notes, _credit(invoice, *notes, line_number=1, amount=3))
    (rest,) = _credit(invoice, *notes).charges
    assert [share.amount_minor for share in rest.shares] == [-8_91, -1_00]


@pytest.mark.parametrize(
    ("line_number", "amount", "left"), [(None, 100_01, "100.00 USD"), (1, 60_01, "60.00 USD"), (2, 50_00, "40.00 USD")]
)
def test_more_than_what_is_left_is_refused_and_says_where(line_number: int | None, amount: int, left: str) -> None:
    where = "NW-1" if line_number is None else f"NW-1, line {line_number}"
    with pytest.raises(CreditIsTooLarge, match=rf"^Only {left} before tax is left on {where}, not"):
        _credit(_invoice("60", "40"), line_number=line_number, amount=amount)


def test_too_large_a_credit_of_the_only_line_names_the_line() -> None:
    with pytest.raises(CreditIsTooLarge, match=r"^Only 60\.00 USD before tax is left on NW-1, line 1, not 60\.01\.$"):
        _credit(_invoice("60"), line_number=1, amount=60_01)


def test_a_credit_note_says_nothing_of_what_a_commitment_puts_off_on_the_invoice() -> None:
    deferral = Deferral(day("2027-01-10"), Decimal(10), Decimal(12), day("2028-01-01"))
    held = PutOff("line 0", Measure("licence", "SPB"), deferral, 52_80)
    assert _credit(replace(_invoice("100"), put_off=(held,))).put_off == ()


def test_what_was_credited_already_is_left_no_more() -> None:
    invoice = _invoice("60", "40")
    match = r"^Only 30\.00 USD before tax is left on NW-1, not 30\.01\.$"
    with pytest.raises(CreditIsTooLarge, match=match) as refused:
        _credit(invoice, _credit(invoice, amount=70_00), amount=30_01)
    assert refused.value.left_minor == 30_00


def test_what_is_left_is_told_line_by_line() -> None:
    invoice = _invoice("60", "40")
    assert left_of_lines(invoice, ()) == (60_00, 40_00)
    by_line = _credit(invoice, line_number=2, amount=15_00)
    assert left_of_lines(invoice, (by_line,)) == (60_00, 25_00)
    assert left_of_lines(invoice, (by_line, _credit(invoice, by_line))) == (0, 0)


def test_a_second_whole_credit_is_refused() -> None:
    invoice = _invoice("100")
    with pytest.raises(NothingLeftToCredit, match=r"^Nothing is left to credit on NW-1\.$"):
        _credit(invoice, _credit(invoice))


def test_a_line_is_credited_whole_once() -> None:
    invoice = _invoice("60", "40")
    with pytest.raises(NothingLeftToCredit, match="line 2"):
        _credit(invoice, _credit(invoice, line_number=2), line_number=2)


@pytest.mark.parametrize("line_number", [0, 3, -1])
def test_a_line_that_is_not_there_is_refused(line_number: int) -> None:
    with pytest.raises(NoSuchLine, match="lines 1 to 2"):
        _credit(_invoice("60", "40"), line_number=line_number)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_gives_nothing_back_is_refused(amount: int) -> None:
    with pytest.raises(WrongInput, match=r"^A credit is a positive amount: .* before tax\.$"):
        _credit(_invoice("60"), amount=amount)


def test_the_smallest_amount_that_there_is_can_be_credited() -> None:
    assert _credit(_invoice("60"), amount=1).subtotal_minor == -1


def test_a_credit_note_is_not_credited() -> None:
    invoice = _invoice("60")
    with pytest.raises(OnlyInvoicesAreCredited, match=r"^NW-1 is a credit note"):
        _credit(_credit(invoice))


def test_a_whole_credit_takes_negative_lines_back_too() -> None:
    invoice = _invoice("100", "-40")
    note = _credit(invoice)
    assert [charge.amount_minor for charge in note.charges] == [-100_00, 40_00]
    assert note.total_minor == -invoice.total_minor


def test_an_amount_is_spread_over_the_positive_lines_only() -> None:
    note = _credit(_invoice("100", "-40"), amount=59_99)
    assert [(charge.credits_line, charge.amount_minor) for charge in note.charges] == [(1, -59_99)]


def test_a_credit_with_more_tax_than_is_left_is_refused() -> None:
    """100.00 untaxed less 60.00 with half of it as tax is 10.00: there is no 39.99 to give back on the first line."""
    of = agreement(line(flat("100"), tax="none"), one_offs=(one_off("2027-01-01", -60_00),))
    invoice = draft_invoice(snapshot(of, taxes={"standard": tax("50"), "none": tax("0")}), of.start)
    assert invoice is not None
    with pytest.raises(CreditIsTooLarge, match=r"^With its tax that is more than what is left on NW-1; credit all"):
        _credit(invoice, amount=39_99)
    assert _credit(invoice, amount=10_00).total_minor == -10_00


def test_a_credit_never_takes_a_negative_tax_further_from_nothing() -> None:
    """20.00 less 50.00 bears -3.00 of tax; to give the 20.00 back can't give any of that back before the rest."""
    minus = one_off("2027-01-01", -50_00)
    lines = (line(flat("20"), name="taxed"), line(flat("100"), name="untaxed", tax="none"))
    of = agreement(*lines, one_offs=(minus,))
    invoice = draft_invoice(snapshot(of, taxes={"standard": tax("10"), "none": tax("0")}), of.start)
    assert invoice is not None
    first = _credit(invoice, line_number=1)
    assert [(one.base_minor, one.amount_minor) for one in first.taxes] == [(-20_00, 0)]
    assert _credit(invoice, first).total_minor == -invoice.total_minor - first.total_minor


def test_nothing_left_is_told_as_nothing() -> None:
    with pytest.raises(CreditIsTooLarge, match=r"^Only 0\.00 USD"):
        _credit(_invoice("100", "-100"), line_number=1)


def test_a_line_larger_than_the_whole_invoice_is_not_credited_whole() -> None:
    with pytest.raises(CreditIsTooLarge, match=r"Only 60\.00 USD"):
        _credit(_invoice("100", "-40"), line_number=1)


def test_an_amount_of_a_line_is_bounded_by_the_whole_invoice() -> None:
    with pytest.raises(CreditIsTooLarge, match=r"Only 60\.00 USD"):
        _credit(_invoice("100", "-40"), line_number=1, amount=60_01)


def test_a_negative_line_has_nothing_to_give_back() -> None:
    with pytest.raises(NothingLeftToCredit, match="line 2"):
        _credit(_invoice("100", "-40"), line_number=2)


def test_a_credit_says_what_the_line_was_and_what_is_left_of_it() -> None:
    note = _credit(_invoice("100"), amount=30_00)
    charge = note.charges[0]
    assert (charge.billed_minor, charge.owed_minor, charge.quantity, charge.moves) == (100_00, 70_00, None, ())


def test_a_credit_note_lists_nobody() -> None:
    assert _credit(_counted()).people == ()


def test_a_credit_note_is_due_on_its_day() -> None:
    assert _credit(_invoice("100")).due_on == ON


def test_a_credit_of_a_counted_line_adjusts_it_and_repeats_none_of_its_reckoning() -> None:
    note = _credit(_counted())
    assert [charge.amount_minor for charge in note.charges] == [-100_00, 10_00, -50_00, 5_00]
    for charge in note.charges:
        assert (charge.kind, charge.shares) == ("adjustment", ())
        assert (charge.quantity, charge.segments, charge.moves, charge.basis, charge.was) == (None, (), (), None, None)


def _counted() -> Draft:
    """The second invoice of a line over seats with a discount of a tenth: two seats, and one that came meanwhile."""
    tenth = Discount("Loyalty", always(Reduction(percent=Decimal(10))))
    of = replace(agreement(line(per_unit("50"))), discounts=(tenth,))
    facts = snapshot(of, seats=[seat(1, "2027-01-01")], counted="2027-01-01")
    first = draft_invoice(facts, of.start)
    assert first is not None
    grown = replace(facts, seats=(*facts.seats, seat(2, "2027-01-01")), billed=as_billed(first))
    invoice = draft_invoice(grown, day("2027-02-01"))
    assert invoice is not None
    assert invoice.people
    return invoice


def _two_categories(one: str, other: str) -> Draft:
    """An invoice of a line taxed by 8.25 % and something untaxed."""
    taxed, untaxed = line(flat(one), name="taxed"), one_off("2027-01-01", int(Decimal(other) * 100))
    of = agreement(taxed, one_offs=(replace(untaxed, tax="none"),))
    taxes = {"standard": tax("8.25"), "none": tax("0")}
    invoice = draft_invoice(snapshot(of, taxes=taxes), of.start)
    assert invoice is not None
    return invoice


def test_a_credit_bears_the_taxes_of_its_own_category_only() -> None:
    invoice = _two_categories("100", "50")
    note = _credit(invoice, line_number=2)
    assert [(total.category, total.base_minor, total.amount_minor) for total in note.taxes] == [("none", -50_00, 0)]


def test_an_invoice_of_nothing_but_tax_is_credited_whole() -> None:
    invoice = _two_categories("100", "-100")
    assert (invoice.subtotal_minor, invoice.total_minor) == (0, 8_25)
    assert _credit(invoice).total_minor == -8_25


def _taxes_moved() -> Draft:
    """An invoice of 50.00, and of 100.00 that go over from 20 % to 5 %, which is no money before tax."""
    category = Dated((Entry("standard"), Entry("reduced", day("2027-01-01"), day("2027-01-15"))))
    of = agreement(
        line(flat("100"), tax=category, end="2027-02-01"), line(flat("50"), name="other", start="2027-02-01")
    )
    facts = snapshot(of, taxes={"standard": tax("20"), "reduced": tax("5", name="Reduced")})
    _, invoice = month_by_month(facts, day("2027-02-01"))
    assert (invoice.document, invoice.subtotal_minor, invoice.total_minor) == ("invoice", 50_00, 45_00)
    return invoice


def test_a_line_that_only_moves_tax_is_credited_with_the_whole() -> None:
    invoice = _taxes_moved()
    note = _credit(invoice)
    assert note.total_minor == -45_00
    assert {(one.category, one.base_minor) for one in note.taxes} == {("standard", 50_00), ("reduced", -100_00)}


def test_a_part_leaves_what_only_moves_tax_to_the_last() -> None:
    invoice = _taxes_moved()
    part = _credit(invoice, amount=10_00)
    assert [charge.credits_line for charge in part.charges] == [1]
    rest = _credit(invoice, part)
    assert invoice.total_minor + part.total_minor + rest.total_minor == 0


def test_a_line_that_moved_tax_to_the_clients_gain_is_not_credited_alone() -> None:
    match = r"^Without line 2 of NW-1 the client would owe 5\.00 USD more, tax included; credit"
    with pytest.raises(CreditWouldCost, match=match) as refused:
        _credit(_taxes_moved(), line_number=2)
    assert refused.value.more_minor == 5_00


def test_a_line_that_only_moves_tax_has_no_amount_to_give_back() -> None:
    with pytest.raises(CreditIsTooLarge, match=r"^Only 0\.00 USD before tax is left on NW-1, line 2, not 0\.01\.$"):
        _credit(_taxes_moved(), line_number=2, amount=1)


def test_an_invoice_of_less_than_nothing_before_its_tax_is_credited_whole() -> None:
    invoice = _two_categories("100", "-101")
    assert (invoice.document, invoice.subtotal_minor, invoice.total_minor) == ("invoice", -1_00, 7_25)
    note = _credit(invoice)
    assert (note.subtotal_minor, note.total_minor) == (1_00, -7_25)
    with pytest.raises(NothingLeftToCredit):
        _credit(invoice, note)
