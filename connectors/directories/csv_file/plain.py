"""The plain form: one column for the id, others called as our fields are, or as the book says."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.csv_file.table import Row, Table, fold, refused
from connectors.directories.entries import CLEARED, Entry, Sighting

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_MAILBOXES = ("user", "shared", "room", "equipment")
_SEPARATORS = re.compile(r"[+;|]")

EntryReader = Callable[[Row], Entry]


def reader(table: Table, settings: CsvSettings) -> EntryReader:
    """How to read one row of this table; raises `DirectoryNotRead` when its header lacks a column that was named."""
    id_column = fold(settings.id)
    fields = {field: fold(settings.columns.get(field, field)) for field in _CELLS}
    for column in (id_column, *(fold(name) for name in settings.columns.values())):
        if column not in table.columns:
            found = ", ".join(filter(None, table.columns))
            raise refused(table.path, 1, f"there is no column '{column}'; the header has {found}")
    present = {field: column for field, column in fields.items() if column in table.columns}

    def entry(row: Row) -> Entry:
        values = {field: _value(table.path, row, field, column) for field, column in present.items()}
        return Sighting(row.cells[id_column], values)

    return entry


def licence_names(cell: str) -> tuple[str, ...]:
    """The licences in a cell, sorted, each once."""
    return tuple(sorted({name.strip() for name in _SEPARATORS.split(cell) if name.strip()}))


def flag(path: Path, line: int, cell: str) -> bool:
    """The yes or no in a cell."""
    if cell.casefold() not in _FLAGS:
        raise refused(path, line, f"'{cell[:40]}' is neither true nor false; expected one of {', '.join(_FLAGS)}")
    return _FLAGS[cell.casefold()]


def _text(_: Path, __: int, cell: str) -> str:
    return cell


def _licences(_: Path, __: int, cell: str) -> tuple[str, ...]:
    return licence_names(cell)


def _mailbox(path: Path, line: int, cell: str) -> str:
    if cell.casefold() not in _MAILBOXES:
        raise refused(path, line, f"'{cell[:40]}' is no kind of mailbox; expected one of {', '.join(_MAILBOXES)}")
    return cell.casefold()


_CELLS: Mapping[Any, Callable[[Path, int, str], Any]] = {
    "name": _text,
    "mail": _text,
    "upn": _text,
    "enabled": flag,
    "guest": flag,
    "licences": _licences,
    "mailbox": _mailbox,
}


def _value(path: Path, row: Row, field: str, column: str) -> Any:
    cell = row.cells[column]
    return _CELLS[field](path, row.line, cell) if cell else CLEARED[field]
