"""What a piece of JSON may look like, and Slack's words for what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Rule(Protocol):
    """Something that a value can break."""

    def faults(self, value: object, at: str) -> Iterator[str]:
        """Each fault as Slack words it; `at` is the value's JSON pointer."""
        ...


def fault(words: str, at: str) -> str:
    """One fault in the form that Slack gives it in `response_metadata.messages`."""
    return f"[ERROR] {words} [json-pointer:{at}]"


@dataclass(frozen=True, slots=True)
class Characters:
    """A string with a length."""

    most: int
    least: int = 1

    def faults(self, value: object, at: str) -> Iterator[str]:
        """Neither another type nor a length out of bounds."""
        if not isinstance(value, str):
            yield fault("must be a string", at)
        elif len(value) > self.most:
            yield fault(f"must be less than {self.most + 1} characters", at)
        elif len(value) < self.least:
            yield fault(f"must be more than {self.least - 1} characters", at)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values; compared with their type, so that 1 is no substitute for true."""

    values: tuple[object, ...]

    def faults(self, value: object, at: str) -> Iterator[str]:
        """Nothing but one of the values."""
        if not any(value is allowed or (type(value) is type(allowed) and value == allowed) for allowed in self.values):
            yield fault(f"must be a valid enum value, one of {', '.join(map(str, self.values))}", at)


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer within bounds."""

    most: int
    least: int = 0

    def faults(self, value: object, at: str) -> Iterator[str]:
        """An integer, not a truth value, within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int):
            yield fault("must be an integer", at)
        elif not self.least <= value <= self.most:
            yield fault(f"must be between {self.least} and {self.most}", at)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An object whose inside is left to the real Slack."""

    def faults(self, value: object, at: str) -> Iterator[str]:
        """An object, whatever it holds."""
        if not isinstance(value, dict):
            yield fault("must be an object", at)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of like things, with a number of them."""

    item: Rule
    most: int
    least: int = 1

    def faults(self, value: object, at: str) -> Iterator[str]:
        """A list, neither too short nor too long, of which each item keeps the item's rule."""
        if not isinstance(value, list):
            yield fault("must be an array", at)
            return
        if len(value) > self.most:
            yield fault(f"no more than {self.most} items allowed", at)
        if len(value) < self.least:
            yield fault(f"no fewer than {self.least} items allowed", at)
        for index, item in enumerate(value):
            yield from self.item.faults(item, f"{at}/{index}")


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the keys it must have, the keys it may have, and no others."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    also: Callable[[dict[str, Any]], Iterator[str]] | None = None
    """A check across keys, which yields the words of each fault."""

    def faults(self, value: object, at: str) -> Iterator[str]:
        """Missing and unknown keys, then what is wrong below each, then the check across keys."""
        if not isinstance(value, dict):
            yield fault("must be an object", at)
            return
        for key in self.required:
            if key not in value:
                yield fault(f"missing required field: {key}", at)
        if self.one_of and not any(key in value for key in self.one_of):
            yield fault(f"missing required field: {' or '.join(self.one_of)}", at)
        for key, inner in value.items():
            rule = self.required.get(key) or self.optional.get(key)
            if rule is None:
                yield fault(f"invalid additional property: {key}", at)
            else:
                yield from rule.faults(inner, f"{at}/{key}")
        if self.also is not None:
            yield from (fault(words, at) for words in self.also(value))


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which shape it has."""

    shapes: Mapping[str, Shape]

    def faults(self, value: object, at: str) -> Iterator[str]:
        """A known type, and the shape that it names."""
        if not isinstance(value, dict):
            yield fault("must be an object", at)
        elif "type" not in value:
            yield fault("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            yield fault(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            inner = {key: item for key, item in value.items() if key != "type"}
            yield from self.shapes[value["type"]].faults(inner, at)


FLAG = Choice((True, False))


def plain_text(most: int) -> ByType:
    """A plain_text object, which knows emoji and nothing of markup."""
    return ByType({"plain_text": Shape({"text": Characters(most)}, {"emoji": FLAG})})


def any_text(most: int) -> ByType:
    """A text object of either kind; `emoji` belongs to plain_text alone, `verbatim` to mrkdwn alone."""
    return ByType({**plain_text(most).shapes, "mrkdwn": Shape({"text": Characters(most)}, {"verbatim": FLAG})})
