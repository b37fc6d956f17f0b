"""Laws about money that hold for every client under every term: discounts, commitments, usage, ways of counting."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import given

from billing.bill_dates import bill_dates
from billing.draft import Charge, Draft, Segment
from billing.invoice import draft_invoice, quote
from billing.money import minor_of
from billing.owed import Owed, agreement_owed, one_off_owed
from billing.snapshot import Snapshot, as_billed
from tests.billing.books_at_random import THROUGH
from tests.billing.strategies import every_client, law

# By then every cycle that was begun is over, and everything is learnt.
HORIZON = date(2029, 3, 1)

Sums = Counter[tuple[str, str, date]]


def _last_bill_date(facts: Snapshot) -> date:
    return next(bill_dates(facts.terms, HORIZON))


def _charged(documents: list[Draft]) -> Sums:
    sums = Sums()
    for document in documents:
        for charge in document.charges:
            sums[charge.item.kind, charge.item.name, charge.cycle.start] += charge.amount_minor
    return sums


def _without_nothing(sums: Sums) -> dict[tuple[str, str, date], int]:
    return {key: amount_minor for key, amount_minor in sums.items() if amount_minor}


def _exact(segments: tuple[Segment, ...]) -> Fraction:
    return sum((s.cycle_amount * s.period.days / s.cycle_days for s in segments), Fraction(0))


def _line_charges(facts: Snapshot) -> list[Charge]:
    return [charge for each in quote(facts, THROUGH) for charge in each.charges if charge.item.kind == "line"]


@law
@given(facts=every_client)
def test_a_second_run_writes_nothing(facts: Snapshot) -> None:
    for document in quote(facts, THROUGH):
        facts = replace(facts, billed=facts.billed + as_billed(document))
        assert draft_invoice(facts, document.bill_date) is None


@law
@given(facts=every_client)
def test_month_by_month_and_all_at_once_charge_the_same_for_every_item_and_period(facts: Snapshot) -> None:
    last = _last_bill_date(facts)
    late = draft_invoice(facts, last)
    by_month = _without_nothing(_charged(list(quote(facts, last))))
    assert by_month == _without_nothing(_charged([late] if late else []))


@law
@given(facts=every_client)
def test_once_nothing_is_pending_the_charges_of_each_item_and_period_are_what_it_owes(facts: Snapshot) -> None:
    facts = replace(facts, billed=())
    on = _last_bill_date(facts)
    known, counts = facts.terms.as_known(on), facts.counts(on)
    owed = Sums()

    def add(entry: Owed) -> None:
        owed[entry.item.kind, entry.item.name, entry.cycle.start] += entry.amount_minor

    for of in known.agreements:
        for cycle in of.cycle.periods(of.start, on):
            ours = of.bills_from is None or max(cycle.start, of.start) >= of.bills_from
            due = {each.name for each in of.lines if cycle.end <= on or (of.timing, each.metered) == ("advance", False)}
            waits = any(each.name not in due and of.covered(each, cycle) for each in of.lines)
            waits = waits or (of.timing == "arrears" and cycle.end > on)
            for entry in agreement_owed(known, of, cycle, counts, due) if ours else ():
                if not (waits and entry.item.kind == "minimum"):
                    add(entry)
    first_days = {of.name: of.bills_from for of in known.agreements}
    for entry in one_off_owed(known):
        if (first_days[entry.item.agreement] or date.min) <= entry.period.start:
            add(entry)
    assert _without_nothing(_charged(list(quote(facts, on)))) == _without_nothing(owed)


@law
@given(facts=every_client)
def test_every_charge_of_a_line_is_its_segments_added_and_rounded_once_less_what_was_billed(facts: Snapshot) -> None:
    for charge in _line_charges(facts):
        assert charge.owed_minor == minor_of(_exact(charge.segments), facts.terms.currency)
        assert charge.amount_minor == charge.owed_minor - charge.billed_minor


@law
@given(facts=every_client)
def test_the_segments_of_a_charge_lie_end_to_end_over_its_period(facts: Snapshot) -> None:
    for charge in _line_charges(facts):
        if charge.segments:
            assert all(one.period.end == other.period.start for one, other in pairwise(charge.segments))
            assert charge.segments[0].period.start == charge.period.start
            assert charge.segments[-1].period.end == charge.period.end


@law
@given(facts=every_client)
def test_lines_and_taxes_add_up_to_the_total_and_shares_to_their_charge(facts: Snapshot) -> None:
    for document in quote(facts, THROUGH):
        assert document.subtotal_minor == sum(charge.amount_minor for charge in document.charges)
        assert document.total_minor == document.subtotal_minor + sum(tax.amount_minor for tax in document.taxes)
        for charge in document.charges:
            assert sum(share.amount_minor for share in charge.tax_shares) == charge.amount_minor


@law
@given(facts=every_client)
def test_discounts_never_take_more_than_the_lines_of_a_period_cost(facts: Snapshot) -> None:
    on = _last_bill_date(facts)
    known, counts = facts.terms.as_known(on), facts.counts(on)
    for of in known.agreements:
        for cycle in of.cycle.periods(of.start, on):
            sums: Counter[str] = Counter()
            for entry in agreement_owed(known, of, cycle, counts, {each.name for each in of.lines}):
                sums[entry.item.kind] += entry.amount_minor
            assert 0 <= -sums["discount"] <= sums["line"]
