"""What a client wasn't billed when it was due, told apart: what its own next run bills, and what no run will."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.agreement import next_bill_date
from billing.calendar import Period
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.snapshot import Snapshot
from checks.bounds import Unbilled
from checks.records import Finding

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a run of the client for the bill date `on` bills by itself."""

    on: date
    late: Unbilled

    @property
    def names(self) -> str:
        """The items, each once."""
        return ", ".join(dict.fromkeys(name for name, *_ in self.late.entries))

    @property
    def period(self) -> Period:
        """From the first day that wasn't billed to the last one."""
        periods = [period for _, period, _ in self.late.entries]
        return Period(min(each.start for each in periods), max(each.end for each in periods))


def told_apart(
    found: Sequence[Finding], snapshot: Snapshot, bill_date: date, *, again: bool
) -> tuple[CaughtUp | None, tuple[Finding, ...]]:
    """What the next run of the client catches up with, and what is left.

    `again` says whether starting the run of the bill date once more would draft the client.
    """
    gaps = [each for each in found if each.kind == "gap"]
    draft = _next_draft(snapshot, bill_date, again=again) if gaps else None
    billed = {each: _billed(each, draft) for each in gaps} if draft is not None else {}
    entries = tuple((each.name, each.period, minor) for each, minor in billed.items() if minor)
    rest = tuple(each for each in found if not billed.get(each))
    return (CaughtUp(draft.bill_date, Unbilled(entries)) if draft is not None and entries else None), rest


def _next_draft(snapshot: Snapshot, bill_date: date, *, again: bool) -> Draft | None:
    for on in _dates(snapshot, bill_date, again=again):
        draft = draft_invoice(snapshot, on)
        if draft is not None:
            return draft
    return None


def _dates(snapshot: Snapshot, bill_date: date, *, again: bool) -> Iterable[date]:
    if again and next_bill_date(snapshot.terms, bill_date) == bill_date:
        yield bill_date
    # A bill date before the last one that was billed has no document any more.
    after = max(bill_date + _ONE_DAY, snapshot.billed_through or date.min)
    following = next_bill_date(snapshot.terms, after)
    if following is not None:
        yield following


def _billed(gap: Finding, draft: Draft) -> int:
    """What the draft charges for the gap, in minor units; 0 where that is less than the least that is owed."""
    minor = sum(
        charge.amount_minor
        for charge in draft.charges
        if (charge.item.kind, charge.item.name) == (gap.item, gap.name)
        and charge.period.within(gap.period.start, gap.period.end) is not None
    )
    return minor if minor * gap.amount_minor > 0 and abs(minor) >= abs(gap.amount_minor) else 0
