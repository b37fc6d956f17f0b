"""How an amount came about, in the figures of the price list: 25 times $45.00 + 17 times $40.00."""

from billing.draft import Charge, Segment
from billing.prices import Part
from documents.format import Format, short_days

_TIMES = "\N{MULTIPLICATION SIGN}"


def workings(charge: Charge, written: Format) -> tuple[str, ...]:
    """One sentence for each stretch of days with one quantity and price, and one for what was billed before."""
    sentences = [_stretch(segment, written) for segment in charge.segments]
    if charge.owed_minor - charge.billed_minor == charge.amount_minor and sentences:
        sentences.extend(_balance(charge, written))
    return tuple(sentences)


def _stretch(segment: Segment, written: Format) -> str:
    whole = written.full_price(segment.cycle_amount)
    parts = " + ".join(_part(part, written) for part in segment.parts)
    sum_of_parts = whole if parts in {"", whole} else f"{parts} = {whole}"
    text = f"{short_days(segment.period)}: {sum_of_parts}"
    if segment.priced != segment.quantity:
        text += f" (counted {written.number(segment.quantity)}, priced {written.number(segment.priced)})"
    if segment.period.days != segment.cycle_days:
        text += f", for {segment.period.days} of {segment.cycle_days} days"
    return text


def _part(part: Part, written: Format) -> str:
    units = f"{written.number(part.quantity)} {_TIMES} {written.price(part.unit)}" if part.quantity else ""
    fixed = written.price(part.fixed) if part.fixed or not units else ""
    return " + ".join(filter(None, (units, fixed)))


def _balance(charge: Charge, written: Format) -> tuple[str, ...]:
    owed = written.money(charge.owed_minor)
    if charge.billed_minor:
        before = written.money(charge.billed_minor)
        outcome = "to pay" if charge.amount_minor >= 0 else "to give back"
        return (f"Owed {owed}, billed before {before}: {written.money(abs(charge.amount_minor))} {outcome}",)
    in_parts = len(charge.segments) > 1 or charge.period != charge.cycle
    return (f"Together {owed}",) if in_parts else ()
