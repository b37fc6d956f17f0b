"""Safety bounds: what no bill does unless a person has looked at it first.

Kill Bill's invoice generator has bounds of this sort, and parks an account that hits one. Here a hit holds the client
in the run like any other mismatch, in words that a person can act upon.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from billing.agreement import Terms, next_bill_date
from billing.calendar import Period, add_months
from billing.draft import Charge, Draft
from billing.snapshot import Snapshot
from checks.moved import Reasons, Unexplained, unexplained
from checks.records import Finding

# Half a year is caught up without a word: a directory may be broken for some months. More of it at once, or what is
# older than a year, is an agreement that was billed elsewhere before and lacks its bills_from.
CATCH_UP_PERIODS = 6
CATCH_UP_MONTHS = 12
# A renewal may be billed months before its day; a bill date that is almost a year away is a mistyped year.
AHEAD_MONTHS = 11
# Three years paid in advance is a term that vendors sell; more is a mistyped cycle.
PERIOD_AHEAD_MONTHS = 36
# An approver may put right what happened this quarter; what goes back further was reported to somebody already.
BACKDATING_MONTHS = 3

BoundCode = Literal["R15", "R16", "R17", "R19", "R20"]


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A line that would be charged for so many earlier periods at once, the first of which begins on `since`."""

    line: str
    periods: int
    since: date


@dataclass(frozen=True, slots=True)
class Ahead:
    """A bill date, or where a line is named its last paid day, that is further away than a bill goes."""

    until: date
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Unbilled:
    """What is billed now for periods whose own bill date has passed: item, days and minor units."""

    entries: tuple[tuple[str, Period, int], ...]


Cause = CatchUp | Ahead | Unexplained | Unbilled | Finding


@dataclass(frozen=True, slots=True)
class Breach:
    """A bound that was hit, or (R16) what only wants to be seen."""

    code: BoundCode
    cause: Cause
    amount_minor: int | None = None

    @property
    def holds(self) -> bool:
        """Whether it keeps the client out of a run."""
        return self.code != "R16"


def earliest_without_a_biller(today: date) -> date:
    """How far back a change may reach that no biller approved."""
    return add_months(today, -BACKDATING_MONTHS)


def breaches(
    snapshot: Snapshot, draft: Draft | None, bill_date: date, today: date, reasons: Reasons
) -> tuple[Breach, ...]:
    """Every bound that a client's draft for a bill date hits; `draft` is None where nothing would be billed."""
    terms = snapshot.terms.as_known(bill_date)
    charges = draft.charges if draft is not None else ()
    late = tuple(charge for charge in charges if charge.amount_minor and _is_late(terms, charge, bill_date))
    found = [*_catch_up(late, bill_date), *_ahead(charges, bill_date, today)]
    moved = unexplained(snapshot, terms, charges, bill_date, reasons)
    if moved is not None:
        found.append(Breach("R17", moved, moved.after_minor - moved.before_minor))
    if late:
        entries = tuple((charge.item.name, charge.period, charge.amount_minor) for charge in late)
        found.append(Breach("R16", Unbilled(entries), sum(charge.amount_minor for charge in late)))
    return tuple(found)


def _is_late(terms: Terms, charge: Charge, bill_date: date) -> bool:
    """Whether an earlier bill date was there for it."""
    agreement = next((each for each in terms.agreements if each.name == charge.item.agreement), None)
    # What meters read isn't known before the cycle's end; nor are a discount on it and what is missing to a minimum.
    follows_meters = charge.item.kind in {"discount", "minimum"}
    follows_meters = follows_meters and agreement is not None and any(line.metered for line in agreement.lines)
    if agreement is None or (charge.kind == "adjustment" and not follows_meters):
        return True
    metered = follows_meters or (charge.measure is not None and charge.measure.kind == "usage")
    at_the_end = agreement.timing == "arrears" or metered or charge.cycle.start < agreement.start
    due = charge.cycle.end if at_the_end and charge.kind != "one_off" else charge.cycle.start
    on = next_bill_date(terms, due)
    return on is not None and on < bill_date


def _catch_up(late: Iterable[Charge], bill_date: date) -> Iterator[Breach]:
    periods: dict[str, list[Charge]] = {}
    for charge in late:
        if charge.kind == "recurring":
            periods.setdefault(charge.item.name, []).append(charge)
    for name, charges in periods.items():
        oldest = min(charges, key=lambda charge: charge.period)
        if len(charges) > CATCH_UP_PERIODS or oldest.cycle.end < add_months(bill_date, -CATCH_UP_MONTHS):
            amount_minor = sum(charge.amount_minor for charge in charges)
            yield Breach("R19", CatchUp(name, len(charges), oldest.period.start), amount_minor)


def _ahead(charges: Sequence[Charge], bill_date: date, today: date) -> Iterator[Breach]:
    if charges and bill_date > add_months(today, AHEAD_MONTHS):
        yield Breach("R20", Ahead(bill_date))
    limit = add_months(bill_date, PERIOD_AHEAD_MONTHS)
    far = {charge.item.name: charge for charge in charges if charge.amount_minor and charge.period.end > limit}
    for name, charge in far.items():
        yield Breach("R20", Ahead(charge.period.last, name), charge.amount_minor)
