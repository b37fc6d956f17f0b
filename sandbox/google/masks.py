"""Partial answers: which fields of a list a client asks for, in Google's language (`kind,users(id,name/fullName)`)."""

import re
from collections.abc import Iterator
from typing import Any

# Below a name stand the names that are wanted of it; nothing below means all of it.
Mask = dict[str, "Mask"]

_PART = re.compile(r"[A-Za-z]+|[(),/]")


def parsed(text: str) -> Mask:
    """The mask that a text describes; an empty one asks for everything."""
    return _list(iter(_PART.findall(text)))


def masked(value: Any, mask: Mask) -> Any:
    """What of a value is asked for."""
    if isinstance(value, list):
        return [masked(entry, mask) for entry in value]
    if not mask or not isinstance(value, dict):
        return value
    return {name: masked(inner, mask[name]) for name, inner in value.items() if name in mask}


def _list(parts: Iterator[str]) -> Mask:
    """The names up to the closing bracket, or to the end."""
    mask: Mask = {}
    below = mask
    for part in parts:
        match part:
            case ")":
                return mask
            case "(":
                below.update(_list(parts))
            case ",":
                below = mask
            case "/":
                pass
            case name:
                below = below.setdefault(name, {})
    return mask
