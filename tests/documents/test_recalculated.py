"""How an adjustment of a discount, a minimum amount or anything without people or numbers says what happened."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Agreement, Discount, Reduction, Terms
from billing.calendar import Dated, Entry, Period, always
from billing.draft import Charge, Draft
from billing.invoice import draft_invoice
from billing.quantities import Measure
from billing.snapshot import BilledCharge, Snapshot, as_billed
from billing.taxes import TaxCategory, TaxRate
from documents import wording
from documents.canonical import as_json
from documents.document import Document
from documents.presentation import present
from storage.codec import decode, encode
from tests.billing.build import agreement, day, line, per_unit, steps
from tests.documents.samples import ACME, NORTHWIND

LICENCE = Measure("licence", "SPB")


def dollars(minor: int) -> str:
    return f"{minor / 100:.2f}"


def percent(rate: str) -> Reduction:
    return Reduction(percent=Decimal(rate))


def terms(*reductions: Reduction, least_minor: int | None = None) -> Agreement:
    one = agreement(line(per_unit("10"), count=LICENCE), start="2027-04-01")
    discounts = tuple(Discount(f"Loyalty {number}", always(each)) for number, each in enumerate(reductions, 1))
    return replace(one, discounts=discounts, minimum_minor=None if least_minor is None else always(least_minor))


def facts(of: Agreement, number: str = "30") -> Snapshot:
    return Snapshot(Terms("acme", "USD", (of,)), {LICENCE: steps(("2027-04-01", number))})


def corrected(before: Snapshot, after: Snapshot) -> Draft:
    """The invoice of May once April was billed and the facts are others."""
    april = draft_invoice(before, day("2027-04-01"))
    assert april is not None
    may = draft_invoice(replace(after, billed=as_billed(april)), day("2027-05-01"))
    assert may is not None
    return may


def only(draft: Draft, kind: str) -> Charge:
    (found,) = [c for c in draft.charges if c.kind == "adjustment" and c.item.kind == kind]
    return found


def said(before: Snapshot, after: Snapshot, kind: str = "discount") -> str:
    return wording.detail(only(corrected(before, after), kind), dollars)


@pytest.mark.parametrize(
    ("before", "after", "number", "told"),
    [
        ([percent("10")], [percent("10")], "40", "10% off 400.00 instead of 300.00: 10.00 more off"),
        ([percent("10")], [percent("10")], "20", "10% off 200.00 instead of 300.00: 10.00 less off"),
        ([percent("10")], [percent("12.5")], "30", "12.5% instead of 10% off 300.00: 7.50 more off"),
        ([percent("10")], [percent("5")], "40", "5% off 400.00 instead of 10% off 300.00: 10.00 less off"),
        (
            [Reduction(amount_minor=20_00)],
            [Reduction(amount_minor=25_00)],
            "30",
            "25.00 instead of 20.00 off 300.00: 5.00 more off",
        ),
        ([percent("10")], [], "30", "No longer 10% off 300.00: 30.00 less off"),
    ],
)
def test_a_discount_says_its_rate_and_what_it_is_taken_off(
    before: list[Reduction], after: list[Reduction], number: str, told: str
) -> None:
    assert said(facts(terms(*before)), facts(terms(*after), number)) == told


def test_a_discount_that_ended_in_between_says_on_which_days_it_stands() -> None:
    ends: Dated[Reduction | None] = Dated((Entry(percent("10")), Entry(None, day("2027-04-16"))))
    after = replace(terms(), discounts=(Discount("Loyalty 1", ends),))
    told = "10% on 1–15 Apr instead of 10% off 300.00: 15.00 less off"  # noqa: RUF001 - an en dash stands between days
    assert said(facts(terms(percent("10"))), facts(after)) == told


def test_a_discount_that_never_was_any_more_says_no_longer() -> None:
    never: Dated[Reduction | None] = always(None)
    after = replace(terms(), discounts=(Discount("Loyalty 1", never),))
    assert said(facts(terms(percent("10"))), facts(after)) == "No longer 10% off 300.00: 30.00 less off"


def test_a_discount_that_another_left_less_for_says_how_much_was_left() -> None:
    second = Reduction(amount_minor=290_00)
    draft = corrected(facts(terms(percent("0"), second)), facts(terms(percent("10"), second)))
    (charge,) = [c for c in draft.charges if c.kind == "adjustment" and c.item.name == "Loyalty 2"]
    told = "290.00 off 300.00, of which 270.00 instead of 300.00 was left: 20.00 less off"
    assert wording.detail(charge, dollars) == told


@pytest.mark.parametrize(
    ("after_minor", "number", "reached", "outcome"),
    [
        (500_00, "40", "500.00, and the lines come to 400.00 instead of 300.00", "100.00 less"),
        (600_00, "30", "600.00 instead of 500.00, and the lines come to 300.00", "100.00 more"),
    ],
)
def test_a_minimum_amount_says_what_it_is_and_what_the_lines_come_to(
    after_minor: int, number: str, reached: str, outcome: str
) -> None:
    told = said(facts(terms(least_minor=500_00)), facts(terms(least_minor=after_minor), number), "minimum")
    assert told == f"At least {reached}: {outcome} to make up"


def test_a_minimum_amount_that_is_gone_says_no_longer() -> None:
    told = said(facts(terms(least_minor=500_00)), facts(terms()), "minimum")
    assert told == "No longer at least 500.00: 200.00 less to make up"


def test_what_was_billed_elsewhere_is_told_by_its_amount() -> None:
    now = facts(terms())
    (line_charge,) = draft_invoice(now, day("2027-04-01")).charges  # type: ignore[union-attr] # something is owed
    elsewhere = BilledCharge(line_charge.item, day("2027-04-01"), 250_00)
    draft = draft_invoice(replace(now, billed=(elsewhere,)), day("2027-04-01"))
    assert draft is not None
    assert wording.detail(only(draft, "line"), dollars) == "300.00 owed instead of 250.00"


def test_what_is_not_owed_any_more_says_so() -> None:
    cut = replace(terms(percent("10")), start=day("2027-05-01"))
    draft = corrected(facts(terms(percent("10"))), facts(cut))
    assert wording.detail(only(draft, "line"), dollars) == "Nothing owed any more instead of 300.00"


def test_a_second_adjustment_compares_with_the_first_and_not_with_the_invoice() -> None:
    of = terms(percent("10"))
    april = as_billed(draft_invoice(facts(of), day("2027-04-01")))  # type: ignore[arg-type] # something is owed
    may = as_billed(corrected(facts(of), facts(of, "40")))
    draft = draft_invoice(replace(facts(of, "50"), billed=(*april, *may)), day("2027-06-01"))
    assert draft is not None
    in_april = [c for c in draft.charges if c.item.kind == "discount" and c.cycle == Period(*map(day, APRIL))]
    assert [wording.detail(charge, dollars) for charge in in_april] == [
        "10% off 500.00 instead of 400.00: 10.00 more off"
    ]


APRIL = ("2027-04-01", "2027-05-01")


def test_a_document_writes_the_amounts_in_the_client_s_way_and_its_json_plainly() -> None:
    draft = corrected(facts(terms(percent("10"))), facts(terms(percent("10")), "40"))
    paper = Document(draft, NORTHWIND, ACME, "de_DE", None, None, {})
    rows = [row.detail for group in present(paper).groups for row in group.rows]
    assert "10% off 400,00 $ instead of 300,00 $: 10,00 $ more off" in [row.replace("\xa0", " ") for row in rows]
    texts = [entry["text"] for entry in as_json(paper)["lines"]]
    assert any(text.endswith("· 10% off 400.00 instead of 300.00: 10.00 more off") for text in texts)


def test_what_it_rested_on_is_frozen_with_the_document() -> None:
    draft = corrected(facts(terms(percent("10"))), facts(terms(percent("10")), "40"))
    assert decode(Draft, encode(draft)) == draft


TAXES = (
    ("standard", TaxCategory(always((TaxRate("VAT", Decimal(20)),)))),
    ("reduced", TaxCategory(always((TaxRate("VAT", Decimal(5)),)))),
)


def taxed(category: str, number: str = "30", taxes: tuple[tuple[str, TaxCategory], ...] = TAXES) -> Snapshot:
    """Licences under a tax category, and a tenth off."""
    one = line(per_unit("10"), count=LICENCE, tax=category)
    reduced = replace(terms(percent("10")), lines=(one,))
    of = facts(reduced, number)
    return replace(of, terms=replace(of.terms, taxes=taxes))


def test_what_goes_over_to_another_tax_category_says_from_which_and_how_much() -> None:
    draft = corrected(taxed("standard"), taxed("reduced"))
    assert wording.detail(only(draft, "line"), dollars) == "Taxed as reduced instead of standard"
    assert wording.detail(only(draft, "discount"), dollars) == "Taxed as reduced instead of standard"


def test_another_amount_under_another_tax_says_both() -> None:
    draft = corrected(taxed("standard"), taxed("reduced", "40"))
    assert wording.detail(only(draft, "discount"), dollars) == (
        "10% off 400.00 instead of 300.00: 10.00 more off; 30.00 taxed as reduced instead of standard"
    )
