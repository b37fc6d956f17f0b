"""What stands behind the numbers of a line, a sentence each: changes with their approvers, stated numbers, readings.

A sentence is a row of pieces, in which whoever acted stays an id, so that Slack can show them as it shows people. The
short form names people; the full one, for an auditor, follows each of them to the accounts of their directories.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from billing.calendar import Period
from billing.money import plain
from billing.quantities import Reading, Step
from documents.format import day, days, one_line, reading_order, within_sentence

_COMMAND_LINE = "cli:"
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_SLACK_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_ONE_DAY = timedelta(days=1)
_POINT = "\N{MIDDLE DOT}"


@dataclass(frozen=True, slots=True)
class By:
    """Whoever acted, by the id under which the audit log has them."""

    id: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment, and the business date that it fell on in a client's zone: elsewhere than in Slack the date is told.

    Of what is older than the keeping of moments, only the date is known.
    """

    on: date
    at: datetime | None
    timezone: str


def when(on: date | None, at: datetime | None, timezone: str) -> When | None:
    """The moment of what has happened; None where it hasn't."""
    return None if on is None else When(on, at, timezone)


Told = tuple[str | By | When, ...]
NameOf = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did something, and on which day."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Approval:
    """An approved change, and who approved it when."""

    change: int
    deed: Deed | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An account of a person in a directory, by its immutable id, and the day on which it was first seen."""

    account: str
    directory: str
    first: date


@dataclass(frozen=True, slots=True)
class Place:
    """A person's seat with what closed it, and the accounts that stand for the person."""

    person: int
    starts: date
    ends: date | None
    closed: Approval | None
    accounts: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """People who came to a roster or left it on one day by one change, and in which directory that was seen when."""

    joined: bool
    on: date
    approval: Approval
    seen: tuple[tuple[str, date], ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that holds from a day on, what it was before (None: nothing), and what brought it."""

    step: Step
    before: Decimal | None
    approval: Approval | None
    imported: Deed | None


@dataclass(frozen=True, slots=True)
class Read:
    """Readings of a meter that came together."""

    readings: tuple[Reading, ...]
    imported: Deed | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A fixed number of the agreement."""

    number: Decimal


Source = Moved | Stated | Read | Agreed


def told(source: Source, name_of: NameOf, most: int, written: Callable[[str], str] = within_sentence) -> Told:
    """A source in one sentence, with at most so many names: +2 on 11 Apr 2027 (Ann, Bo), approved by Jane on ….

    `written` says how a name is written; only those that are shown are asked for.
    """
    match source:
        case Moved():
            names = sorted((name_of(place.person) for place in source.places), key=reading_order)
            return (
                *_moved(source, f" ({_few(names, most, written)})"),
                *_approved(source.approval),
                _seen(source),
            )
        case Stated():
            return _stated(source)
        case Read():
            return (_read(source), *_imported(source.imported))
        case Agreed():
            return (f"The number {plain(source.number)} is fixed in the agreement",)


def in_full(source: Source, name_of: NameOf) -> Iterator[str]:
    """A source with everything that an auditor needs, in plain sentences."""
    if not isinstance(source, Moved):
        yield f"{spoken(told(source, name_of, 0))}."
        yield from (f"{_POINT} {_reading(each)}" for each in (source.readings if isinstance(source, Read) else ()))
        return
    by = f", by change {source.approval.change}"
    yield f"{spoken((*_moved(source, by), *_approved(source.approval), _seen(source)))}:"
    for place in sorted(source.places, key=lambda place: reading_order(name_of(place.person))):
        yield f"{_POINT} {within_sentence(name_of(place.person))}: {spoken(_place(place))}."


def spoken(pieces: Told) -> str:
    """A sentence as text."""
    return "".join(map(_spoken, pieces))


def _spoken(piece: str | By | When) -> str:
    match piece:
        case By(who):
            return actor(who)
        case When(on=on):
            return day(on)
        case _:
            return piece


def actor(by: str) -> str:
    """Whoever acted, where Slack doesn't show them: somebody at the command line by name, a Slack user by id."""
    known_as = one_line(by)
    if is_slack_user(known_as):
        return f"Slack user {known_as}"
    if is_slack_group(known_as):
        return f"Slack user group {known_as}"
    if known_as.startswith(_COMMAND_LINE):
        return f"{known_as.removeprefix(_COMMAND_LINE)} (command line)"
    return known_as


def is_slack_user(by: str) -> bool:
    """Whether whoever acted did so in Slack, which can show them."""
    return _SLACK_USER.fullmatch(by) is not None


def is_slack_group(by: str) -> bool:
    """Whether it is a user group in Slack."""
    return _SLACK_GROUP.fullmatch(by) is not None


def _moved(source: Moved, who: str) -> Told:
    return (f"{'+' if source.joined else '-'}{len(source.places)} on {day(source.on)}{who}",)


def _few(names: Sequence[str], most: int, written: Callable[[str], str]) -> str:
    # One more name takes no more room than the words that one is left out.
    if len(names) <= most + 1:
        return ", ".join(map(written, names))
    return f"{', '.join(map(written, names[:most]))} and {len(names) - most:,} more"


def _approved(approval: Approval | None) -> Told:
    if approval is None or approval.deed is None:
        return ()
    return (", approved by ", By(approval.deed.by), f" on {day(approval.deed.on)}")


def _imported(imported: Deed | None) -> Told:
    return (", in the book that ", By(imported.by), f" imported on {day(imported.on)}") if imported else ()


def _seen(source: Moved) -> str:
    if not source.seen:
        return ""
    directory, on = source.seen[0]
    elsewhere = len(source.seen) - 1
    return f", seen in {one_line(directory)} on {day(on)}" + (f" and {elsewhere} times more" if elsewhere else "")


def _stated(source: Stated) -> Told:
    difference = None if source.before is None else source.step.quantity - source.before
    by_how_much = "" if difference is None else f" ({'+' if difference > 0 else ''}{plain(difference)})"
    known = f", known since {day(source.step.known)}" if source.step.known else ""
    number = f"{plain(source.step.quantity)} from {day(source.step.on)}{by_how_much}"
    if source.approval is not None:
        return (number, *_approved(source.approval))
    return (f"{number}{known}", *(_imported(source.imported) or (", as stated in the book",)))


def _read(source: Read) -> str:
    on = sorted(each.on for each in source.readings)
    total = plain(sum((each.amount for each in source.readings), Decimal(0)))
    when = days(Period(on[0], on[-1] + _ONE_DAY))
    if len(source.readings) == 1:
        return f"{total} read on {when}"
    return f"{len(source.readings)} readings of {when}, {total} in all"


def _reading(reading: Reading) -> str:
    return f"{plain(reading.amount)} read on {day(reading.on)}, key {one_line(reading.key)}."


def _place(place: Place) -> Told:
    seen = [
        f"account {one_line(each.account)} in {one_line(each.directory)}, first seen {day(each.first)}"
        for each in place.accounts
    ]
    since: Told = ("; ".join([*seen, f"paid for from {day(place.starts)}"]),)
    if place.ends is None or place.closed is None:
        return since
    until = f" until {day(place.ends)} by change {place.closed.change}"
    return (*since, until, *_approved(place.closed))
