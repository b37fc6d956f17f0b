"""Changes: how the open seats differ from who counts, what that costs, and what an approval does to the seats."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from billing.agreement import next_bill_date
from billing.invoice import subtotal_minor
from billing.money import minor_of
from billing.quantities import Measure, Seat, Seats, Step, stays_of
from billing.snapshot import Snapshot
from rosters.effects import monthly_amount
from rosters.origins import Origin

ItemKind = Literal["join", "leave", "quantity"]


class Placement(NamedTuple):
    """One account's verdict as the difference needs it: on which roster it puts its person, and since which day.

    Without an account it is about a person whose accounts are another's since somebody said that both are one. A bare
    tuple, since a first sync has one for everybody.
    """

    account: int | None
    person: int
    roster: str | None
    since: date


class ChangeItem(NamedTuple):
    """A seat to open or close, or a counted quantity to move, with the day from which it counts.

    `origin` is what it came of, as soon as that is known. A bare tuple, since a first sync proposes one for everybody.
    """

    kind: ItemKind
    effective: date
    roster: str | None = None
    person: int | None = None
    account: int | None = None
    measure: Measure | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    origin: Origin | None = None

    @property
    def identity(self) -> tuple[str, str | None, int | None, Measure | None]:
        """What makes it the same item in the next revision, whatever its day."""
        return (self.kind, self.roster, self.person, self.measure)


_without_whom = attrgetter("kind", "effective", "roster", "measure", "before", "after", "origin")


class Items(tuple[ChangeItem, ...]):  # noqa: SLOT001 - it keeps what is found in it
    """The items of a change in their order."""

    @classmethod
    def of(cls, items: Iterable[ChangeItem]) -> "Items":
        """The same, where they are that already."""
        return items if isinstance(items, cls) else cls(items)

    @cached_property
    def alike(self) -> tuple[tuple[ChangeItem, tuple[ChangeItem, ...]], ...]:
        """Those together that follow each other and differ in nothing but whom they are about, behind their first.

        A first sync's are mostly one such run. All that is made of a change asks for the runs, so they are kept.
        """
        runs = (tuple(run) for _, run in groupby(self, key=_without_whom))
        return tuple((run[0], run) for run in runs)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the bill, before tax: a month, and on the next invoice (a date, or None without one)."""

    monthly_minor: int
    next_invoice_minor: int
    next_bill_date: date | None


def seat_items(
    rosters: Sequence[str],
    placements: Iterable[Placement],
    seats: Iterable[Seat],
    joins: Iterable[ChangeItem] = (),
) -> tuple[ChangeItem, ...]:
    """The difference between who counts and who has an open seat.

    A person with several accounts sits on the first roster (in the given order) that any of them reaches, from the day
    on which the first of them reached it, and loses a seat with the last account that held it. A move between rosters
    is one leave and one join. The placements are given in the order of their people; `joins` are of others, of whom it
    is known that they join.
    """
    held = {seat.person: seat.roster for seat in seats if seat.end is None}
    found = sorted(chain(_differences(rosters, placements, held), joins), key=attrgetter("effective"))
    # Leaves before joins.
    return tuple(sorted(found, key=attrgetter("kind"), reverse=True))


def standing(rosters: Sequence[str], placements: Iterable[Placement]) -> dict[int, str]:
    """On which roster each person counts: the first that any of their accounts reaches."""
    found: dict[int, str] = {}
    for placement in placements:
        if placement.roster is not None:
            before = found.get(placement.person, placement.roster)
            found[placement.person] = min(before, placement.roster, key=lambda name: _rank(rosters, name))
    return found


def _rank(rosters: Sequence[str], roster: str | None) -> int:
    return len(rosters) if roster is None or roster not in rosters else rosters.index(roster)


def _differences(
    rosters: Sequence[str], placements: Iterable[Placement], held: Mapping[int, str]
) -> Iterator[ChangeItem]:
    last: int | None = None
    for person, theirs in groupby(placements, key=attrgetter("person")):
        if last is not None and person < last:
            raise ValueError("Placements are given in the order of their people, so that nobody is looked at twice.")
        last = person
        yield from _difference(rosters, person, tuple(theirs), held.get(person))


def _difference(
    rosters: Sequence[str], person: int, placements: Sequence[Placement], seat: str | None
) -> Iterator[ChangeItem]:
    best = placements[0]
    if len(placements) > 1:
        best = min(placements, key=lambda placement: (_rank(rosters, placement.roster), placement.since))
    if seat == best.roster:
        return
    falls = seat is not None and _rank(rosters, seat) <= _rank(rosters, best.roster)
    cause = max(placements, key=lambda placement: placement.since) if falls else best
    if seat is not None:
        yield ChangeItem("leave", cause.since, seat, person, cause.account)
    if best.roster is not None:
        yield ChangeItem("join", cause.since, best.roster, person, best.account)


def carried(items: Iterable[ChangeItem], pending: Iterable[ChangeItem], today: date) -> tuple[ChangeItem, ...]:
    """The items, each with the day and the origin that an earlier revision gave it.

    A day that is yet to come, as a mistyped one is, gives way to an earlier one.
    """
    items = tuple(items)
    # Another number than the pending one was first seen on a day of its own.
    known = {(item.identity, item.after): item for item in still_asked(pending, items)}
    if not known:
        return items
    return tuple(_as_before(item, known.get((item.identity, item.after)), today) for item in items)


def still_asked(pending: Iterable[ChangeItem], items: Iterable[ChangeItem]) -> tuple[ChangeItem, ...]:
    """What of the pending items these may go on with: not the leave of somebody who was to move and now only leaves.

    It is another question, from another day: until he left, he counted on the roster that he was to move to.
    """
    pending = tuple(pending)
    moved = movers(pending)
    gone = moved - movers(items) if moved else moved
    return tuple(item for item in pending if item.person not in gone) if gone else pending


