"""From shapes to what was billed elsewhere: each day of a line once, since two amounts for it are added up."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import lcm

from billing.agreement import Terms
from billing.calendar import Period
from billing.money import allocate, parse_minor
from connectors.books.client_shapes import BilledShape
from connectors.books.problems import Problems, at
from connectors.books.shape import did_you_mean
from connectors.books.unlikely import refuse_unlikely
from connectors.books.values import BookBilled

_Entry = tuple[BilledShape, BookBilled]
_SEVERAL = 2


def billed_of(
    shapes: Sequence[BilledShape], lines: Sequence[str], terms: Terms, problems: Problems
) -> tuple[BookBilled, ...]:
    """What was billed elsewhere, in the file's order; what no line of the client can have been billed is noted.

    What was billed for several periods together is split over them.
    """
    for shape in shapes:
        if shape.line_name not in lines:
            found = f"found the unknown line '{shape.line_name}'; {did_you_mean(shape.line_name, lines)}"
            problems.add(shape.line("line"), found)
    entries = problems.each(shapes, lambda shape: (shape, _billed(shape, terms.currency)))
    _check_days(entries, terms, problems)
    _check_once(entries, problems)
    return tuple(part for _, billed in entries for part in by_period(billed, terms))


def _billed(shape: BilledShape, currency: str) -> BookBilled:
    period = Period(shape.since, shape.to)
    with at(shape.line("amount")):
        refuse_unlikely("amount", shape.amount, confirmed=shape.confirmed)
        return BookBilled(shape.line_name, period.start, period.end, parse_minor(shape.amount, currency))


def by_period(billed: BookBilled, terms: Terms) -> Iterator[BookBilled]:
    """What was billed for each period of the line's cycle, by how much of it was billed."""
    cycle = next((each.cycle for each in terms.agreements if billed.line in {line.name for line in each.lines}), None)
    periods = list(cycle.periods(billed.start, Period(billed.start, billed.end).last)) if cycle else []
    if len(periods) < _SEVERAL:
        yield billed
        return
    parts = [period.within(billed.start, billed.end) or period for period in periods]
    whole = lcm(*(period.days for period in periods))
    weights = [part.days * whole // period.days for part, period in zip(parts, periods, strict=True)]
    for part, amount_minor in zip(parts, allocate(billed.amount_minor, weights), strict=True):
        yield BookBilled(billed.line, part.start, part.end, amount_minor)


def _check_days(entries: Sequence[_Entry], terms: Terms, problems: Problems) -> None:
    """Notes every period without a day of its line: it would be paid back, and is mostly a mistyped date."""
    for shape, billed in entries:
        if not shape.confirmed and is_outside(billed, terms):
            found = f"found line '{billed.line}' billed from {billed.start} to {billed.end}, when it isn't in force"
            problems.add(
                shape.line("from"), f"{found}; expected a day of the line, or confirmed: true if it is paid back"
            )


def is_outside(billed: BookBilled, terms: Terms) -> bool:
    """Whether what was billed has no day of its line. An agreement's end that was learnt counts no day out."""
    period = Period(billed.start, billed.end)
    homes = [(each, line) for each in terms.agreements for line in each.lines if line.name == billed.line]
    return bool(homes) and not any(
        (replace(each, end=None, end_known=None) if each.end_known else each).covered(line, period)
        for each, line in homes
    )


def _check_once(entries: Sequence[_Entry], problems: Problems) -> None:
    """Notes every entry with a day that another one of its line has; the one that stands later in the book is wrong."""
    by_day = sorted(entries, key=lambda entry: (entry[1].line, entry[1].start, entry[0].line()))
    for _, of_line in groupby(by_day, key=lambda entry: entry[1].line):
        for pair in _overlapping(of_line):
            (_, first), (again, second) = sorted(pair, key=lambda entry: entry[0].line())
            before = next(shape for shape, billed in pair if billed is first)
            where = problems.said(before.line())
            days = f"{second.start} to {second.end}"
            if (first.start, first.end) == (second.start, second.end):
                told = f"found line '{second.line}' from {days} again; expected each period once ({where})"
            else:
                told = (
                    f"found line '{second.line}' from {days}, and before from {first.start} to {first.end} ({where}); "
                    "expected periods that don't overlap"
                )
            problems.add(again.line(), f"{told}, amounts added up")


def _overlapping(by_day: Iterator[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """Each entry that begins before an earlier one is over, with the one of those that ends last."""
    last: _Entry | None = None
    for entry in by_day:
        if last is not None and entry[1].start < last[1].end:
            yield last, entry
        if last is None or entry[1].end > last[1].end:
            last = entry
