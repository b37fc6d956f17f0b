"""Importing what counting, discounts, commitments, meters and the catalogue allow, and billing it."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Agreement, Discount, Reduction
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment, Counting
from billing.prices import Package, Usage
from billing.quantities import Measure, Reading
from commands import audit, invoices
from commands.catalogue import ProductIsUsed
from commands.exports import export_book
from commands.import_book import BilledAgreementIsMissing
from commands.import_readings import MeterHasReadings, ReadingIsKnownOtherwise
from commands.imports import plan_import
from connectors.books.values import Book, BookClient, BookProduct, BookQuantity, BookReading
from documents.canonical import as_json
from rosters.effects import BilledPeriodsWouldChange
from storage import clients, snapshots
from storage import invoices as documents
from tests.billing.build import agreement, day, flat, line, per_unit, prices, tax
from tests.support.books import book, client, stating
from tests.support.msp import ADA, Msp, amounts

TENTH = Reduction(percent=Decimal(10))
GB = Measure("usage", "gb")
STORAGE = replace(line(flat("0"), name="storage"), price=always(Usage(Decimal("0.50"))), count=GB)


def plain(*terms: Agreement, **facts: object) -> BookClient:
    """A client without people."""
    return replace(client(*terms, directories=(), rosters=()), **facts)  # type: ignore[arg-type] # facts by field


def reading(key: str, amount: str, on: str = "2027-01-15") -> BookReading:
    return BookReading("gb", Reading(day(on), Decimal(amount), key))


def read(*readings: BookReading) -> BookClient:
    return plain(agreement(STORAGE), usage=readings)


def reduced(*discounts: Discount, minimum: int | None = None, name: str = "Managed services") -> Agreement:
    """A flat line of 100 dollars a month, and what is taken off or missing."""
    made = agreement(line(flat("100"), name="fee"), name=name)
    return replace(made, discounts=discounts, minimum_minor=None if minimum is None else always(minimum))


def kinds(document: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(entry["kind"], entry["amount"]) for entry in document["lines"]]


EVERYTHING = agreement(
    replace(
        line(per_unit("10"), name="user"),
        counting=Counting(proration="full_period", removals="keep"),
        commitment=Commitment(day("2027-01-01"), day("2028-01-01"), 12),
        discount=Dated((Entry(None), Entry(TENTH, day("2027-03-01"), day("2027-02-10")))),
    ),
    replace(line(per_unit("1"), name="server"), counting=Counting(15), price=always(Package(Decimal(5), Decimal(400)))),
    STORAGE,
)
COMPLETE = replace(
    EVERYTHING,
    discounts=(Discount("Managed services discount", always(Reduction(amount_minor=500))),),
    minimum_minor=Dated((Entry(0), Entry(5_000, day("2027-06-01")))),
)


def complete() -> BookClient:
    made = client(COMPLETE, quantities=stating(("2027-01-01", "12")))
    return replace(made, terms=replace(made.terms, bill_day=15), usage=(reading("a", "7.5"), reading("b", "0")))


def test_every_kind_of_term_is_exported_as_it_was_imported(msp: Msp) -> None:
    msp.imports(complete())
    assert export_book(msp.database, ADA, msp.clock) == book(complete())


def test_a_book_quotes_what_the_database_previews(msp: Msp) -> None:
    msp.imports(complete())
    (first, *_) = invoices.quote(book(complete()), "acme", day("2027-01-31"), day("2027-01-01"))
    quoted, shown = as_json(first), msp.preview("2027-01-15")
    assert (quoted["lines"], quoted["total"]) == (shown["lines"], shown["total"])
    assert {entry["kind"] for entry in quoted["lines"]} == {"recurring", "discount"}


def test_a_client_with_a_bill_day_is_billed_on_it(msp: Msp) -> None:
    made = plain(agreement(line(flat("100"), name="fee")))
    msp.imports(replace(made, terms=replace(made.terms, bill_day=15)))
    assert msp.preview()["bill_date"] == "2027-01-15"
    msp.bill("2027-01-15")
    assert msp.preview()["bill_date"] == "2027-02-15"


def test_a_bill_day_that_is_taken_back_bills_on_the_cycles_boundaries_again(msp: Msp) -> None:
    made = plain(agreement(line(flat("100"), name="fee")))
    msp.imports(replace(made, terms=replace(made.terms, bill_day=15)))
    plan = msp.imports(made)
    assert "acme: the day on which it is billed changed" in plan.changes
    assert msp.preview()["bill_date"] == "2027-01-01"


def test_what_a_meter_read_is_billed_when_its_period_is_over(msp: Msp) -> None:
    msp.imports(read(reading("a", "10"), reading("b", "2.5")))
    assert amounts(msp.preview("2027-02-01")) == [("recurring", "2027-01-01", "6.25")]


def test_a_reading_that_comes_twice_counts_once(msp: Msp) -> None:
    msp.imports(read(reading("a", "10")))
    plan = msp.imports(read(reading("a", "10.0")))
    assert (plan.changes, amounts(msp.preview("2027-02-01"))) == ((), [("recurring", "2027-01-01", "5.00")])


def test_a_reading_that_the_book_does_not_name_stays(msp: Msp) -> None:
    msp.imports(read(reading("a", "10")))
    msp.imports(read(reading("b", "4")))
    assert amounts(msp.preview("2027-02-01")) == [("recurring", "2027-01-01", "7.00")]


@pytest.mark.parametrize("other", [reading("a", "11"), reading("a", "10", "2027-01-16")])
def test_a_reading_that_came_otherwise_is_refused_with_both(msp: Msp, other: BookReading) -> None:
    msp.imports(read(reading("a", "10")))
    with pytest.raises(ReadingIsKnownOtherwise) as refused:
        msp.imports(read(reading("b", "1"), other))
    for said in (reading("a", "10").reading, other.reading):
        assert f"{said.amount} on {said.on}" in str(refused.value)
    assert amounts(msp.preview("2027-02-01")) == [("recurring", "2027-01-01", "5.00")]


def test_a_late_reading_of_a_billed_period_is_a_correction(msp: Msp) -> None:
    msp.imports(read(reading("a", "10")))
    msp.bill("2027-02-01")
    late = read(reading("b", "4"))
    with pytest.raises(BilledPeriodsWouldChange, match=r"storage, 2027-01-01 to 2027-02-01: 5.00 -> 7.00 USD"):
        msp.imports(late)
    msp.imports(late, correct="the meter was offline")
    assert amounts(msp.preview("2027-03-01")) == [("adjustment", "2027-01-01", "2.00")]


def test_new_terms_that_leave_a_stored_reading_unbilled_say_so(msp: Msp) -> None:
    msp.imports(read(reading("a", "10"), reading("b", "4", "2027-03-01")))
    ended = plain(agreement(replace(STORAGE, end=day("2027-02-01"))))
    plan = msp.imports(ended)
    assert "acme: no line covers what gb read any more: 4 on 2027-03-01" in plan.changes
    assert not any("no line covers" in change for change in msp.imports(ended).changes)


def test_a_meter_that_was_read_cannot_lose_its_line(msp: Msp) -> None:
    msp.imports(read(reading("a", "10")))
    with pytest.raises(MeterHasReadings, match="acme: gb was read"):
        msp.imports(plain(agreement(line(flat("1"), name="fee"))))


def test_a_discount_over_a_billed_period_is_a_correction(msp: Msp) -> None:
    msp.imports(plain(reduced()))
    msp.bill("2027-01-01")
    with pytest.raises(BilledPeriodsWouldChange, match=r"Loyalty, 2027-01-01 to 2027-02-01: 0.00 -> -10.00 USD"):
        msp.imports(plain(reduced(Discount("Loyalty", always(TENTH)))))


def test_a_discount_from_the_next_period_on_is_none(msp: Msp) -> None:
    msp.imports(plain(reduced()))
    msp.bill("2027-01-01")
    msp.imports(plain(reduced(Discount("Loyalty", Dated((Entry(None), Entry(TENTH, day("2027-02-01"))))))))
    assert kinds(msp.preview("2027-02-01")) == [("recurring", "100.00"), ("discount", "-10.00")]


def test_an_agreement_with_a_billed_minimum_keeps_its_name(msp: Msp) -> None:
    msp.imports(plain(reduced(minimum=15_000)))
    msp.bill("2027-01-01")
    with pytest.raises(BilledAgreementIsMissing, match="acme: discounts or a minimum amount of Managed services"):
        msp.imports(plain(reduced(minimum=15_000, name="Care")), correct="a new name")


def test_a_renamed_line_keeps_its_billed_discount(msp: Msp) -> None:
    def named(name: str) -> Agreement:
        return agreement(replace(line(flat("100"), name=name), discount=always(TENTH)))

    msp.imports(plain(named("fee")))
    msp.bill("2027-01-01")
    msp.imports(plain(named("care"), renamed=(("fee", "care"),)))
    assert kinds(msp.preview("2027-02-01")) == [("recurring", "100.00"), ("discount", "-10.00")]


def test_a_discount_over_two_taxes_is_taken_back_as_it_was_taxed(msp: Msp) -> None:
    def over(*discounts: Discount) -> BookClient:
        both = agreement(line(flat("100"), name="fee"), line(flat("300"), name="phone", tax="phone"))
        return client(
            replace(both, discounts=discounts),
            taxes={"standard": tax("10"), "phone": tax("20")},
            directories=(),
            rosters=(),
        )

    msp.imports(over(Discount("Loyalty", always(TENTH))))
    msp.bill("2027-01-01")
    assert [(t["category"], t["base"]) for t in msp.document("NW-000001")["taxes"]] == [
        ("standard", "90.00"),
        ("phone", "270.00"),
    ]
    with msp.database.read() as session:
        row = clients.by_slug(session, "acme")
        assert row is not None
        (charge,) = [one for one in documents.billed(session, row.id or 0) if one.item.kind == "discount"]
    assert [(one.category, one.amount_minor) for one in charge.shares] == [("standard", -1_000), ("phone", -3_000)]
    msp.imports(over(), correct="it was never agreed")
    assert [(t["category"], t["base"]) for t in msp.preview("2027-02-01")["taxes"]] == [
        ("standard", "110.00"),
        ("phone", "330.00"),
    ]


LICENCE = Measure("licence", "E3")


def test_a_decrease_that_a_commitment_puts_off_is_billed_on_and_said_on_the_frozen_document(msp: Msp) -> None:
    term = Commitment(day("2027-01-01"), day("2028-01-01"))
    made = agreement(replace(line(per_unit("30"), name="e3", count=LICENCE), commitment=term))
    counts = (
        BookQuantity(LICENCE, day("2027-01-01"), Decimal(12)),
        BookQuantity(LICENCE, day("2027-03-10"), Decimal(10), day("2027-03-10")),
    )
    msp.imports(plain(made, quantities=counts))
    msp.bill("2027-04-01")
    with msp.database.read() as session:
        draft = documents.content(documents.issued(session)[-1])
    assert ("recurring", "2027-04-01", "360.00") in amounts(msp.document("NW-000001"))
    (held,) = draft.put_off
    assert (held.line, held.deferral.until) == ("e3", day("2028-01-01"))
    assert (held.deferral.wanted, held.deferral.in_force) == (Decimal(10), Decimal(12))


# The catalogue.


def catalogue(*products: BookProduct, clients: Iterable[BookClient] = ()) -> Book:
    return replace(book(), products=products, clients=tuple(clients))


MU = BookProduct("MU", "Managed user", prices(flat("100")))
DEARER = replace(MU, price=prices(flat("100"), ("2027-02-01", flat("120"), None)))


def follower(slug: str = "acme", price: str = "100") -> BookClient:
    made = replace(line(flat(price), name="user"), product="MU")
    return replace(client(made, slug=slug, directories=(), rosters=()))


def test_a_price_rise_in_the_catalogue_shows_its_effect_on_each_client(msp: Msp) -> None:
    msp.imports(catalogue(MU, clients=[follower(), follower("birch"), follower("cedar", "80")]))
    msp.bill("2027-01-01")
    plan = plan_import(msp.database, ADA, catalogue(DEARER), msp.clock)
    assert (plan.following, plan.left_alone) == (("acme", "birch"), ("cedar",))
    assert plan.changes == ("products: changed", "acme: line user changed", "birch: line user changed")
    msp.on("2027-01-20")
    plan = plan_import(msp.database, ADA, catalogue(DEARER), msp.clock)
    assert [(e.client, str(e.period.start), e.before_minor, e.after_minor, e.billed) for e in plan.effects] == [
        ("acme", "2027-02-01", 10_000, 12_000, False),
        ("birch", "2027-02-01", 10_000, 12_000, False),
    ]


def test_lines_follow_the_catalogue_unless_they_say_otherwise(msp: Msp) -> None:
    msp.imports(catalogue(MU, clients=[follower(), follower("cedar", "80")]))
    msp.imports(catalogue(DEARER))
    assert amounts(msp.preview("2027-02-01"))[0] == ("recurring", "2027-01-01", "100.00")
    assert ("recurring", "2027-02-01", "120.00") in amounts(msp.preview("2027-02-01"))
    assert ("recurring", "2027-02-01", "80.00") in amounts(msp.preview("2027-02-01", "cedar"))


def test_a_price_rise_in_the_catalogue_for_billed_periods_is_a_correction(msp: Msp) -> None:
    msp.imports(catalogue(MU, clients=[follower()]))
    msp.bill("2027-01-01")
    with pytest.raises(BilledPeriodsWouldChange, match=r"acme: user, 2027-01-01 to 2027-02-01: 100.00 -> 130.00 USD"):
        msp.imports(catalogue(replace(MU, price=prices(flat("130")))))


def test_a_client_that_follows_the_catalogue_has_it_in_its_audit_log(msp: Msp) -> None:
    msp.imports(catalogue(MU, clients=[follower()]))
    msp.imports(catalogue(DEARER))
    (newest, *_) = audit.entries(msp.database, ADA, "acme")
    assert (newest.action, "acme: line user changed" in newest.data) == ("book.import", True)


def test_a_product_that_a_stored_line_refers_to_cannot_go(msp: Msp) -> None:
    msp.imports(catalogue(MU, clients=[follower()]))
    with pytest.raises(ProductIsUsed, match="MU is what the line user of acme refers to"):
        msp.imports(catalogue(replace(MU, code="MV")))


def test_facts_hold_the_readings_of_every_meter(msp: Msp) -> None:
    msp.imports(read(reading("a", "10"), reading("b", "4")))
    with msp.database.read() as session:
        row = clients.by_slug(session, "acme")
        assert row is not None
        facts = snapshots.load(session, row)
    assert facts.readings == {"gb": (reading("a", "10").reading, reading("b", "4").reading)}
