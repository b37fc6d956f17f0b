"""Mismatches in words: one sentence for the cause, one for what to press."""

from collections.abc import Iterable

from billing.draft import PutOff
from billing.reconcile import Broken, Drift, Mismatch, NoAgreement, Pending, SourceState
from billing.safety import Trip
from documents import wording
from documents.format import Format, day


def text(mismatch: Mismatch, style: Format) -> str:
    """The cause, in one sentence, with its money in the client's own writing."""
    match mismatch.cause:
        case SourceState() as source:
            return _source(mismatch, source)
        case NoAgreement(bill_date):
            return f"No agreement is in force on {day(bill_date)}, so nobody bills this client."
        case Pending() as pending:
            return _pending(pending, style)
        case Drift() as drift:
            return _drift(mismatch, drift, style)
        case PutOff() as held:
            return wording.put_off(held)
        case Broken(what):
            return f"An invariant is broken: {what}."


def remedy(mismatch: Mismatch) -> str:
    """What to press."""
    return _remedies(mismatch.client)["accepted" if mismatch.accepted else mismatch.code]


def tripped(trips: Iterable[Trip]) -> str:
    """Why the safety catch is on, as a part of a sentence."""
    return "; ".join(_trip(trip) for trip in trips)


def _remedies(client: str) -> dict[str, str]:
    read_again = f"rollcall sync {client}"
    return {
        "R01": f"Mend the source and read it again: {read_again}. Or override the hold.",
        "R02": f"Check the list; if it is true: {read_again} --let-through REASON. Or override the hold.",
        "R03": f"Import an agreement for {client}, or override the hold.",
        "R05": f"Approve or reject the change: /changes {client}",
        "R06": f"Read the directories again: {read_again}",
        "R07": f"Read the directories again: {read_again}",
        "R10": "Nothing to do now: the decrease takes effect when the term ends.",
        "R15": "Don't override this: look into it with rollcall audit verify, and tell whoever runs Rollcall.",
        "accepted": "Nothing to do if that is meant; the item is proposed again when the account changes.",
    }


def _source(mismatch: Mismatch, source: SourceState) -> str:
    if mismatch.code == "R02":
        return f"The last reading of {source.name} would have changed too much at once: {tripped(source.trips)}."
    if source.failing_since is not None:
        return f"{source.name} can't be read since {day(source.failing_since)}: {source.failure}"
    if source.last_read is None:
        return f"{source.name} was never read."
    return f"{source.name} was last read on {day(source.last_read)}."


def _trip(trip: Trip) -> str:
    if trip.roster is None:
        return "the directory answered, but with nobody in it"
    moves = [f"{trip.closes} of {trip.open_seats} seats would close"] if trip.closes else []
    moves += [f"{trip.opens} seats would open beside {trip.open_seats}"] if trip.opens else []
    return f"on {trip.roster}, {' and '.join(moves)}"


def _pending(pending: Pending, style: Format) -> str:
    counts = [(pending.joins, "joined"), (pending.leaves, "left"), (pending.quantities, "counted otherwise")]
    said = " and ".join(f"{number} {verb}" for number, verb in counts if number)
    since = f" (since {day(pending.since)})" if pending.since else ""
    money = f", {style.money(pending.money.monthly_minor)} a month" if pending.money else ""
    return f"A change waits for approval{since}: {said}{money}."


def _drift(mismatch: Mismatch, drift: Drift, style: Format) -> str:
    if mismatch.accepted:
        items = (
            "1 rejected item is accepted as it is"
            if drift.rejected == 1
            else f"{drift.rejected} rejected items are accepted as they are"
        )
        return f"On {drift.roster}, {items}: {style.money(abs(drift.rejected_monthly_minor))} a month."
    return (
        f"On {drift.roster}, {drift.billable} people count but {drift.open_seats} have a seat: "
        f"{style.money(abs(drift.monthly_minor))} a month that nobody has decided."
    )
