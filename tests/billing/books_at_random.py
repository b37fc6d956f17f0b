"""Random clients as plain data, as a book has them: every price model, cycle, discount and way of counting.

A client is made from a `random.Random`, so that a number brings it back; hypothesis can be that source of chance too.
A dated term is always a list of entries here, `{from, known, …}`; a discount's entry without percent and amount means
that there is none. Of seats, `until` is the first day on which they are no longer open.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from tests.billing.day_by_day import Plain

FIRST, DAYS, THROUGH = date(2028, 1, 1), 150, date(2028, 8, 31)
# As many clients, from number 0 on, are compared at every run of the tests.
COMPARED = 4000
ANCHORS = (date(2028, 1, 31), date(2028, 2, 29), date(2027, 12, 31), date(2026, 1, 30), FIRST)
PRICES = ("0", "1", "45", "40.5", "26.40", "33.33", "0.125", "0.015", "1000", "7.777")
MONEY = {"USD": ("0.01", "25.00", "199.99", "1500.00"), "JPY": ("1", "25", "199", "15000"), "KWD": ("0.001", "7.125")}
PERCENTS = ("0", "5", "7.5", "33.3", "100")
RATES = ("0", "5", "8.25", "19", "7.7")
ROSTERS = ("full", "frontline")

Value = TypeVar("Value")


def random_client(chance: Random) -> Plain:
    """A client with one or two agreements, numbers, seats, readings and taxes."""
    currency = chance.choice(("USD", "USD", "JPY", "KWD"))
    names = ("A", "B")[: chance.choice((1, 1, 2))]
    agreements = [_agreement(chance, name, currency) for name in names]
    counted = {roster: _day(chance) for roster in ROSTERS if chance.random() < 0.4}
    return {
        "currency": currency,
        "bill_day": chance.choice((None, None, 1, 15, 31)),
        "taxes": {name: _dated(chance, lambda: {"rates": _rates(chance)}) for name in ("standard", "reduced")},
        "agreements": agreements,
        "quantities": [_quantity(chance) for _ in range(chance.randrange(7))],
        "counted": counted,
        "seats": _seats(chance) if counted else [],
        "usage": [
            {"meter": "GB", "on": _day(chance), "amount": chance.choice(("0", "1.5", "12", "300"))} for _ in range(4)
        ],
        "billed": _billed_elsewhere(chance, agreements, currency),
    }


def _agreement(chance: Random, name: str, currency: str) -> Plain:
    start, end = sorted((_day(chance), _day(chance)))
    ends = start < end and chance.random() < 0.4
    return {
        "name": name,
        "start": start,
        "end": end if ends else None,
        "end_known": _maybe(chance, lambda: _day(chance)) if ends else None,
        "bills_from": _day(chance) if chance.random() < 0.2 else None,
        "cycle": {
            "months": chance.choice((1, 1, 1, 2, 3, 4, 12)),
            "anchor": chance.choice((*ANCHORS, start, _day(chance))),
        },
        "timing": chance.choice(("advance", "arrears")),
        "lines": [_line(chance, f"{name} line {number}", currency) for number in range(chance.choice((1, 2, 2, 3)))],
        "discounts": [_agreement_discount(chance, f"{name} discount {n}", currency) for n in range(_few(chance))],
        "minimum_amount": _maybe(
            chance, lambda: _dated(chance, lambda: {"value": chance.choice(MONEY[currency])}), 0.3
        ),
        "one_off": [_one_off(chance, f"{name} one-off {number}", currency) for number in range(_few(chance))],
    }


def _line(chance: Random, name: str, currency: str) -> Plain:
    count = chance.choice(
        (
            {"roster": "full"},
            {"roster": "full"},
            {"roster": "frontline"},
            {"licence": "E3"},
            {"fixed": "3"},
            {"usage": "GB"},
            None,
        )
    )
    start, end = sorted((_day(chance), _day(chance)))
    bound = count is not None and "usage" not in count and "fixed" not in count and chance.random() < 0.4
    basis, proration, removals = _counting(chance, count)
    return {
        "name": name,
        "vendor": chance.choice((None, "Contoso")),
        "from": start if chance.random() < 0.3 else None,
        "until": end if start < end and chance.random() < 0.3 else None,
        "count": count,
        "price": _dated(chance, lambda: _price(chance, count)),
        "included": _numbers(chance, 8),
        "minimum": _numbers(chance, 15),
        "basis": basis,
        "proration": proration,
        # Who moves between rosters under a licence term is a question of the term, not of the place.
        "removals": "credit" if bound and count and "roster" in count else removals,
        "commitment": _commitment(chance) if bound else None,
        "discount": _maybe(chance, lambda: _dated(chance, lambda: _reduction(chance, currency)), 0.3),
        "tax": _dated(chance, lambda: {"value": chance.choice(("standard", "reduced"))}),
    }


def _counting(chance: Random, count: Plain | None) -> tuple[str | Plain, str, str]:
    if count is not None and "usage" in count:
        return "daily", "daily", "credit"
    basis = chance.choice(("daily", "daily", "daily", "peak", {"on_day": chance.choice((1, 15, 31))}))
    if basis != "daily":
        return basis, "daily", "credit"
    return basis, chance.choice(("daily", "next_period", "full_period")), chance.choice(("credit", "keep"))


def _price(chance: Random, count: Plain | None) -> Plain:
    if count is None:
        return {"model": "flat", "amount": chance.choice(PRICES)}
    model = chance.choice(("per_unit", "graduated", "volume", "package", "usage" if "usage" in count else "per_unit"))
    if model == "package":
        return {"model": model, "size": chance.choice(("1", "5", "12")), "price": chance.choice(PRICES)}
    if model in {"graduated", "volume"}:
        ends = sorted({chance.randrange(1, 40) for _ in range(_few(chance))})
        bounds = [*(str(end) for end in ends), None]
        fees = ("0", "0", "9.99")
        tiers = [{"up_to": end, "unit": chance.choice(PRICES), "flat": chance.choice(fees)} for end in bounds]
        return {"model": model, "tiers": tiers}
    return {"model": model, "unit": chance.choice(PRICES)}


def _commitment(chance: Random) -> Plain:
    start = _day(chance)
    return {
        "from": start,
        "until": start + timedelta(days=chance.choice((1, 31, 60, 100, 400))),
        "renews_months": chance.choice((None, 1, 3, 12)),
        "window_days": chance.choice((0, 1, 7, 7, 30)),
    }


def _reduction(chance: Random, currency: str) -> Plain:
    return chance.choice(({}, {"percent": chance.choice(PERCENTS)}, {"amount": chance.choice(MONEY[currency])}))


def _agreement_discount(chance: Random, name: str, currency: str) -> Plain:
    terms = _dated(chance, lambda: _reduction(chance, currency))
    return {"name": name, "vendor": chance.choice((None, None, "Contoso", "Nobody")), "terms": terms}


def _one_off(chance: Random, text: str, currency: str) -> Plain:
    amount = chance.choice(("", "-")) + chance.choice(MONEY[currency])
    return {
        "on": _day(chance),
        "text": text,
        "amount": amount,
        "tax": "standard",
        "known": _maybe(chance, lambda: _day(chance)),
    }


def _billed_elsewhere(chance: Random, agreements: Sequence[Plain], currency: str) -> list[Plain]:
    lines = [line["name"] for agreement in agreements for line in agreement["lines"]]
    if chance.random() > 0.15:
        return []
    return [{"line": chance.choice(lines), "from": _day(chance), "amount": chance.choice(MONEY[currency])}]


def _quantity(chance: Random) -> Plain:
    of = chance.choice(({"roster": "full"}, {"roster": "frontline"}, {"licence": "E3"}))
    known = _maybe(chance, lambda: _day(chance))
    return {
        "of": of,
        "on": _day(chance),
        "quantity": chance.choice(("0", "1", "7", "12", "12", "25", "38", "2.5")),
        "known": known,
    }


def _seats(chance: Random) -> list[Plain]:
    """People who come and go, and some who move to the other roster on the day they leave."""
    found = []
    for person in range(chance.randrange(9)):
        here, there = chance.sample(ROSTERS, 2)
        start, end = sorted((_day(chance), _day(chance)))
        stays = chance.random() < 0.4
        found.append({"roster": here, "person": person, "from": start, "until": None if stays else end})
        if not stays and chance.random() < 0.4:
            found.append({"roster": there, "person": person, "from": end, "until": None})
    return found


def _rates(chance: Random) -> list[Plain]:
    return [{"name": name, "rate": chance.choice(RATES)} for name in ("A", "B")[: _few(chance)]]


def _numbers(chance: Random, most: int) -> list[Plain]:
    if chance.random() < 0.6:
        return [{"value": "0"}]
    return _dated(chance, lambda: {"value": str(chance.randrange(most))})


def _dated(chance: Random, value: Callable[[], Plain]) -> list[Plain]:
    """A term that mostly never changes, and else up to three times, learnt before or after."""
    found = [{"from": None, "known": None, **value()}]
    for _ in range(chance.choice((0, 0, 0, 1, 2, 3))):
        entry = {"from": _day(chance), "known": _maybe(chance, lambda: _day(chance)), **value()}
        if all((entry["from"], entry["known"]) != (other["from"], other["known"]) for other in found):
            found.append(entry)
    return found


def _maybe(chance: Random, value: Callable[[], Value], probability: float = 0.5) -> Value | None:
    return value() if chance.random() < probability else None


def _few(chance: Random) -> int:
    return chance.choice((0, 0, 1, 1, 2))


def _day(chance: Random) -> date:
    return FIRST + timedelta(days=chance.randrange(DAYS))
