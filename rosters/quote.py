"""What a client would get month by month, and what so many more or fewer would cost. Nothing is stored.

The second is the same invoices drafted with and without them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from billing.agreement import Line, bill_dates
from billing.calendar import Period, add_months
from billing.draft import Draft, PutOff
from billing.errors import Refused, WrongInput
from billing.invoice import draft_invoice
from billing.money import exact, minor_of, plain
from billing.quantities import Measure, Step, Timeline
from billing.snapshot import Snapshot, as_billed
from rosters.effects import PaidFor, monthly_amounts

_ONE_DAY = timedelta(days=1)
_MOST_UNITS = 100_000
_MOST_MONTHS = 36


class QuoteMakesNoSense(WrongInput):
    """Nothing, a part of somebody, an absurd number, or days the wrong way round."""


class NotThatMany(Refused):
    """More are to be taken away than there are."""


class NothingCountsThat(Refused):
    """No line bills what is asked for on these days."""


@dataclass(frozen=True, slots=True)
class Question:
    """So many units more (below 0: fewer) of what is counted, from a day on until another (None: for good)."""

    measure: Measure
    units: Decimal
    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuses what nobody can mean."""
        if exact(self.units) == 0 or self.units % 1:
            raise QuoteMakesNoSense(f"{plain(self.units)} more is no question: write a whole number, such as +3 or -2.")
        if abs(self.units) > _MOST_UNITS:
            raise QuoteMakesNoSense(f"{plain(self.units)} is taken for a typing error: at most {_MOST_UNITS}.")
        if self.end is not None and self.end <= self.start:
            raise QuoteMakesNoSense(f"Until {self.end} is not after from {self.start}: write a later day.")
        if self.end is not None and self.end > add_months(self.start, _MOST_MONTHS):
            raise QuoteMakesNoSense(
                f"Until {self.end} is more than {_MOST_MONTHS} months after {self.start}: write an earlier day."
            )


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much an invoice differs, in minor units, before tax and with it."""

    bill_date: date
    subtotal_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What the units cost: a month (item by item), over `term`, and on each invoice that differs in it.

    Without a term, only the first invoice that differs is named.

    `term` is until the asked end, or until the last commitment into which the units fall ends, whichever is later;
    None where they come for good. `put_off` are the decreases that a commitment doesn't let through.
    """

    question: Question
    before: Decimal
    currency: str
    monthly: tuple[tuple[PaidFor, int], ...]
    monthly_minor: int
    invoices: tuple[Difference, ...]
    term: Period | None
    committed: bool
    put_off: tuple[PutOff, ...]

    @property
    def over_term_minor(self) -> int:
        """All of it before tax, over the term."""
        return sum(each.subtotal_minor for each in self.invoices)


def quote_for(snapshot: Snapshot, question: Question, next_bill_date: date) -> Quote:
    """What the units would cost, from the next invoice on.

    Raises:
        NothingCountsThat, NotThatMany: as named, with what is possible.

    """
    if question.start > add_months(next_bill_date, _MOST_MONTHS):
        raise QuoteMakesNoSense(
            f"From {question.start} is more than {_MOST_MONTHS} months ahead: write an earlier day."
        )
    found = list(_lines(snapshot, question))
    if not found:
        raise NothingCountsThat(f"No line bills {question.measure.name} from {question.start} on, so it costs nothing.")
    lines, starts = zip(*found, strict=True)
    term_end = _term_end(lines, question)
    end = term_end if question.end is None else question.end
    last = max(filter(None, (term_end, question.end)), default=None)
    timeline = snapshot.quantities(next_bill_date).get(question.measure, Timeline())
    without = _stated(snapshot, question.measure, timeline.steps)
    changed = _stated(snapshot, question.measure, _shifted(timeline, question, end))
    invoices, put_off = _compared(without, changed, next_bill_date, _billed_by(snapshot, last or question.start))
    day = max(question.start, min(starts))
    before, after = monthly_amounts(without, day), monthly_amounts(changed, day)
    currency = snapshot.terms.currency
    # The terms are the same on both sides, and so are the items.
    months = {key: amount - before[key] for key, amount in after.items()}
    return Quote(
        question=question,
        before=timeline.at(question.start),
        currency=currency,
        monthly=tuple((key, minor_of(amount, currency)) for key, amount in months.items() if amount),
        monthly_minor=minor_of(sum(months.values(), Fraction(0)), currency),
        invoices=invoices if last else invoices[:1],
        term=None if last is None else Period(question.start, last),
        committed=term_end is not None,
        put_off=put_off,
    )


