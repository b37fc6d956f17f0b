"""billing's facts as English sentences, each formed here and nowhere else.

With `names` a sentence names people; without, as in the canonical JSON, it only counts them, so that erasing a name
alters nothing that was hashed.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billing.draft import Charge, ItemKind, Metered, Move, PutOff, TakenOff
from billing.money import plain
from billing.quantities import Measure
from documents.document import NAME_ERASED
from documents.format import day, days, one_line, reading_order, short_day, within_sentence
from documents.licences import product
from documents.recalculated import Money, recalculated, taxed_otherwise
from rosters.verdicts import Reason

RECALCULATED = "Recalculated"

Names = Mapping[int, str] | None

_VERDICTS = {
    Reason.LICENSED: "has a licence that counts",
    Reason.ENABLED: "is enabled",
    Reason.IN_GROUP: "is in a group that counts",
    Reason.NAMED: "is named in the rule",
    Reason.GUEST: "is a guest",
    Reason.DISABLED: "is disabled (sign-in blocked)",
    Reason.NO_LICENCE: "has no licence that counts",
    Reason.FREE_LICENCE_ONLY: "has only a free or trial licence",
    Reason.LICENCES_UNKNOWN: "has licences that its directory doesn't know, and the rule goes by them",
    Reason.NOT_IN_GROUP: "is in no group that counts",
    Reason.NOT_NAMED: "isn't named in the rule",
    Reason.SHARED_MAILBOX: "is a shared mailbox",
    Reason.ROOM: "is a room or equipment",
    Reason.SERVICE_ACCOUNT: "is a service account",
    Reason.EXCLUDED: "is excluded",
    Reason.OWN_STAFF: "is the MSP's own staff",
    Reason.ELSEWHERE: "is outside the client's part of the directory",
    Reason.NO_ROSTER: "is in a directory that no roster's rule is about",
    Reason.GONE: "is no longer in the directory",
    Reason.SAME_PERSON: "is the same person as another account's",
}
# Whose detail is a sentence of somebody's own.
_EXPLAINED = {Reason.EXCLUDED, Reason.SERVICE_ACCOUNT}
_OF_LICENCES = {Reason.LICENSED, Reason.NO_LICENCE, Reason.FREE_LICENCE_ONLY}


def title(charge: Charge) -> str:
    """What is charged: Managed user; for an adjustment also the period that it corrects."""
    text = item_title(charge.item.kind, charge.text)
    return f"{text}, {days(charge.period)}" if charge.kind == "adjustment" else text


def item_title(kind: ItemKind, text: str) -> str:
    """What an item is called: a line by its text, a discount by what it is taken off or by its own name."""
    plain_text = one_line(text)
    if kind == "minimum":
        return f"Minimum amount: {plain_text}"
    if kind == "discount" and "discount" not in plain_text.casefold():
        return f"Discount: {plain_text}"
    return plain_text


def detail(charge: Charge, money: Money, names: Names = None) -> str:
    """For which days, or what happened."""
    if charge.kind == "recurring" and isinstance(charge.basis, Metered):
        # What meters read is added up; a share of the cycle's days would say that it is weighted by them.
        return days(charge.period)
    return _sealed_detail(charge, money, names)


def _sealed_detail(charge: Charge, money: Money, names: Names) -> str:
    """The same as the hashes of issued documents have it, so that it can't be said otherwise any more."""
    if charge.credits_line is not None:
        return f"credit on line {charge.credits_line}"
    if charge.kind == "one_off":
        return day(charge.period.start)
    if charge.kind == "adjustment":
        metered = charge.measure is not None and charge.measure.kind == "usage"
        told = [_reading(move) if metered else cause(move, names) for move in charge.moves]
        why = "; ".join(told) or recalculated(charge, money)
        return "; ".join(filter(None, (why, taxed_otherwise(charge, money)))) or RECALCULATED
    if isinstance(charge.basis, TakenOff):
        return ", ".join((*_percentages(charge.basis), days(charge.period)))
    if charge.period == charge.cycle:
        return days(charge.period)
    return f"{days(charge.period)}: {_of_days(charge.period.days, charge.cycle.days)}"


def sentence(charge: Charge, money: Money, names: Names = None) -> str:
    """The whole line in one string, as in the JSON of a document."""
    if charge.kind == "one_off":
        return title(charge)
    return f"{title(charge)}{' · ' if charge.kind == 'adjustment' else ', '}{_sealed_detail(charge, money, names)}"


