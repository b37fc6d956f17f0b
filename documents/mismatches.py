"""Mismatches in words: one sentence for the cause, one for what to press."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from billing.draft import PutOff
from checks.bounds import Cause
from checks.mismatches import (
    Broken,
    Drift,
    Duplicate,
    Mismatch,
    NoAgreement,
    Pending,
    PeopleCause,
    SourceState,
    Uncovered,
    UnknownLicence,
    Unpriced,
)
from checks.records import Finding
from documents import bounds, standing, wording
from documents.format import Format, day, within_sentence
from rosters.catch import Trip

_TOLD_AT_MOST = 5


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
        case Broken(what):
            return f"An invariant is broken: {what}."
        case _:
            return _of_billing(mismatch.cause, style)


def _of_billing(
    cause: PutOff | Uncovered | Unpriced | UnknownLicence | Duplicate | PeopleCause | Cause, style: Format
) -> str:
    match cause:
        case PutOff():
            return wording.put_off(cause)
        case Uncovered() | Unpriced():
            return _uncovered(cause, style)
        case Duplicate():
            return _duplicate(cause, style)
        case UnknownLicence(licence, stated):
            return _unknown(licence, stated, style)
        case _ if isinstance(cause, PeopleCause):
            return standing.text(cause)
        case _:
            return bounds.text(cause, style)


def remedy(mismatch: Mismatch) -> str:
    """What to press."""
    if isinstance(mismatch.cause, Finding):
        return bounds.advice(mismatch.cause, mismatch.client)
    if isinstance(mismatch.cause, Duplicate):
        who = f"{mismatch.client} link {mismatch.cause.one[1]} {mismatch.cause.other[1]} --by NAME"
        return f"Say whether it is one person: rollcall users {who}; unlink instead of link if they are two."
    if isinstance(mismatch.cause, UnknownLicence):
        return "Name the licence as the source does in the book, or state its quantities there. Or override the hold."
    if isinstance(mismatch.cause, Unpriced):
        return (
            "Give the roster a line in the client's book and import it; if nobody is to pay for these people, a line "
            "with the price 0.00 says so."
        )
    if isinstance(mismatch.cause, PeopleCause):
        return standing.remedy(mismatch.cause, mismatch.client)
    return _remedies(mismatch.client)["accepted" if mismatch.accepted else mismatch.code]


def together(texts: Sequence[str]) -> str:
    """Several causes of one code, one after the other, and how many there are beyond the first few."""
    rest = len(texts) - _TOLD_AT_MOST
    return " ".join([*texts[:_TOLD_AT_MOST], *([f"And {rest} more."] if rest > 0 else [])])


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
        "R11": "If it is owed, give a line these days in the client's book and import it. Nothing to do if it isn't.",
        "R15": "Don't override this: look into it with rollcall audit verify, and tell whoever runs Rollcall.",
        "R16": "Nothing to do: it is on this invoice.",
        "R17": f"Look at rollcall preview {client} and its explanation; if the amounts are right, override the hold.",
        "R19": "Give the agreement bills_from: DATE in the book if something else billed those periods; or override.",
        "R20": "Correct the bill date, or the cycle in the book; if it is meant, override the hold.",
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
    if trip.licence is not None:
        return f"{trip.closes} of {trip.open_seats} units of {trip.licence} would go"
    if trip.roster is None:
        return "the directory answered, but with nobody in it"
    moves = [f"{trip.closes} of {trip.open_seats} seats would close"] if trip.closes else []
    opens = f"{trip.opens} seat{'' if trip.opens == 1 else 's'}"
    moves += [f"{opens} would open beside {trip.open_seats}"] if trip.opens else []
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


def _uncovered(read: Uncovered | Unpriced, style: Format) -> str:
    if isinstance(read, Unpriced):
        people = "1 person has" if read.seats == 1 else f"{read.seats} people have"
        return f"{people} a seat on {within_sentence(read.roster)}, which no line counts: nobody pays for that."
    days = sorted(reading.on for reading in read.readings)
    when = f"on {day(days[0])}" if days[0] == days[-1] else f"from {day(days[0])} to {day(days[-1])}"
    amount = style.number(sum((reading.amount for reading in read.readings), Decimal(0)))
    return f"The meter {read.meter} read {amount} {when}, where no line counts it: nobody pays for that."


def _unknown(licence: str, stated: Decimal | None, style: Format) -> str:
    if stated is None:
        return f"A line counts the licence {licence}, which no directory has and no number is stated for."
    number = style.number(stated)
    return f"A line counts the licence {licence}, which no directory has: the stated number {number} stays in force."


_LIKENESSES = {
    "mail": "have the same mail address",
    "employee_id": "have the same number of an employee",
    "upn": "had the same sign-in name, one after the other",
}


def _duplicate(cause: Duplicate, style: Format) -> str:
    one, other = (f"{within_sentence(name)} ({place})" for name, place in (cause.one, cause.other))
    twice = ""
    if cause.monthly_minor is not None:
        twice = f" Until somebody says so, both count: {style.money(cause.monthly_minor)} a month."
    return f"{one} and {other} {_LIKENESSES[cause.likeness]}, so this is a probable duplicate of one person.{twice}"
