"""A moment in Slack's own date formats, read in the reader's zone."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.page.look import Look

_TOKEN = re.compile(r"\{(\w+)\}")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_AGO = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def moment(timestamp: int, look: Look) -> datetime | None:
    """The moment in the reader's zone; None when no calendar has it."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).astimezone(ZoneInfo(look.locale_zone))
    except (OverflowError, ValueError, OSError):
        return None


def written(when: datetime, pattern: str, look: Look) -> str:
    """The pattern with its tokens, such as `{date_short}`, replaced; what is no token stays as it is."""

    def replaced(found: re.Match[str]) -> str:
        token = found[1]
        if token == "ago":
            return _ago(when, look)
        if token.endswith("_pretty"):
            return _near(when, look) or _PLAIN[token.removesuffix("_pretty")](when)
        return _PLAIN[token](when) if token in _PLAIN else found[0]

    known = {*_PLAIN, "ago", "date_pretty", "date_short_pretty", "date_long_pretty"}
    return _TOKEN.sub(lambda found: replaced(found) if found[1] in known else found[0], pattern)


def _near(when: datetime, look: Look) -> str | None:
    today = look.now.astimezone(when.tzinfo).date()
    return _NEAR.get((when.date() - today).days)


def _ago(when: datetime, look: Look) -> str:
    seconds = int((look.now - when).total_seconds())
    for length, unit in _AGO:
        count = abs(seconds) // length
        if count:
            said = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{said} ago" if seconds > 0 else f"in {said}"
    return "just now"


def _ordinal(day: int) -> str:
    return f"{day}{'th' if day in _TEENS else _ENDINGS.get(day % 10, 'th')}"


def _date(when: datetime) -> str:
    return f"{when:%B} {_ordinal(when.day)}, {when.year}"


_PLAIN: Mapping[str, Callable[[datetime], str]] = {
    "date": _date,
    "date_num": lambda when: f"{when:%Y-%m-%d}",
    "date_short": lambda when: f"{when:%b} {when.day}, {when.year}",
    "date_long": lambda when: f"{when:%A}, {_date(when)}",
    "time": lambda when: f"{when:%H:%M}",
    "time_secs": lambda when: f"{when:%H:%M:%S}",
}
