# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs
"""How discounts, minimum amounts, commitments, meters, packages and every way of counting read."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Agreement, Discount, Line, Reduction, Terms
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment, Counting
from billing.draft import Charge, Counted, Draft, Metered, TakenOff, ToppedUp
from billing.invoice import draft_invoice
from billing.prices import Package, Usage
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot, as_billed
from billing.taxes import TaxCategory, TaxRate
from documents import wording
from documents.canonical import as_json, notes
from documents.csv import lines_as_csv
from documents.document import Document
from documents.format import Format
from documents.html import as_html
from documents.presentation import present
from documents.workings import workings
from storage.codec import decode, encode
from tests.billing.build import FULL, agreement, day, line, per_unit, steps
from tests.documents.samples import ACME, NORTHWIND

DOLLARS = Format("en_US", "USD")
LICENCE, BACKUP = Measure("licence", "SPB"), Measure("usage", "backup")
USERS = {FULL: steps(("2027-01-01", "40"), ("2027-04-11", "45"))}
FROM_THE_FIRST = "a rise counts from the period's first day, a fall from its own"
TENTH = Reduction(percent=Decimal(10))


def arrears(*lines: Line) -> Agreement:
    return agreement(*lines, start="2027-04-01", timing="arrears")


def april(terms: Agreement, facts: Snapshot | None = None, taxes: dict[str, TaxCategory] | None = None) -> Draft:
    """The invoice of 1 May for April, in arrears; 40 users, 45 from the 11th."""
    of = Terms("acme", "USD", (terms,), tuple((taxes or {}).items()))
    found = draft_invoice(replace(facts or Snapshot(of, USERS), terms=of), day("2027-05-01"))
    assert found is not None
    return found


def paper(draft: Draft) -> Document:
    return Document(draft, NORTHWIND, ACME, "en_US", None, None, {})


def only(draft: Draft, kind: str) -> Charge:
    (found,) = [charge for charge in draft.charges if charge.kind == kind]
    return found


def counted(counting: Counting) -> tuple[str, ...]:
    one = replace(line(per_unit("10")), counting=counting)
    return workings(only(april(arrears(one)), "recurring"), DOLLARS)


@pytest.mark.parametrize(
    ("counting", "rule", "stretch"),
    [
        (Counting("peak"), "The highest number of the period counts on each of its days", "1–30 Apr: 45 × $10.00"),
        (Counting(5), "The number of 5 Apr counts on each day of the period", "1–30 Apr: 40 × $10.00"),
        (Counting(31), "The number of 30 Apr counts on each day of the period", "1–30 Apr: 45 × $10.00"),
        (Counting("daily", "next_period"), "A change counts from the next period on", "1–30 Apr: 40 × $10.00"),
        (
            Counting("daily", "full_period"),
            f"A{FROM_THE_FIRST[1:]}",
            "1–30 Apr: 45 × $10.00",
        ),
        (
            Counting("daily", "full_period", "keep"),
            f"A freed place stays paid for until the period ends and {FROM_THE_FIRST}",
            "1–30 Apr: 45 × $10.00",
        ),
        (
            Counting("daily", "daily", "keep"),
            "A freed place stays paid for until the period ends",
            "1–10 Apr: 40 × $10.00",
        ),
    ],
)
def test_a_way_of_counting_says_its_rule_and_the_numbers_before_it(counting: Counting, rule: str, stretch: str) -> None:
    told = counted(counting)
    assert told[0] == f"{rule}; there were 40 on 1–10 Apr, 45 on 11–30 Apr"
    assert told[1].startswith(stretch)


def test_a_commitment_says_what_it_keeps_and_what_would_be_wanted() -> None:
    term = Commitment(day("2027-02-01"), day("2028-02-01"))
    one = replace(line(per_unit("26.40"), count=LICENCE), commitment=term)
    facts = Snapshot(Terms("acme", "USD", ()), {LICENCE: steps(("2027-02-01", "12"), ("2027-04-21", "10"))})
    draft = april(arrears(one), facts)
    kept = "A commitment keeps 12 in force on 21–30 Apr, where 10 would be wanted"
    assert workings(only(draft, "recurring"), DOLLARS) == (kept, "1–30 Apr: 12 × $26.40 = $316.80")
    assert notes(paper(draft)) == (
        "2 licences committed until 1 Feb 2028: 12 instead of 10 are billed (Microsoft 365 Business Premium).",
    )


def test_packages_say_how_much_they_hold_and_how_many_were_counted() -> None:
    draft = april(arrears(line(Package(Decimal(20), Decimal(50)), start="2027-04-11")))
    told = workings(only(draft, "recurring"), DOLLARS)
    assert told[0] == "11–30 Apr: 3 packages of 20 × $50.00 = $150.00 (counted 45), for 20 of 30 days"


def test_a_meter_says_how_often_it_was_read() -> None:
    readings = tuple(Reading(day(on), Decimal(number), on) for on, number in (("2027-04-03", "3"), ("2027-04-28", "4")))
    facts = Snapshot(Terms("acme", "USD", ()), readings={"backup": readings})
    one = line(Usage(Decimal("0.125")), count=BACKUP)
    draft = april(arrears(one), facts)
    assert workings(only(draft, "recurring"), DOLLARS) == (
        "2 readings added up, the first on 3 Apr 2027, the last on 28 Apr 2027",
        "1–30 Apr: 7 × $0.125 = $0.875",
        "Together $0.88, rounded once",
    )


def test_a_meter_of_a_part_of_a_period_names_its_days_and_no_share_of_them() -> None:
    readings = {"backup": (Reading(day("2027-04-28"), Decimal(4), "a"),)}
    one = line(Usage(Decimal(2)), count=BACKUP, start="2027-04-11")
    charge = only(april(arrears(one), Snapshot(Terms("acme", "USD", ()), readings=readings)), "recurring")
    assert wording.detail(charge, DOLLARS.money) == "11–30 Apr 2027"


def test_a_meter_that_was_read_again_says_so_without_days() -> None:
    one = arrears(line(Usage(Decimal(2)), count=BACKUP))
    of = Terms("acme", "USD", (one,))
    facts = Snapshot(of, readings={"backup": (Reading(day("2027-04-03"), Decimal(3), "a"),)})
    billed = replace(facts, billed=as_billed(april(one, facts)))
    late = Reading(day("2027-04-30"), Decimal(4), "b")
    draft = draft_invoice(replace(billed, readings={"backup": (*facts.readings["backup"], late)}), day("2027-06-01"))
    assert draft is not None
    assert (
        wording.sentence(only(draft, "adjustment"), DOLLARS.money)
        == "Managed user, 1–30 Apr 2027 · Read 7 instead of 3"
    )


def test_a_discount_on_a_line_goes_by_the_line_s_text_and_its_percentage() -> None:
    one = replace(line(per_unit("10")), discount=always(TENTH))
    charge = only(april(arrears(one)), "discount")
    assert wording.sentence(charge, DOLLARS.money) == "Discount: Managed user, 10% off, 1–30 Apr 2027"
    assert workings(charge, DOLLARS) == (
        "10% of $433.33",
        "Taken off Managed user: $433.33",
        "Together -$43.33",
    )


def test_a_discount_for_some_days_says_for_how_many() -> None:
    begins: Dated[Reduction | None] = Dated((Entry(None), Entry(TENTH, day("2027-04-16"))))
    one = replace(arrears(line(per_unit("10"))), discounts=(Discount("Loyalty", begins),))
    told = workings(only(april(one), "discount"), DOLLARS)
    assert told[0] == "16–30 Apr: 10% of $433.33, for 15 of 30 days"


def test_a_discount_that_is_larger_than_what_is_left_says_so() -> None:
    much = Discount("Start-up help", always(Reduction(amount_minor=1_000_00)))
    charge = only(april(replace(arrears(line(per_unit("10"))), discounts=(much,))), "discount")
    assert workings(charge, DOLLARS) == (
        "$1,000.00 off",
        "Taken off Managed user: $433.33",
        "It is never more than what is left of that: $433.33",
        "Together -$433.33",
    )


def test_a_minimum_amount_says_what_was_missing() -> None:
    one = replace(arrears(line(per_unit("10"))), minimum_minor=always(500_00))
    charge = only(april(one), "minimum")
    assert wording.sentence(charge, DOLLARS.money) == "Minimum amount: Managed services, 1–30 Apr 2027"
    assert workings(charge, DOLLARS) == (
        "At least $500.00",
        "Lines less discounts come to $433.33 in 1–30 Apr 2027",
        "Together $66.67",
    )


def of_two_categories() -> Draft:
    """A tenth off 300.00 taxed at 20 % and 100.00 taxed at 5 %."""
    lines = (
        line(per_unit("100"), name="a", count=Measure("fixed", "3")),
        line(per_unit("100"), name="b", count=Measure("fixed", "1"), tax="reduced"),
    )
    taxes = {
        "standard": TaxCategory(always((TaxRate("VAT", Decimal(20)),))),
        "reduced": TaxCategory(always((TaxRate("VAT", Decimal(5)),))),
    }
    return april(replace(arrears(*lines), discounts=(Discount("Loyalty", always(TENTH)),)), taxes=taxes)


def test_a_discount_over_several_categories_names_the_main_one_and_is_taxed_in_each() -> None:
    content = as_json(paper(of_two_categories()))
    (discount,) = [entry for entry in content["lines"] if entry["kind"] == "discount"]
    assert (discount["line"], discount["amount"], discount["tax"]) == ("Loyalty", "-40.00", "standard")
    assert [(tax["category"], tax["base"], tax["amount"]) for tax in content["taxes"]] == [
        ("standard", "270.00", "54.00"),
        ("reduced", "90.00", "4.50"),
    ]


def test_the_new_kinds_stand_under_headings_of_their_own_on_every_paper() -> None:
    one = replace(
        arrears(line(per_unit("10"))), minimum_minor=always(500_00), discounts=(Discount("Loyalty", always(TENTH)),)
    )
    document = paper(april(one))
    assert [group.title for group in present(document).groups] == ["Recurring", "Discounts", "Minimum amounts"]
    page = as_html(document)
    assert all(said in page for said in ("Discount: Loyalty", "Minimum amount: Managed services", "-$43.33"))
    assert '"Loyalty","discount"' in lines_as_csv(document)


def of_every_basis() -> Draft:
    """A discount, a minimum, a meter and a line with a way of counting of its own, on one invoice."""
    lines = (
        replace(line(per_unit("10")), counting=Counting("peak")),
        line(Usage(Decimal(2)), name="backup", count=BACKUP),
    )
    one = replace(arrears(*lines), minimum_minor=always(900_00), discounts=(Discount("Loyalty", always(TENTH)),))
    read = Reading(day("2027-04-03"), Decimal(3), "a")
    return april(one, Snapshot(Terms("acme", "USD", ()), USERS, readings={"backup": (read,)}))


def test_what_an_amount_rests_on_is_frozen_with_the_document() -> None:
    draft = of_every_basis()
    assert {type(charge.basis) for charge in draft.charges} == {Counted, Metered, TakenOff, ToppedUp}
    assert decode(Draft, encode(draft)) == draft
