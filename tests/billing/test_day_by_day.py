"""The rules compared with a second calculation that goes by the day, and the comparison with three planted bugs.

`make test` compares more than 5,000 agreements, `make properties` more than 100,000; test_books_at_random.py says what
they have. A client is named by a number, which brings it back: `papers(random_client(Random(number)), THROUGH)`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import settings

from billing.agreement import Line
from billing.calendar import Dated, Entry
from billing.draft import Charge, Draft
from billing.money import digits_of, plain, rounded
from billing.prices import Graduated, PriceModel, Tier, Volume
from billing.snapshot import Snapshot
from rosters.quote import month_by_month
from tests.billing.books_at_random import COMPARED, THROUGH, random_client
from tests.billing.day_by_day import Paper, Plain, papers
from tests.billing.smallest import smallest
from tests.billing.translated import facts_of

Calculation = Callable[[Snapshot, date], Mapping[date, Paper]]

# The clients are compared in groups, which may run beside each other; how many a group has, `make test` apart.
GROUPS = 16
CLIENTS_UNDER = {"thorough": 5000, "mutants": 4}


def _paper(document: Draft) -> Paper:
    charges = (
        ((charge.item.kind, _name(charge), charge.cycle.start), charge.amount_minor)
        for charge in document.charges
        if charge.matters
    )
    taxes = (
        (tax.category, tax.name, plain(tax.percent), tax.base_minor, tax.amount_minor)
        for tax in document.taxes
        if tax.base_minor
    )
    put_off = ((each.line, Fraction(each.deferral.in_force), each.deferral.until) for each in document.put_off)
    return Paper(tuple(sorted(charges)), tuple(sorted(taxes)), document.total_minor, tuple(sorted(put_off)))


def _name(charge: Charge) -> str:
    return charge.text if charge.item.kind == "one_off" else charge.item.name


def by_the_rules(facts: Snapshot, through: date) -> dict[date, Paper]:
    """What `billing` itself says."""
    return {document.bill_date: _paper(document) for document in month_by_month(facts, through)}


def differs(client: Plain, calculation: Calculation) -> bool:
    """Whether a calculation gives another document than the day-by-day one on any bill date."""
    return dict(calculation(facts_of(client), THROUGH)) != papers(client, THROUGH)


def _clients(numbers: Iterable[int]) -> Iterable[tuple[int, Plain]]:
    return ((number, random_client(Random(number))) for number in numbers)


@pytest.mark.property
@pytest.mark.parametrize("group", range(GROUPS))
def test_the_rules_and_the_days_agree_on_every_document_of_every_client(group: int) -> None:
    size = CLIENTS_UNDER.get(settings.get_current_profile_name(), COMPARED // GROUPS)
    numbers = range(group * size, (group + 1) * size)
    failing = ((number, client) for number, client in _clients(numbers) if differs(client, by_the_rules))
    assert [(number, smallest(client, lambda less: differs(less, by_the_rules))) for number, client in failing] == []


def _a_client(*, price: Plain, quantities: list[tuple[date, str, date | None]], start: date) -> Plain:
    """The plainest client there is, with one line over a roster and its numbers."""
    zero = [{"value": "0"}]
    plain_line = {"included": zero, "minimum": zero, "basis": "daily", "proration": "daily", "removals": "credit"}
    absent = dict.fromkeys(("vendor", "from", "until", "commitment", "discount"))
    line = {
        **absent,
        **plain_line,
        "name": "user",
        "count": {"roster": "full"},
        "price": [price],
        "tax": [{"value": "standard"}],
    }
    terms: Plain = dict.fromkeys(("end", "end_known", "bills_from", "minimum_amount"))
    cycle = {"months": 1, "anchor": date(2027, 1, 1)}
    bare: Plain = {"timing": "advance", "discounts": [], "one_off": []}
    agreement = {**terms, **bare, "name": "A", "start": start, "cycle": cycle, "lines": [line]}
    of = {"roster": "full"}
    stated = [{"of": of, "on": on, "quantity": quantity, "known": known} for on, quantity, known in quantities]
    nothing: Plain = {"bill_day": None, "taxes": {}, "counted": {}, "seats": [], "usage": [], "billed": []}
    return {**nothing, "currency": "USD", "agreements": [agreement], "quantities": stated}


def test_the_day_by_day_calculation_knows_the_worked_example() -> None:
    tiers = [{"up_to": "25", "unit": "45", "flat": "0"}, {"up_to": "50", "unit": "40", "flat": "0"}]
    client = _a_client(
        price={"model": "graduated", "tiers": [*tiers, {"up_to": None, "unit": "35", "flat": "0"}]},
        quantities=[(date(2027, 1, 1), "42", None), (date(2027, 4, 11), "45", date(2027, 4, 11))],
        start=date(2027, 1, 1),
    )
    may = papers(client, date(2027, 5, 1))[date(2027, 5, 1)]
    assert may.charges == ((("line", "user", date(2027, 4, 1)), 80_00), (("line", "user", date(2027, 5, 1)), 1925_00))


def _reckoned_again(amount: Callable[[Charge, int], int]) -> Calculation:
    """The rules with the first charge of every period reckoned in another way."""

    def calculation(facts: Snapshot, through: date) -> dict[date, Paper]:
        scale = 10 ** digits_of(facts.terms.currency)
        found = {}
        for document in month_by_month(facts, through):
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
    assert any(differs(client, planted) for _, client in _clients(range(COMPARED)))


def test_a_client_that_fails_is_shown_without_what_has_nothing_to_do_with_it() -> None:
    halves_to_even = _reckoned_again(_with_bankers_rounding)
    failing = next(client for _, client in _clients(range(COMPARED)) if differs(client, halves_to_even))
    found = smallest(failing, lambda less: differs(less, halves_to_even))
    assert differs(found, halves_to_even)
    (of,) = found["agreements"]
    (line,) = of["lines"]
    assert [len(line[term]) for term in ("price", "included", "minimum")] == [1, 1, 1]
    assert not any((of["discounts"], of["one_off"], of["minimum_amount"], line["discount"], found["billed"]))


def test_what_carries_the_planted_bugs_is_itself_right() -> None:
    client = _a_client(
        price={"model": "per_unit", "unit": "33.33"},
        quantities=[(date(2027, 1, 11), "7", None), (date(2027, 3, 5), "9", date(2027, 3, 20))],
        start=date(2027, 1, 11),
    )
    assert not differs(client, _reckoned_again(_rightly))
    assert not differs(client, by_the_rules)
