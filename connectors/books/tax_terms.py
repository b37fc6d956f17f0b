"""From a tax category's named rates, each with its own dates, to the rates in force on a day; and back to keys."""

from collections.abc import Sequence
from datetime import date

from billing.calendar import Dated, Entry, always
from billing.errors import WrongInput
from billing.taxes import TaxCategory, TaxRate
from connectors.books.client_shapes import CategoryShape
from connectors.books.plain_terms import dated_keys, number, without_nothing
from connectors.books.price_shapes import RateShape
from connectors.books.problems import at
from connectors.books.unlikely import slip
from connectors.books.values import WHOLE


class RateIsAmbiguous(WrongInput):
    """One tax has two rates from the same day."""


class ReasonIsMissing(WrongInput):
    """Nothing is due, and documents wouldn't say why."""


class RateIsUnlikely(WrongInput):
    """A tax higher than what it is on, more likely a point that was left out."""


def category_of(shape: CategoryShape) -> TaxCategory:
    """The category as billing knows it. A tax keeps its rate until an entry of the same name has another."""
    if shape.exempt is not None and shape.reason is None:
        with at(shape.line("exempt")):
            raise ReasonIsMissing("found exempt without a reason; expected reason as well, which documents repeat")
    rates = sorted(shape.rates or (), key=_order)
    return TaxCategory(_in_force(rates), shape.reason)


def _order(rate: RateShape) -> tuple[date, date]:
    return rate.since or date.min, rate.known or date.min


def _in_force(rates: Sequence[RateShape]) -> Dated[tuple[TaxRate, ...]]:
    if not rates:
        return always(())
    _check_once(rates)
    # Before the first day that a rate names, and before the first rate is known, there is no tax yet.
    is_always = (rates[0].since, rates[0].known) == (None, None)
    entries: list[Entry[tuple[TaxRate, ...]]] = [] if is_always else [Entry(())]
    for since in dict.fromkeys(rate.since for rate in rates):
        last: tuple[TaxRate, ...] | None = None
        for known in sorted({rate.known for rate in rates}, key=lambda day: day or date.min):
            seen = [rate for rate in rates if (rate.known or date.min) <= (known or date.min)]
            if not any(rate.since == since for rate in seen):
                continue
            now = _on(seen, since)
            # A set that later knowledge didn't change is not repeated.
            if now != last:
                entries.append(Entry(now, since, known))
            last = now
    return Dated(tuple(entries))


def _on(rates: Sequence[RateShape], day: date | None) -> tuple[TaxRate, ...]:
    latest: dict[str, RateShape] = {}
    for rate in rates:
        if (rate.since or date.min) <= (day or date.min):
            latest[rate.name] = rate
    made: list[TaxRate] = []
    for rate in latest.values():
        with at(rate.line("rate")):
            if rate.rate > WHOLE and not rate.confirmed:
                raise RateIsUnlikely(slip("tax rate", f"{rate.rate} %"))
            made.append(TaxRate(rate.name, rate.rate))
    return tuple(made)


def _check_once(rates: Sequence[RateShape]) -> None:
    keys = [(rate.name, rate.since, rate.known) for rate in rates]
    for index, rate in enumerate(rates):
        if keys[index] in keys[:index]:
            with at(rate.line()):
                raise RateIsAmbiguous(f"found a second rate of '{rate.name}' from the same day; expected one.")


def category_keys(category: TaxCategory) -> object:
    """A tax category: its rates, one by one, or the reason that there are none."""
    rates = [
        without_nothing(
            {"name": rate.name, "rate": number(rate.percent)}
            | dated_keys(entry)
            | ({"confirmed": True} if rate.percent > WHOLE else {})
        )
        for entry in category.rates.entries
        for rate in entry.value
    ]
    if category.reason is None:
        return rates
    return {"rates": rates, "reason": category.reason} if rates else {"exempt": [], "reason": category.reason}
