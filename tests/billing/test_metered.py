"""Lines that bill what a meter read."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.agreement import Agreement, AgreementMakesNoSense
from billing.counting import Commitment, Counting
from billing.draft import Draft, Metered, Segment
from billing.prices import Graduated, Part, PerUnit, Usage
from billing.quantities import Measure, QuantityMakesNoSense, Reading
from billing.snapshot import Snapshot, as_billed
from rosters.quote import month_by_month
from tests.billing.build import agreement, day, days, flat, line, numbers, prices, terms, tiers

STORAGE = Measure("usage", "storage")
A_GB = line(Usage(Decimal("0.015")), name="storage", count=STORAGE)


def _facts(of: Agreement, *readings: tuple[str, str]) -> Snapshot:
    read = tuple(Reading(day(on), Decimal(amount), str(n)) for n, (on, amount) in enumerate(readings))
    return Snapshot(terms(of), readings={"storage": read})


def _documents(facts: Snapshot, through: str) -> list[Draft]:
    return list(month_by_month(facts, day(through)))


def test_the_readings_of_a_period_are_added_up_and_rounded_once_at_its_end() -> None:
    facts = _facts(agreement(A_GB), ("2027-01-01", "100"), ("2027-01-31", "133"), ("2027-02-01", "1000"))
    january, february = _documents(facts, "2027-03-01")
    (charge,) = january.charges
    assert (january.bill_date, charge.amount_minor, str(charge.quantity)) == (day("2027-02-01"), 3_50, "233")
    assert february.total_minor == 15_00


def test_usage_is_billed_in_arrears_beside_lines_in_advance() -> None:
    of = agreement(A_GB, line(flat("100"), name="support"))
    first, second = _documents(_facts(of, ("2027-01-15", "1000")), "2027-02-01")
    assert [charge.item.name for charge in first.charges] == ["support"]
    assert [(c.item.name, c.cycle.start.month, c.amount_minor) for c in second.charges] == [
        ("storage", 1, 15_00),
        ("support", 2, 100_00),
    ]


def test_minimum_and_included_apply_once_to_the_sum_and_no_day_is_weighed() -> None:
    of = replace(A_GB, price=line(PerUnit(Decimal(1))).price, included=numbers((None, "10")), start=day("2027-01-11"))
    facts = _facts(agreement(of), ("2027-01-01", "50"), ("2027-01-11", "15"), ("2027-01-31", "15"))
    assert [document.total_minor for document in _documents(facts, "2027-02-01")] == [20_00]
    least = replace(of, minimum=numbers((None, "40")))
    assert _documents(_facts(agreement(least)), "2027-02-01")[0].total_minor == 30_00


def test_what_was_read_what_is_priced_and_how_stands_in_the_charge() -> None:
    of = replace(A_GB, included=numbers((None, "10")))
    facts = _facts(agreement(of), ("2027-01-11", "100"), ("2027-01-15", "200"), ("2027-01-15", "10"))
    (charge,) = _documents(facts, "2027-02-01")[0].charges
    january = days("2027-01-01", "2027-02-01")
    read, priced = Decimal(310), Decimal(300)
    part = Part(priced, Decimal("0.015"))
    assert charge.segments == (Segment(january, 31, read, priced, (part,), Fraction("4.5")),)
    assert charge.basis == Metered(3, day("2027-01-11"), day("2027-01-15"))


def test_a_period_without_a_reading_says_so() -> None:
    of = replace(A_GB, minimum=numbers((None, "1000")))
    (charge,) = _documents(_facts(agreement(of), ("2027-02-01", "7")), "2027-02-01")[0].charges
    assert (charge.quantity, charge.basis) == (Decimal(0), Metered(0, None, None))


def test_tiers_price_the_sum() -> None:
    graduated = replace(A_GB, price=line(Graduated(tiers(("10", "2"), (None, "1")))).price)
    facts = _facts(agreement(graduated), ("2027-01-02", "8"), ("2027-01-20", "8"))
    assert _documents(facts, "2027-02-01")[0].total_minor == 26_00


def test_a_price_that_changes_in_mid_period_applies_from_the_next() -> None:
    dearer = prices(Usage(Decimal(1)), ("2027-01-15", Usage(Decimal(2)), None))
    facts = _facts(agreement(replace(A_GB, price=dearer)), ("2027-01-20", "10"), ("2027-02-20", "10"))
    assert [document.total_minor for document in _documents(facts, "2027-03-01")] == [10_00, 20_00]


def test_a_late_reading_is_an_adjustment_of_its_period() -> None:
    before = _facts(agreement(A_GB), ("2027-01-10", "1000"))
    (january,) = _documents(before, "2027-02-01")
    assert january.total_minor == 15_00
    late = _facts(agreement(A_GB), ("2027-01-10", "1000"), ("2027-01-31", "200"))
    from_then = replace(late, billed=as_billed(january))
    (march,) = _documents(from_then, "2027-03-01")
    assert [(c.kind, c.period, c.amount_minor) for c in march.charges] == [
        ("adjustment", days("2027-01-01", "2027-02-01"), 3_00)
    ]


def test_a_reading_below_nothing_is_refused() -> None:
    with pytest.raises(QuantityMakesNoSense, match="can't have read -1 on 2027-01-01"):
        Reading(day("2027-01-01"), Decimal(-1), "1")


def test_a_price_for_usage_needs_a_meter() -> None:
    with pytest.raises(AgreementMakesNoSense, match="no meter"):
        line(Usage(Decimal(1)))


@pytest.mark.parametrize(
    "more",
    [
        {"counting": Counting(basis="peak")},
        {"counting": Counting(proration="next_period")},
        {"counting": Counting(removals="keep")},
        {"commitment": Commitment(day("2027-01-01"), day("2028-01-01"))},
    ],
    ids=lambda more: next(iter(more)),
)
def test_how_a_line_counts_cannot_be_said_of_a_meter(more: dict[str, Counting | Commitment]) -> None:
    with pytest.raises(AgreementMakesNoSense, match="adds up what a meter read"):
        replace(A_GB, **more)  # type: ignore[arg-type]  # Each row has a value for one field of its own type.
