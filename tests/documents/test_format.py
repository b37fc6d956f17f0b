# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.calendar import Period
from billing.money import NotAnAmount
from documents.format import (
    Format,
    LocaleIsUnknown,
    NumberIsUnclear,
    country,
    day,
    days,
    one_line,
    part_of,
    short_days,
    within_sentence,
)

MAY = Period(date(2027, 5, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    ("locale", "currency", "amount_minor", "text"),
    [
        ("en_US", "USD", 192500, "$1,925.00"),
        ("en_US", "USD", -2500, "-$25.00"),
        ("en-GB", "GBP", 5, "£0.05"),
        ("de_DE", "EUR", 123456789, "1.234.567,89\N{NO-BREAK SPACE}€"),
        ("ja_JP", "JPY", 1235, "\N{FULLWIDTH YEN SIGN}1,235"),
        ("en_US", "KWD", 1234567, "KWD\N{NO-BREAK SPACE}1,234.567"),
        ("es_CO", "COP", 123456, "$1.234,56"),
        ("en_US", "USD", 9_223_372_036_854_775_807, "$92,233,720,368,547,758.07"),
    ],
)
def test_money_has_the_clients_signs_and_all_of_its_currencys_digits(
    locale: str, currency: str, amount_minor: int, text: str
) -> None:
    assert Format(locale, currency).money(amount_minor) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [("45", "$45.00"), ("0.0125", "$0.0125"), ("1E+2", "$100.00"), ("26.40", "$26.40"), ("0", "$0.00")],
)
def test_a_unit_price_is_never_cut_short(price: str, text: str) -> None:
    assert Format("en_US", "USD").price(Decimal(price)) == text


def test_the_price_of_a_quantity_stays_exact() -> None:
    assert Format("en_US", "USD").full_price(Fraction(3, 80)) == "$0.0375"


@pytest.mark.parametrize(("number", "text"), [("45", "45"), ("1250.50", "1,250.5"), ("100", "100"), ("0.00", "0")])
def test_a_quantity_has_no_zeros_that_say_nothing(number: str, text: str) -> None:
    assert Format("en_US", "USD").number(Decimal(number)) == text


@pytest.mark.parametrize(
    ("locale", "percent", "text"),
    [("en_US", "8.25", "8.25%"), ("en_US", "20.00", "20%"), ("de_DE", "19", "19\N{NO-BREAK SPACE}%")],
)
def test_a_rate_is_written_in_percent(locale: str, percent: str, text: str) -> None:
    assert Format(locale, "USD").percent(Decimal(percent)) == text


@pytest.mark.parametrize("locale", ["xx", "nonsense!", ""])
def test_an_unknown_locale_is_refused_with_an_example(locale: str) -> None:
    with pytest.raises(LocaleIsUnknown, match="such as en_US"):
        Format(locale, "USD")


def test_a_currency_that_is_none_is_refused() -> None:
    with pytest.raises(NotAnAmount):
        Format("en_US", "dollars")


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2027, 5, 1), date(2027, 6, 1), "1–31 May 2027"),
        (date(2027, 1, 15), date(2027, 2, 15), "15 Jan – 14 Feb 2027"),
        (date(2026, 12, 28), date(2027, 1, 4), "28 Dec 2026 – 3 Jan 2027"),
        (date(2027, 5, 1), date(2027, 5, 2), "1 May 2027"),
        (date(2027, 1, 31), date(2028, 1, 31), "31 Jan 2027 – 30 Jan 2028"),
    ],
)
def test_a_period_is_written_with_its_first_and_its_last_day(start: date, end: date, text: str) -> None:
    assert days(Period(start, end)) == text


def test_a_period_beside_its_year_is_written_without_it() -> None:
    assert short_days(MAY) == "1–31 May"
    assert short_days(Period(date(2027, 5, 3), date(2027, 5, 4))) == "3 May"
    assert short_days(Period(date(2026, 12, 28), date(2027, 1, 4))) == "28 Dec 2026 – 3 Jan 2027"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(1, 32, ""), (11, 32, "from 11 May"), (1, 15, "to 14 May"), (11, 21, "11–20 May")],
)
def test_a_part_of_a_period_says_only_where_it_differs(start: int, end: int, text: str) -> None:
    last = date(2027, 6, 1) if end == 32 else date(2027, 5, end)
    assert part_of(Period(date(2027, 5, start), last), MAY) == text


def test_a_day_is_the_same_in_every_country() -> None:
    assert day(date(2027, 9, 5)) == "5 Sep 2027"


def test_a_country_has_its_name_and_an_unknown_code_stays() -> None:
    assert country("us") == "United States"
    assert country("QQ") == "QQ"


def test_a_text_from_outside_is_one_line_without_control_characters() -> None:
    assert one_line(" Ann\tB\u0000\r\nAmes\u2028x \u202egnp\u2066") == "Ann B Ames x gnp"


def test_right_to_left_writing_is_kept_from_turning_the_sentence_around_it() -> None:
    assert within_sentence("דנה") == "\u2068דנה\u2069"
    assert within_sentence("Ann") == "Ann"


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("en_US", "1,250.50", "1250.50"),
        ("en_US", " 50 ", "50"),
        ("de_DE", "1.250,50", "1250.50"),
        ("de_DE", "50,5", "50.5"),
        ("fr_FR", "1 250,5", "1250.5"),
        ("en_US", "0.0000125", "0.0000125"),
    ],
)
def test_a_number_is_read_as_the_locale_writes_it(locale: str, text: str, number: str) -> None:
    assert Format(locale, "EUR").read(text) == Decimal(number)


@pytest.mark.parametrize(
    ("locale", "text", "example"),
    [
        ("en_US", "10,50", "1,250.5"),
        ("de_DE", "10.50", "1.250,5"),
        ("en_US", "ten", "1,250.5"),
        ("en_US", "", "1,250.5"),
    ],
)
def test_a_number_that_may_mean_another_is_refused(locale: str, text: str, example: str) -> None:
    with pytest.raises(NumberIsUnclear, match=f"^{text!r} is not a number here: expected one such as {example}.$"):
        Format(locale, "EUR").read(text)
