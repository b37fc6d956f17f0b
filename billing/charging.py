"""A charge: the difference between what an item owes for a period and what was billed for it, and what caused it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from billing.calendar import Period
from billing.draft import Charge, Move, Segment
from billing.owed import Counts
from billing.quantities import Span
from billing.snapshot import BilledCharge
from billing.taxes import TaxShare, differences


def charge_of(counts: Counts, owed: Charge, before: Sequence[BilledCharge]) -> Charge | None:
    """What is charged for an item and a period now; None when there is nothing to charge or to show.

    `before` is all that was billed for it. The first charge is gross and has the item's own kind; so has one after
    everything was taken back by a reversal. Any later one is an adjustment; it may be for no money at all, where a part
    of the amount goes over to another tax category.
    """
    shown = owed.amount_minor or owed.quantity
    if not before and not owed.shares:
        return owed if shown else None
    billed_minor = sum(entry.amount_minor for entry in before)
    taken_back = billed_minor == 0 and any(entry.reversal for entry in before)
    shares = differences(owed.tax_shares, (share for entry in before for share in entry.tax_shares))
    if before and not taken_back:
        return _adjustment(counts, owed, before, billed_minor, shares) if shares else None
    return _taxed(owed, shares) if shown else None


def _adjustment(
    counts: Counts, owed: Charge, before: Sequence[BilledCharge], billed_minor: int, shares: tuple[TaxShare, ...]
) -> Charge:
    last, spans = before[-1], counts.spans(owed.measure, owed.period)
    return replace(
        _taxed(owed, shares),
        kind="adjustment",
        quantity=None,
        amount_minor=owed.amount_minor - billed_minor,
        billed_minor=billed_minor,
        moves=moves_between(owed.cycle, last.segments, last.spans, owed.segments, spans),
        was=next((entry.basis for entry in reversed(before) if entry.basis is not None), None),
    )


def _taxed(owed: Charge, shares: tuple[TaxShare, ...]) -> Charge:
    """The charge with the parts of what is still to be charged, and the largest of them as its own tax."""
    main = max(shares or owed.tax_shares, key=lambda share: abs(share.amount_minor))
    return replace(owed, tax=main.category, rates=main.rates, shares=shares if len(shares) > 1 else ())


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
    moves = [*_moves_of_days(cycle, billed, owed)]
    if (owed_spans or billed_spans) and _names_explain(billed, billed_spans):
        moves = [move for move in moves if move.price_changed]
        moves += _people_moves(cycle, billed_spans, owed_spans)
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
        start, end = span.period.start, span.period.end
        for hole in sorted(taken.get(span.person, [])):
            if start < min(hole.start, end):
                yield Span(span.person, Period(start, min(hole.start, end)))
            start = max(start, hole.end)
        if start < end:
            yield Span(span.person, Period(start, end))


def _grouped(spans: Iterable[Span]) -> dict[Period, tuple[int, ...]]:
    groups: dict[Period, tuple[int, ...]] = {}
    for span in spans:
        groups[span.period] = (*groups.get(span.period, ()), span.person)
    return groups


def _moves_of_days(cycle: Period, billed: tuple[Segment, ...], owed: tuple[Segment, ...]) -> Iterator[Move]:
    """What differs on the days that lie in one segment on either side: their number, or what as many cost."""
    for old in billed:
        for new in owed:
            days, as_many = old.period.within(new.period.start, new.period.end), old.quantity == new.quantity
            if days is not None and not (as_many and old.parts == new.parts and old.cycle_amount == new.cycle_amount):
                yield Move(days.start, old.quantity, new.quantity, days.days, cycle.days, price_changed=as_many)
