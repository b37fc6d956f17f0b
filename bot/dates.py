"""Dates as people type them: 2027-05-01, 1 may 2027, may 1, may 2027, may."""

import re
from datetime import date
from itertools import product

from billing.errors import WrongInput

_MONTHS = "january february march april may june july august september october november december".split()
_SHORTEST = 3
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")
_YEAR = re.compile(r"\d{4}")


class DateIsUnclear(WrongInput):
    """The words name no day."""


def read_date(words: str, today: date) -> date:
    """The day that the words name; a month alone is its first day, and without a year the nearest one is meant.

    Raises:
        DateIsUnclear: the message says which forms there are.

    """
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        found = _spoken(words.lower().replace(",", " ").split(), today)
    if found is None:
        raise DateIsUnclear(f"“{words}” is no date that I understand: write it like 2027-05-01, 1 may 2027 or may.")
    return found


def looks_like_date(words: str, today: date) -> bool:
    """Whether the words can be read as a day."""
    try:
        read_date(words, today)
    except DateIsUnclear:
        return False
    return True


def _spoken(words: list[str], today: date) -> date | None:
    months = [month for word in words if (month := _month(word))]
    years = [int(word) for word in words if _YEAR.fullmatch(word)]
    days = [int(match[1]) for word in words if (match := _DAY.fullmatch(word))]
    if len(months) != 1 or len(years) > 1 or len(days) > 1 or len(words) != 1 + len(years) + len(days):
        return None
    near = years or [today.year - 1, today.year, today.year + 1]
    possible = [day for year, of_month in product(near, days or [1]) if (day := _date(year, months[0], of_month))]
    return min(possible, key=lambda day: abs(day - today), default=None)


def _month(word: str) -> int | None:
    if len(word) < _SHORTEST:
        return None
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
