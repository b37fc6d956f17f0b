"""The machine: its clock, its time zones, and the fonts that documents are set with."""

from collections.abc import Iterable
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commands.examinations.finding import Finding, Part, ok, set_wrong
from documents.typefaces import FOLDER, missing

_PART = Part.MACHINE
# Slack and Microsoft refuse what was signed five minutes off; long before, days and deadlines are wrong at their edges.
_APART_MOST = timedelta(seconds=60)


def clocks(whose: str, ahead: timedelta) -> Finding:
    """Whether our clock agrees with somebody else's."""
    what = f"clock against {whose}"
    seconds = round(ahead.total_seconds())
    if abs(ahead) <= _APART_MOST:
        return ok(_PART, what, "they agree")
    which = "behind" if seconds > 0 else "ahead"
    text = f"this machine's clock is {abs(seconds)} seconds {which}"
    remedy = "Set it by the network (timedatectl set-ntp true): signatures of a wrong time are refused."
    return set_wrong(_PART, what, text, remedy)


def zones(names: Iterable[str]) -> Finding:
    """Whether the time zones of all clients are known here."""
    wanted = sorted({"UTC", *names})
    unknown = [name for name in wanted if not _known(name)]
    if unknown:
        remedy = "Install tzdata (pip install tzdata), or correct the clients' `timezone` in their book."
        return set_wrong(_PART, "time zones", f"unknown here: {', '.join(unknown)}", remedy)
    return ok(_PART, "time zones", f"tzdata {_tzdata()}, {len(wanted)} in use")


def fonts(folder: Path = FOLDER) -> Finding:
    """Whether the fonts of documents are there and can be used."""
    lacking = missing(folder)
    if lacking:
        remedy = "Install Rollcall again: its fonts belong to it."
        return set_wrong(_PART, "fonts", f"not there, or unreadable: {', '.join(lacking)}", remedy)
    return ok(_PART, "fonts", "Inter in every weight that documents use")


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _tzdata() -> str:
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "of the system"
