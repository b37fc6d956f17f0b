"""Reconciliation: the sources that should agree, compared before a run. Each mismatch is a fact with its money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.draft import Draft
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot
from checks.bounds import Breach
from checks.mismatches import (
    Broken,
    Code,
    Drift,
    Duplicate,
    Mismatch,
    MismatchEffect,
    NoAgreement,
    Pending,
    SourceState,
    Uncovered,
    UnknownLicence,
    Unpriced,
    in_order,
)
from checks.moved import exceeds_share
from rosters.changes import ChangeItem, Effect

# A nightly reading that was missed for a few days is worth a word; one that is older than the longest month can't
# vouch for the period that is billed.
STALE_WARN_DAYS = 3
STALE_HOLD_DAYS = 31
PENDING_HOLD_PERCENT = 5
DRIFT_HOLD_PERCENT = 5
# The runs of three months tell of a reading that nobody pays for; after that, somebody has seen it.
UNCOVERED_WARN_DAYS = 92


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """All that the checks of one client look at."""

    client: str
    currency: str
    today: date
    bill_date: date
    sources: tuple[SourceState, ...]
    has_agreement: bool
    pending: tuple[ChangeItem, ...]
    pending_effect: Effect | None
    drifts: tuple[Drift, ...]
    draft: Draft | None
    broken: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    uncovered: tuple[tuple[str, Reading], ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    unknown_licences: tuple[UnknownLicence, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


def mismatches(facts: ClientFacts) -> tuple[Mismatch, ...]:
    """Every mismatch of a client, the holds first."""
    found = [*_sources(facts), *_agreement(facts), *_pending(facts), *_drifts(facts), *_uncovered(facts)]
    found += [Mismatch(facts.client, "R11", "warn", None, each) for each in facts.unpriced if facts.has_agreement]
    found += _unknown_licences(facts)
    found += [Mismatch(facts.client, "R12", "warn", each.monthly_minor, each) for each in facts.duplicates]
    held = facts.draft.put_off if facts.draft else ()
    found += [Mismatch(facts.client, "R10", "info", each.monthly_minor, each) for each in held]
    found += [Mismatch(facts.client, "R15", "hold", None, Broken(what)) for what in facts.broken]
    for breach in facts.breaches:
        effect: MismatchEffect = "hold" if breach.holds else "info"
        found.append(Mismatch(facts.client, breach.code, effect, breach.amount_minor, breach.cause))
    return in_order(found)


def _sources(facts: ClientFacts) -> Iterator[Mismatch]:
    for source in facts.sources:
        if source.trips:
            yield Mismatch(facts.client, "R02", "hold", None, source)
        if source.failing_since is not None or source.last_read is None:
            yield Mismatch(facts.client, "R01", "hold", None, source)
            continue
        age_days = (facts.today - source.last_read).days
        if age_days > STALE_HOLD_DAYS:
            yield Mismatch(facts.client, "R01", "hold", None, source)
        elif age_days > STALE_WARN_DAYS:
            yield Mismatch(facts.client, "R01", "warn", None, source)


def _agreement(facts: ClientFacts) -> Iterator[Mismatch]:
    if not facts.has_agreement:
        yield Mismatch(facts.client, "R03", "hold", None, NoAgreement(facts.bill_date))


def _unknown_licences(facts: ClientFacts) -> Iterator[Mismatch]:
    """Without any number the line bills nothing; with a stated one it bills what nobody counts."""
    for unknown in facts.unknown_licences:
        effect: MismatchEffect = "hold" if unknown.stated is None else "warn"
        yield Mismatch(facts.client, "R03", effect, None, unknown)


def _pending(facts: ClientFacts) -> Iterator[Mismatch]:
    if not facts.pending:
        return
    money = facts.pending_effect
    kinds = [item.kind for item in facts.pending]
    cause = Pending(
        joins=kinds.count("join"),
        leaves=kinds.count("leave"),
        quantities=kinds.count("quantity"),
        money=money,
        since=min(item.effective for item in facts.pending),
    )
    moved_minor = money.next_invoice_minor if money else 0
    invoice_minor = facts.draft.subtotal_minor if facts.draft else 0
    large = exceeds_share(moved_minor, invoice_minor, PENDING_HOLD_PERCENT)
    yield Mismatch(facts.client, "R05", "hold" if large else "warn", moved_minor, cause)


def _drifts(facts: ClientFacts) -> Iterator[Mismatch]:
    invoice_minor = facts.draft.subtotal_minor if facts.draft else 0
    for drift in facts.drifts:
        if drift.opens or drift.closes:
            large = exceeds_share(drift.monthly_minor, invoice_minor, DRIFT_HOLD_PERCENT)
            code: Code = "R06" if drift.opens >= drift.closes else "R07"
            yield Mismatch(facts.client, code, "hold" if large else "warn", abs(drift.monthly_minor), drift)
        if drift.rejected:
            accepted: Code = "R06" if drift.rejected_monthly_minor >= 0 else "R07"
            amount_minor = abs(drift.rejected_monthly_minor)
            yield Mismatch(facts.client, accepted, "warn", amount_minor, drift, accepted=True)


def _uncovered(facts: ClientFacts) -> Iterator[Mismatch]:
    by_meter: dict[str, list[Reading]] = {}
    for meter, reading in facts.uncovered:
        if 0 < (facts.bill_date - reading.on).days <= UNCOVERED_WARN_DAYS:
            by_meter.setdefault(meter, []).append(reading)
    for meter, readings in by_meter.items():
        yield Mismatch(facts.client, "R11", "warn", None, Uncovered(meter, tuple(readings)))


def holds(found: tuple[Mismatch, ...], overridden: Mapping[str, date], on: date) -> tuple[str, ...]:
    """The codes that still hold a client, each once; an override counts until its day has passed."""
    codes = dict.fromkeys(mismatch.code for mismatch in found if mismatch.effect == "hold")
    return tuple(code for code in codes if code not in overridden or overridden[code] < on)


def broken_invariants(snapshot: Snapshot, draft: Draft | None, on: date) -> tuple[str, ...]:
    """R15: what must be true of every document, checked again although the calculation should make it so."""
    broken = []
    for roster, first_day in snapshot.counted.items():
        day = max(first_day, on)
        seats = sum(
            seat.start <= day and (seat.end is None or day < seat.end)
            for seat in snapshot.seats
            if seat.roster == roster
        )
        timeline = snapshot.quantities(day)[Measure("roster", roster)]
        if timeline.at(day) != Decimal(seats):
            broken.append(f"{roster} has {seats} open seats on {day}, but its quantity is {timeline.at(day)}")
    if draft is not None:
        if draft.subtotal_minor != sum(charge.amount_minor for charge in draft.charges):
            broken.append("the lines don't add up to the subtotal")
        if draft.total_minor != draft.subtotal_minor + sum(tax.amount_minor for tax in draft.taxes):
            broken.append("subtotal and taxes don't add up to the total")
        recurring = [(charge.item, charge.cycle) for charge in draft.charges if charge.kind == "recurring"]
        if len(recurring) != len(set(recurring)):
            broken.append("an item has more than one recurring charge for a period")
    return tuple(broken)
