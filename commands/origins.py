"""Where the numbers of a client come from: the changes, imports and accounts behind its seats and stated numbers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from billing.calendar import Period
from billing.draft import Charge
from billing.quantities import Measure, Reading, RosterPeople, Span, Step, Timeline, stated
from commands.brought import Imports
from documents.sources import Agreed, Approval, Deed, Moved, Place, Read, Seen, Source, Stated
from storage import changes, directories, seats, snapshots
from storage.database import Session
from storage.ids import id_of
from storage.tables import ChangeItemRow, ChangeRow, ClientRow, SeatRow

_Move = tuple[bool, date, int]
"""What people have in common who came or went together: whether they came, on which day, and by which change."""


class Origins:
    """Everything that stands behind the numbers of one client, read once."""

    def __init__(self, session: Session, client: ClientRow) -> None:
        """Reads it within the transaction."""
        client_id = id_of(client)
        facts = snapshots.load(session, client)
        self._stated, self._readings, self._counted = facts.stated, facts.readings, facts.counted
        self._seats = seats.every(session, client_id)
        self._changes = changes.approved(session, client_id)
        self._items = changes.every_item(session, client_id)
        self._imports = Imports(session, client.slug)
        self._directories: dict[int, str] = {}
        self._accounts: dict[int, list[Seen]] = {}
        for account, directory, _ in directories.accounts_of_client(session, client_id):
            self._directories[id_of(account)] = directory.name
            seen = Seen(account.object_id, directory.name, account.first_seen)
            for person in {account.person_id, account.born_as or account.person_id}:
                self._accounts.setdefault(person, []).append(seen)

    def of(self, charge: Charge, listed: RosterPeople | None, known_on: date) -> Iterator[Source]:
        """What stands behind a charge's number; `listed` is who was there when it was drafted."""
        measure = charge.measure
        if measure is None:
            return
        if measure.kind == "fixed":
            yield Agreed(Decimal(measure.name))
        elif measure.kind == "usage":
            yield from self._read(measure, charge.period)
        else:
            stated_days = self._stated_days(charge, listed)
            if stated_days is not None:
                yield from self._steps(measure, stated_days, known_on)
            if listed is not None:
                yield from self._moved(listed)

    def readings(self, meter: str, period: Period) -> tuple[Reading, ...]:
        """What a meter read in a period, as it is stored now."""
        found = (each for each in self._readings.get(meter, ()) if period.covers(each.on))
        return tuple(sorted(found, key=lambda each: (each.on, each.key)))

    def _read(self, measure: Measure, period: Period) -> Iterator[Read]:
        together: dict[Deed | None, list[Reading]] = {}
        for each in self.readings(measure.name, period):
            together.setdefault(self._imports.of_reading(measure.name, each), []).append(each)
        for imported, found in together.items():
            yield Read(tuple(found), imported)

    def _stated_days(self, charge: Charge, listed: RosterPeople | None) -> Period | None:
        """The days of a charge on which a stated number held: on a roster, those before its first count."""
        first = self._counted.get(charge.measure.name) if charge.measure and charge.measure.kind == "roster" else None
        if first is None or (listed is None and any(each.quantity for each in charge.segments)):
            return charge.period
        return charge.period.within(charge.period.start, first)

    def _steps(self, measure: Measure, period: Period, known_on: date) -> Iterator[Stated]:
        timeline = stated(self._stated.get(measure, ()), known_on)
        steps = tuple(_within(period, timeline))
        earlier = [step for step in timeline.steps if steps and step.on < steps[0].on]
        if steps:
            yield self._statement(measure, steps[0], earlier[-1].quantity if earlier else None)
        yield from (self._statement(measure, step, before.quantity) for before, step in pairwise(steps))

    def _statement(self, measure: Measure, step: Step, before: Decimal | None) -> Stated:
        for row, item in reversed(self._items):
            known = changes.as_item(item)
            same = (known.measure, known.effective, known.after) == (measure, step.on, step.quantity)
            if same and row.state == "approved" and not item.excepted:
                return Stated(step, before, self._approval(row.id), None)
        return Stated(step, before, None, self._imports.of_number(measure, step))

    def _moved(self, listed: RosterPeople) -> Iterator[Moved]:
        together: dict[_Move, list[SeatRow]] = {}
        for span in listed.spans:
            seat = self._seat(listed.roster, span)
            if seat is None:
                continue
            together.setdefault((True, seat.starts, seat.opened_by), []).append(seat)
            if seat.ends == span.period.end and seat.closed_by is not None and seat.ends < listed.period.end:
                together.setdefault((False, seat.ends, seat.closed_by), []).append(seat)
        for (joined, on, change), theirs in sorted(together.items(), key=lambda each: (each[0][1:], each[0][0])):
            people = {seat.person_id for seat in theirs}
            seen = tuple(sorted(self._sightings(change, people, listed.roster, joined=joined)))
            yield Moved(joined, on, self._approval(change), seen, tuple(map(self._place, theirs)))

    def _seat(self, roster: str, span: Span) -> SeatRow | None:
        """The seat that gives a person these days on a roster."""
        for seat in self._seats:
            reaches = seat.starts < span.period.end and (seat.ends is None or seat.ends > span.period.start)
            if seat.roster == roster and seat.person_id == span.person and reaches:
                return seat
        return None

    def _sightings(self, change: int, people: set[int], roster: str, *, joined: bool) -> set[tuple[str, date]]:
        """In which directory, and on which day, it was first seen what a change then proposed of people."""
        kind = "join" if joined else "leave"
        first: dict[int, tuple[ChangeRow, ChangeItemRow]] = {}
        for row, item in self._items:
            if row.id == change and (item.kind, item.roster) == (kind, roster) and item.person_id in people:
                first.setdefault(item.person_id, (row, item))
        return {
            (self._directories[item.account_id], row.proposed_on)
            for row, item in first.values()
            if item.account_id in self._directories
        }

    def _place(self, seat: SeatRow) -> Place:
        closed = self._approval(seat.closed_by) if seat.closed_by is not None else None
        accounts = tuple(self._accounts.get(seat.person_id, ()))
        return Place(seat.person_id, seat.starts, seat.ends, closed, accounts)

    def _approval(self, change: int) -> Approval:
        row = self._changes.get(change)
        decided = Deed(row.decided_by, row.decided_on) if row and row.decided_by and row.decided_on else None
        return Approval(change, decided)


def _within(period: Period, timeline: Timeline) -> Iterator[Step]:
    """The steps of a period, and the one that is in force when it begins."""
    before = [step for step in timeline.steps if step.on <= period.start]
    yield from before[-1:]
    yield from (step for step in timeline.steps if period.start < step.on < period.end)
