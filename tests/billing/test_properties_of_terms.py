"""Laws about money that hold for every client under every term: prices, discounts, commitments, ways of counting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import bill_dates
from billing.calendar import Period
from billing.counting import BY_DAY
from billing.draft import Charge, Draft, Segment
from billing.invoice import draft_invoice
from billing.money import minor_of
from billing.owed import agreement_owed, line_owed, one_off_owed
from billing.quantities import Step
from billing.snapshot import BilledCharge, Snapshot, as_billed
from rosters.quote import month_by_month
from tests.billing.books_at_random import THROUGH
from tests.billing.strategies import FIRST_DAY, days, every_client, law

# By then every cycle that was begun is over, and everything is learnt.
HORIZON = date(2029, 6, 1)

Sums = Counter[tuple[str, str, date]]


def _last_bill_date(facts: Snapshot) -> date:
    return next(bill_dates(facts.terms, HORIZON))


def _charged(documents: Iterable[Draft | None]) -> dict[tuple[str, str, date], int]:
    """What each item was charged for each period in the end, where that is anything."""
    sums = Sums()
    for document in documents:
        for charge in document.charges if document else ():
            sums[charge.item.kind, charge.item.name, charge.cycle.start] += charge.amount_minor
    return _without_nothing(sums)


def _without_nothing(sums: Sums) -> dict[tuple[str, str, date], int]:
    return {key: amount_minor for key, amount_minor in sums.items() if amount_minor}


def _exact(segments: tuple[Segment, ...]) -> Fraction:
    return sum((s.cycle_amount * s.period.days / s.cycle_days for s in segments), Fraction(0))


# The laws about documents are tried together, since it takes longer to make a document than to look at it.


def _lines_and_taxes_add_up_to_the_total_and_shares_to_their_charge(document: Draft) -> None:
    assert document.subtotal_minor == sum(charge.amount_minor for charge in document.charges)
    assert document.total_minor == document.subtotal_minor + sum(tax.amount_minor for tax in document.taxes)
    assert (document.document == "invoice") is (document.total_minor >= 0)
    for charge in document.charges:
        assert sum(share.amount_minor for share in charge.tax_shares) == charge.amount_minor


def _a_charge_is_its_segments_added_and_rounded_once_less_what_was_billed(charge: Charge, currency: str) -> None:
    assert charge.owed_minor == minor_of(_exact(charge.segments), currency)
    assert charge.amount_minor == charge.owed_minor - charge.billed_minor


def _the_segments_of_a_charge_lie_end_to_end_over_its_period(charge: Charge) -> None:
    if charge.segments:
        assert all(one.period.end == other.period.start for one, other in pairwise(charge.segments))
        assert charge.segments[0].period.start == charge.period.start
        assert charge.segments[-1].period.end == charge.period.end


def _no_line_is_charged_for_the_first_time_twice_for_a_period(charges: Iterable[Charge]) -> None:
    first = Counter((charge.item, charge.cycle) for charge in charges if charge.kind == "recurring")
    assert set(first.values()) <= {1}


@law
@given(facts=every_client())
def test_the_documents_of_every_client_keep_the_laws_about_documents(facts: Snapshot) -> None:
    documents = list(month_by_month(facts, THROUGH))
    for document in documents:
        _lines_and_taxes_add_up_to_the_total_and_shares_to_their_charge(document)
        assert all(each.amount_minor == each.owed_minor - each.billed_minor for each in document.charges)
    of_lines = [charge for document in documents for charge in document.charges if charge.item.kind == "line"]
    for charge in of_lines:
        _a_charge_is_its_segments_added_and_rounded_once_less_what_was_billed(charge, facts.terms.currency)
        _the_segments_of_a_charge_lie_end_to_end_over_its_period(charge)
    _no_line_is_charged_for_the_first_time_twice_for_a_period(of_lines)


@law
@given(facts=every_client())
def test_a_second_run_writes_nothing(facts: Snapshot) -> None:
    for document in month_by_month(facts, THROUGH):
        facts = replace(facts, billed=facts.billed + as_billed(document))
        assert draft_invoice(facts, document.bill_date) is None


@law
@given(facts=every_client())
def test_month_by_month_and_all_at_once_charge_what_each_item_owes_for_each_period(facts: Snapshot) -> None:
    facts = replace(facts, billed=())
    on = _last_bill_date(facts)
    owed = _everything_owed(facts, on)
    assert _charged(month_by_month(facts, on)) == owed
    assert _charged([draft_invoice(facts, on)]) == owed


def _everything_owed(facts: Snapshot, on: date) -> dict[tuple[str, str, date], int]:
    known, counts, owed = facts.terms.as_known(on), facts.counts(on), Sums()

    def add(entry: Charge) -> None:
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
    return _without_nothing(owed)


@law
@given(facts=every_client())
def test_discounts_never_take_more_than_the_lines_of_a_period_cost(facts: Snapshot) -> None:
    on = _last_bill_date(facts)
    known, counts = facts.terms.as_known(on), facts.counts(on)
    for of in known.agreements:
        for cycle in of.cycle.periods(of.start, on):
            sums: Counter[str] = Counter()
            for entry in agreement_owed(known, of, cycle, counts, {each.name for each in of.lines}):
                sums[entry.item.kind] += entry.amount_minor
            assert 0 <= -sums["discount"] <= sums["line"]


@law
@given(facts=every_client(), cuts=st.lists(days, min_size=1, max_size=5))
def test_a_period_that_is_split_adds_up_to_the_whole_before_rounding(facts: Snapshot, cuts: list[date]) -> None:
    known, counts = facts.terms.as_known(THROUGH), facts.counts(THROUGH)
    for of in known.agreements:
        # Only what is counted by the day may be split; the other ways of counting look at the whole period.
        for priced in (replace(each, counting=BY_DAY, commitment=None) for each in of.lines if not each.metered):
            cycle = of.cycle.period_of(cuts[0])
            whole = line_owed(known, of, priced, cycle, counts)
            bounds = sorted({cycle.start, cycle.end, *(cut for cut in cuts if cycle.covers(cut))})
            parts = Fraction(0)
            for start, end in pairwise(bounds):
                inside = Period(start, end).within(priced.start, priced.end)
                if inside is not None:
                    part = line_owed(known, of, replace(priced, start=inside.start, end=inside.end), cycle, counts)
                    parts += _exact(part.segments) if part else 0
            assert parts == (_exact(whole.segments) if whole else 0)


@law
@given(facts=every_client(), on=days, more=st.integers(1, 20))
def test_a_charge_and_its_reversal_are_nothing(facts: Snapshot, on: date, more: int) -> None:
    through = next(bill_dates(facts.terms, THROUGH))
    billed = facts.billed + _billed(month_by_month(facts, through))
    grown = {measure: (*steps, Step(on, Decimal(more))) for measure, steps in facts.stated.items()}
    adjustment = draft_invoice(replace(facts, stated=grown, billed=billed), through)
    undone = draft_invoice(replace(facts, billed=billed + _billed([adjustment])), through)
    assert _charged([adjustment, undone]) == {}


def _billed(documents: Iterable[Draft | None]) -> tuple[BilledCharge, ...]:
    return tuple(entry for document in documents if document for entry in as_billed(document))


@law
@given(facts=every_client(), data=st.data())
def test_the_order_in_which_changes_are_learnt_does_not_matter(facts: Snapshot, data: st.DataObject) -> None:
    once = {measure: {step.on: step for step in steps} for measure, steps in facts.stated.items()}
    plain = {m: tuple(replace(step, known=None) for step in steps.values()) for m, steps in once.items()}
    sooner_or_later = st.dates(FIRST_DAY, THROUGH)
    learnt = {m: tuple(replace(s, known=data.draw(sooner_or_later)) for s in steps) for m, steps in plain.items()}
    through = next(bill_dates(facts.terms, THROUGH))
    at_once, bit_by_bit = (
        _charged(month_by_month(replace(facts, stated=stated), through)) for stated in (plain, learnt)
    )
    assert at_once == bit_by_bit
