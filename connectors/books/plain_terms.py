"""From what is agreed back to the book's keys; whatever equals its default is left out."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from billing.agreement import Agreement, Line, OneOff
from billing.calendar import Dated, Entry, always
from billing.counting import BY_DAY, Commitment, Counting
from billing.prices import Flat, Package, PerUnit, PriceModel, Tier, Usage
from billing.quantities import Measure
from connectors.books.discount_terms import amount_keys, discount_keys, reduction_keys
from connectors.books.unlikely import UNLIKELY, highest_figure, highest_quantity
from connectors.books.values import BookProduct

Value = TypeVar("Value")
Plain = dict[str, object]


def without_nothing(keys: Mapping[str, object]) -> Plain:
    """The keys that say something: neither None nor empty."""
    return {key: value for key, value in keys.items() if value is not None and value not in ("", [], {})}


def number(value: Decimal) -> str:
    """An exact number, digit for digit."""
    return f"{value:f}"


def dated_keys(entry: Entry[Value]) -> Plain:
    """From when an entry holds, and when it was learnt."""
    return {"from": entry.since, "known": entry.known}


def _single_or_list(term: Dated[Value], single: Callable[[Value], object], keys: Callable[[Value], Plain]) -> object:
    """The bare value where nothing is dated, else a list of entries."""
    first = term.entries[0]
    if term == always(first.value):
        return single(first.value)
    # What held until an entry for all days was learnt holds without a word; only the first may leave out its day.
    learnt = len(term.entries) > 1 and term.entries[1].since is None
    entries = term.entries[1:] if learnt else term.entries
    return [without_nothing(dated_keys(entry) | keys(entry.value)) for entry in entries]


def price_keys(term: Dated[PriceModel] | None) -> object:
    """A price, or a list of them with their days."""
    return _single_or_list(term, _price, _price) if term else None


def _price(price: PriceModel) -> Plain:
    unlikely = max(highest_figure(price), highest_quantity(price)) >= UNLIKELY
    return _model(price) | ({"confirmed": True} if unlikely else {})


def _model(price: PriceModel) -> Plain:
    if isinstance(price, Flat):
        return {"model": "flat", "amount": number(price.fixed)}
    if isinstance(price, PerUnit | Usage):
        return {"model": price.model, "unit": number(price.unit)}
    if isinstance(price, Package):
        return {"model": "package", "size": number(price.size), "price": number(price.price)}
    return {"model": price.model, "tiers": [_tier(tier) for tier in price.tiers]}


def _tier(tier: Tier) -> Plain:
    up_to = None if tier.up_to is None else number(tier.up_to)
    flat = number(tier.flat) if tier.flat else None
    return without_nothing({"up_to": up_to, "unit": number(tier.unit), "flat": flat})


def _count(term: Dated[Decimal]) -> object:
    if term == always(Decimal(0)):
        return None
    return _single_or_list(term, number, lambda quantity: {"quantity": number(quantity)})


def cost_keys(term: Dated[Decimal] | None) -> object:
    """A cost, or a list of them with their days."""
    if term is None:
        return None

    def keys(unit: Decimal) -> Plain:
        return {"unit": number(unit)} | ({"confirmed": True} if unit >= UNLIKELY else {})

    return _single_or_list(term, lambda unit: number(unit) if unit < UNLIKELY else [keys(unit)], keys)


def category_names(term: Dated[str]) -> object:
    """A tax category's name, or a list of them with their days."""
    return _single_or_list(term, str, lambda category: {"category": category})


def product_keys(product: BookProduct) -> Plain:
    """An entry of the catalogue."""
    return without_nothing(
        {
            "code": product.code,
            "text": product.text,
            "vendor": product.vendor,
            "price": price_keys(product.price),
            "cost": cost_keys(product.cost),
            "tax": category_names(product.tax),
            "account": product.account,
            "ids": dict(product.ids),
        }
    )


def agreement_keys(
    agreement: Agreement,
    currency: str,
    products: Mapping[str, BookProduct],
    renamed: Mapping[str, str],
    costs: Mapping[str, Dated[Decimal]],
) -> Plain:
    """An agreement; `renamed` and `costs` are by the line's name."""
    lines = [
        line_keys(line, currency, products.get(line.product or ""), renamed.get(line.name), costs.get(line.name))
        for line in agreement.lines
    ]
    return without_nothing(
        {
            "name": agreement.name,
            "template": agreement.template,
            "start": agreement.start,
            "end": agreement.end,
            "end_known": agreement.end_known if agreement.end else None,
            "bills_from": agreement.bills_from,
            "cycle": {"months": agreement.cycle.months, "anchor": agreement.cycle.anchor},
            "timing": agreement.timing,
            "lines": lines,
            "discounts": [without_nothing(keys) for keys in discount_keys(agreement, currency)],
            "minimum_amount": _amounts(agreement.minimum_minor, currency),
            "one_off": [_one_off(item, currency) for item in agreement.one_offs],
        }
    )


def line_keys(
    line: Line, currency: str, product: BookProduct | None, was: str | None, cost: Dated[Decimal] | None
) -> Plain:
    """A line; what it shares with its product is left to the product, so that it goes on following it."""
    keys: Plain = {
        "text": line.text,
        "vendor": line.vendor,
        "account": line.account,
        "price": price_keys(line.price),
        "tax": category_names(line.tax),
    }
    if product is not None:
        shared = {
            "text": product.text,
            "vendor": product.vendor,
            "account": product.account,
            "price": price_keys(product.price),
            "tax": category_names(product.tax),
        }
        keys = {key: value for key, value in keys.items() if value != shared[key]}
    return without_nothing(
        {"name": line.name, "was": was, "product": line.product, "from": line.start, "until": line.end}
        | {"count": measure_keys(line.count) if line.count else None}
        | keys
        | {"included": _count(line.included), "minimum": _count(line.minimum), "cost": cost_keys(cost)}
        | _counting(line.counting)
        | {"commitment": _commitment(line.commitment), "discount": _discount(line, currency)}
    )


def _counting(counting: Counting) -> Plain:
    basis = {"on_day": counting.basis} if isinstance(counting.basis, int) else counting.basis
    said = {"basis": basis, "proration": counting.proration, "removals": counting.removals}
    usual = {"basis": BY_DAY.basis, "proration": BY_DAY.proration, "removals": BY_DAY.removals}
    return {key: value for key, value in said.items() if value != usual[key]}


def _commitment(term: Commitment | None) -> Plain | None:
    if term is None:
        return None
    keys = {"from": term.start, "until": term.end, "renews_months": term.renews_months}
    return without_nothing(keys | {"window_days": term.window_days})


def _discount(line: Line, currency: str) -> object:
    entries = [without_nothing(keys) for keys in reduction_keys(line.discount, currency)] if line.discount else []
    return entries[0] if len(entries) == 1 else entries


def _amounts(term: Dated[int] | None, currency: str) -> object:
    if term is None:
        return None

    def single(minor: int) -> object:
        keys = amount_keys(minor, currency)
        return [keys] if len(keys) > 1 else keys["amount"]

    return _single_or_list(term, single, lambda minor: amount_keys(minor, currency))


def measure_keys(measure: Measure) -> Plain:
    """What is counted."""
    return {measure.kind: measure.name}


def _one_off(item: OneOff, currency: str) -> Plain:
    keys: Plain = {"on": item.on, "text": item.text, "tax": item.tax, "known": item.known}
    return without_nothing(keys | amount_keys(item.amount_minor, currency))
