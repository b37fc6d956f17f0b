"""Owed less billed: when an invoice is due, what it charges, and how it is taxed."""

from dataclasses import replace
from decimal import Decimal
from itertools import islice

import pytest

from billing.agreement import Agreement, bill_dates, next_bill_date
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment
from billing.draft import Draft, Item
from billing.invoice import NotABillDate, draft_invoice
from billing.quantities import Measure, Step
from billing.snapshot import BilledCharge, Snapshot, as_billed
from billing.taxes import TaxCategory, TaxRate
from rosters.quote import month_by_month
from tests.billing.build import (
    FULL,
    agreement,
    day,
    days,
    flat,
    line,
    numbers,
    one_off,
    per_unit,
    prices,
    rates,
    seat,
    snapshot,
    steps,
    tax,
    terms,
)


def _first_bill_dates(*agreements: Agreement) -> list[str]:
    return [str(on) for on in islice(bill_dates(terms(*agreements)), 4)]


def _documents(of: Agreement, through: str, quantities: tuple[Step, ...] = ()) -> list[tuple[str, int]]:
    return [(str(d.bill_date), d.subtotal_minor) for d in month_by_month(snapshot(of, quantities), day(through))]


def _issued(facts: Snapshot, *bill_dates: str) -> Snapshot:
    for on in bill_dates:
        document = draft_invoice(facts, day(on))
        assert document is not None
        facts = replace(facts, billed=facts.billed + as_billed(document))
    return facts


def _kinds(document: Draft | None) -> list[tuple[str, int]]:
    assert document is not None
    return [(charge.kind, charge.amount_minor) for charge in document.charges]


@pytest.mark.parametrize(
    ("start", "anchor", "months", "expected"),
    [
        ("2027-01-01", "2027-01-01", 1, ["2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"]),
        ("2027-01-02", "2027-01-01", 1, ["2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01"]),
        ("2027-01-31", "2027-01-31", 1, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2028-02-29", "2028-02-29", 12, ["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29"]),
    ],
)
def test_a_client_is_billed_on_the_cycle_s_days_from_its_start(
    start: str, anchor: str, months: int, expected: list[str]
) -> None:
    assert _first_bill_dates(agreement(start=start, anchor=anchor, months=months)) == expected


def test_two_agreements_bill_on_the_days_of_both() -> None:
    both = (agreement(name="A"), agreement(name="B", start="2027-01-10", anchor="2027-01-15"))
    assert _first_bill_dates(*both) == ["2027-01-01", "2027-01-15", "2027-02-01", "2027-02-15"]


def test_a_client_without_an_agreement_is_never_billed() -> None:
    assert next_bill_date(terms(), day("2027-01-01")) is None


def test_a_day_that_is_no_bill_date_is_refused_and_the_next_is_named() -> None:
    with pytest.raises(NotABillDate, match="the next is 2027-05-01"):
        draft_invoice(snapshot(line(flat("100"))), day("2027-04-02"))


def test_a_client_without_an_agreement_is_refused_too() -> None:
    with pytest.raises(NotABillDate, match="has no agreement"):
        draft_invoice(snapshot(terms()), day("2027-04-02"))


def test_in_advance_a_period_is_billed_on_its_first_day() -> None:
    assert _documents(agreement(line(flat("100"))), "2027-01-31") == [("2027-01-01", 100_00)]


def test_in_arrears_a_period_is_billed_on_the_day_after_it() -> None:
    of = agreement(line(flat("100")), timing="arrears")
    assert _documents(of, "2027-02-28") == [("2027-02-01", 100_00)]


def test_in_arrears_a_stub_at_the_end_is_billed_at_the_end_of_its_full_cycle() -> None:
    of = agreement(line(flat("310")), timing="arrears", end="2027-01-11")
    assert _documents(of, "2027-06-01") == [("2027-02-01", 100_00)]


def test_in_advance_a_known_end_shortens_the_last_period() -> None:
    assert _documents(agreement(line(flat("310")), end="2027-01-11"), "2027-06-01") == [("2027-01-01", 100_00)]


def test_an_end_learnt_after_the_invoice_gives_the_rest_back() -> None:
    of = agreement(line(flat("310")), end="2027-01-11", end_known="2027-02-03")
    documents = list(month_by_month(snapshot(of), day("2027-06-01")))
    assert [(str(d.bill_date), d.document, d.subtotal_minor) for d in documents] == [
        ("2027-01-01", "invoice", 310_00),
        ("2027-02-01", "invoice", 310_00),
        ("2027-03-01", "credit_note", -210_00 - 310_00),
    ]


def test_periods_before_bills_from_are_not_ours() -> None:
    of = replace(agreement(line(flat("100"))), bills_from=day("2027-03-01"))
    assert _documents(of, "2027-04-01") == [("2027-03-01", 100_00), ("2027-04-01", 100_00)]


def test_a_stub_that_begins_on_bills_from_is_ours() -> None:
    of = replace(agreement(line(flat("310")), start="2027-01-22"), bills_from=day("2027-01-22"))
    assert _documents(of, "2027-02-01") == [("2027-02-01", 100_00 + 310_00)]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (3, [("2027-01-01", 900_00), ("2027-04-01", 900_00)]),
        (12, [("2027-01-01", 900_00), ("2028-01-01", 900_00)]),
    ],
)
def test_a_longer_cycle_is_billed_once_a_cycle(months: int, expected: list[tuple[str, int]]) -> None:
    of = agreement(line(flat("900")), months=months)
    assert _documents(of, expected[-1][0]) == expected


