"""The reference of the book is complete."""

from pathlib import Path
from typing import get_args

import pytest

import connectors.books.reader  # noqa: F401 - reading it defines every shape
from connectors.books.directories import SHAPES
from connectors.books.shape import Shape
from connectors.directories import KINDS

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "book.md").read_text(encoding="utf-8")


def shapes(base: type[Shape]) -> list[type[Shape]]:
    """Every shape that a book can have."""
    return [one for below in base.__subclasses__() for one in [below, *shapes(below)]]


KEYS = sorted({field.alias or name for shape in shapes(Shape) for name, field in shape.model_fields.items()})


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_in_the_tables_of_the_reference(key: str) -> None:
    tables = REFERENCE.partition("## How values are written")[2]
    assert any(mention in tables for mention in (f"`{key}`", f"`{key}:", f"`{{{key}:"))


def test_every_kind_of_directory_can_be_written_in_a_book() -> None:
    kinds = {get_args(shape.model_fields["kind"].annotation)[0] for shape in SHAPES}
    assert kinds == set(KINDS)
