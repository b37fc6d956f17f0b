"""What happened between two charges for one period: who joined, who left, which number or price differs."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from billing.calendar import Period
from billing.draft import Move, Segment
from billing.people import Span


def moves_between(
    cycle: Period,
    billed: tuple[Segment, ...],
    billed_spans: tuple[Span, ...],
    owed: tuple[Segment, ...],
    owed_spans: tuple[Span, ...],
) -> tuple[Move, ...]:
    """The causes of the difference between what was billed for a period and what is owed now.

    People are named where both sides know them; otherwise the numbers say it.
    """
    if not billed:
        return ()
    named = bool(owed_spans or billed_spans) and _names_explain(billed, billed_spans)
    moves = [*_price_moves(cycle, billed, owed)]
    moves += _people_moves(cycle, billed_spans, owed_spans) if named else _quantity_moves(cycle, billed, owed)
    return tuple(sorted(moves, key=lambda move: (move.day, move.price_changed)))


def _names_explain(segments: tuple[Segment, ...], spans: tuple[Span, ...]) -> bool:
    """Whether the people listed for the billed side make up its quantities, so that names tell the whole story."""
    return all(
        segment.quantity == sum(span.period.covers(segment.period.start) for span in spans) for segment in segments
    )


def _people_moves(cycle: Period, before: tuple[Span, ...], after: tuple[Span, ...]) -> Iterator[Move]:
    joined = _grouped(_without(after, before))
    left = _grouped(_without(before, after))
    for period, people in joined.items():
        yield Move(period.start, Decimal(0), Decimal(len(people)), period.days, cycle.days, joined=people)
    for period, people in left.items():
        yield Move(period.start, Decimal(len(people)), Decimal(0), period.days, cycle.days, left=people)


def _without(spans: Iterable[Span], others: tuple[Span, ...]) -> Iterator[Span]:
    """The days of the spans on which the other spans don't have the same person."""
    taken: dict[int, list[Period]] = {}
    for other in others:
        taken.setdefault(other.person, []).append(other.period)
    for span in spans:
        start = span.period.start
        for hole in sorted(taken.get(span.person, [])):
            if hole.end <= start or hole.start >= span.period.end:
                continue
            if start < hole.start:
                yield Span(span.person, Period(start, hole.start))
            start = max(start, hole.end)
        if start < span.period.end:
            yield Span(span.person, Period(start, span.period.end))


def _grouped(spans: Iterable[Span]) -> dict[Period, tuple[int, ...]]:
    groups: dict[Period, tuple[int, ...]] = {}
    for span in spans:
        groups[span.period] = (*groups.get(span.period, ()), span.person)
    return groups


def _pairs(billed: tuple[Segment, ...], owed: tuple[Segment, ...]) -> Iterator[tuple[Period, Segment, Segment]]:
    """The stretches of days that lie in one segment on either side."""
    for old in billed:
        for new in owed:
            both = old.period.within(new.period.start, new.period.end)
            if both is not None:
                yield both, old, new


def _quantity_moves(cycle: Period, billed: tuple[Segment, ...], owed: tuple[Segment, ...]) -> Iterator[Move]:
    for days, old, new in _pairs(billed, owed):
        if old.quantity != new.quantity:
            yield Move(days.start, old.quantity, new.quantity, days.days, cycle.days)


def _price_moves(cycle: Period, billed: tuple[Segment, ...], owed: tuple[Segment, ...]) -> Iterator[Move]:
    told: set[date] = set()
    for days, old, new in _pairs(billed, owed):
        same_count = old.quantity == new.quantity and days.start not in told
        if same_count and (old.parts, old.cycle_amount) != (new.parts, new.cycle_amount):
            told.add(days.start)
            yield Move(days.start, old.quantity, new.quantity, days.days, cycle.days, price_changed=True)