def test_a_longer_cycle_bills_adjustments_monthly() -> None:
    of = agreement(line(per_unit("90")), months=3)
    numbers = steps(("2027-01-01", "10"), ("2027-01-16", "12", "2027-01-16"))
    # Two more for 75 of the 90 days.
    assert _documents(of, "2027-04-01", numbers) == [
        ("2027-01-01", 900_00), ("2027-02-01", 150_00), ("2027-04-01", 1080_00)
    ]  # fmt: skip


def test_a_stub_of_a_longer_cycle_waits_for_the_boundary_that_reaches_it() -> None:
    of = agreement(line(flat("900")), months=3, start="2027-02-10")
    assert _documents(of, "2027-04-01") == [("2027-04-01", 500_00 + 900_00)]


def test_an_agreement_is_not_billed_on_another_s_day_before_it_starts() -> None:
    facts = snapshot(
        terms(
            agreement(line(flat("100"), name="a"), name="A", anchor="2027-01-15"),
            agreement(line(flat("310"), name="b"), name="B", start="2027-01-22"),
        )
    )
    documents = [(str(d.bill_date), [c.item.name for c in d.charges]) for d in month_by_month(facts, day("2027-02-01"))]
    assert documents == [("2027-01-15", ["a", "a"]), ("2027-02-01", ["b", "b"])]


def test_a_forgotten_month_is_billed_with_the_next() -> None:
    facts = _issued(snapshot(line(flat("100"))), "2027-01-01")
    assert _kinds(draft_invoice(facts, day("2027-03-01"))) == [("recurring", 100_00), ("recurring", 100_00)]


def test_a_second_run_has_nothing_to_bill() -> None:
    facts = _issued(snapshot(line(flat("100"))), "2027-01-01")
    assert draft_invoice(facts, day("2027-01-01")) is None


def test_a_change_and_its_correction_leave_nothing_to_bill() -> None:
    facts = snapshot(line(per_unit("31")), steps(("2027-01-01", "2")))
    facts = _issued(facts, "2027-01-01")
    more = replace(facts, stated=snapshot(line(flat("1")), steps(("2027-01-01", "2"), ("2027-01-22", "3"))).stated)
    more = _issued(more, "2027-02-01")
    back = replace(more, stated=facts.stated)
    assert _kinds(draft_invoice(back, day("2027-03-01"))) == [
        ("recurring", 62_00), ("adjustment", -10_00), ("adjustment", -31_00)
    ]  # fmt: skip


