"""Reconciliation: the sources that should agree, compared before a run. Each mismatch is a fact with its money."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from billing.draft import Draft, PutOff
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot
from checks.bounds import Breach, Cause
from checks.moved import exceeds_share
from rosters.changes import ChangeItem, Effect, Trip
from rosters.links import Likeness, Pair

if TYPE_CHECKING:
    from checks.people import PeopleCause

Code = Literal["R01", "R02", "R03", "R05", "R06", "R07", "R10", "R11", "R12", "R13", "R15", "R16", "R17", "R19", "R20"]
MismatchEffect = Literal["hold", "warn", "info"]

# A nightly reading that was missed for a few days is worth a word; one that is older than the longest month can't
# vouch for the period that is billed.
STALE_WARN_DAYS = 3
STALE_HOLD_DAYS = 31
PENDING_HOLD_PERCENT = 5
DRIFT_HOLD_PERCENT = 5
# The runs of three months tell of a reading that nobody pays for; after that, somebody has seen it.
UNCOVERED_WARN_DAYS = 92


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one directory: the last complete reading's local day, and the failure since then if any."""

    name: str
    last_read: date | None
    failing_since: date | None = None
    failure: str | None = None
    trips: tuple[Trip, ...] = ()
    accounts_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """Between who counts and who has a seat on a roster: head counts and the money a month of the difference.

    `open_items` have no decision yet that explains them; `rejected` were decided and stay as they are.
    """

    roster: str
    billable: int
    open_seats: int
    opens: int
    closes: int
    monthly_minor: int
    rejected: int = 0
    rejected_monthly_minor: int = 0


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
    unpriced: tuple["Unpriced", ...] = ()
    unknown_licences: tuple["UnknownLicence", ...] = ()
    duplicates: tuple["Duplicate", ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One disagreement: its code, what it does to the run, its money (None: none of its own), and its cause."""

    client: str
    code: Code
    effect: MismatchEffect
    amount_minor: int | None
    cause: "MismatchCause | PeopleCause"
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that nobody has decided."""

    joins: int
    leaves: int
    quantities: int
    money: Effect | None
    since: date | None


@dataclass(frozen=True, slots=True)
class NoAgreement:
    """Nothing says what the client pays on the bill date."""

    bill_date: date


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that doesn't hold, in words for whoever has to find out why."""

    what: str


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What a meter read on days that no line counting it covers."""

    meter: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A roster that no line counts, and how many people have a seat on it."""

    roster: str
    seats: int


@dataclass(frozen=True, slots=True)
class UnknownLicence:
    """A licence that a line counts and no directory of the client has; `stated` is the number in force, if any."""

    licence: str
    stated: Decimal | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two accounts that look like one human's, each by its name and where it is; `pair` has their ids.

    `monthly_minor` is what counting both costs; None where they don't both count.
    """

    pair: Pair
    likeness: Likeness
    one: tuple[str, str]
    other: tuple[str, str]
    monthly_minor: int | None


MismatchCause = (
    SourceState
    | Drift
    | Pending
    | NoAgreement
    | Broken
    | PutOff
    | Uncovered
    | Unpriced
    | UnknownLicence
    | Duplicate
    | Cause
)


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


def in_order(found: Iterable[Mismatch]) -> tuple[Mismatch, ...]:
    """Mismatches as they are listed: the holds first."""
    order = {"hold": 0, "warn": 1, "info": 2}
    return tuple(sorted(found, key=lambda mismatch: (order[mismatch.effect], mismatch.code)))


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
