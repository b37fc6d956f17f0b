"""On which part of an amount which tax falls, and the taxes of a document."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.taxes import TaxRate, TaxShare, TaxTotal, differences, tax_totals
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


def _by_category(found: Iterable[TaxShare]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for share in found:
        sums[share.category] += share.amount_minor
    return sums


@law
@given(owed=shares, billed=shares)
def test_every_category_is_settled_by_itself(owed: list[TaxShare], billed: list[TaxShare]) -> None:
    found = differences(owed, billed)
    wanted = _by_category(owed)
    wanted.subtract(_by_category(billed))
    assert {name: minor for name, minor in wanted.items() if minor} == {
        name: minor for name, minor in _by_category(found).items() if minor
    }
    assert len({(share.category, share.rates) for share in found}) == len(found)
    assert all(share.amount_minor for share in found)


@law
@given(history=st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_an_item_that_is_owed_no_more_leaves_no_tax_behind(history: list[int]) -> None:
    """However an amount came and went, and at whatever rates, nothing owed means that each rate's base is nothing."""
    billed: list[TaxShare] = []
    for number, owed_minor in enumerate([*history, 0]):
        billed += differences([_share(owed_minor, (OLD, NEW)[number % 2])], billed)
    bases: Counter[tuple[TaxRate, ...]] = Counter()
    for share in billed:
        bases[share.rates] += share.amount_minor
    assert set(bases.values()) <= {0}


def test_an_amount_that_goes_over_to_another_category_is_given_back_in_one_and_added_in_the_other() -> None:
    found = differences([_share(100_00, category="reduced")], [_share(100_00)])
    assert set(found) == {_share(-100_00), _share(100_00, category="reduced")}


def test_what_is_taken_back_is_taxed_as_it_was_billed_the_latest_first() -> None:
    billed = [_share(100_00, OLD), _share(20_00, NEW)]
    assert differences([_share(70_00, NEW)], billed) == (_share(-20_00, NEW), _share(-30_00, OLD))


def test_what_nothing_was_billed_for_is_charged_as_it_is_owed_and_nothing_not_at_all() -> None:
    assert differences([_share(3_00)], []) == (_share(3_00),)
    assert differences([_share(0)], []) == ()


def test_what_is_added_is_taxed_as_it_is_owed() -> None:
    assert differences([_share(120_00, NEW)], [_share(100_00, OLD)]) == (_share(20_00, NEW),)


def test_another_rate_alone_changes_nothing_that_was_billed() -> None:
    assert differences([_share(100_00, NEW)], [_share(100_00, OLD)]) == ()


def test_what_was_billed_elsewhere_bears_no_known_tax_so_that_its_return_is_taxed_as_owed() -> None:
    assert differences([_share(50_00, NEW)], [TaxShare("", (), 100_00)]) == (_share(-50_00, NEW),)


def test_what_is_added_to_several_categories_goes_where_it_lacks() -> None:
    billed = [_share(-10_00), _share(-5_00, category="reduced")]
    owed = [_share(-10_00), _share(-9_00, category="reduced")]
    assert differences(owed, billed) == (_share(-4_00, category="reduced"),)


def test_what_is_owed_under_two_rates_of_a_category_is_charged_under_each_as_it_is_owed() -> None:
    owed = [_share(30_00, NEW), _share(10_00, OLD)]
    assert differences(owed, []) == tuple(owed)


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


def test_what_one_document_added_under_two_rates_is_taken_back_in_the_order_of_the_terms_from_the_last() -> None:
    """A discount over an untaxed line and a taxed one grows, and then most of it is owed no more."""
    untaxed: tuple[TaxRate, ...] = ()
    billed = [_share(-72, untaxed), _share(-23, NEW)]
    grown = differences([_share(-72, untaxed), _share(-141, NEW)], billed)
    assert grown == (_share(-40, untaxed), _share(-78, NEW))
    found = differences([_share(-42, untaxed), _share(-16, untaxed)], [*billed, *grown])
    assert found == (_share(101, NEW), _share(54, untaxed))