def test_what_was_billed_elsewhere_is_not_billed_again() -> None:
    elsewhere = BilledCharge(Item("Old", "line", "managed-user"), day("2027-01-01"), 90_00)
    facts = snapshot(line(flat("100")), billed=(elsewhere,))
    assert _kinds(draft_invoice(facts, day("2027-01-01"))) == [("adjustment", 10_00)]


def test_what_was_billed_before_a_later_start_is_given_back_on_the_next_bill_date() -> None:
    elsewhere = BilledCharge(Item("Old", "line", "managed-user"), day("2027-01-01"), 90_00)
    facts = snapshot(agreement(line(flat("90")), start="2027-02-10", months=3), billed=(elsewhere,))
    # 50 of the 90 days are covered.
    assert _kinds(draft_invoice(facts, day("2027-03-01"))) == [("adjustment", -40_00)]


def test_a_price_of_nothing_makes_no_document() -> None:
    assert draft_invoice(snapshot(line(per_unit("0")), steps(("2027-01-01", "5"))), day("2027-01-01")) is None


def test_a_free_line_is_shown_beside_a_paid_one_with_its_quantity() -> None:
    of = agreement(line(flat("100")), line(per_unit("5"), name="free", included="10"))
    document = draft_invoice(snapshot(of, steps(("2027-01-01", "4"))), day("2027-01-01"))
    assert document is not None
    assert [(c.item.name, c.quantity, c.amount_minor) for c in document.charges] == [
        ("managed-user", None, 100_00),
        ("free", 4, 0),
    ]


def test_what_is_new_is_read_before_what_is_corrected() -> None:
    of = agreement(line(per_unit("31")), line(flat("50"), name="site"), one_offs=(one_off("2027-01-20", 700),))
    facts = snapshot(of, steps(("2027-01-01", "1"), ("2027-01-31", "2", "2027-01-31")))
    document = list(month_by_month(facts, day("2027-02-01")))[-1]
    assert [(c.kind, c.item.name) for c in document.charges][:3] == [
        ("recurring", "managed-user"),
        ("recurring", "site"),
        ("adjustment", "managed-user"),
    ]
    assert document.charges[3].kind == "one_off"


def test_an_invoice_names_its_client_and_is_due_after_the_client_s_days() -> None:
    document = draft_invoice(snapshot(replace(terms(agreement(line(flat("1")))), terms_days=14)), day("2027-05-01"))
    assert document is not None
    assert (document.client, document.due_on) == ("acme", day("2027-05-15"))


def test_a_one_off_before_everything_that_is_ours_is_not_billed() -> None:
    offs = (one_off("2027-01-31", 700), one_off("2027-02-01", 300, text="Cable"))
    of = replace(agreement(one_offs=offs), bills_from=day("2027-02-01"))
    document = draft_invoice(Snapshot(terms(of)), day("2027-02-01"))
    assert document is not None
    assert [(charge.text, charge.amount_minor) for charge in document.charges] == [("Cable", 300)]


def test_a_one_off_that_was_billed_before_all_was_handed_over_is_not_given_back() -> None:
    of = agreement(one_offs=(one_off("2027-01-20", 700),))
    first = draft_invoice(Snapshot(terms(of)), day("2027-02-01"))
    assert first is not None
    later = Snapshot(terms(replace(of, bills_from=day("2027-03-01"))), billed=as_billed(first, "NW-000001"))
    assert draft_invoice(later, day("2027-03-01")) is None


def test_a_one_off_that_changes_is_corrected_and_one_that_goes_is_given_back() -> None:
    of = agreement(one_offs=(one_off("2027-01-20", 700), one_off("2027-01-21", 300, text="Cable")))
    facts = _issued(snapshot(of), "2027-02-01")
    changed = replace(facts, terms=terms(agreement(one_offs=(one_off("2027-01-20", 500),))))
    assert _kinds(draft_invoice(changed, day("2027-03-01"))) == [("adjustment", -200), ("adjustment", -300)]


def test_a_one_off_is_the_same_under_an_agreement_of_another_name() -> None:
    of = agreement(one_offs=(one_off("2027-01-20", 700),))
    facts = _issued(snapshot(of), "2027-02-01")
    renamed = replace(facts, terms=terms(replace(of, name="Managed services 2027")))
    assert draft_invoice(renamed, day("2027-03-01")) is None


