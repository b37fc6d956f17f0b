"""Why an amount is another one now where nobody joined or left: 10% off $400.00 instead of $300.00: $10.00 more off."""

from collections.abc import Callable, Iterable

from billing.draft import Charge, TakenOff, ToppedUp
from billing.money import plain
from billing.taxes import TaxShare
from documents.format import short_days, within_sentence

Money = Callable[[int], str]
"""How an amount in minor units is written."""


def recalculated(charge: Charge, money: Money) -> str:
    """What an adjustment rests on now and what it rested on when it was billed; else the two amounts."""
    match charge.basis, charge.was:
        case ((None | TakenOff(terms=())), TakenOff() as before) if charge.owed_minor == 0:
            return f"No longer {_rates(before, charge, money)} off {money(before.base_minor)}: {_off(charge, money)}"
        case TakenOff() as now, TakenOff() as before if now != before and charge.amount_minor:
            return f"{_instead(now, before, charge, money)}: {_off(charge, money)}"
        case None, ToppedUp() as before if charge.owed_minor == 0:
            return f"No longer at least {_floors(before, charge, money)}: {_missing(charge, money)}"
        case ToppedUp() as now, ToppedUp() as before if now != before and charge.amount_minor:
            return f"{_reached(now, before, charge, money)}: {_missing(charge, money)}"
    if charge.amount_minor == 0:
        # Such an adjustment moves between taxes only, which is said beside this.
        return ""
    owed = f"{money(charge.owed_minor)} owed" if charge.owed_minor else "Nothing owed any more"
    return f"{owed} instead of {money(charge.billed_minor)}"


def taxed_otherwise(charge: Charge, money: Money) -> str:
    """Which part of an amount goes over to other tax categories; nothing where none does."""
    falls = [share for share in charge.shares if share.amount_minor * charge.owed_minor < 0]
    rises = [share for share in charge.shares if share.amount_minor * charge.owed_minor > 0]
    new, old = _categories(rises), _categories(falls)
    if not new or not old or new == old:
        return ""
    if charge.amount_minor == 0:
        return f"Taxed as {new} instead of {old}"
    part_minor = min(abs(sum(share.amount_minor for share in side)) for side in (falls, rises))
    return f"{money(part_minor)} taxed as {new} instead of {old}"


def _categories(shares: Iterable[TaxShare]) -> str:
    return " and ".join(dict.fromkeys(within_sentence(share.category) for share in shares))


def _instead(now: TakenOff, before: TakenOff, charge: Charge, money: Money) -> str:
    rates, earlier = _rates(now, charge, money), _rates(before, charge, money)
    base, was = money(now.base_minor), money(before.base_minor)
    if rates == earlier and base == was:
        return f"{rates} off {base}, of which {money(now.left_minor)} instead of {money(before.left_minor)} was left"
    if rates == earlier:
        return f"{rates} off {base} instead of {was}"
    if base == was:
        return f"{rates} instead of {earlier} off {base}"
    return f"{rates} off {base} instead of {earlier} off {was}"


def _rates(taken: TakenOff, charge: Charge, money: Money) -> str:
    """The percentages and amounts, each with its days where those aren't the whole period."""
    found = []
    for period, reduction in taken.terms:
        rate = f"{plain(reduction.percent)}%" if reduction.percent is not None else money(reduction.amount_minor or 0)
        found.append(rate if period == charge.period else f"{rate} on {short_days(period)}")
    return " and ".join(found) or "nothing"


def _off(charge: Charge, money: Money) -> str:
    return f"{money(abs(charge.amount_minor))} {'more' if charge.amount_minor < 0 else 'less'} off"


def _reached(now: ToppedUp, before: ToppedUp, charge: Charge, money: Money) -> str:
    floors, earlier = _floors(now, charge, money), _floors(before, charge, money)
    least = floors if floors == earlier else f"{floors} instead of {earlier}"
    net, was = money(now.net_minor), money(before.net_minor)
    return f"At least {least}, and the lines come to {net if net == was else f'{net} instead of {was}'}"


def _floors(topped: ToppedUp, charge: Charge, money: Money) -> str:
    """The minimum amounts, each with its days where those aren't the whole period."""
    found = (
        money(minor) if period == charge.period else f"{money(minor)} on {short_days(period)}"
        for period, minor in topped.terms
    )
    return " and ".join(found)


def _missing(charge: Charge, money: Money) -> str:
    return f"{money(abs(charge.amount_minor))} {'more' if charge.amount_minor > 0 else 'less'} to make up"
