"""On which part of an amount which tax falls, and the taxes of a document."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import TaxRate
from billing.taxes import TaxShare, TaxTotal, shares_of, tax_totals
from tests.billing.strategies import law

OLD, NEW = (TaxRate("VAT", Decimal(19)),), (TaxRate("VAT", Decimal(16)),)

amounts = st.integers(-10_000, 10_000)
shares = st.lists(
    st.builds(TaxShare, st.sampled_from(("standard", "reduced", "none")), st.sampled_from((OLD, NEW, ())), amounts),
    min_size=1,
    max_size=5,
)


def _share(amount_minor: int, rates: tuple[TaxRate, ...] = OLD, category: str = "standard") -> TaxShare:
    return TaxShare(category, rates, amount_minor)


@law
@given(difference=amounts, owed=shares, billed=shares)
def test_the_shares_of_a_difference_add_up_to_it(difference: int, owed: list[TaxShare], billed: list[TaxShare]) -> None:
    found = shares_of(difference, owed, billed)
    assert sum(share.amount_minor for share in found) == difference
    assert len({(share.category, share.rates) for share in found}) == len(found)


@law
@given(history=st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_an_item_that_is_owed_no_more_leaves_no_tax_behind(history: list[int]) -> None:
    """However an amount came and went, and at whatever rates, nothing owed means that each rate's base is nothing."""
    billed: list[TaxShare] = []
    for number, owed_minor in enumerate([*history, 0]):
        owed = [_share(owed_minor, (OLD, NEW)[number % 2])]
        difference = owed_minor - sum(share.amount_minor for share in billed)
        billed += shares_of(difference, owed, billed)
    bases: Counter[tuple[TaxRate, ...]] = Counter()
    for share in billed:
        bases[share.rates] += share.amount_minor
    assert set(bases.values()) <= {0}


@law
@given(before=st.tuples(st.integers(0, 999), st.integers(0, 999)), after=st.tuples(st.integers(0, 999), st.just(0)))
def test_an_amount_over_two_categories_is_settled_in_each_where_both_fall_or_rise(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    def owed(amounts: tuple[int, int]) -> list[TaxShare]:
        return [_share(-amounts[0]), _share(-amounts[1], category="reduced")]

    after = (min(after[0], before[0]), after[1])
    found = shares_of(sum(before) - sum(after), owed(after), owed(before))
    there = {share.category: share.amount_minor for share in found}
    assert there.get("standard", 0) == before[0] - after[0]
    assert there.get("reduced", 0) == before[1] - after[1]


def test_what_is_taken_back_is_taxed_as_it_was_billed_the_latest_first() -> None:
    billed = [_share(100_00, OLD), _share(20_00, NEW)]
    assert shares_of(-50_00, [_share(70_00, NEW)], billed) == (_share(-20_00, NEW), _share(-30_00, OLD))


def test_what_is_added_is_taxed_as_it_is_owed() -> None:
    assert shares_of(20_00, [_share(120_00, NEW)], [_share(100_00, OLD)]) == (_share(20_00, NEW),)


def test_what_was_billed_elsewhere_bears_no_known_tax_so_that_its_return_is_taxed_as_owed() -> None:
    assert shares_of(-50_00, [_share(50_00, NEW)], [TaxShare("", (), 100_00)]) == (_share(-50_00, NEW),)


def test_what_is_added_to_several_categories_goes_where_it_lacks() -> None:
    billed = [_share(-10_00), _share(-5_00, category="reduced")]
    owed = [_share(-10_00), _share(-9_00, category="reduced")]
    assert shares_of(-4_00, owed, billed) == (_share(-4_00, category="reduced"),)


def test_each_named_tax_is_rounded_once_on_the_sum_of_its_category_and_rate() -> None:
    state, city = TaxRate("State", Decimal("6.25")), TaxRate("City", Decimal(2))
    found = tax_totals([_share(1_04, (state, city)), _share(1_04, (state, city)), _share(1_04, OLD)])
    assert found == (
        TaxTotal("standard", "State", Decimal("6.25"), 2_08, 13),
        TaxTotal("standard", "City", Decimal(2), 2_08, 4),
        TaxTotal("standard", "VAT", Decimal(19), 1_04, 20),
    )


def test_one_name_in_two_categories_is_two_taxes() -> None:
    found = tax_totals([_share(100), _share(100, category="reduced")])
    assert [(total.category, total.base_minor) for total in found] == [("standard", 100), ("reduced", 100)]