def test_a_one_off_is_given_back_with_the_agreement_that_it_stood_in() -> None:
    bare, other = agreement(), agreement(name="Other", one_offs=(one_off("2027-01-20", 700),))
    facts = _issued(snapshot(terms(bare, other)), "2027-02-01")
    assert _kinds(draft_invoice(replace(facts, terms=terms(bare)), day("2027-03-01"))) == [("adjustment", -700)]


def test_a_one_off_waits_for_the_first_bill_date_on_or_after_it() -> None:
    of = agreement(one_offs=(one_off("2027-02-01", 700), one_off("2027-02-02", 300)))
    assert _documents(of, "2027-03-01") == [("2027-02-01", 700), ("2027-03-01", 300)]


def test_one_offs_that_look_alike_are_each_billed_once() -> None:
    same = one_off("2027-01-20", 700)
    of = agreement(one_offs=(same, same, one_off("2027-01-20", 700, text="Goodwill (2)")))
    assert _documents(of, "2027-06-01") == [("2027-02-01", 2100)]


def test_a_tax_is_rounded_once_on_the_sum_of_its_category() -> None:
    # 3 x 0.10 at 5 % is 0.015, so 0.02; line by line it would be 3 x 0.01 = 0.03.
    of = agreement(*(line(flat("0.10"), name=f"line {number}") for number in range(3)))
    document = draft_invoice(snapshot(of, taxes={"standard": tax("5")}), day("2027-01-01"))
    assert document is not None
    assert [(total.base_minor, total.amount_minor) for total in document.taxes] == [(30, 2)]
    assert document.total_minor == 32


def test_several_taxes_on_one_category_stand_side_by_side() -> None:
    both = TaxCategory(rates((TaxRate("GST", Decimal(5)), TaxRate("PST", Decimal(7)))))
    document = draft_invoice(snapshot(line(flat("100")), taxes={"standard": both}), day("2027-01-01"))
    assert document is not None
    assert [(total.name, total.amount_minor) for total in document.taxes] == [("GST", 500), ("PST", 700)]
    assert document.total_minor == 112_00


def _rising_tax() -> dict[str, TaxCategory]:
    vat = rates((TaxRate("VAT", Decimal(19)),), ("2027-01-31", (TaxRate("VAT", Decimal(20)),), None))
    return {"standard": TaxCategory(vat)}


def test_a_period_is_taxed_at_the_rate_of_its_last_day() -> None:
    document = draft_invoice(snapshot(line(flat("100")), taxes=_rising_tax()), day("2027-01-01"))
    assert document is not None
    assert document.charges[0].rates == (TaxRate("VAT", Decimal(20)),)


def test_a_one_off_is_taxed_at_the_rate_of_its_date() -> None:
    of = agreement(one_offs=(one_off("2027-01-30", 10000), one_off("2027-01-31", 10000)))
    document = draft_invoice(snapshot(of, taxes=_rising_tax()), day("2027-02-01"))
    assert document is not None
    assert [(int(total.percent), total.amount_minor) for total in document.taxes] == [(19, 1900), (20, 2000)]


def test_a_decrease_is_taxed_at_the_rate_at_which_it_was_billed() -> None:
    facts = _issued(
        snapshot(line(per_unit("31")), steps(("2027-01-01", "2")), taxes={"standard": tax("19")}), "2027-01-01"
    )
    now = snapshot(line(per_unit("31")), steps(("2027-01-01", "1")), taxes={"standard": tax("20")}, billed=facts.billed)
    document = draft_invoice(now, day("2027-02-01"))
    assert document is not None
    assert [(c.amount_minor, int(c.rates[0].percent)) for c in document.charges] == [(31_00, 20), (-31_00, 19)]


def test_an_increase_is_taxed_at_the_rate_of_its_period() -> None:
    facts = _issued(
        snapshot(line(per_unit("31")), steps(("2027-01-01", "2")), taxes={"standard": tax("19")}), "2027-01-01"
    )
    now = snapshot(line(per_unit("31")), steps(("2027-01-01", "3")), taxes={"standard": tax("20")}, billed=facts.billed)
    document = draft_invoice(now, day("2027-02-01"))
    assert document is not None
    assert [c.rates[0].percent for c in document.charges] == [20, 20]