def _lines(snapshot: Snapshot, question: Question) -> Iterator[tuple[Line, date]]:
    """The lines that count what is asked for on any day on which it is asked, each with its first day."""
    for agreement in snapshot.terms.agreements:
        for line in agreement.lines:
            starts = max(filter(None, (agreement.start, line.start)))
            ends = min(filter(None, (agreement.end, line.end)), default=None)
            begins_in_time = question.end is None or starts < question.end
            if line.count == question.measure and begins_in_time and (ends is None or question.start < ends):
                yield line, starts


def _term_end(lines: Iterable[Line], question: Question) -> date | None:
    """When the last term ends to which the units would be committed; None without a commitment."""
    last_day = question.start if question.end is None else question.end - _ONE_DAY
    terms = [term for line in lines if line.commitment for term in line.commitment.terms(last_day)]
    return max((term.end for term in terms if term.covers(last_day)), default=None)


def _shifted(timeline: Timeline, question: Question, end: date | None) -> tuple[Step, ...]:
    """The numbers with the units, on the days on which they are asked for."""
    inside = [step for step in timeline.steps if step.on > question.start and (end is None or step.on < end)]
    opening = timeline.step(question.start)
    fewest = min((opening, *inside), key=lambda step: step.quantity)
    if fewest.quantity + question.units < 0:
        raise NotThatMany(
            f"There are only {plain(fewest.quantity)} of {question.measure.name} on {fewest.on}, "
            f"so {plain(-question.units)} fewer is impossible."
        )
    with_units = [replace(step, quantity=step.quantity + question.units) for step in (opening, *inside)]
    before = [step for step in timeline.steps if step.on < question.start]
    after = [timeline.step(end), *(step for step in timeline.steps if step.on > end)] if end else []
    return (*before, *with_units, *after)


def _stated(snapshot: Snapshot, measure: Measure, steps: Iterable[Step]) -> Snapshot:
    """The client's facts with these numbers in place of seats and statements."""
    known = tuple(replace(step, known=None) for step in steps)
    counted = {roster: day for roster, day in snapshot.counted.items() if measure != Measure("roster", roster)}
    return replace(snapshot, stated={**snapshot.stated, measure: known}, counted=counted)


def _billed_by(snapshot: Snapshot, day: date) -> date:
    """A day by which everything is billed that any agreement owes for the days before."""
    return max(agreement.cycle.period_of(day).end for agreement in snapshot.terms.agreements)


def _compared(
    without: Snapshot, changed: Snapshot, first: date, through: date
) -> tuple[tuple[Difference, ...], tuple[PutOff, ...]]:
    """The invoices that differ, and the decreases that are put off with the units alone."""
    differences, held = [], dict[tuple[str, Measure], PutOff]()
    on = tuple(_bill_dates(without, first, through))
    pairs = zip(_drafts(without, on), _drafts(changed, on), strict=True)
    for (bill_date, before), (_, after) in pairs:
        subtotal_minor = _subtotal(after) - _subtotal(before)
        if subtotal_minor or _total(after) != _total(before):
            differences.append(Difference(bill_date, subtotal_minor, _total(after) - _total(before)))
        known = {(each.line, each.deferral) for each in before.put_off} if before else set()
        for each in after.put_off if after else ():
            if (each.line, each.deferral) not in known:
                held[each.line, each.measure] = each
    return tuple(differences), tuple(held.values())


def month_by_month(snapshot: Snapshot, through: date) -> Iterator[Draft]:
    """The documents that a client would get on each bill date up to a day, each counting as issued for the next."""
    by_then = takewhile(lambda bill_date: bill_date <= through, bill_dates(snapshot.terms))
    return (draft for _, draft in _drafts(snapshot, by_then) if draft is not None)


def _drafts(snapshot: Snapshot, on: Iterable[date]) -> Iterator[tuple[date, Draft | None]]:
    """The invoice of each of these bill dates, each counting as issued for the next."""
    for bill_date in on:
        draft = draft_invoice(snapshot, bill_date)
        yield bill_date, draft
        if draft is not None:
            snapshot = replace(snapshot, billed=snapshot.billed + as_billed(draft))


def _bill_dates(snapshot: Snapshot, first: date, through: date) -> Iterator[date]:
    """Every bill date from the first, up to and with the one on or after a day."""
    for bill_date in bill_dates(snapshot.terms, first):
        yield bill_date
        if bill_date >= through:
            return


def _subtotal(draft: Draft | None) -> int:
    return 0 if draft is None else draft.subtotal_minor


def _total(draft: Draft | None) -> int:
    return 0 if draft is None else draft.total_minor
