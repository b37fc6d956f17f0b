"""The worked examples, to the cent, as documents on their bill dates."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from billing.calendar import Period
from billing.counting import Commitment, Counting, Removals
from billing.credits import credit
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.prices import PriceModel
from billing.quantities import Measure
from billing.snapshot import Snapshot, as_billed
from rosters.quote import month_by_month
from tests.billing.build import (
    FULL,
    GRADUATED,
    VOLUME,
    agreement,
    day,
    days,
    flat,
    line,
    one_off,
    per_unit,
    prices,
    seat,
    snapshot,
    steps,
    tax,
)


def _charges(document: Draft) -> list[tuple[str, Period, int]]:
    return [(charge.kind, charge.period, charge.amount_minor) for charge in document.charges]


def _on(documents: Iterable[Draft], bill_date: str) -> Draft:
    return next(document for document in documents if document.bill_date == day(bill_date))


def _draft(facts: Snapshot, bill_date: str) -> Draft:
    document = draft_invoice(facts, day(bill_date))
    assert document is not None
    return document


def _issued(facts: Snapshot, document: Draft) -> Snapshot:
    return replace(facts, billed=facts.billed + as_billed(document))


def test_growth_in_mid_month_on_graduated_tiers() -> None:
    facts = snapshot(line(GRADUATED), steps(("2027-01-01", "42"), ("2027-04-11", "45", "2027-04-11")))
    documents = list(month_by_month(facts, day("2027-05-01")))
    assert [document.total_minor for document in documents] == [1805_00, 1805_00, 1805_00, 1805_00, 2005_00]
    assert _charges(documents[-1]) == [
        ("recurring", days("2027-05-01", "2027-06-01"), 1925_00),
        ("adjustment", days("2027-04-01", "2027-05-01"), 80_00),
    ]


def test_growth_by_seats_gives_the_same_invoice_as_growth_by_numbers() -> None:
    seats = [seat(person, "2027-01-01") for person in range(42)]
    facts = snapshot(line(GRADUATED), seats=seats, counted="2027-01-01")
    for bill_date in ("2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"):
        facts = _issued(facts, _draft(facts, bill_date))
    facts = replace(facts, seats=(*facts.seats, *(seat(person, "2027-04-11") for person in (42, 43, 44))))
    may = _draft(facts, "2027-05-01")
    assert may.subtotal_minor == 2005_00
    assert may.charges[1].moves[0].joined == (42, 43, 44)


@pytest.mark.parametrize(
    ("price", "adjustment_minor", "total_minor"), [(VOLUME, -20_65, 1019_35), (GRADUATED, 43_87, 1208_87)]
)
def test_more_users_cost_less_under_volume_tiers_and_more_under_graduated(
    price: PriceModel, adjustment_minor: int, total_minor: int
) -> None:
    facts = snapshot(line(price), steps(("2027-01-01", "24"), ("2027-03-16", "26", "2027-03-16")))
    april = _on(month_by_month(facts, day("2027-04-01")), "2027-04-01")
    assert _charges(april)[1] == ("adjustment", days("2027-03-01", "2027-04-01"), adjustment_minor)
    assert april.total_minor == total_minor


def test_a_minimum_of_20_is_passed_and_fallen_under() -> None:
    facts = snapshot(
        line(per_unit("75"), minimum="20"),
        steps(("2027-01-01", "17"), ("2027-07-15", "22", "2027-07-15"), ("2027-08-11", "18", "2027-08-11")),
    )
    documents = list(month_by_month(facts, day("2027-09-01")))
    assert _on(documents, "2027-07-01").total_minor == 1500_00
    august = _on(documents, "2027-08-01")
    assert [charge.amount_minor for charge in august.charges] == [1650_00, 82_26]
    assert august.total_minor == 1732_26
    # In August 22 were billed; from the 11th on 18 count as 20: 2 x 75 x 21/31 less, not 4.
    assert [charge.amount_minor for charge in _on(documents, "2027-09-01").charges] == [1500_00, -101_61]


def _a_licence_term() -> Snapshot:
    licences = Measure("licence", "O365_BUSINESS_PREMIUM")
    term = Commitment(day("2027-02-01"), day("2028-02-01"))
    both = agreement(
        replace(line(per_unit("26.40"), name="licences", count=licences), commitment=term),
        line(per_unit("50"), name="managed-user"),
    )
    return replace(
        snapshot(both),
        stated={
            licences: steps(
                ("2027-01-01", "10"),
                ("2027-03-04", "13", "2027-03-04"),
                ("2027-03-09", "12", "2027-03-09"),
                ("2027-03-20", "10", "2027-03-20"),
            ),
            FULL: steps(("2027-01-01", "12"), ("2027-03-20", "10", "2027-03-20")),
        },
    )


def test_a_commitment_beside_managed_users() -> None:
    documents = list(month_by_month(_a_licence_term(), day("2027-04-01")))
    assert [charge.amount_minor for charge in _on(documents, "2027-03-01").charges] == [264_00, 600_00]
    april = _on(documents, "2027-04-01")
    charged = [(charge.item.name, charge.kind, charge.amount_minor) for charge in april.charges]
    assert charged == [
        ("licences", "recurring", 316_80),
        ("managed-user", "recurring", 500_00),
        ("licences", "adjustment", 51_95),
        ("managed-user", "adjustment", -38_71),
    ]
    assert [(charge.owed_minor, charge.billed_minor) for charge in april.charges[2:]] == [
        (315_95, 264_00),
        (561_29, 600_00),
    ]
    assert april.total_minor == 830_04


def test_a_decrease_that_a_commitment_refuses_is_put_off_until_the_renewal_and_says_so() -> None:
    documents = list(month_by_month(_a_licence_term(), day("2028-02-01")))
    (put_off,) = _on(documents, "2027-04-01").put_off
    assert (put_off.line, str(put_off.deferral.wanted), str(put_off.deferral.in_force)) == ("licences", "10", "12")
    assert put_off.deferral.until == day("2028-02-01")
    renewed = _on(documents, "2028-02-01")
    assert renewed.put_off == ()
    assert renewed.charges[0].amount_minor == 264_00


@pytest.mark.parametrize(("removals", "owed_minor"), [("credit", 725_00), ("keep", 750_00)])
def test_a_freed_place_that_is_filled_again(removals: Removals, owed_minor: int) -> None:
    april = agreement(
        replace(line(per_unit("75")), counting=Counting(removals=removals)), start="2027-04-01", timing="arrears"
    )
    facts = snapshot(april, steps(("2027-04-01", "10"), ("2027-04-10", "9"), ("2027-04-20", "10")))
    assert _on(month_by_month(facts, day("2027-05-01")), "2027-05-01").total_minor == owed_minor


def test_a_late_approval_over_an_issued_invoice() -> None:
    seats = [seat(person, "2027-01-01") for person in range(15)]
    facts = snapshot(line(per_unit("80")), seats=seats, counted="2027-01-01")
    for bill_date in ("2027-01-01", "2027-02-01"):
        document = _draft(facts, bill_date)
        assert document.total_minor == 1200_00
        facts = _issued(facts, document)
    approved = replace(facts, seats=(*facts.seats, seat(15, "2027-01-25"), seat(16, "2027-01-25")))
    march = _draft(approved, "2027-03-01")
    assert _charges(march) == [
        ("recurring", days("2027-03-01", "2027-04-01"), 1360_00),
        ("adjustment", days("2027-01-01", "2027-02-01"), 36_13),
        ("adjustment", days("2027-02-01", "2027-03-01"), 160_00),
    ]
    assert march.total_minor == 1556_13
    rejected = _draft(facts, "2027-03-01")
    assert rejected.total_minor == 1200_00


def test_the_last_good_count_is_billed_when_a_hold_is_overridden() -> None:
    facts = snapshot(
        line(per_unit("70")), seats=[seat(person, "2027-04-01") for person in range(64)], counted="2027-04-01"
    )
    assert _draft(facts, "2027-05-01").charges[0].amount_minor == 4480_00


def test_goodwill_is_not_billed_again() -> None:
    facts = snapshot(line(flat("1000")), taxes={"standard": tax("8.25")})
    january = _draft(facts, "2027-01-01")
    note = credit(january, "NW-000007", (), day("2027-01-10"), "Outage", amount_minor=50_00)
    assert (note.document, note.subtotal_minor, note.total_minor) == ("credit_note", -50_00, -54_13)
    february = _draft(_issued(facts, january), "2027-02-01")
    assert _charges(february) == [("recurring", days("2027-02-01", "2027-03-01"), 1000_00)]


def test_a_reversal_is_billed_again() -> None:
    facts = snapshot(line(flat("1000")))
    january = _draft(facts, "2027-01-01")
    facts = _issued(facts, january)
    note = credit(january, "NW-000007", (), day("2027-01-10"), "Wrong buyer")
    assert note.total_minor == -1000_00
    facts = replace(facts, billed=facts.billed + as_billed(note, "NW-000008", reversal=True))
    assert _charges(_draft(facts, "2027-02-01")) == [
        ("recurring", days("2027-01-01", "2027-02-01"), 1000_00),
        ("recurring", days("2027-02-01", "2027-03-01"), 1000_00),
    ]


def test_a_price_that_changes_on_a_date_and_is_learnt_later() -> None:
    facts = snapshot(line(prices(flat("10000"), ("2027-06-11", flat("11000"), "2027-06-20"))))
    documents = list(month_by_month(facts, day("2027-07-01")))
    assert _on(documents, "2027-06-01").total_minor == 10_000_00
    assert _charges(_on(documents, "2027-07-01")) == [
        ("recurring", days("2027-07-01", "2027-08-01"), 11_000_00),
        ("adjustment", days("2027-06-01", "2027-07-01"), 666_67),
    ]


def test_a_price_that_changes_on_a_date_and_is_known_before() -> None:
    facts = snapshot(line(prices(flat("10000"), ("2027-06-11", flat("11000"), None))))
    assert _on(month_by_month(facts, day("2027-07-01")), "2027-06-01").total_minor == 10_666_67


def test_a_start_in_mid_cycle_is_billed_with_the_first_whole_period() -> None:
    facts = snapshot(agreement(line(flat("11000")), start="2027-06-21"))
    documents = list(month_by_month(facts, day("2027-07-01")))
    assert len(documents) == 1
    assert sorted(_charges(documents[0])) == [
        ("recurring", days("2027-06-21", "2027-07-01"), 3666_67),
        ("recurring", days("2027-07-01", "2027-08-01"), 11_000_00),
    ]
    assert documents[0].total_minor == 14_666_67


def test_a_goodwill_credit_of_the_book_is_billed_once_on_the_next_bill_date() -> None:
    facts = snapshot(agreement(line(flat("100")), one_offs=(one_off("2027-04-20", -25_00),)))
    totals = [document.total_minor for document in month_by_month(facts, day("2027-06-01"))]
    assert totals == [100_00, 100_00, 100_00, 100_00, 75_00, 100_00]
