"""The id of a row that is stored: one place where "it may not be stored yet" is told apart from "it is"."""

from typing import Protocol


class _Row(Protocol):
    id: int | None


def id_of(row: _Row) -> int:
    """The id of a stored row; a row that isn't stored yet is a bug of ours, never the row with the id 0."""
    if row.id is None:
        raise ValueError(f"A {type(row).__name__} has an id once it is stored.")
    return row.id