def test_a_category_without_tax_carries_its_reason() -> None:
    exempt = {"standard": TaxCategory(rates(()), reason="Reverse charge")}
    document = draft_invoice(snapshot(line(flat("100")), taxes=exempt), day("2027-01-01"))
    assert document is not None
    assert document.taxes == ()
    assert document.tax_reasons == (("standard", "Reverse charge"),)


def test_everyone_with_a_seat_in_a_billed_period_is_listed_with_the_days() -> None:
    facts = snapshot(
        line(per_unit("80")), seats=[seat(2, "2027-01-01"), seat(1, "2027-01-01", "2027-02-20")], counted="2027-01-15"
    )
    february = draft_invoice(facts, day("2027-02-01"))
    assert february is not None
    assert [(p.period, [(s.person, s.period) for s in p.spans]) for p in february.people] == [
        (
            days("2027-01-01", "2027-02-01"),
            [(1, days("2027-01-15", "2027-02-01")), (2, days("2027-01-15", "2027-02-01"))],
        ),
        (
            days("2027-02-01", "2027-03-01"),
            [(1, days("2027-02-01", "2027-02-20")), (2, days("2027-02-01", "2027-03-01"))],
        ),
    ]


def test_a_licence_with_a_roster_s_name_has_no_people() -> None:
    of = agreement(line(per_unit("80")), line(per_unit("5"), name="licence", count=Measure("licence", "full")))
    facts = snapshot(of, seats=[seat(1, "2027-01-01")], counted="2027-01-01")
    facts = replace(facts, stated={Measure("licence", "full"): steps(("2027-01-01", "1"))})
    document = draft_invoice(facts, day("2027-01-01"))
    assert document is not None
    assert [len(billed.spans) for billed in as_billed(document) if billed.item.name == "licence"] == [0]


def test_a_part_that_was_reversed_is_charged_again_as_an_adjustment() -> None:
    facts = _issued(snapshot(line(flat("100"))), "2027-01-01")
    reversed_part = replace(facts.billed[0], amount_minor=-30_00, reversal=True, segments=())
    facts = replace(facts, billed=(*facts.billed, reversed_part))
    assert _kinds(draft_invoice(facts, day("2027-02-01"))) == [("recurring", 100_00), ("adjustment", 30_00)]


def test_a_late_price_changes_every_period_that_it_reaches() -> None:
    of = agreement(line(prices(flat("100"), ("2027-02-01", flat("110"), "2027-03-20"))))
    documents = list(month_by_month(snapshot(of), day("2027-04-01")))
    assert _kinds(documents[-1]) == [("recurring", 110_00), ("adjustment", 10_00), ("adjustment", 10_00)]


def test_months_that_cost_nothing_are_not_made_up_for_later() -> None:
    free = line(per_unit("20"), included=numbers((None, "5")))
    facts = snapshot(agreement(free), steps(("2027-01-01", "3"), ("2027-04-01", "6")))
    assert [_kinds(document) for document in month_by_month(facts, day("2027-04-01"))] == [[("recurring", 20_00)]]


def test_a_line_that_costs_nothing_is_shown_beside_one_that_does() -> None:
    free = line(per_unit("20"), included=numbers((None, "5")))
    facts = snapshot(agreement(free, line(flat("100"), name="fee")), steps(("2027-01-01", "3")))
    assert _kinds(draft_invoice(facts, day("2027-01-01"))) == [("recurring", 0), ("recurring", 100_00)]


def _recategorised(tax_since: str, known: str) -> Snapshot:
    """100.00 a month, taxed as standard, and from a day on as reduced; that is learnt on another day."""
    category = Dated((Entry("standard"), Entry("reduced", day(tax_since), day(known))))
    of = agreement(line(flat("100"), tax=category), end="2027-03-01")
    return snapshot(of, taxes={"standard": tax("20"), "reduced": tax("5", name="Reduced")})


