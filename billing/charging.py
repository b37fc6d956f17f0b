"""A charge: the difference between what an item owes for a period and what was billed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from billing.draft import Charge, ChargeKind, ItemKind
from billing.moves import moves_between
from billing.owed import Owed
from billing.snapshot import BilledCharge, Snapshot
from billing.taxes import shares_of

_FIRST_KINDS: Mapping[ItemKind, ChargeKind] = {
    "line": "recurring",
    "one_off": "one_off",
    "discount": "discount",
    "minimum": "minimum",
}


def charge_of(snapshot: Snapshot, owed: Owed, before: Sequence[BilledCharge]) -> Charge | None:
    """What is charged for an item and a period now; None when there is nothing to charge or to show.

    `before` is all that was billed for it. The first charge is gross and has the item's own kind; so has one after
    everything was taken back by a reversal. Any later one is an adjustment.
    """
    billed_minor = sum(entry.amount_minor for entry in before)
    taken_back = billed_minor == 0 and any(entry.reversal for entry in before)
    if before and not taken_back:
        return _adjustment(snapshot, owed, before, billed_minor)
    shown = owed.amount_minor or owed.quantity
    return _charge(owed, owed.amount_minor, _FIRST_KINDS[owed.item.kind], before, 0) if shown else None


def _adjustment(snapshot: Snapshot, owed: Owed, before: Sequence[BilledCharge], billed_minor: int) -> Charge | None:
    amount_minor = owed.amount_minor - billed_minor
    if amount_minor == 0:
        return None
    charge = _charge(owed, amount_minor, "adjustment", before, billed_minor)
    last, spans = before[-1], snapshot.spans(owed.measure, owed.period)
    moves = moves_between(owed.cycle, last.segments, last.spans, owed.segments, spans)
    return replace(charge, quantity=None, moves=moves)


def _charge(
    owed: Owed, amount_minor: int, kind: ChargeKind, before: Sequence[BilledCharge], billed_minor: int
) -> Charge:
    billed = [share for entry in before for share in entry.tax_shares]
    shares = shares_of(amount_minor, owed.shares, billed) or owed.shares[:1]
    main = max(shares, key=lambda share: abs(share.amount_minor))
    return Charge(
        item=owed.item,
        kind=kind,
        text=owed.text,
        cycle=owed.cycle,
        period=owed.period,
        quantity=owed.quantity,
        measure=owed.measure,
        amount_minor=amount_minor,
        tax=main.category,
        rates=main.rates,
        owed_minor=owed.amount_minor,
        billed_minor=billed_minor,
        segments=owed.segments,
        shares=shares if len(shares) > 1 else (),
        basis=owed.basis,
    )
