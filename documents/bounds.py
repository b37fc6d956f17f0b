"""What hit a safety bound, and what was left out or billed twice, in words."""

from datetime import date

from checks.bounds import (
    AHEAD_MONTHS,
    CATCH_UP_MONTHS,
    CATCH_UP_PERIODS,
    PERIOD_AHEAD_MONTHS,
    Ahead,
    CatchUp,
    Cause,
    Unbilled,
)
from checks.moved import Unexplained
from checks.records import THE_DRAFT, Finding
from documents.format import Format, day, days, one_line

_NAMED_AT_MOST = 5
_ITEMS = {"line": "", "discount": "the discount ", "minimum": "the minimum amount of ", "one_off": "the one-off "}


def text(cause: Cause, style: Format) -> str:
    """What was found, in one sentence."""
    match cause:
        case CatchUp(line, periods, since):
            many = "1 earlier period" if periods == 1 else f"{periods} earlier periods"
            return (
                f"{line} would be charged for {many} at once, from {day(since)} on; "
                f"more than {CATCH_UP_PERIODS}, or what is older than {CATCH_UP_MONTHS} months, waits for a look."
            )
        case Ahead(until, None):
            return f"The bill date {day(until)} is more than {AHEAD_MONTHS} months away."
        case Ahead(until, line):
            return f"{line} would be charged until {day(until)}, more than {PERIOD_AHEAD_MONTHS} months ahead."
        case Unexplained():
            return _unexplained(cause, style)
        case Unbilled():
            return _unbilled(cause, style)
        case Finding():
            return finding(cause, style)


def finding(found: Finding, style: Format) -> str:
    """What was left out or billed twice, and on which documents."""
    what = f"{_ITEMS[found.item]}{one_line(found.name)}, {days(found.period)}"
    money, numbers = style.money(found.amount_minor), " and ".join(found.numbers)
    match found.kind:
        case "gap":
            return f"Nothing is charged for {what}, which owes {money} or more."
        case "overlap" if THE_DRAFT in found.numbers:
            before = numbers if len(found.numbers) > 1 else f"What was billed elsewhere and {THE_DRAFT}"
            return f"{before} would charge twice for {what}: {money} too much."
        case "overlap":
            before = numbers if len(found.numbers) > 1 else f"What was billed elsewhere and {numbers}"
            return f"{before} charge twice for {what}: {money} too much."
        case "uncounted":
            return f"{numbers} charges {money} for {what}, which doesn't count as billed: a run would charge it again."
        case "unprinted":
            return f"{money} counts as billed for {what}, but {numbers} doesn't say so."


def advice(found: Finding, client: str) -> str:
    """What to do about it."""
    preview = f"rollcall preview {client}"
    match found.kind:
        case "gap":
            return f"If {preview} doesn't bill it with the next invoice, charge it as a one_off and report the fault."
        case "overlap" if THE_DRAFT in found.numbers:
            return "Don't override this: see rollcall audit verify, and tell whoever runs Rollcall."
        case "overlap":
            return (
                f"If {preview} doesn't give it back with the next invoice, credit it: rollcall credit NUMBER --line N."
            )
        case _:
            return "Start no run for this client: see rollcall audit verify, and tell whoever runs Rollcall."


def caught_up(found: Unbilled, on: date, style: Format) -> str:
    """What the client's own next run bills by itself, and how to start it."""
    names = [one_line(name) for name in dict.fromkeys(name for name, *_ in found.entries)]
    since = day(min(period.start for _, period, _ in found.entries))
    many = "1 period" if len(found.entries) == 1 else f"{len(found.entries)} periods"
    money = style.money(sum(minor for *_, minor in found.entries))
    what = f"Not billed yet: {many} of {_few(names)} since {since}, {money}."
    return f"{what} The next run bills it: rollcall run start {on}"


NEXT_RUN_LACKS_IT = "The client's next run doesn't bill it either: charge it as a one_off and report the fault."
"""What to do about a gap that isn't caught up with."""


def _unexplained(moved: Unexplained, style: Format) -> str:
    difference = style.signed(moved.after_minor - moved.before_minor)
    was = f"{style.money(moved.after_minor)} instead of {style.money(moved.before_minor)}"
    return (
        f"{_few(moved.names)}: {difference} against the last time ({was}), and no approved change, import, dated "
        "price, start, end or one-off explains it."
    )


def _unbilled(found: Unbilled, style: Format) -> str:
    said = [f"{one_line(name)}, {days(period)}: {style.money(minor)}" for name, period, minor in found.entries]
    return f"Not billed when it was due, and on this invoice: {_few(said, '; ')}."


def _few(words: "list[str] | tuple[str, ...]", between: str = ", ") -> str:
    rest = len(words) - _NAMED_AT_MOST
    more = f"{between}and {rest} more" if rest > 0 else ""
    return f"{between.join(words[:_NAMED_AT_MOST])}{more}"