def test_a_tax_category_holds_from_its_day_on() -> None:
    january, february = month_by_month(_recategorised("2027-02-01", "2027-01-15"), day("2027-02-01"))
    assert [(one.category, one.amount_minor) for one in january.taxes] == [("standard", 20_00)]
    assert [(one.category, one.amount_minor) for one in february.taxes] == [("reduced", 5_00)]


def test_a_tax_category_that_is_corrected_late_gives_the_tax_back_and_charges_the_right_one() -> None:
    _, february = month_by_month(_recategorised("2027-01-01", "2027-01-15"), day("2027-02-01"))
    assert [(charge.kind, charge.amount_minor) for charge in february.charges] == [
        ("recurring", 100_00),
        ("adjustment", 0),
    ]
    assert {one.category: (one.base_minor, one.amount_minor) for one in february.taxes} == {
        "standard": (-100_00, -20_00),
        "reduced": (200_00, 10_00),
    }


def test_a_correction_of_taxes_alone_is_issued_once() -> None:
    facts = _recategorised("2027-01-01", "2027-02-15")
    documents = list(month_by_month(facts, day("2027-06-01")))
    assert [(paper.bill_date, paper.subtotal_minor, paper.total_minor) for paper in documents] == [
        (day("2027-01-01"), 100_00, 120_00),
        (day("2027-02-01"), 100_00, 120_00),
        (day("2027-03-01"), 0, -30_00),
    ]
    assert documents[-1].document == "credit_note"


def test_what_is_learnt_on_a_bill_date_is_billed_by_a_second_run_on_that_day() -> None:
    facts = _issued(snapshot(line(per_unit("10")), steps(("2027-01-01", "3"))), "2027-02-01")
    facts = replace(facts, billed_through=day("2027-02-01"))
    assert draft_invoice(facts, day("2027-02-01")) is None
    late = replace(facts, stated={FULL: steps(("2027-01-01", "3"), ("2027-02-01", "4"))})
    assert _kinds(draft_invoice(late, day("2027-02-01"))) == [("adjustment", 1000)]
    assert draft_invoice(late, day("2027-01-01")) is None


def test_lines_keep_their_order_also_where_an_earlier_one_begins_in_a_later_period() -> None:
    of = agreement(line(flat("20"), name="later", start="2027-02-01"), line(flat("10"), name="first"))
    document = draft_invoice(snapshot(of), day("2027-02-01"))
    assert document is not None
    assert [charge.item.name for charge in document.charges] == ["later", "first", "first"]


def test_a_minimum_that_was_billed_before_the_start_moved_is_adjusted_before_the_period_is_over() -> None:
    topped_up = replace(agreement(line(flat("10")), months=3), minimum_minor=always(90_00))
    facts = _issued(snapshot(topped_up), "2027-01-01")
    assert sum(charge.amount_minor for charge in facts.billed) == 90_00
    moved = replace(topped_up, start=day("2027-02-01"))
    document = draft_invoice(replace(facts, terms=terms(moved)), day("2027-02-01"))
    assert document is not None
    # 59 of 90 days are left of the line's 10.00 and of the minimum's 90.00.
    assert [(charge.item.kind, charge.amount_minor) for charge in document.charges] == [
        ("line", 6_56 - 10_00),
        ("minimum", (59_00 - 6_56) - 80_00),
    ]


def test_a_decrease_is_put_off_from_its_own_day_and_told_once_however_often_it_is_said() -> None:
    year = Commitment(day("2027-01-01"), day("2028-01-01"))
    licences = Measure("licence", "SPB")
    committed_line = replace(line(per_unit("10"), count=licences), commitment=year)
    fewer = steps(("2027-01-01", "5"), ("2027-02-15", "3"), ("2027-03-01", "3"))
    facts = replace(snapshot(committed_line), stated={licences: fewer})
    document = draft_invoice(facts, day("2027-03-01"))
    assert document is not None
    (held,) = document.put_off
    assert (held.measure, held.deferral.on, held.monthly_minor) == (licences, day("2027-03-01"), 20_00)
