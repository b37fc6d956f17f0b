"""Credit notes that a person gives: whole, by line, by amount, and never more than what is left."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import TaxCategory, TaxRate
from billing.credits import CreditIsTooLarge, NoSuchLine, NothingLeftToCredit, OnlyInvoicesAreCredited, credit
from billing.draft import Draft
from billing.errors import WrongInput
from billing.invoice import draft_invoice
from billing.taxes import TaxShare, tax_totals
from tests.billing.build import agreement, day, flat, line, one_off, rates, snapshot, tax

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


def test_a_line_that_bears_several_taxes_is_credited_to_nothing_under_each() -> None:
    """Of 3.33 a half is no whole cent, so three halves rounded by themselves would give one tax 5.01 of 5.00."""
    plain = _invoice("10")
    rate, reduced = TaxRate("Sales tax", Decimal(20)), TaxRate("Reduced", Decimal(10))
    shares = (TaxShare("standard", (rate,), 5_00), TaxShare("reduced", (reduced,), 5_00))
    taxes = tax_totals(shares)
    charges = (replace(plain.charges[0], shares=shares),)
    invoice = replace(plain, charges=charges, taxes=taxes, total_minor=11_50)
    first = _credit(invoice, line_number=1, amount=3_33)
    second = _credit(invoice, first, line_number=1, amount=3_33)
    last = _credit(invoice, first, second)
    assert invoice.total_minor + first.total_minor + second.total_minor + last.total_minor == 0
    given = [one for note in (first, second, last) for one in note.taxes]
    for charged in taxes:
        mine = [one for one in given if one.category == charged.category]
        assert charged.base_minor + sum(one.base_minor for one in mine) == 0
        assert charged.amount_minor + sum(one.amount_minor for one in mine) == 0


@pytest.mark.parametrize(("line_number", "amount"), [(None, 100_01), (1, 60_01)])
def test_more_than_what_is_left_is_refused(line_number: int | None, amount: int) -> None:
    with pytest.raises(CreditIsTooLarge, match=r"Only (100|60)\.00 USD"):
        _credit(_invoice("60", "40"), line_number=line_number, amount=amount)


def test_what_was_credited_already_is_left_no_more() -> None:
    invoice = _invoice("60", "40")
    with pytest.raises(CreditIsTooLarge, match=r"Only 30\.00 USD"):
        _credit(invoice, _credit(invoice, amount=70_00), amount=30_01)


def test_a_second_whole_credit_is_refused() -> None:
    invoice = _invoice("100")
    with pytest.raises(NothingLeftToCredit, match="Nothing is left to credit on NW-1"):
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
    with pytest.raises(WrongInput, match="positive amount"):
        _credit(_invoice("60"), amount=amount)


def test_a_credit_note_is_not_credited() -> None:
    invoice = _invoice("60")
    with pytest.raises(OnlyInvoicesAreCredited):
        _credit(_credit(invoice))


def test_a_whole_credit_takes_negative_lines_back_too() -> None:
    invoice = _invoice("100", "-40")
    note = _credit(invoice)
    assert [charge.amount_minor for charge in note.charges] == [-100_00, 40_00]
    assert note.total_minor == -invoice.total_minor


def test_an_amount_is_spread_over_the_positive_lines_only() -> None:
    note = _credit(_invoice("100", "-40"), amount=59_99)
    assert [(charge.credits_line, charge.amount_minor) for charge in note.charges] == [(1, -59_99)]


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
    invoice = _invoice("100")
    assert _credit(replace(invoice, people=())).people == ()


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
