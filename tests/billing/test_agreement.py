"""What a client pays, and the terms that are refused because they contradict each other."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing.agreement import AgreementMakesNoSense, Discount, Reduction
from billing.calendar import Dated, Entry
from billing.money import NotAnAmount
from billing.prices import PriceModel
from billing.quantities import Measure
from billing.taxes import RateMakesNoSense, TaxCategory, TaxRate
from tests.billing.build import agreement, day, days, flat, line, one_off, per_unit, prices, rates, tax, terms


def test_a_price_a_unit_without_anything_to_count_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match=r"^Line managed-user has a price a unit .* add count"):
        line(per_unit("80"), count=None)


def test_a_line_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="Line managed-user ends on 2027-04-11, not after it starts on"):
        line(per_unit("80"), start="2027-04-11", end="2027-04-11")


def test_an_agreement_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="Agreement Managed services ends on 2027-04-10, not after"):
        agreement(start="2027-04-11", end="2027-04-10")


def test_a_negative_minimum_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match=r"^The minimum of line managed-user can't be negative \(-1\)"):
        line(per_unit("80"), minimum="-1")


def test_a_negative_included_number_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match=r"^The included number of line .* can't be negative \(-1\)"):
        line(per_unit("80"), included="-1")


def test_a_minimum_that_is_no_number_is_refused() -> None:
    with pytest.raises(NotAnAmount, match="not a finite number"):
        line(per_unit("80"), minimum="NaN")


def test_a_negative_tax_rate_is_refused() -> None:
    with pytest.raises(RateMakesNoSense, match="The rate of VAT can't be negative"):
        TaxRate("VAT", Decimal(-1))


def test_two_lines_with_one_name_are_refused_even_in_two_agreements() -> None:
    with pytest.raises(AgreementMakesNoSense, match="acme has two lines named managed-user"):
        terms(agreement(line(per_unit("80"))), agreement(line(per_unit("70")), name="Second"))


def test_a_tax_category_that_is_nowhere_defined_is_refused() -> None:
    taxes = {"standard": tax("20"), "export": tax("0")}
    with pytest.raises(
        AgreementMakesNoSense,
        match=r"^acme uses the tax category reduced, .* \(there: export, standard\)",
    ):
        terms(agreement(line(per_unit("80"), tax="reduced")), taxes=taxes)


def test_an_agreement_that_ends_on_its_first_day_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="ends on 2027-01-01, not after it starts on 2027-01-01"):
        agreement(line(per_unit("80")), start="2027-01-01", end="2027-01-01")


def test_a_client_without_taxes_pays_none() -> None:
    assert terms(agreement(line(per_unit("80")))).tax_category("standard").rates.at(day("2027-01-01")) == ()


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [
        (None, None, ("2027-04-05", "2027-04-26")),
        ("2027-04-11", None, ("2027-04-11", "2027-04-26")),
        (None, "2027-04-11", ("2027-04-05", "2027-04-11")),
        ("2027-04-26", None, None),
    ],
)
def test_a_line_is_in_force_inside_its_agreement(
    start: str | None, end: str | None, covered: tuple[str, str] | None
) -> None:
    support = line(per_unit("80"), start=start, end=end)
    part = agreement(support, start="2027-04-05", end="2027-04-26").covered(support, days("2027-04-01", "2027-05-01"))
    assert part == (days(*covered) if covered else None)


def test_an_end_is_not_known_before_it_was_learnt() -> None:
    ending = agreement(line(per_unit("80")), end="2027-04-11", end_known="2027-05-05")
    assert ending.as_known(day("2027-05-04")).end is None
    assert ending.as_known(day("2027-05-05")).end == day("2027-04-11")


def test_prices_one_offs_and_tax_rates_are_not_known_before_they_were_learnt() -> None:
    vat = rates((TaxRate("VAT", Decimal(19)),), ("2027-04-01", (TaxRate("VAT", Decimal(20)),), "2027-04-20"))
    whole = terms(
        agreement(
            line(prices(per_unit("80"), ("2027-04-01", per_unit("90"), "2027-04-20"))),
            one_offs=(one_off("2027-04-10", -2500, known="2027-04-20"),),
        ),
        taxes={"standard": TaxCategory(vat)},
    )
    before, after = whole.as_known(day("2027-04-19")), whole.as_known(day("2027-04-20"))
    assert next(before.lines()).price.at(day("2027-04-15")) == per_unit("80")
    assert next(after.lines()).price.at(day("2027-04-15")) == per_unit("90")
    assert (len(before.agreements[0].one_offs), len(after.agreements[0].one_offs)) == (0, 1)
    assert before.tax_category("standard").rates.at(day("2027-04-15")) == (TaxRate("VAT", Decimal(19)),)
    assert after.tax_category("standard").rates.at(day("2027-04-15")) == (TaxRate("VAT", Decimal(20)),)


def _learnt(first: object, later: object) -> Dated[Any]:
    """A term that changes on 1 April, as was learnt on the 20th."""
    return Dated((Entry(first), Entry(later, day("2027-04-01"), day("2027-04-20"))))


@pytest.mark.parametrize(
    ("term", "before", "after"),
    [
        ("price", per_unit("80"), per_unit("90")),
        ("included", Decimal(0), Decimal(5)),
        ("minimum", Decimal(0), Decimal(5)),
        ("discount", None, Reduction(percent=Decimal(10))),
        ("tax", "standard", "reduced"),
    ],
)
def test_each_term_of_a_line_is_not_known_before_it_was_learnt(term: str, before: object, after: object) -> None:
    changing: dict[str, Any] = {term: _learnt(before, after)}
    whole = terms(agreement(replace(line(per_unit("80")), **changing)))
    for known_on, value in (("2027-04-19", before), ("2027-04-20", after)):
        (known,) = whole.as_known(day(known_on)).lines()
        assert getattr(known, term).at(day("2027-04-15")) == value


def test_discounts_and_minimum_amounts_are_not_known_before_they_were_learnt() -> None:
    tenth = Reduction(percent=Decimal(10))
    discounted = replace(agreement(), discounts=(Discount("Loyalty", _learnt(None, tenth)),))
    topped_up = replace(agreement(), minimum_minor=_learnt(100_00, 200_00))
    for known_on, reduction, minimum_minor in (("2027-04-19", None, 100_00), ("2027-04-20", tenth, 200_00)):
        (with_discount,) = terms(discounted).as_known(day(known_on)).agreements
        assert with_discount.discounts[0].reductions.at(day("2027-04-15")) == reduction
        (with_minimum,) = terms(topped_up).as_known(day(known_on)).agreements
        assert with_minimum.minimum_minor is not None
        assert with_minimum.minimum_minor.at(day("2027-04-15")) == minimum_minor


def test_a_one_off_alone_is_not_known_before_it_was_learnt() -> None:
    whole = terms(agreement(line(per_unit("80")), one_offs=(one_off("2027-04-10", -2500, known="2027-04-20"),)))
    for known_on, count in (("2027-04-19", 0), ("2027-04-20", 1)):
        (known,) = whole.as_known(day(known_on)).agreements
        assert len(known.one_offs) == count


def test_a_price_of_which_all_was_learnt_is_known_entry_by_entry() -> None:
    first: Entry[PriceModel] = Entry(per_unit("80"), known=day("2027-01-05"))
    whole = terms(agreement(line(Dated((first, Entry(per_unit("90"), known=day("2027-04-20")))))))
    for known_on, value in (("2027-04-19", "80"), ("2027-04-20", "90")):
        (known,) = whole.as_known(day(known_on)).lines()
        assert known.price.at(day("2027-04-15")) == per_unit(value)


def test_what_is_counted_is_listed_once() -> None:
    whole = terms(
        agreement(line(per_unit("80")), line(per_unit("5"), name="backup"), line(flat("99"), name="site")),
        agreement(line(per_unit("9"), name="mail", count=Measure("licence", "O365")), name="Licences"),
    )
    assert list(whole.measures()) == [Measure("roster", "full"), Measure("licence", "O365")]
