"""Numbers, amounts and days as text: the only module that uses babel.

Amounts and numbers follow the client's locale. Days are always written as "11 Apr 2027": the sentences around them are
English, and a month by name is misread in no country.
"""

import copy
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberFormatError, NumberPattern, get_group_symbol, parse_decimal

from billing.calendar import Period
from billing.errors import WrongInput
from billing.money import digits_of

_ENGLISH = Locale("en")
_DAY = "d MMM y"
_SHORT_DAY = "d MMM"
_MONTH = "MMM y"
_MONTH_NAME = "LLL"
_OUR_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ")
_ONE_DAY = timedelta(days=1)
_TO = "\N{EN DASH}"

# CLDR asks for a space between a currency's letters and a figure (KWD 5.000); babel leaves it out.
_LETTER_BESIDE_FIGURE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SPACE = "\N{NO-BREAK SPACE}"

# A bidirectional override or isolate in a name could turn round the figures beside it.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Unicode's categories Cc, Zl and Zp.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


class LocaleIsUnknown(WrongInput):
    """No formats are known for the locale."""


class NumberIsUnclear(WrongInput):
    """A number that isn't written as its reader's locale writes numbers."""


def locale_of(name: str) -> Locale:
    """The locale by its name, such as `en_US`, or `LocaleIsUnknown`."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise LocaleIsUnknown(
            f"{name!r} is not a locale: expected a language and a country, such as en_US or de_DE."
        ) from None


@dataclass(frozen=True, slots=True)
class Format:
    """How one client reads numbers and money."""

    locale: str
    currency: str

    def __post_init__(self) -> None:
        """Refuses a locale without formats and a currency that is none."""
        locale_of(self.locale)
        digits_of(self.currency)

    def money(self, amount_minor: int) -> str:
        """An amount in minor units, with all of its currency's digits: $1,925.00."""
        digits = digits_of(self.currency)
        return self._currency(Decimal(amount_minor).scaleb(-digits), digits)

    def signed(self, amount_minor: int) -> str:
        """A difference: its sign stands before it also where it is a plus."""
        return f"+{self.money(amount_minor)}" if amount_minor > 0 else self.money(amount_minor)

    def price(self, price: Decimal) -> str:
        """A unit price in major units, with at least the currency's digits and all that it was written with."""
        exponent = price.normalize().as_tuple().exponent
        finest = -exponent if isinstance(exponent, int) else 0
        return self._currency(price, max(finest, digits_of(self.currency)))

    def full_price(self, amount: Fraction) -> str:
        """The exact price of a quantity in major units; prices and quantities are decimals, so the quotient ends."""
        return self.price(Decimal(amount.numerator) / Decimal(amount.denominator))

    def number(self, number: Decimal) -> str:
        """A quantity, without zeros that say nothing: 1,250 or 2.5."""
        return self._plain(number, locale_of(self.locale).decimal_formats[None])

    def read(self, text: str) -> Decimal:
        """A number as the client's locale writes it: 1,250.50 in the United States, 1.250,50 in Germany.

        Raises:
            NumberIsUnclear: it is none, or its marks stand where this locale has none, so it may mean another number.

        """
        # Nobody types the narrow space that some locales have between thousands.
        typed = re.sub(r"\s", self.group_mark, text.strip()) if self.group_mark.isspace() else text.strip()
        try:
            return parse_decimal(typed, locale=locale_of(self.locale), strict=True)
        except NumberFormatError:
            example = self.number(Decimal("1250.5"))
            raise NumberIsUnclear(f"{text.strip()!r} is not a number here: expected one such as {example}.") from None

    @property
    def group_mark(self) -> str:
        """What stands between thousands: the comma of 1,250."""
        return str(get_group_symbol(locale_of(self.locale)))

    def percent(self, percent: Decimal) -> str:
        """A rate in percent: 8.25%."""
        return self._plain(percent.scaleb(-2), locale_of(self.locale).percent_formats[None])

    def _currency(self, amount: Decimal, digits: int) -> str:
        # The digits come from ISO 4217; the locale's own differ for some currencies and would round the amount.
        pattern = copy.copy(locale_of(self.locale).currency_formats["standard"])
        pattern.frac_prec = (digits, digits)
        text = str(pattern.apply(amount, locale_of(self.locale), currency=self.currency, currency_digits=False))
        return _LETTER_BESIDE_FIGURE.sub(_SPACE, text)

    def _plain(self, number: Decimal, pattern: NumberPattern) -> str:
        return str(pattern.apply(number.normalize(), locale_of(self.locale), decimal_quantization=False))


def day(value: date) -> str:
    """A day: 11 Apr 2027."""
    return format_date(value, _DAY, locale=_ENGLISH)


def short_day(value: date) -> str:
    """A day whose year stands beside it: 11 Apr."""
    return format_date(value, _SHORT_DAY, locale=_ENGLISH)


def days(period: Period) -> str:
    """A period from its first to its last day, both counting, such as the whole of May 2027."""
    last = period.end - _ONE_DAY
    if period.start == last:
        return day(last)
    return f"{_opening(period.start, last)}{day(last)}"


def month(value: date) -> str:
    """The month of a day with its year: Apr 2027."""
    return format_date(value, _MONTH, locale=_ENGLISH)


def month_name(value: date, locale: str) -> str:
    """The short name of a month as the locale writes it on its own, where our font has the letters; else in English."""
    name = format_date(value, _MONTH_NAME, locale=locale_of(locale))
    drawn = all(unicodedata.name(sign, "").startswith(_OUR_SCRIPTS) for sign in name if sign.isalpha())
    return name if drawn else format_date(value, _MONTH_NAME, locale=_ENGLISH)


def short_days(period: Period) -> str:
    """The same without the year, where that stands beside it."""
    last = period.end - _ONE_DAY
    if period.start == last:
        return short_day(last)
    if period.start.year != last.year:
        return days(period)
    return f"{_opening(period.start, last)}{short_day(last)}"


def part_of(span: Period, whole: Period) -> str:
    """Which days of a whole period a span covers: "" for all of them, else from 11 Apr, to 14 May, or both."""
    starts_late, ends_early = span.start > whole.start, span.end < whole.end
    if starts_late and ends_early:
        return short_days(span)
    if starts_late:
        return f"from {short_day(span.start)}"
    return f"to {short_day(span.end - _ONE_DAY)}" if ends_early else ""


def _opening(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{day(first)} {_TO} "
    return f"{first.day}{_TO}" if first.month == last.month else f"{short_day(first)} {_TO} "


def country(code: str) -> str:
    """A country's English name by its ISO code; an unknown code stays as it is."""
    return str(_ENGLISH.territories.get(code.upper(), code))


def reading_order(name: str) -> tuple[str, str]:
    """The key by which names are sorted: without regard to case and accents, so that Änne stands beside Anne."""
    if name.isascii():
        return name.casefold(), name
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return bare.casefold(), name


def one_line(text: str) -> str:
    """A text from outside on one line, without control characters and marks that turn the direction of writing."""
    return " ".join(_DIRECTION_MARKS.sub("", _CONTROLS.sub(" ", text)).split())


def within_sentence(text: str) -> str:
    """A text from outside for use inside an English sentence: right-to-left writing can't reorder what follows it."""
    tidy = one_line(text)
    turns = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in tidy)
    return f"{_FIRST_STRONG_ISOLATE}{tidy}{_POP_ISOLATE}" if turns else tidy
