"""How an amount came about, in the figures of the price list: 25 times $45.00 + 17 times $40.00.

Whoever adds up what stands behind the last "=" (or "times", or "of") of each stretch, times its share of the days, and
rounds once, has the amount.
"""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from billing.counting import BY_DAY, Counting
from billing.draft import Charge, Counted, Metered, Segment, TakenOff, ToppedUp
from billing.money import major_of
from billing.prices import Part
from documents.format import Format, day, days, one_line, short_day, short_days, within_sentence

_TIMES = "\N{MULTIPLICATION SIGN}"


def workings(charge: Charge, written: Format) -> tuple[str, ...]:
    """What was counted and how, a sentence for each stretch of days, and one for what was billed before."""
    sentences = [*_basis(charge, written), *(_stretch(segment, written) for segment in charge.segments)]
    if charge.owed_minor - charge.billed_minor == charge.amount_minor and sentences:
        sentences.extend(_balance(charge, written))
    return tuple(sentences)


def _stretch(segment: Segment, written: Format) -> str:
    whole = written.full_price(segment.cycle_amount)
    parts = " + ".join(_part(part, written) for part in segment.parts)
    sum_of_parts = whole if parts in {"", whole} else f"{parts} = {whole}"
    text = f"{short_days(segment.period)}: {sum_of_parts}"
    counted = f"counted {written.number(segment.quantity)}"
    if segment.priced != segment.quantity:
        text += f" ({counted}, priced {written.number(segment.priced)})"
    elif any(part.size is not None for part in segment.parts):
        text += f" ({counted})"
    return f"{text}{_share(segment.period.days, segment.cycle_days)}"


def _share(part: int, whole: int) -> str:
    return "" if part == whole else f", for {part} of {whole} days"


def _part(part: Part, written: Format) -> str:
    units = f"{_units(part, written)} {_TIMES} {written.price(part.unit)}" if part.quantity else ""
    fixed = written.price(part.fixed) if part.fixed or not units else ""
    return " + ".join(filter(None, (units, fixed)))


def _units(part: Part, written: Format) -> str:
    if part.size is None:
        return written.number(part.quantity)
    noun = "package" if part.quantity == 1 else "packages"
    return f"{written.number(part.quantity)} {noun} of {written.number(part.size)}"


def _basis(charge: Charge, written: Format) -> Iterator[str]:
    match charge.basis:
        case Counted() as counted:
            yield from _counted(counted, charge, written)
        case Metered() as metered:
            yield _metered(metered)
        case TakenOff() as taken:
            yield from _taken_off(taken, charge, written)
        case ToppedUp() as topped:
            yield from _topped_up(topped, charge, written)
        case None:
            pass


def _counted(counted: Counted, charge: Charge, written: Format) -> Iterator[str]:
    if counted.counting != BY_DAY:
        numbers = [f"{written.number(each.in_force)} on {short_days(each.period)}" for each in counted.stretches]
        yield f"{_rule(counted.counting, charge)}; there were {', '.join(numbers)}"
    for each in counted.stretches:
        if each.in_force != each.wanted:
            held, wanted = written.number(each.in_force), written.number(each.wanted)
            yield f"A commitment keeps {held} in force on {short_days(each.period)}, where {wanted} would be wanted"


def _rule(counting: Counting, charge: Charge) -> str:
    if counting.basis == "peak":
        return "The highest number of the period counts on each of its days"
    if isinstance(counting.basis, int):
        on = min(charge.period.start + timedelta(days=counting.basis - 1), charge.period.last)
        return f"The number of {short_day(on)} counts on each day of the period"
    rules = ["a freed place stays paid for until the period ends"] if counting.removals == "keep" else []
    if counting.proration == "next_period":
        rules = ["a change counts from the next period on"]
    elif counting.proration == "full_period":
        rules.append("a rise counts from the period's first day, a fall from its own")
    told = " and ".join(rules)
    return told[:1].upper() + told[1:]


def _metered(metered: Metered) -> str:
    if metered.first is None or metered.last is None:
        return "The meter was not read in this period"
    if metered.readings == 1:
        return f"1 reading, on {day(metered.first)}"
    return f"{metered.readings} readings added up, the first on {day(metered.first)}, the last on {day(metered.last)}"


def _taken_off(taken: TakenOff, charge: Charge, written: Format) -> Iterator[str]:
    base = written.money(taken.base_minor)
    for period, reduction in taken.terms:
        when = "" if period == charge.period else f"{short_days(period)}: "
        if reduction.percent is not None:
            yield f"{when}{written.percent(reduction.percent)} of {base}{_share(period.days, charge.period.days)}"
        elif reduction.amount_minor is not None:
            yield f"{when}{written.money(reduction.amount_minor)} off{_share(period.days, charge.cycle.days)}"
    if taken.scope:
        yield f"Taken off {', '.join(within_sentence(one_line(text)) for text in taken.scope)}: {base}"
    if -charge.owed_minor == min(taken.left_minor, taken.base_minor) and taken.terms:
        yield f"It is never more than what is left of that: {written.money(taken.left_minor)}"


def _topped_up(topped: ToppedUp, charge: Charge, written: Format) -> Iterator[str]:
    for period, minimum_minor in topped.terms:
        when = "" if period == charge.period else f"{short_days(period)}: "
        yield f"{when}At least {written.money(minimum_minor)}{_share(period.days, charge.cycle.days)}"
    yield f"Lines less discounts come to {written.money(topped.net_minor)} in {days(charge.period)}"


def _balance(charge: Charge, written: Format) -> tuple[str, ...]:
    owed = written.money(charge.owed_minor)
    rounding = ", rounded once" if _is_rounded(charge, written.currency) else ""
    if charge.billed_minor:
        before = written.money(charge.billed_minor)
        outcome = "to pay" if charge.amount_minor >= 0 else "to give back"
        told = f"Owed {owed}{rounding}, billed before {before}"
        return (f"{told}: {written.money(abs(charge.amount_minor))} {outcome}",)
    in_parts = len(charge.segments) != 1 or charge.period != charge.cycle
    return (f"Together {owed}{rounding}",) if in_parts or rounding else ()


def _is_rounded(charge: Charge, currency: str) -> bool:
    """Whether the stretches add up to something finer than the currency's smallest coin."""
    exact = sum(
        (each.cycle_amount * Fraction(each.period.days, each.cycle_days) for each in charge.segments), Fraction(0)
    )
    return bool(charge.segments) and exact != major_of(charge.owed_minor, currency)
