"""From a tax category's named rates, each with its own dates, to the set of rates in force on a day."""

from collections.abc import Sequence
from datetime import date

from billing.agreement import TaxCategory, TaxRate
from billing.dated import Dated, Entry, always
from billing.errors import WrongInput
from connectors.books.client_shapes import CategoryShape
from connectors.books.price_shapes import RateShape
from connectors.books.problems import at


class RateIsAmbiguous(WrongInput):
    """One tax has two rates from the same day."""


def category_of(shape: CategoryShape) -> TaxCategory:
    """The category as billing knows it. A tax keeps its rate until an entry of the same name has another."""
    rates = sorted(shape.rates or (), key=_order)
    return TaxCategory(_in_force(rates), shape.reason)


def _order(rate: RateShape) -> tuple[date, date]:
    return rate.since or date.min, rate.known or date.min


def _in_force(rates: Sequence[RateShape]) -> Dated[tuple[TaxRate, ...]]:
    if not rates:
        return always(())
    _check_once(rates)
    # Before the first day that a rate names, there is no tax yet.
    entries: list[Entry[tuple[TaxRate, ...]]] = [] if rates[0].since is None else [Entry(())]
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
            made.append(TaxRate(rate.name, rate.rate))
    return tuple(made)


def _check_once(rates: Sequence[RateShape]) -> None:
    keys = [(rate.name, rate.since, rate.known) for rate in rates]
    for index, rate in enumerate(rates):
        if keys[index] in keys[:index]:
            with at(rate.line()):
                raise RateIsAmbiguous(f"found a second rate of '{rate.name}' from the same day; expected one.")
