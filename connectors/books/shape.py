"""The base of all shapes: which keys there are is told with the line and the nearest spelling."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails

from connectors.books.document import Block, Inexact, locate
from connectors.books.problems import Problems

_SHOWN = 60
_NEAR = 0.65


def did_you_mean(word: str, possible: Sequence[str]) -> str:
    """The likeliest correction as the end of a sentence, else all that is possible."""
    near = get_close_matches(word, possible, n=1, cutoff=_NEAR)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"possible: {', '.join(possible) or 'none'}"


def shown(text: str) -> str:
    """Text from the book as part of a one-line message: cut when long, unprintable characters as escapes."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in cut)


class Shape(BaseModel):
    """A mapping with a fixed set of keys; it remembers its lines so that later checks can name them."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    thing: ClassVar[str]
    _line: int = PrivateAttr(default=1)
    _lines: dict[str, int] = PrivateAttr(default_factory=dict)

    def line(self, key: str | None = None) -> int:
        """The line on which it starts, or that of a key's value where the key was written."""
        return self._lines.get(key, self._line) if key else self._line

    @model_validator(mode="wrap")
    @classmethod
    def _remember_lines(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(value, Block) or not isinstance(info.context, Problems):
            return handler(value)
        shape = handler(cls._without_unknown_keys(value, info.context))
        shape._line, shape._lines = value.line, value.value_lines  # noqa: SLF001 - a classmethod of the same class
        return shape

    @classmethod
    def _without_unknown_keys(cls, block: Block, problems: Problems) -> dict[str, Any]:
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        for key in block:
            if key not in fields:
                line = block.key_lines[key]
                problems.add(
                    line, f"found the unknown key '{shown(key)}' in {cls.thing}; {did_you_mean(key, list(fields))}"
                )
        for key, field in fields.items():
            if field.is_required() and key not in block:
                problems.add(block.line, f"the key '{key}' is missing; expected in {cls.thing}")
        return {key: value for key, value in block.items() if key in fields}


AnyShape = TypeVar("AnyShape", bound=Shape)


def shaped(shape: type[AnyShape], value: object, line: int, problems: Problems) -> AnyShape | None:
    """The value in its shape; None, with every problem noted, when it doesn't fit."""
    try:
        return shape.model_validate(value, context=problems)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            # A missing key was already told with the name of the thing that lacks it.
            if detail["type"] != "missing":
                where, key = locate(value, detail["loc"], line)
                problems.add(where, _sentence(f"'{key}'" if key else shape.thing, detail))
        return None


def _sentence(where: str, detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] in ("refused", "value_error"):
        return f"{where}: {context.get('sentence') or context.get('error')}"
    if detail["type"] == "union_tag_not_found":
        return f"{where}: the key {context['discriminator']} is missing; expected it to say which kind this is"
    if detail["type"] == "union_tag_invalid":
        # The key that says which kind it is, not the list or mapping that the kinds stand in.
        found = shown(str(context["tag"]))
        return f"{context['discriminator']}: found '{found}', expected one of {context['expected_tags']}"
    template = _EXPECTED.get(detail["type"])
    expected = template.format(**context) if template else detail["msg"]
    return f"{where}: found {_found(detail['input'])}, expected {expected}"


# By pydantic's type of error; the words in braces are in the error's context.
_EXPECTED = {
    "unexpected": "{expected}",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "too_long": "an empty list",
    "too_short": "at least one entry",
    "string_pattern_mismatch": "text of the form {pattern}",
    "string_type": "text (in quotes, where YAML would read it as something else)",
    # Of all values only a path is of a class of its own, made of text.
    "is_instance_of": "the path of a file, as text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping with keys",
    "model_type": "a mapping with keys",
}


def _found(value: object) -> str:
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, Inexact):
        return f"the number {value.text} without quotes"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return "nothing" if value is None else str(value).lower()
