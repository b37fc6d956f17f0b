"""Billing's frozen values as JSON text and back, exactly: decimals and fractions as text, dates as ISO dates."""

import json
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode(value: object, kind: object = None) -> str:
    """The value as JSON text; `kind` names the type where the value's own class doesn't say it, as for tuples."""
    return _adapter(kind or type(value)).dump_json(value).decode()


def decode(kind: type[Value], text: str) -> Value:
    """The value that `encode` wrote."""
    adapter: TypeAdapter[Value] = _adapter(kind)  # type: ignore[arg-type] # a generic type is hashable, mypy doubts it
    return adapter.validate_json(text)


def canonical(data: object) -> str:
    """Plain data as JSON text that is the same for the same data: sorted keys, no spaces, as it is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
