"""How long a server asks us to wait."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def seconds_to_wait(headers: Mapping[str, str]) -> int | None:
    """The seconds in `Retry-After`, or up to the moment that it names by the server's own `Date`; None without it."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return int(asked)
    try:
        pause = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
        return max(int(pause.total_seconds()), 0)
    except (TypeError, ValueError):
        return None
