"""The kinds of single values that a book has, each with what is expected of it in words."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from billing.money import exact
from connectors.books.currencies import CURRENCIES
from connectors.books.document import Inexact, Items
from connectors.books.schedules import EXPECTED, Schedule, ScheduleIsUnclear, schedule

_LONGEST_TEXT = 500
# Nobody has so many people, licences or devices: it is a slip of the keyboard.
_UNLIKELY_QUANTITY = 10**9
# A year such as 0207 is a slip of the keyboard too, and would be billed for eighteen centuries.
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]{1,2}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?", re.ASCII)
_TOO_LONG = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
# Control characters, line and paragraph separators, lone surrogates: nothing that a document could print.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def unexpected(expected: str) -> PydanticCustomError:
    """A value of the wrong kind; what was found is added where the message is made."""
    return PydanticCustomError("unexpected", "{expected}", {"expected": expected})


def refused(sentence: str) -> PydanticCustomError:
    """A value that is understood and can't be accepted, for the reason in the sentence."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def _printable(text: str) -> str:
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST_TEXT or _UNPRINTABLE.search(stripped):
        raise unexpected(f"one line of text of 1 to {_LONGEST_TEXT} characters")
    return stripped


def _matching(pattern: str, expected: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise unexpected(expected)
        return text

    return check


def _number(value: object) -> Decimal:
    if isinstance(value, Inexact):
        # 1e3 is a number that YAML knows and a book doesn't.
        digits = f"{Decimal(value.text):f}" if _EXPONENT.fullmatch(value.text) else value.text
        raise unexpected(f'an exact number: write it in quotes, "{digits}"')
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise unexpected('a number in quotes, such as "45.00"')
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        if _TOO_LONG.fullmatch(value):
            raise unexpected("at most 15 digits before the point and 12 after it")
        raise unexpected('digits with a point, such as "45.00"')
    return exact(value)


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise unexpected("a number that is not negative")
    return number


def _likely(number: Decimal) -> Decimal:
    if number >= _UNLIKELY_QUANTITY:
        raise unexpected(f"fewer than {_UNLIKELY_QUANTITY}")
    return number


def _day(value: object) -> date:
    day = _any_day(value)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise unexpected(f"a day of the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def _any_day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise unexpected("a day that the calendar has") from None
    raise unexpected("a date, such as 2027-01-31")


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise unexpected("an ISO 4217 code, such as USD, EUR or GBP")
    return code


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # ZoneInfo looks names up as files: an unknown one is a KeyError, an odd one a ValueError, a folder an OSError.
        raise unexpected("a time zone of the IANA database, such as America/New_York or UTC") from None
    return name


def _time(value: object) -> time:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", value, re.ASCII):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise unexpected('a time of the day, such as "02:30"')


def _schedule(value: object) -> Schedule:
    if isinstance(value, str):
        try:
            return schedule(value)
        except ScheduleIsUnclear:
            pass
    raise unexpected(EXPECTED)


def _listed(value: object) -> object:
    if isinstance(value, Items):
        return value
    return Items([value], [getattr(value, "line", 0)])


def only(default: object, sentence: str) -> Any:
    """A key of a later version: its default, or nothing, is accepted; anything else is refused with the sentence."""

    def check(value: object) -> object:
        if value is None or value == default:
            return default
        raise refused(sentence)

    return BeforeValidator(check)


Text = Annotated[str, AfterValidator(_printable)]
Exact = Annotated[Decimal, BeforeValidator(_number)]
Count = Annotated[Exact, AfterValidator(_not_negative)]
Quantity = Annotated[Count, AfterValidator(_likely)]
Day = Annotated[date, BeforeValidator(_day)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
When = Annotated[Schedule, BeforeValidator(_schedule)]
Currency = Annotated[str, AfterValidator(_currency)]
TimeZone = Annotated[str, AfterValidator(_zone)]
Slug = Annotated[
    str, AfterValidator(_matching(r"[a-z0-9][a-z0-9_-]{0,62}", "small letters, digits and hyphens, such as acme-corp"))
]
Country = Annotated[str, AfterValidator(_matching(r"[A-Z]{2}", "two capital letters of ISO 3166, such as US"))]
Locale = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_(?:[A-Z]{2}|[0-9]{3}))?", "a language and a country, such as en_US"
        )
    ),
]
Channel = Annotated[
    str, AfterValidator(_matching(r"[CDG][A-Z0-9]{2,}", "the id of a Slack channel, such as C0ACME, not its name"))
]
SlackId = Annotated[
    str,
    AfterValidator(_matching(r"[UWS][A-Z0-9]{2,}", "the id of a Slack user or user group, such as U0DANA or S0LEADS")),
]
AccountReference = Annotated[
    str, AfterValidator(_matching(r"[^/]+/\S(?:.*\S)?", "an account as DIRECTORY/OBJECT_ID, such as m365/6f1c"))
]
Series = Annotated[
    str, AfterValidator(_matching(r"[A-Z0-9][A-Z0-9/-]{0,15}", "1 to 16 capital letters, digits, hyphens or slashes"))
]
Domain = Annotated[
    str, AfterValidator(_matching(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]+", "a domain, such as example.com"))
]
one_or_list = BeforeValidator(_listed)
