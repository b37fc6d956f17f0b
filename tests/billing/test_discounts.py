"""Discounts and minimum amounts, as items of their own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Discount, DiscountMakesNoSense, Reduction
from billing.calendar import Dated, Entry, always
from billing.draft import Draft, TakenOff, ToppedUp
from billing.invoice import draft_invoice
from billing.owed import discounted
from billing.quantities import Measure
from billing.snapshot import Snapshot, as_billed
from rosters.quote import month_by_month
from tests.billing.build import FULL, agreement, day, days, flat, line, per_unit, snapshot, steps, tax, terms

APRIL = days("2027-04-01", "2027-05-01")


def percent(number: str) -> Reduction:
    return Reduction(percent=Decimal(number))


def amount(minor: int) -> Reduction:
    return Reduction(amount_minor=minor)


def _off(reduction: Reduction | None, base_minor: int, left_minor: int | None = None) -> int:
    left_minor = base_minor if left_minor is None else left_minor
    return discounted(always(reduction), APRIL, APRIL, base_minor, left_minor, "USD")


@pytest.mark.parametrize(
    ("reduction", "base_minor", "off_minor"),
    [
        (percent("7.5"), 100_00, 7_50),
        (percent("33.3"), 1_00, 33),
        (percent("50"), 1, 1),  # Half a cent is rounded away from zero.
        (percent("0"), 100_00, 0),
        (percent("100"), 100_00, 100_00),
        (amount(25_00), 100_00, 25_00),
        (amount(25_00), 10_00, 10_00),
        (amount(25_00), 0, 0),
        (amount(0), 100_00, 0),
        (None, 100_00, 0),
    ],
)
def test_a_discount_takes_its_part_and_never_more_than_there_is(
    reduction: Reduction | None, base_minor: int, off_minor: int
) -> None:
    assert _off(reduction, base_minor) == off_minor


def test_a_discount_takes_at_most_what_earlier_ones_have_left() -> None:
    assert _off(percent("50"), 100_00, left_minor=30_00) == 30_00


def _from_the_21st(reduction: Reduction) -> Dated[Reduction | None]:
    return Dated((Entry(None), Entry(reduction, since=day("2027-04-21"))))


def test_a_percentage_counts_by_its_share_of_the_covered_days_and_an_amount_by_its_days_of_the_cycle() -> None:
    covered = days("2027-04-11", "2027-05-01")
    assert discounted(_from_the_21st(percent("10")), covered, APRIL, 100_00, 100_00, "USD") == 5_00
    assert discounted(_from_the_21st(amount(30_00)), covered, APRIL, 100_00, 100_00, "USD") == 10_00


@pytest.mark.parametrize(
    ("number", "minor", "sentence"),
    [
        ("100.01", None, "A discount of 100.01 % is none"),
        ("-1", None, "A discount of -1 % is none"),
        (None, -1, r"^A discount can't be negative; what is added to a bill is a line or a one-off\.$"),
        (None, None, r"^A discount is either a percentage or an amount: give one of them\.$"),
        ("5", 500, r"^A discount is either a percentage or an amount: give one of them\.$"),
    ],
)
def test_a_discount_that_makes_no_sense_is_refused(number: str | None, minor: int | None, sentence: str) -> None:
    with pytest.raises(DiscountMakesNoSense, match=sentence):
        Reduction(None if number is None else Decimal(number), minor)


def test_a_discount_of_nothing_is_one() -> None:
    assert percent("0").percent == 0
    assert amount(0).amount_minor == 0


def _charged(document: Draft) -> list[tuple[str, str, int]]:
    return [(charge.kind, charge.item.name, charge.amount_minor) for charge in document.charges]


def _first(facts: Snapshot) -> Draft:
    return next(month_by_month(facts, day("2027-02-01")))


def test_the_discount_of_a_line_comes_before_those_of_the_agreement_each_on_the_gross_amounts() -> None:
    lines = (
        replace(line(flat("100"), name="licences"), vendor="Microsoft", discount=always(percent("50"))),
        line(flat("100"), name="support"),
    )
    vendor = Discount("Microsoft 60 %", always(percent("60")), vendor="Microsoft")
    everything = Discount("Loyalty", always(percent("10")))
    facts = snapshot(replace(agreement(*lines), discounts=(vendor, everything)))
    assert _charged(_first(facts)) == [
        ("recurring", "licences", 100_00),
        ("recurring", "support", 100_00),
        ("discount", "licences", -50_00),
        ("discount", "Microsoft 60 %", -50_00),  # 60 are wanted; no more than 50 are left.
        ("discount", "Loyalty", -20_00),  # 10 % of 200.00, taken where something is left.
    ]


def test_a_discount_follows_what_it_is_taken_off_as_an_adjustment() -> None:
    of = replace(line(per_unit("10")), discount=always(percent("10")))
    facts = snapshot(of, steps(("2027-01-01", "10"), ("2027-01-16", "20", "2027-01-16")))
    february = list(month_by_month(facts, day("2027-02-01")))[-1]
    assert _charged(february) == [
        ("recurring", "managed-user", 200_00),
        ("discount", "managed-user", -20_00),
        ("adjustment", "managed-user", 51_61),
        ("adjustment", "managed-user", -5_16),
    ]


def test_a_line_that_moves_to_another_agreement_takes_its_discount_along() -> None:
    """Nothing is owed anew; billed under one agreement and owed under another, it would go to and fro for ever."""
    moving = replace(line(flat("100"), name="moving"), discount=always(percent("10")))
    one, other = line(flat("50"), name="one"), line(flat("30"), name="other")
    before = terms(agreement(moving, one, name="A"), agreement(other, name="B"))
    after = terms(agreement(one, name="A"), agreement(moving, other, name="B"))
    issued = as_billed(_first(snapshot(before)))
    facts = snapshot(after, billed=issued)
    assert draft_invoice(facts, day("2027-01-01")) is None
    february = draft_invoice(facts, day("2027-02-01"))
    assert february is not None
    assert [each for each in _charged(february) if each[1] == "moving"] == [
        ("recurring", "moving", 100_00),
        ("discount", "moving", -10_00),
    ]


def test_a_discount_is_taxed_as_what_it_is_taken_off() -> None:
    lines = (line(flat("100"), name="a"), line(flat("300"), name="b", tax="reduced"))
    of = replace(agreement(*lines), discounts=(Discount("Loyalty", always(amount(10_00))),))
    facts = snapshot(of, taxes={"standard": tax("20"), "reduced": tax("10", name="Reduced")})
    document = _first(facts)
    bases = {one.category: (one.base_minor, one.amount_minor) for one in document.taxes}
    assert bases == {"standard": (97_50, 19_50), "reduced": (292_50, 29_25)}


def test_when_one_line_falls_the_discount_is_given_back_in_that_lines_tax_category() -> None:
    lines = (line(per_unit("10"), name="a"), line(flat("300"), name="b", tax="reduced"))
    of = replace(agreement(*lines, end="2027-02-01"), discounts=(Discount("Loyalty", always(percent("10"))),))
    taxes = {"standard": tax("20"), "reduced": tax("10", name="Reduced")}
    facts = snapshot(of, steps(("2027-01-01", "10"), ("2027-01-01", "0", "2027-01-20")), taxes=taxes)
    first, second = month_by_month(facts, day("2027-02-01"))
    assert {one.category: one.base_minor for one in first.taxes} == {"standard": 90_00, "reduced": 270_00}
    assert {one.category: one.base_minor for one in second.taxes} == {"standard": -90_00}


def test_a_discount_that_goes_over_to_another_category_unchanged_moves_its_tax_alone() -> None:
    """10 each at first; later 5 of a and 15 of b are learnt: the same 20.00 off, 5.00 of it from taxed to untaxed."""
    licence = Measure("licence", "X")
    a, b = line(per_unit("10"), name="a"), line(per_unit("10"), name="b", count=licence, tax="none")
    of = replace(agreement(a, b, end="2027-02-01"), discounts=(Discount("Loyalty", always(percent("10"))),))
    numbers = {
        FULL: steps(("2027-01-01", "10"), ("2027-01-01", "5", "2027-01-20")),
        licence: steps(("2027-01-01", "10"), ("2027-01-01", "15", "2027-01-20")),
    }
    facts = replace(snapshot(of, taxes={"standard": tax("20"), "none": tax("0")}), stated=numbers)
    first, second = month_by_month(facts, day("2027-02-01"))
    assert {one.category: one.amount_minor for one in first.taxes} == {"standard": 18_00, "none": 0}
    (discount,) = (charge for charge in second.charges if charge.item.kind == "discount")
    assert (discount.kind, discount.amount_minor) == ("adjustment", 0)
    assert {share.category: share.amount_minor for share in discount.shares} == {"standard": 5_00, "none": -5_00}
    # 50.00 of a are given back, 5.00 of its discount taken back: what both invoices tax together is 50.00 less 10 %.
    assert {one.category: one.amount_minor for one in second.taxes} == {"standard": -9_00, "none": 0}
    assert second.total_minor == -9_00


@pytest.mark.parametrize(("users", "missing_minor"), [("0", 500_00), ("30", 200_00), ("50", 0), ("60", 0)])
def test_what_is_missing_to_the_minimum_amount_is_billed(users: str, missing_minor: int) -> None:
    of = replace(agreement(line(per_unit("10"))), minimum_minor=always(500_00))
    document = _first(snapshot(of, steps(("2027-01-01", users))))
    minimum = [charge.amount_minor for charge in document.charges if charge.kind == "minimum"]
    assert minimum == ([missing_minor] if missing_minor else [])


def test_the_minimum_amount_is_compared_with_lines_less_discounts() -> None:
    of = replace(
        agreement(line(flat("500"))), minimum_minor=always(480_00), discounts=(Discount("L", always(percent("10"))),)
    )
    assert _charged(_first(snapshot(of)))[-1] == ("minimum", "Managed services", 30_00)


def test_the_minimum_amount_is_weighted_by_the_days_that_are_covered() -> None:
    of = replace(agreement(line(per_unit("10")), end="2027-01-11"), minimum_minor=always(310_00))
    assert _charged(_first(snapshot(of)))[-1] == ("minimum", "Managed services", 100_00)


def test_a_minimum_amount_says_what_counts_towards_it_and_which_one_held_on_which_days() -> None:
    rising = Dated((Entry(310_00), Entry(620_00, since=day("2027-01-21"))))
    of = replace(agreement(line(flat("100")), end="2027-02-01"), minimum_minor=rising)
    charge = _first(snapshot(of)).charges[-1]
    # 20 of 31 days at 310.00 and 11 at 620.00, less what the line costs.
    assert (charge.text, charge.amount_minor) == ("Managed services", 200_00 + 220_00 - 100_00)
    first, second = days("2027-01-01", "2027-01-21"), days("2027-01-21", "2027-02-01")
    assert charge.basis == ToppedUp(100_00, ((first, 310_00), (second, 620_00)))


def test_a_minimum_amount_of_an_agreement_without_lines_is_taxed_by_the_standard() -> None:
    of = replace(agreement(), minimum_minor=always(100_00))
    document = _first(snapshot(of, taxes={"standard": tax("20")}))
    assert (_charged(document), document.total_minor) == ([("minimum", "Managed services", 100_00)], 120_00)


def test_a_discount_says_what_it_was_taken_off_and_under_which_terms() -> None:
    lines = (replace(line(flat("100"), name="a"), vendor="V"), replace(line(flat("200"), name="b"), vendor="W"))
    first, second = (Discount(name, always(percent("50")), vendor) for name, vendor in (("Half", "V"), ("All", None)))
    of = replace(agreement(*lines), discounts=(first, second))
    half, everything = (charge for charge in _first(snapshot(of)).charges if charge.kind == "discount")
    january = (days("2027-01-01", "2027-02-01"), percent("50"))
    assert half.basis == TakenOff(("Managed user",), 100_00, 100_00, (january,))
    assert everything.basis == TakenOff(("Managed user", "Managed user"), 300_00, 250_00, (january,))


def test_a_discount_that_goes_over_to_another_agreement_is_settled_there() -> None:
    loyalty = (Discount("Loyalty", always(percent("10"))),)
    one, other = agreement(line(flat("100"), name="a"), name="A"), agreement(line(flat("200"), name="b"), name="B")
    facts = snapshot(terms(replace(one, discounts=loyalty), other))
    moved = replace(facts, terms=terms(one, replace(other, discounts=loyalty)), billed=as_billed(_first(facts)))
    february = draft_invoice(moved, day("2027-02-01"))
    assert february is not None
    assert [each for each in _charged(february) if each[1] == "Loyalty"] == [
        ("discount", "Loyalty", -20_00),
        ("adjustment", "Loyalty", -10_00),
    ]


def test_a_discount_that_is_no_more_is_taken_back_under_its_name() -> None:
    facts = snapshot(replace(agreement(line(flat("100"))), discounts=(Discount("Loyalty", always(percent("10"))),)))
    billed = replace(facts, billed=as_billed(_first(facts)))
    plain = replace(billed, terms=terms(agreement(line(flat("100")))))
    february = draft_invoice(plain, day("2027-02-01"))
    assert february is not None
    (taken_back,) = (charge for charge in february.charges if charge.kind == "adjustment")
    assert (taken_back.text, taken_back.amount_minor, taken_back.owed_minor) == ("Loyalty", 10_00, 0)
    assert taken_back.basis is None
    january = (days("2027-01-01", "2027-02-01"), percent("10"))
    assert taken_back.was == TakenOff(("Managed user",), 100_00, 100_00, (january,))


def test_a_discount_of_a_vendor_without_lines_takes_nothing_off() -> None:
    vendors = (Discount("V 10 %", always(percent("10")), vendor="V"),)
    licences, support = replace(line(flat("100"), name="licences"), vendor="V"), line(flat("50"), name="support")
    facts = snapshot(replace(agreement(licences, support), discounts=vendors))
    moved = terms(replace(agreement(replace(licences, vendor="W"), support), discounts=vendors))
    february = draft_invoice(replace(facts, terms=moved, billed=as_billed(_first(facts))), day("2027-02-01"))
    assert february is not None
    assert [each for each in _charged(february) if each[1] == "V 10 %"] == [("adjustment", "V 10 %", 10_00)]


def test_the_minimum_amount_falls_when_the_lines_turn_out_to_cost_more() -> None:
    of = replace(agreement(line(per_unit("10")), end="2027-02-01"), minimum_minor=always(500_00))
    facts = snapshot(of, steps(("2027-01-01", "30"), ("2027-01-01", "40", "2027-01-20")))
    assert facts.stated[FULL][0].quantity == 30
    february = list(month_by_month(facts, day("2027-02-01")))
    assert february[0].total_minor == 500_00
    assert len(february) == 2
    assert (february[1].total_minor, sorted(c.amount_minor for c in february[1].charges)) == (0, [-100_00, 100_00])


def test_the_minimum_amount_waits_for_what_is_billed_in_arrears() -> None:
    of = replace(agreement(line(per_unit("10")), timing="arrears"), minimum_minor=always(500_00))
    documents = list(month_by_month(snapshot(of, steps(("2027-01-01", "30"))), day("2027-02-01")))
    assert [(each.bill_date, each.total_minor) for each in documents] == [(day("2027-02-01"), 500_00)]


def test_in_arrears_the_minimum_amount_waits_for_the_end_of_a_cycle_that_no_line_covers() -> None:
    ended = line(flat("10"), end="2027-02-01")
    of = replace(agreement(ended, timing="arrears"), minimum_minor=always(500_00))
    documents = list(month_by_month(snapshot(of), day("2027-03-01")))
    assert [(each.bill_date, each.total_minor) for each in documents] == [
        (day("2027-02-01"), 500_00),
        (day("2027-03-01"), 500_00),
    ]


def test_a_year_that_was_billed_in_advance_keeps_its_discount_when_the_agreement_goes_over_to_arrears() -> None:
    tenth = Discount("Tenth", always(percent("10")))
    of = replace(agreement(line(flat("1200")), months=12), discounts=(tenth,))
    billed = as_billed(_first(snapshot(of)))
    changed = snapshot(replace(of, timing="arrears"), billed=billed)
    assert draft_invoice(changed, day("2027-02-01")) is None
    assert draft_invoice(changed, day("2028-01-01")) is None
    following = draft_invoice(changed, day("2029-01-01"))
    assert following is not None
    assert following.total_minor == 1080_00
