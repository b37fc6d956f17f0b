"""A random client that fails, with as much left out of it as can be: what somebody wants to read who looks for why."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tests.billing.day_by_day import Plain

_MAY_BE_NONE = frozenset("bill_day bills_from commitment discount end end_known known minimum_amount vendor".split())
_MAY_BE_EMPTY = frozenset("billed discounts one_off quantities rates seats usage".split())
_PLAINEST = {"basis": "daily", "proration": "daily", "removals": "credit", "months": 1, "timing": "advance"}


def smallest(client: Plain, fails: Callable[[Plain], bool]) -> Plain:
    """What is left of a failing client when nothing more can go without its failing no more."""
    while True:
        smaller = next((less for less in _smaller(client) if _still(fails, less)), None)
        if smaller is None:
            return client
        client = smaller


def _still(fails: Callable[[Plain], bool], client: Plain) -> bool:
    """Whether it fails as before; what can't be billed at all, such as a discount without its line, doesn't."""
    with suppress(Exception):
        return fails(client)
    return False


def _smaller(value: Any, key: str = "") -> Iterator[Any]:
    """A value with one thing left out, or made as plain as it can be, what holds the most of it first."""
    if isinstance(value, list):
        if len(value) > 1 or key in _MAY_BE_EMPTY:
            yield from (value[:place] + value[place + 1 :] for place in range(len(value)))
        for place, each in enumerate(value):
            yield from ([*value[:place], less, *value[place + 1 :]] for less in _smaller(each))
    elif isinstance(value, dict):
        # The first and last day of a line may be left out, those of a commitment or a seat not.
        optional = _MAY_BE_NONE | {"from", "until"} if "price" in value else _MAY_BE_NONE
        for name, each in value.items():
            if each is not None and name in optional:
                yield {**value, name: None}
            if name in _PLAINEST and each != _PLAINEST[name]:
                yield {**value, name: _PLAINEST[name]}
            yield from ({**value, name: less} for less in _smaller(each, name))
