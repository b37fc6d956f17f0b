"""What is charged twice, and what is printed without counting as billed, is found among the records themselves."""

from dataclasses import replace

from billing.calendar import Cycle
from billing.invoice import draft_invoice
from checks.gaps import search
from checks.records import THE_DRAFT, overlaps, records_of
from tests.billing.build import day, days, flat, line, per_unit, snapshot, steps
from tests.billing.issued import MONTHLY, THREE_MONTHS, issued, told


def test_a_second_charge_for_a_month_is_an_overlap() -> None:
    facts, records = issued(MONTHLY, *THREE_MONTHS)
    twice = replace(records[1], number="NW-9")
    (found,) = search(facts, (*records, twice), day("2027-03-01"))
    assert (found.kind, found.period, found.numbers) == ("overlap", records[1].period, ("NW-2027-02-01", "NW-9"))


def test_charges_that_share_days_are_an_overlap_also_where_they_begin_on_other_days() -> None:
    _, records = issued(MONTHLY, "2027-01-01", "2027-02-01")
    shifted = replace(records[1], period=days("2027-01-16", "2027-02-16"))
    assert told(overlaps((records[0], shifted))) == [("overlap", "managed-user", "2027-01-16", "2027-02-01")]


def test_a_charge_for_days_that_were_billed_elsewhere_is_an_overlap() -> None:
    _, (record,) = issued(MONTHLY, "2027-01-01")
    before = replace(record, kind=None, number=None)
    assert told(overlaps((before, record))) == [("overlap", "managed-user", "2027-01-01", "2027-02-01")]
    (found,) = overlaps((before, record))
    assert (found.amount_minor, found.numbers) == (record.amount_minor, ("NW-2027-01-01",))


def test_what_was_billed_elsewhere_in_two_entries_is_no_overlap() -> None:
    _, (record,) = issued(MONTHLY, "2027-01-01")
    before = replace(record, kind=None, number=None)
    assert overlaps((before, before)) == ()


def test_a_draft_for_a_month_that_is_charged_overlaps_it_under_a_name_of_its_own() -> None:
    _, records = issued(MONTHLY, "2027-01-01")
    draft = draft_invoice(MONTHLY, day("2027-01-01"))
    assert draft is not None
    (found,) = overlaps((*records, *records_of(draft)))
    assert found.numbers == ("NW-2027-01-01", THE_DRAFT)


def test_a_charge_for_a_part_of_days_that_are_charged_is_an_overlap_of_that_part() -> None:
    _, (record,) = issued(MONTHLY, "2027-01-01")
    part = replace(record, period=days("2027-01-05", "2027-01-10"))
    assert told(overlaps((record, part))) == [("overlap", "managed-user", "2027-01-05", "2027-01-10")]


def test_an_adjustment_of_a_month_is_no_overlap() -> None:
    late = snapshot(line(per_unit("10")), steps(("2027-01-01", "3"), ("2027-01-10", "4", "2027-01-20")))
    facts, records = issued(late, "2027-01-01", "2027-02-01")
    assert [record.kind for record in records].count("adjustment") == 1
    assert search(facts, records, day("2027-02-01")) == ()


def test_a_month_that_an_adjustment_brought_to_nothing_is_not_charged_from_the_beginning_again() -> None:
    _, (record,) = issued(MONTHLY, "2027-01-01")
    nothing = replace(record, kind="adjustment", amount_minor=-30_00, number="NW-2")
    again = replace(record, number="NW-3")
    (found,) = overlaps((record, nothing, again))
    assert found.numbers == ("NW-2027-01-01", "NW-3")


def test_a_month_that_was_taken_back_once_is_charged_from_the_beginning_whenever_nothing_of_it_is_left() -> None:
    _, (record,) = issued(MONTHLY, "2027-01-01")
    back = replace(record, kind="adjustment", amount_minor=-30_00)
    assert overlaps((record, replace(back, reversal=True), record, back, record)) == ()


def test_another_cycle_over_days_that_were_given_back_is_no_overlap() -> None:
    facts, records = issued(snapshot(line(flat("100"))), "2027-01-01")
    moved = replace(facts.terms.agreements[0], cycle=Cycle(1, day("2027-01-15")))
    facts = replace(facts, terms=replace(facts.terms, agreements=(moved,)))
    facts, more = issued(facts, "2027-01-15")
    assert len(more) == 2
    assert search(facts, (*records, *more), day("2027-01-15")) == ()


def test_what_is_printed_but_does_not_count_and_the_other_way_round_is_told() -> None:
    facts, (record,) = issued(MONTHLY, "2027-01-01")
    for kind, odd in (("uncounted", replace(record, counts=False)), ("unprinted", replace(record, printed=False))):
        (found,) = search(facts, (odd,), day("2027-01-01"))
        assert (found.kind, found.period, found.amount_minor) == (kind, record.period, record.amount_minor)
        assert found.numbers == ("NW-2027-01-01",)
