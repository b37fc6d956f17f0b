"""What a client pays, and the terms that are refused because they contradict each other."""

from decimal import Decimal

import pytest

from billing.agreement import AgreementMakesNoSense, TaxCategory, TaxRate
from billing.money import NotAnAmount
from billing.quantities import Measure
from tests.billing.build import agreement, day, days, flat, line, one_off, per_unit, prices, rates, tax, terms


def test_a_price_a_unit_without_anything_to_count_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="add count"):
        line(per_unit("80"), count=None)


def test_a_line_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="not after it starts"):
        line(per_unit("80"), start="2027-04-11", end="2027-04-11")


def test_an_agreement_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="not after it starts"):
        agreement(start="2027-04-11", end="2027-04-10")


def test_a_negative_minimum_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="minimum of line managed-user can't be negative"):
        line(per_unit("80"), minimum="-1")


def test_a_negative_included_number_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="included number of line managed-user can't be negative"):
        line(per_unit("80"), included="-1")


def test_a_minimum_that_is_no_number_is_refused() -> None:
    with pytest.raises(NotAnAmount, match="not a finite number"):
        line(per_unit("80"), minimum="NaN")


def test_a_negative_tax_rate_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match="can't be negative"):
        TaxRate("VAT", Decimal(-1))


def test_two_lines_with_one_name_are_refused_even_in_two_agreements() -> None:
    with pytest.raises(AgreementMakesNoSense, match="two lines named managed-user"):
        terms(agreement(line(per_unit("80"))), agreement(line(per_unit("70")), name="Second"))


def test_a_tax_category_that_is_nowhere_defined_is_refused() -> None:
    with pytest.raises(AgreementMakesNoSense, match=r"category reduced.*there: standard"):
        terms(agreement(line(per_unit("80"), tax="reduced")), taxes={"standard": tax("20")})


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


def test_what_is_counted_is_listed_once() -> None:
    whole = terms(
        agreement(line(per_unit("80")), line(per_unit("5"), name="backup"), line(flat("99"), name="site")),
        agreement(line(per_unit("9"), name="mail", count=Measure("licence", "O365")), name="Licences"),
    )
    assert list(whole.measures()) == [Measure("roster", "full"), Measure("licence", "O365")]