def _as_before(item: ChangeItem, before: ChangeItem | None, today: date) -> ChangeItem:
    if before is None:
        return item
    day = before.effective if before.effective <= today else min(before.effective, item.effective)
    return item._replace(effective=day, origin=before.origin)


def _on(item: ChangeItem, day: date | None) -> ChangeItem:
    """The item on another day, where there is one."""
    return item if day is None or day == item.effective else item._replace(effective=day)


def movers(items: Iterable[ChangeItem]) -> frozenset[int]:
    """Who leaves one roster and joins another."""
    items = tuple(items)
    leaving = {item.person for item in items if item.kind == "leave"}
    if not leaving:
        return frozenset()
    return frozenset(i.person for i in items if i.kind == "join" and i.person is not None and i.person in leaving)


def in_step(items: Iterable[ChangeItem]) -> tuple[ChangeItem, ...]:
    """The items, both halves of a move on one day: the later of the two, on which the present roster was reached.

    Halves come apart where one keeps the day of an earlier revision: who moved from A to B on the 11th and to C on the
    15th, before anybody decided, stays on A until the 15th. A gap would bill nobody, an overlap the same person twice.
    """
    items = tuple(items)
    moving = movers(items)
    if not moving:
        return items
    days: dict[int | None, date] = {}
    for item in items:
        if item.person in moving:
            days[item.person] = max(item.effective, days.get(item.person, item.effective))
    return tuple(_on(item, days.get(item.person)) for item in items)


def after_earlier_seats(items: Iterable[ChangeItem], seats: Iterable[Seat]) -> tuple[ChangeItem, ...]:
    """The items, with no joiner before the end of an earlier seat: nobody counts twice on one day."""
    ends: dict[int | None, date] = {}
    for seat in seats:
        if seat.end is not None:
            ends[seat.person] = max(seat.end, ends.get(seat.person, seat.end))
    if not ends:
        return tuple(items)
    return tuple(
        _on(item, max(item.effective, ends[item.person])) if item.kind == "join" and item.person in ends else item
        for item in items
    )


def apply_items(seats: Iterable[Seat], items: Iterable[ChangeItem]) -> Seats:
    """The seats after a change: leavers' seats end on their day, joiners' begin on theirs."""
    items = Items.of(items)
    leaving = {
        (item.roster, item.person): item.effective
        for first, run in items.alike
        if first.kind == "leave"
        for item in run
    }
    after = defaultdict[tuple[str, date, date | None], list[int]](list)
    for (roster, start, end), people in stays_of(seats).items():
        if end is not None or not leaving:
            after[roster, start, end] += people
            continue
        for person in people:
            day = leaving.get((roster, person))
            after[roster, start, None if day is None else max(day, start)].append(person)
    for first, run in items.alike:
        if first.kind == "join" and first.roster is not None:
            after[first.roster, first.effective, None] += [item.person for item in run if item.person is not None]
    return Seats(dict(after))


def after_change(snapshot: Snapshot, items: Iterable[ChangeItem], known: date | None = None) -> Snapshot:
    """The client's facts as they would be with the change approved; its numbers are known from that day on."""
    items = Items.of(items)
    counted = dict(snapshot.counted)
    stated = dict(snapshot.stated)
    for item, _ in items.alike:
        if item.kind == "join" and item.roster is not None and item.roster not in snapshot.counted:
            counted[item.roster] = min(item.effective, counted.get(item.roster, item.effective))
        if item.measure is not None and item.after is not None:
            stated[item.measure] = (*stated.get(item.measure, ()), Step(item.effective, item.after, known))
    return replace(snapshot, seats=apply_items(snapshot.seats, items), counted=counted, stated=stated)


def effect(snapshot: Snapshot, items: Iterable[ChangeItem], on: date, bill_date: date | None = None) -> Effect:
    """What approving the items would do to the bill, seen on a day.

    `bill_date` is the next invoice's (default: the first bill date from that day on).
    """
    items = Items.of(items)
    return effect_of(snapshot, after_change(snapshot, items, known=on), items, on, bill_date)


def effect_of(snapshot: Snapshot, changed: Snapshot, items: Items, on: date, bill_date: date | None = None) -> Effect:
    """The same, where the facts as they would be are known already."""
    bill_date = bill_date or next_bill_date(snapshot.terms, on)
    currency = snapshot.terms.currency
    settled = settled_on(items, on)
    monthly = monthly_amount(changed, settled) - monthly_amount(snapshot, settled)
    if bill_date is None:
        return Effect(minor_of(monthly, currency), 0, None)
    return Effect(
        monthly_minor=minor_of(monthly, currency),
        next_invoice_minor=subtotal_minor(changed, bill_date) - subtotal_minor(snapshot, bill_date),
        next_bill_date=bill_date,
    )


def settled_on(items: Items, on: date) -> date:
    """From which day on all of the items hold; at the earliest, the day on which they are looked at."""
    return max([on, *(first.effective for first, _ in items.alike)])


def fingerprint(items: Iterable[ChangeItem], money: Effect) -> str:
    """SHA-256 of what a card shows: other items, days or amounts are another revision."""
    seal = hashlib.sha256()
    for first, run in Items.of(items).alike:
        before = f"{first.kind}|{first.roster}|"
        after = f"|{first.measure}|{first.before}|{first.after}|{first.effective}\n"
        seal.update("".join([f"{before}{item.person}{after}" for item in run]).encode())
    seal.update(f"{money.monthly_minor}|{money.next_invoice_minor}|{money.next_bill_date}".encode())
    return seal.hexdigest()
