"""The rules compared with a second calculation that goes by the day, and the comparison with three planted bugs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import Phase, find, given, settings

from billing.agreement import Line
from billing.dated import Dated, Entry
from billing.draft import Charge, Draft
from billing.invoice import quote
from billing.money import digits_of, rounded
from billing.prices import Graduated, PriceModel, Tier, Volume
from billing.snapshot import Snapshot
from tests.billing.build import GRADUATED, agreement, day, line, per_unit, snapshot, steps
from tests.billing.day_by_day import Paper, papers
from tests.billing.strategies import clients, law

Calculation = Callable[[Snapshot, date], Mapping[date, Paper]]
THROUGH = date(2029, 1, 31)


def _paper(document: Draft) -> Paper:
    charges = (
        (charge.item.name if charge.item.kind == "line" else charge.text, charge.cycle.start, charge.amount_minor)
        for charge in document.charges
        if charge.amount_minor
    )
    return Paper(tuple(sorted(charges)), document.total_minor)


def by_the_rules(facts: Snapshot, through: date) -> dict[date, Paper]:
    """What `billing` itself says."""
    return {document.bill_date: _paper(document) for document in quote(facts, through)}


def differs(facts: Snapshot, calculation: Calculation) -> bool:
    """Whether a calculation gives another document than the day-by-day one on any bill date."""
    return dict(calculation(facts, THROUGH)) != papers(facts, THROUGH)


@law
@given(facts=clients())
def test_the_rules_and_the_days_agree_on_every_document_of_every_client(facts: Snapshot) -> None:
    assert by_the_rules(facts, THROUGH) == papers(facts, THROUGH)


def test_the_day_by_day_calculation_knows_the_worked_example() -> None:
    facts = snapshot(line(GRADUATED), steps(("2027-01-01", "42"), ("2027-04-11", "45", "2027-04-11")))
    documents = papers(facts, day("2027-05-01"))
    assert documents[day("2027-05-01")].charges == (
        ("managed-user", day("2027-04-01"), 80_00),
        ("managed-user", day("2027-05-01"), 1925_00),
    )


def _reckoned_again(amount: Callable[[Charge, int], int]) -> Calculation:
    """The rules with the first charge of every period reckoned in another way."""

    def calculation(facts: Snapshot, through: date) -> dict[date, Paper]:
        scale = 10 ** digits_of(facts.terms.currency)
        found = {}
        for document in quote(facts, through):
            charges = tuple(
                replace(charge, amount_minor=amount(charge, scale)) if charge.kind == "recurring" else charge
                for charge in document.charges
            )
            moved_minor = sum(charge.amount_minor for charge in charges) - document.subtotal_minor
            altered = replace(document, charges=charges, total_minor=document.total_minor + moved_minor)
            found[document.bill_date] = _paper(altered)
        return found

    return calculation


def _exact(charge: Charge) -> Fraction:
    return sum((s.cycle_amount * s.period.days / s.cycle_days for s in charge.segments), Fraction(0))


def _with_the_stub_as_denominator(charge: Charge, scale: int) -> int:
    return rounded(
        sum((s.cycle_amount * s.period.days / charge.period.days for s in charge.segments), Fraction(0)) * scale
    )


def _with_bankers_rounding(charge: Charge, scale: int) -> int:
    return round(_exact(charge) * scale)


def _with_a_rounding_a_segment(charge: Charge, scale: int) -> int:
    return sum(rounded(s.cycle_amount * s.period.days / s.cycle_days * scale) for s in charge.segments)


def _rightly(charge: Charge, scale: int) -> int:
    return rounded(_exact(charge) * scale)


def _with_tiers_that_end_a_unit_early(facts: Snapshot, through: date) -> dict[date, Paper]:
    def shifted(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
        return tuple(
            tier if tier.up_to is None else replace(tier, up_to=tier.up_to - 1)
            for tier in tiers
            if tier.up_to is None or tier.up_to > 1
        )

    def price(model: PriceModel) -> PriceModel:
        return replace(model, tiers=shifted(model.tiers)) if isinstance(model, Graduated | Volume) else model

    def altered(of: Line) -> Line:
        entries = (Entry(price(entry.value), entry.since, entry.known) for entry in of.price.entries)
        return replace(of, price=Dated(tuple(entries)))

    agreements = (replace(a, lines=tuple(altered(of) for of in a.lines)) for a in facts.terms.agreements)
    return by_the_rules(replace(facts, terms=replace(facts.terms, agreements=tuple(agreements))), through)


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(_reckoned_again(_with_the_stub_as_denominator), id="denominator"),
        pytest.param(_with_tiers_that_end_a_unit_early, id="tier edge"),
        pytest.param(_reckoned_again(_with_bankers_rounding), id="half to even"),
        pytest.param(_reckoned_again(_with_a_rounding_a_segment), id="rounding a segment"),
    ],
)
def test_the_comparison_catches_a_planted_bug(planted: Calculation) -> None:
    tries = settings(max_examples=2000, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    find(clients(), lambda facts: differs(facts, planted), settings=tries)


def test_what_carries_the_planted_bugs_is_itself_right() -> None:
    facts = snapshot(
        agreement(line(per_unit("33.33")), start="2027-01-11"),
        steps(("2027-01-11", "7"), ("2027-03-05", "9", "2027-03-20")),
    )
    assert not differs(facts, _reckoned_again(_rightly))
    assert not differs(facts, by_the_rules)
