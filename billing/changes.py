"""Changes: how the open seats differ from who counts, what that costs, and what an approval does to the seats."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from billing.bill_dates import next_bill_date
from billing.invoice import draft_invoice
from billing.money import minor_of
from billing.monthly import monthly_amount
from billing.people import Seat
from billing.quantities import Measure, Step
from billing.snapshot import Snapshot

ItemKind = Literal["join", "leave", "quantity"]


@dataclass(frozen=True, slots=True)
class Placement:
    """One account's verdict as the difference needs it: on which roster it puts its person, and since which day."""

    account: int
    person: int
    roster: str | None
    since: date


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A seat to open or close, or a counted quantity to move, with the day from which it counts."""

    kind: ItemKind
    effective: date
    roster: str | None = None
    person: int | None = None
    account: int | None = None
    measure: Measure | None = None
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def identity(self) -> tuple[str, str | None, int | None, Measure | None]:
        """What makes it the same item in the next revision, whatever its day."""
        return (self.kind, self.roster, self.person, self.measure)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the bill, before tax: a month, and on the next invoice (a date, or None without one)."""

    monthly_minor: int
    next_invoice_minor: int
    next_bill_date: date | None


def seat_items(
    rosters: Sequence[str], placements: Iterable[Placement], seats: Iterable[Seat]
) -> tuple[ChangeItem, ...]:
    """The difference between who counts and who has an open seat.

    A person with several accounts sits on the first roster (in the given order) that any of them reaches, from the day
    on which the first of them reached it, and loses a seat with the last account that held it. A move between rosters
    is one leave and one join.
    """
    theirs: dict[int, list[Placement]] = {}
    for placement in placements:
        theirs.setdefault(placement.person, []).append(placement)
    held = {seat.person: seat.roster for seat in seats if seat.end is None}
    found = _differences(rosters, theirs, held)
    return tuple(sorted(found, key=lambda item: (item.kind != "leave", item.effective, item.person)))


def _rank(rosters: Sequence[str], roster: str | None) -> int:
    return len(rosters) if roster is None or roster not in rosters else rosters.index(roster)


def _differences(
    rosters: Sequence[str], theirs: Mapping[int, Sequence[Placement]], held: Mapping[int, str]
) -> Iterator[ChangeItem]:
    for person, placements in theirs.items():
        best = min(placements, key=lambda placement: (_rank(rosters, placement.roster), placement.since))
        seat = held.get(person)
        if seat == best.roster:
            continue
        falls = seat is not None and _rank(rosters, seat) < _rank(rosters, best.roster)
        cause = max(placements, key=lambda placement: placement.since) if falls else best
        if seat is not None:
            yield ChangeItem("leave", cause.since, seat, person, cause.account)
        if best.roster is not None:
            yield ChangeItem("join", cause.since, best.roster, person, best.account)


def carried(items: Iterable[ChangeItem], pending: Iterable[ChangeItem]) -> tuple[ChangeItem, ...]:
    """The items, each with the day that an earlier revision gave it."""
    days = {item.identity: item.effective for item in pending}
    return tuple(replace(item, effective=days.get(item.identity, item.effective)) for item in items)


def movers(items: Iterable[ChangeItem]) -> frozenset[int]:
    """Who leaves one roster and joins another."""
    items = tuple(items)
    leaving = {item.person for item in items if item.kind == "leave"}
    return frozenset(i.person for i in items if i.kind == "join" and i.person is not None and i.person in leaving)


def in_step(items: Iterable[ChangeItem]) -> tuple[ChangeItem, ...]:
    """The items, both halves of a move on one day: the later of the two, on which the present roster was reached.

    Halves come apart where one keeps the day of an earlier revision: who moved from A to B on the 11th and to C on the
    15th, before anybody decided, stays on A until the 15th. A gap would bill nobody, an overlap the same person twice.
    """
    items = tuple(items)
    moving = movers(items)
    days: dict[int | None, date] = {}
    for item in items:
        if item.person in moving:
            days[item.person] = max(item.effective, days.get(item.person, item.effective))
    return tuple(replace(item, effective=days.get(item.person, item.effective)) for item in items)


