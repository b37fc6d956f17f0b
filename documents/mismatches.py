"""Mismatches in words: one sentence for the cause, one for what to press."""

from billing.money import text_of
from billing.reconcile import Broken, Drift, Mismatch, NoAgreement, Pending, SourceState
from documents.format import day


def text(mismatch: Mismatch, currency: str) -> str:
    """The cause, in one sentence."""
    match mismatch.cause:
        case SourceState() as source:
            return _source(mismatch, source)
        case NoAgreement(bill_date):
            return f"No agreement is in force on {day(bill_date)}, so nobody bills these people."
        case Pending() as pending:
            return _pending(pending, currency)
        case Drift() as drift:
            return _drift(mismatch, drift, currency)
        case Broken(what):
            return f"An invariant is broken: {what}."


def remedy(mismatch: Mismatch) -> str:
    """What to press."""
    client = mismatch.client
    match mismatch.cause:
        case SourceState() if mismatch.code == "R02":
            return f"Check the list; if it is true: rollcall sync {client} --let-through REASON. Or override the hold."
        case SourceState():
            return f"Mend the source and read it again: rollcall sync {client}. Or override the hold."
        case NoAgreement():
            return f"Import an agreement for {client}, or override the hold."
        case Pending():
            return f"Approve or reject the change: /changes {client}"
        case Drift() if mismatch.accepted:
            return "Nothing to do if that is meant; the item is proposed again when the account changes."
        case Drift():
            return f"Read the directories again: rollcall sync {client}"
        case Broken():
            return "Don't override this: look into it with rollcall audit verify, and tell whoever runs Rollcall."


def _source(mismatch: Mismatch, source: SourceState) -> str:
    if mismatch.code == "R02":
        return f"The last reading of {source.name} would have changed too much at once: {trips(source)}."
    if source.failing_since is not None:
        return f"{source.name} can't be read since {day(source.failing_since)}: {source.failure}"
    if source.last_read is None:
        return f"{source.name} was never read."
    return f"{source.name} was last read on {day(source.last_read)}."


def trips(source: SourceState) -> str:
    """Why the safety catch is on."""
    said = []
    for trip in source.trips:
        if trip.roster is None:
            said.append("it answered, but with nobody in it")
            continue
        moves = [f"{trip.closes} of {trip.open_seats} seats would close"] if trip.closes else []
        moves += [f"{trip.opens} seats would open beside {trip.open_seats}"] if trip.opens else []
        said.append(f"on {trip.roster} {' and '.join(moves)}")
    return "; ".join(said)


def _pending(pending: Pending, currency: str) -> str:
    counts = [(pending.joins, "joined"), (pending.leaves, "left"), (pending.quantities, "counted otherwise")]
    said = " and ".join(f"{number} {verb}" for number, verb in counts if number)
    since = f" (since {day(pending.since)})" if pending.since else ""
    if pending.money is None:
        return f"A change waits for approval{since}: {said}."
    monthly = text_of(pending.money.monthly_minor, currency)
    return f"A change waits for approval{since}: {said}, {monthly} {currency} a month."


def _drift(mismatch: Mismatch, drift: Drift, currency: str) -> str:
    if mismatch.accepted:
        amount = text_of(abs(drift.rejected_monthly_minor), currency)
        return f"On {drift.roster}, {drift.rejected} rejected items are accepted as they are: {amount} {currency} a month."
    amount = text_of(abs(drift.monthly_minor), currency)
    return (
        f"On {drift.roster}, {drift.billable} people count but {drift.open_seats} have a seat: "
        f"{amount} {currency} a month that nobody has decided."
    )
