"""What explains a total that moved, and what doesn't."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.agreement import Discount, Reduction, bill_dates
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment
from billing.invoice import draft_invoice
from billing.prices import Usage
from billing.quantities import Measure, Step
from billing.snapshot import Snapshot
from checks.bounds import breaches
from checks.moved import Approved, Reasons, Unexplained, exceeds_share
from tests.billing.build import (
    FULL,
    agreement,
    day,
    flat,
    line,
    one_off,
    per_unit,
    prices,
    seat,
    snapshot,
    steps,
    terms,
)
from tests.billing.issued import NO_REASONS, after, codes, hits, metered

THREE = steps(("2026-01-01", "3"))


def changed(facts: Snapshot, quantity: str, on: str = "2026-01-01") -> Snapshot:
    """As if somebody had altered the stored number."""
    return replace(facts, stated={FULL: (Step(day(on), Decimal(quantity)),)})


def discounted(facts: Snapshot) -> Snapshot:
    """The same with a tenth off everything."""
    (owner,) = facts.terms.agreements
    tenth = Discount("D", always(Reduction(percent=Decimal(10))))
    return replace(facts, terms=replace(facts.terms, agreements=(replace(owner, discounts=(tenth,)),)))


TWO_MONTHS = after(snapshot(line(per_unit("10")), THREE), "2027-01-01", "2027-02-01")


def test_a_total_that_stays_is_not_asked_for_reasons() -> None:
    assert codes(TWO_MONTHS, "2027-03-01") == []


@pytest.mark.parametrize(("quantity", "hit"), [("33", []), ("34", ["R17"]), ("27", []), ("26", ["R17"])])
def test_a_tenth_either_way_is_not_asked_for_reasons(quantity: str, hit: list[str]) -> None:
    facts = after(
        snapshot(agreement(line(per_unit("10")), start="2027-01-01"), steps(("2026-01-01", "30"))), "2027-01-01"
    )
    assert codes(changed(facts, quantity), "2027-02-01") == hit


def test_what_moved_is_named_with_both_amounts() -> None:
    (breach,) = hits(changed(TWO_MONTHS, "6"), "2027-03-01")
    assert isinstance(breach.cause, Unexplained)
    assert breach.cause.names == ("managed-user",)
    # January's own adjustment has the agreement's start for a reason.
    assert (breach.cause.before_minor, breach.cause.after_minor, breach.amount_minor) == (6_000, 12_000, 6_000)


def test_the_first_invoice_has_nothing_to_be_compared_with() -> None:
    assert codes(snapshot(line(per_unit("10")), THREE), "2027-03-01") == []


def test_a_line_that_is_charged_no_more_has_moved() -> None:
    assert codes(changed(TWO_MONTHS, "0"), "2027-03-01") == ["R17"]


def test_a_line_that_left_nothing_to_bill_at_all_has_moved() -> None:
    facts = replace(TWO_MONTHS, billed=TWO_MONTHS.billed)
    assert [each.code for each in breaches(facts, None, day("2027-03-01"), day("2027-03-01"), NO_REASONS)] == ["R17"]


def test_in_arrears_a_line_that_is_charged_no_more_has_moved() -> None:
    facts = after(snapshot(agreement(line(per_unit("10")), timing="arrears"), THREE), "2027-02-01", "2027-03-01")
    (breach,) = hits(changed(facts, "0"), "2027-04-01")
    # March against February, and February against itself.
    assert breach.cause == Unexplained(("managed-user",), 60_00, 0)


def test_a_meter_that_has_read_nothing_at_all_is_not_asked_for_reasons() -> None:
    storage = line(always(Usage(Decimal(1))), name="storage", count=Measure("usage", "GB"), minimum="30")
    assert codes(after(snapshot(storage), "2027-02-01", "2027-03-01"), "2027-04-01") == []


def test_what_explains_one_line_explains_no_other() -> None:
    dearer = line(prices(flat("10"), ("2027-03-01", flat("20"), None)), name="desk", count=None)
    facts = after(snapshot(agreement(line(per_unit("10")), dearer), THREE), "2027-01-01", "2027-02-01")
    (breach,) = hits(changed(facts, "9"), "2027-03-01")
    # March against February, and February against itself.
    assert breach.cause == Unexplained(("managed-user",), 60_00, 180_00)


@pytest.mark.parametrize(("quantity", "hit"), [("31", []), ("32", ["R17"])])
def test_a_tenth_is_of_the_last_total_without_the_periods_that_are_adjusted(quantity: str, hit: list[str]) -> None:
    # February and March are adjusted and April costs more: three times 10.00 or 20.00 against a tenth of 300.00.
    months = ("2027-01-01", "2027-02-01", "2027-03-01")
    facts = after(snapshot(line(per_unit("10")), steps(("2026-01-01", "30"))), *months)
    assert codes(changed(facts, quantity), "2027-04-01") == hit


def test_a_one_off_that_is_given_back_is_no_part_of_the_total() -> None:
    of = agreement(line(per_unit("10")), one_offs=(one_off("2027-02-01", 90_00),))
    facts = after(snapshot(of, THREE), "2027-01-01", "2027-02-01")
    gone = replace(facts.terms, agreements=(replace(of, one_offs=()),))
    assert codes(replace(facts, terms=gone), "2027-03-01") == []


def test_a_quarter_that_was_billed_with_its_first_month_has_not_moved_in_its_second() -> None:
    both = (agreement(line(per_unit("10"))), agreement(line(flat("900"), name="q"), name="Q", months=3))
    facts = snapshot(terms(*both), THREE)
    assert codes(after(facts, "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"), "2027-05-01") == []


def test_a_line_that_was_never_charged_has_not_moved() -> None:
    of = agreement(line(per_unit("10")), line(flat("0"), name="desk", start="2028-01-01"))
    assert codes(after(snapshot(of, THREE), "2027-01-01", "2027-02-01"), "2027-03-01") == []


def test_a_discount_that_somebody_altered_is_asked_for_reasons() -> None:
    facts = after(discounted(snapshot(line(per_unit("10")), THREE)), "2027-01-01", "2027-02-01")
    (owner,) = facts.terms.agreements
    half = Discount("D", always(Reduction(percent=Decimal(50))))
    altered = replace(facts.terms, agreements=(replace(owner, discounts=(half,)),))
    (breach,) = hits(replace(facts, terms=altered), "2027-03-01")
    # A line that stays at 30.00, and twice a discount of 3.00 that is 15.00 now: for March and for February itself.
    assert breach.cause == Unexplained(("D",), 24_00, 0)


def test_a_discount_on_a_meter_s_minimum_follows_a_month_later_without_a_reason() -> None:
    storage = line(always(Usage(Decimal(1))), name="storage", count=Measure("usage", "GB"), minimum="30")
    of = replace(
        agreement(line(flat("10")), storage), discounts=(Discount("D", always(Reduction(percent=Decimal(50)))),)
    )
    facts = after(snapshot(of), "2027-01-01", "2027-02-01")
    draft = draft_invoice(facts, day("2027-03-01"))
    assert draft is not None
    assert ("D", "adjustment", -15_00) in [(each.item.name, each.kind, each.amount_minor) for each in draft.charges]
    assert codes(facts, "2027-03-01") == []


def test_a_reading_of_the_first_day_of_the_month_before_explains_it() -> None:
    storage = line(always(Usage(Decimal(1))), name="storage", count=Measure("usage", "GB"), minimum="5")
    facts = replace(snapshot(storage), readings=metered("2027-02-01").readings)
    facts = after(facts, "2027-02-01", "2027-03-01")
    assert codes(facts, "2027-04-01") == []


EXPLAINED = {
    "an import of the line": Reasons(lines=frozenset({"managed-user"})),
    "an import of the agreement": Reasons(agreements=frozenset({"Managed services"})),
    "an import of the number": Reasons(measures=frozenset({"full"})),
    "a new approval": Reasons(approved=(Approved(FULL, day("2026-01-01"), new=True),)),
}
NOT_EXPLAINED = {
    "nothing": NO_REASONS,
    "an import of another line": Reasons(lines=frozenset({"backup"}), measures=frozenset({"frontline"})),
    "another roster's approval": Reasons(
        approved=(Approved(Measure("roster", "frontline"), day("2027-02-10"), new=True),)
    ),
    "an old approval of an old day": Reasons(approved=(Approved(FULL, day("2026-01-01"), new=False),)),
}


@pytest.mark.parametrize("reasons", EXPLAINED.values(), ids=EXPLAINED)
def test_what_people_did_explains_it(reasons: Reasons) -> None:
    assert codes(changed(TWO_MONTHS, "6"), "2027-03-01", reasons=reasons) == []


@pytest.mark.parametrize("reasons", NOT_EXPLAINED.values(), ids=NOT_EXPLAINED)
def test_what_people_did_elsewhere_does_not(reasons: Reasons) -> None:
    assert codes(changed(TWO_MONTHS, "6"), "2027-03-01", reasons=reasons) == ["R17"]


def test_an_older_approval_explains_the_days_on_which_it_took_effect() -> None:
    facts = snapshot(line(per_unit("10")), seats=[seat(1, "2026-06-01"), seat(2, "2027-02-10")], counted="2026-06-01")
    billed = after(replace(facts, seats=tuple(facts.seats)[:1]), "2027-01-01", "2027-02-01")
    grown = replace(billed, seats=facts.seats)
    reasons = Reasons(approved=(Approved(FULL, day("2027-02-10"), new=False),))
    assert codes(grown, "2027-03-01") == ["R17"]
    assert codes(grown, "2027-03-01", reasons=reasons) == []


STARTS = date(2027, 3, 1)
DATED = {
    "a dated price": snapshot(line(prices(per_unit("10"), ("2027-03-01", per_unit("20"), None))), THREE),
    "a price that was learnt late": snapshot(
        line(prices(per_unit("10"), ("2026-01-01", per_unit("20"), "2027-02-20"))), THREE
    ),
    "a stated number": snapshot(line(per_unit("10")), steps(("2026-01-01", "3"), ("2027-03-01", "6"))),
    "a number that was learnt late": snapshot(
        line(per_unit("10")), steps(("2026-01-01", "3"), ("2026-01-01", "6", "2027-02-20"))
    ),
    "a number that was learnt on the day of the bill": snapshot(
        line(per_unit("10")), steps(("2026-01-01", "3"), ("2026-01-01", "6", "2027-03-01"))
    ),
    "an end": snapshot(agreement(line(per_unit("10"), end="2027-03-05")), THREE),
    "an agreement's end": snapshot(agreement(line(per_unit("10")), end="2027-03-05"), THREE),
    "a discount": snapshot(
        replace(
            agreement(line(per_unit("10"))),
            discounts=(Discount("D", Dated((Entry(None), Entry(Reduction(percent=Decimal(50)), since=STARTS)))),),
        ),
        THREE,
    ),
    "a minimum amount": snapshot(
        replace(agreement(line(per_unit("10"))), minimum_minor=Dated((Entry(6_000), Entry(9_000, since=STARTS)))), THREE
    ),
    "a licence term that ends": snapshot(
        replace(line(per_unit("10")), commitment=Commitment(day("2026-03-01"), day("2027-03-01"))),
        steps(("2026-03-01", "6"), ("2026-06-01", "3")),
    ),
    "a licence term that renews": snapshot(
        replace(line(per_unit("10")), commitment=Commitment(day("2025-03-01"), day("2026-03-01"), 12)),
        steps(("2026-03-01", "6"), ("2026-06-01", "3")),
    ),
    "a reading": metered("2027-01-05", "2027-02-05", "2027-02-06"),
    "a discount on a reading": discounted(metered("2027-01-05", "2027-02-05", "2027-02-06")),
    "a one-off": snapshot(agreement(line(per_unit("10")), one_offs=(one_off("2027-03-01", 90_000),)), THREE),
    "a quarter beside months": snapshot(
        replace(
            snapshot(line(per_unit("10")), THREE).terms,
            agreements=(agreement(line(per_unit("10"))), agreement(line(flat("900"), name="q"), name="Q", months=3)),
        ),
        THREE,
    ),
}


@pytest.mark.parametrize("facts", DATED.values(), ids=DATED)
def test_what_is_agreed_explains_it(facts: Snapshot) -> None:
    before = draft_invoice(after(facts, "2027-01-01"), day("2027-02-01"))
    facts = after(facts, "2027-01-01", "2027-02-01")
    now = draft_invoice(facts, day("2027-03-01"))
    assert (now and now.subtotal_minor) != (before and before.subtotal_minor) or len(facts.terms.agreements) > 1
    assert codes(facts, "2027-03-01") == []


def test_a_reversal_explains_what_is_billed_again() -> None:
    taken_back = [replace(each, amount_minor=-each.amount_minor, reversal=True) for each in TWO_MONTHS.billed[-1:]]
    assert codes(replace(TWO_MONTHS, billed=(*TWO_MONTHS.billed, *taken_back)), "2027-03-01") == []


def test_what_was_billed_elsewhere_is_not_compared() -> None:
    elsewhere = tuple(replace(each, number=None, amount_minor=1) for each in TWO_MONTHS.billed)
    assert codes(replace(TWO_MONTHS, billed=elsewhere), "2027-03-01") == []


def test_a_months_worth_of_bill_dates_asks_nobody_for_reasons() -> None:
    facts = snapshot(agreement(line(per_unit("10")), months=1, anchor="2027-01-31", start="2027-01-31"), THREE)
    for on in bill_dates(facts.terms):
        if on > day("2027-12-31"):
            break
        assert codes(facts, str(on)) == []
        facts = after(facts, str(on))


@pytest.mark.parametrize(
    ("part", "whole", "exceeds"),
    [(50, 1000, False), (51, 1000, True), (-51, 1000, True), (51, -1000, True), (0, 0, False), (1, 0, True)],
)
def test_a_share_is_exceeded_only_above_it(part: int, whole: int, exceeds: bool) -> None:  # noqa: FBT001 - a table's column
    assert exceeds_share(part, whole, 5) is exceeds