def cause(move: Move, names: Names = None) -> str:
    """Why an amount changed: 3 users joined 11 Apr (Ann, Bo, Cy): 20 of 30 days."""
    since = short_day(move.day)
    happened = []
    if move.days == move.cycle_days and (move.joined or move.left):
        return _whole_cycle(move, names)
    if move.joined:
        happened.append(f"{users(len(move.joined))} joined {since}{_named(move.joined, names)}")
    if move.left:
        happened.append(f"{users(len(move.left))} left {since}{_named(move.left, names)}")
    if not happened and move.before != move.after:
        happened.append(f"Quantity {plain(move.before)} → {plain(move.after)} from {since}")
    if move.price_changed:
        happened.append(f"{'new' if happened else 'New'} price from {since}")
    what = " and ".join(happened) or f"{RECALCULATED} from {since}"
    return f"{what}: {_of_days(move.days, move.cycle_days)}"


def _reading(move: Move) -> str:
    """Why the amount of a meter changed: what is read has no day of its own."""
    what = [f"Read {plain(move.after)} instead of {plain(move.before)}"] if move.before != move.after else []
    what += [f"{'new' if what else 'New'} price"] if move.price_changed else []
    return " and ".join(what) or RECALCULATED


def _percentages(basis: TakenOff) -> tuple[str, ...]:
    """The percentage, where one alone is in force."""
    found = {reduction.percent for _, reduction in basis.terms}
    return tuple(f"{plain(percent)}% off" for percent in found if percent is not None and len(found) == 1)


def put_off(held: PutOff) -> str:
    """What a commitment holds back: 2 licences committed until 1 Feb 2028: 12 instead of 10 are billed."""
    deferral = held.deferral
    number = deferral.in_force - deferral.wanted
    what = f"{units(number, held.measure)} committed until {day(deferral.until)}"
    billed = f"{plain(deferral.in_force)} instead of {plain(deferral.wanted)} are billed"
    return f"{what}: {billed}{_of_name(held.measure)}."


def units(number: Decimal, measure: Measure) -> str:
    """So many of what is counted: 1 user, 2 licences, 3 devices."""
    noun = {"roster": "user", "licence": "licence", "device": "device"}.get(measure.kind, "unit")
    return f"{plain(number)} {noun}" if number == 1 else f"{plain(number)} {noun}s"


def accounts(number: int) -> str:
    """So many accounts of a directory."""
    return "1 account" if number == 1 else f"{number} accounts"


def counted_name(measure: Measure) -> str:
    """What is counted, by the name that people know."""
    return one_line(product(measure.name) if measure.kind == "licence" else measure.name)


def _of_name(measure: Measure) -> str:
    return f" ({within_sentence(counted_name(measure))})"


def _whole_cycle(move: Move, names: Names) -> str:
    """Who was there all along may have come long before, so nothing is said of the day."""
    said = []
    if move.joined:
        said.append(f"{users(len(move.joined))} not billed before{_named(move.joined, names)}")
    if move.left:
        said.append(f"{users(len(move.left))} billed but gone{_named(move.left, names)}")
    return f"{' and '.join(said)}: {_of_days(move.days, move.cycle_days)}"


def credit_reason(reason: str) -> str:
    """Why a credit note was given."""
    return f"Reason: {one_line(reason)}"


def tax_reason(category: str, reason: str) -> str:
    """Why a category bears no tax."""
    return f"No tax ({one_line(category)}): {one_line(reason)}"


def verdict(reason: Reason, detail: str) -> str:
    """Why an account counts or doesn't, to follow a name: "has a licence that counts (Microsoft 365 Business Premium)".

    `detail` is the verdict's own: a licence, or why somebody excluded the account; it may be empty.
    """
    said = one_line(product(detail) if reason in _OF_LICENCES else detail)
    if not said:
        return _VERDICTS[reason]
    told = within_sentence(said)
    return f"{_VERDICTS[reason]}: {told}" if reason in _EXPLAINED else f"{_VERDICTS[reason]} ({told})"


def users(number: int) -> str:
    """So many people: 1 user, 45 users."""
    return "1 user" if number == 1 else f"{number} users"


def _of_days(part: int, whole: int) -> str:
    return f"{part} of {whole} days"


def _named(people: Sequence[int], names: Names) -> str:
    if names is None:
        return ""
    found = sorted((names.get(person, NAME_ERASED) for person in people), key=reading_order)
    return f" ({', '.join(map(within_sentence, found))})"
