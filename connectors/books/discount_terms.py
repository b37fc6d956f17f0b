"""Discounts in a book: from shapes to what is in force when, and back to plain data."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from billing.agreement import Agreement, Discount, Reduction
from billing.calendar import Dated, Entry
from billing.errors import WrongInput
from billing.money import parse_minor, text_of
from connectors.books.agreement_shapes import AgreementShape, DiscountShape, LineShape
from connectors.books.price_shapes import ReductionShape, dated
from connectors.books.problems import Problems, at
from connectors.books.unlikely import UNLIKELY, refuse_unlikely

Reductions = Dated[Reduction | None]
_Entry = Entry[Reduction | None]
_Windows = list[tuple[_Entry, date | None]]
"""Each entry with the day on which it ends by itself, in the file's order."""

_NONE: _Entry = Entry(None)


class DiscountHasTwoScopes(WrongInput):
    """Entries of one discount that are about different vendors."""


def reductions_of(entries: Sequence[ReductionShape], line: int, currency: str) -> Reductions:
    """A discount over time. An entry holds until its own end or the next entry's day; 0 is the same as none."""

    def value(entry: ReductionShape) -> Reduction | None:
        with at(entry.line()):
            refuse_unlikely("discount", entry.amount or Decimal(0), confirmed=entry.confirmed)
            amount_minor = None if entry.amount is None else parse_minor(entry.amount, currency)
            made = Reduction(entry.percent, amount_minor)
            _refuse_a_window_that_ends_before_it_begins(entry)
        return made if made.percent or made.amount_minor else None

    written = dated(entries, value, line).entries
    if all(entry.until is None for entry in entries):
        return _from_nothing(written)
    return _from_nothing(tuple(_in_force(list(zip(written, (entry.until for entry in entries), strict=True)))))


class DiscountEndsTooSoon(WrongInput):
    """A discount that ends before it begins."""


def _refuse_a_window_that_ends_before_it_begins(entry: ReductionShape) -> None:
    if entry.since is not None and entry.until is not None and entry.until <= entry.since:
        raise DiscountEndsTooSoon(f"A discount until {entry.until} doesn't end after it begins on {entry.since}.")


def _from_nothing(entries: tuple[_Entry, ...]) -> Reductions:
    """Before the first day that is named, and before the first entry is known, there is no discount."""
    first = entries[0]
    return Dated(entries if first.since is None and first.known is None else (_NONE, *entries))


def _in_force(windows: _Windows) -> Iterator[_Entry]:
    """The entries that say the same without ends: at every day on which something changes, as known from when on."""
    found: dict[tuple[date, date], _Entry] = {}
    said: dict[date, Reduction | None] = {}
    for known in sorted({entry.known or date.min for entry, _ in windows}):
        seen = sorted(
            ((entry, end) for entry, end in windows if (entry.known or date.min) <= known),
            key=lambda window: (window[0].since or date.min, window[0].known or date.min),
        )
        days = {entry.since or date.min for entry, _ in seen} | {end for _, end in seen if end is not None}
        for day in sorted(days):
            value = _on(seen, day)
            if day not in said or said[day] != value:
                since, learnt = (None if each == date.min else each for each in (day, known))
                found[day, known] = Entry(value, since, learnt)
            said[day] = value
    yield from (found[key] for key in sorted(found))


def _on(windows: _Windows, day: date) -> Reduction | None:
    entry, end = next(
        ((entry, end) for entry, end in reversed(windows) if (entry.since or date.min) <= day), (_NONE, None)
    )
    return None if end is not None and end <= day else entry.value


def discounts_of(shape: AgreementShape, currency: str) -> tuple[Discount, ...]:
    """An agreement's discounts in order; entries of one name are one discount over time."""
    made = []
    for name, entries in named(shape):
        first, *others = entries
        other = next((entry for entry in others if entry.vendor != first.vendor), None)
        if other is not None:
            with at(other.line()):
                scopes = f"about {first.vendor or 'all lines'} and about {other.vendor or 'all lines'}"
                raise DiscountHasTwoScopes(f"The discount {name} is {scopes}: give each its own name.")
        reductions = reductions_of(entries, first.line(), currency)
        made.append(Discount(name, reductions, first.vendor))
    return tuple(made)


def named(shape: AgreementShape) -> Iterator[tuple[str, list[DiscountShape]]]:
    """The entries of each discount under its name; one without a name is called after its agreement and place."""
    groups: dict[str | int, list[DiscountShape]] = {}
    for entry in shape.discounts or ():
        groups.setdefault(len(groups) if entry.name is None else entry.name, []).append(entry)
    for place, (key, entries) in enumerate(groups.items()):
        yield (key if isinstance(key, str) else default_name(shape.name, place)), entries


def check_names(agreements: Sequence[AgreementShape], lines: Sequence[LineShape], problems: Problems) -> None:
    """Notes every discount whose name another of the client's has; a line's own discount goes by the line's name."""
    found = [(line.name, line.line("discount")) for line in lines if line.discount]
    found += [(name, entries[0].line()) for agreement in agreements for name, entries in named(agreement)]
    first: dict[str, int] = {}
    for name, line in found:
        if name in first:
            problems.add(line, f"found the discount '{name}' again; expected each name once (line {first[name]})")
        first.setdefault(name, line)


def default_name(agreement: str, place: int) -> str:
    """What an agreement's discount is called that has no name of its own."""
    return f"{agreement} discount" if place == 0 else f"{agreement} discount {place + 1}"


def reduction_keys(term: Reductions, currency: str) -> list[dict[str, object]]:
    """The entries of a discount as a book has them; days and ends are None where there are none.

    A day without a discount is the end of the entry before it where that means the same, else an entry of 0.
    """
    entries = term.entries[1:] if term.entries[0] == _NONE and len(term.entries) > 1 else term.entries
    keys: list[dict[str, object]] = []
    foldable = _is_foldable(entries)
    for number, entry in enumerate(entries):
        if foldable and number and entry.value is None and entries[number - 1].value is not None:
            keys[-1]["until"] = entry.since
            continue
        keys.append(_value(entry.value, currency) | {"from": entry.since, "until": None, "known": entry.known})
    return keys


def _is_foldable(entries: Sequence[_Entry]) -> bool:
    """Whether a day without a discount may be written as the end of the entry before it, with the same meaning."""
    days = [entry.since or date.min for entry in entries]
    return len({entry.known for entry in entries}) == 1 and all(a < b for a, b in pairwise(days))


def _value(reduction: Reduction | None, currency: str) -> dict[str, object]:
    if reduction is None:
        return {"percent": "0"}
    if reduction.amount_minor is not None:
        return amount_keys(reduction.amount_minor, currency)
    return {"percent": f"{reduction.percent:f}"}


def amount_keys(amount_minor: int, currency: str) -> dict[str, object]:
    """An amount, confirmed where it would be refused otherwise."""
    text = text_of(amount_minor, currency)
    return {"amount": text} | ({"confirmed": True} if abs(Decimal(text)) >= UNLIKELY else {})


def discount_keys(agreement: Agreement, currency: str) -> Iterator[dict[str, object]]:
    """An agreement's discounts, each with its name where it isn't the one that it would have anyhow."""
    for place, discount in enumerate(agreement.discounts):
        entries = reduction_keys(discount.reductions, currency)
        plain_name = len(entries) == 1 and discount.name == default_name(agreement.name, place)
        for entry in entries:
            yield {"name": None if plain_name else discount.name, "vendor": discount.vendor} | entry