def after_earlier_seats(items: Iterable[ChangeItem], seats: Iterable[Seat]) -> tuple[ChangeItem, ...]:
    """The items, with no joiner before the end of an earlier seat: nobody counts twice on one day."""
    ends: dict[int | None, date] = {}
    for seat in seats:
        if seat.end is not None:
            ends[seat.person] = max(seat.end, ends.get(seat.person, seat.end))
    return tuple(
        replace(item, effective=max(item.effective, ends.get(item.person, item.effective)))
        if item.kind == "join"
        else item
        for item in items
    )


def apply_items(seats: Iterable[Seat], items: Iterable[ChangeItem]) -> tuple[Seat, ...]:
    """The seats after a change: leavers' seats end on their day, joiners' begin on theirs."""
    items = tuple(items)
    leaving = {(item.roster, item.person): item.effective for item in items if item.kind == "leave"}
    after = []
    for seat in seats:
        day = leaving.get((seat.roster, seat.person)) if seat.end is None else None
        after.append(seat if day is None else replace(seat, end=max(day, seat.start)))
    after += [
        Seat(item.roster, item.person, item.effective)
        for item in items
        if item.kind == "join" and item.roster is not None and item.person is not None
    ]
    return tuple(after)


def after_change(snapshot: Snapshot, items: Iterable[ChangeItem]) -> Snapshot:
    """The client's facts as they would be with the change approved."""
    items = tuple(items)
    counted = dict(snapshot.counted)
    for item in items:
        if item.kind == "join" and item.roster is not None and item.roster not in snapshot.counted:
            counted[item.roster] = min(item.effective, counted.get(item.roster, item.effective))
    stated = dict(snapshot.stated)
    for item in items:
        if item.measure is not None and item.after is not None:
            stated[item.measure] = (*stated.get(item.measure, ()), Step(item.effective, item.after))
    return replace(snapshot, seats=apply_items(snapshot.seats, items), counted=counted, stated=stated)


def effect(snapshot: Snapshot, items: Iterable[ChangeItem], on: date, bill_date: date | None = None) -> Effect:
    """What approving the items would do to the bill, seen on a day.

    `bill_date` is the next invoice's (default: the first bill date from that day on).
    """
    items = tuple(items)
    changed = after_change(snapshot, items)
    bill_date = bill_date or next_bill_date(snapshot.terms, on)
    currency = snapshot.terms.currency
    monthly = _monthly(changed, on, items) - _monthly(snapshot, on, items)
    if bill_date is None:
        return Effect(minor_of(monthly, currency), 0, None)
    return Effect(
        monthly_minor=minor_of(monthly, currency),
        next_invoice_minor=_subtotal(changed, bill_date) - _subtotal(snapshot, bill_date),
        next_bill_date=bill_date,
    )


def _subtotal(snapshot: Snapshot, bill_date: date) -> int:
    draft = draft_invoice(snapshot, bill_date)
    return 0 if draft is None else draft.subtotal_minor


def _monthly(snapshot: Snapshot, on: date, items: Iterable[ChangeItem]) -> Fraction:
    """The recurring amount a month once every item is in force."""
    day = max([on, *(item.effective for item in items)])
    return monthly_amount(snapshot, day)


def fingerprint(items: Iterable[ChangeItem], money: Effect) -> str:
    """SHA-256 of what a card shows: other items, days or amounts are another revision."""
    rows = [
        f"{item.kind}|{item.roster}|{item.person}|{item.measure}|{item.before}|{item.after}|{item.effective}"
        for item in items
    ]
    rows.append(f"{money.monthly_minor}|{money.next_invoice_minor}|{money.next_bill_date}")
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
