"""The plain form: one column for the id, others called as our fields are, or as the book says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.directories.csv_file.layout import Layout, Taken, day, flag, names_in, one_of
from connectors.directories.csv_file.licences import licences_in
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.csv_file.table import CellKind, Row, Table, fold, refused
from connectors.directories.entries import CLEARED, Entry, Sighting
from connectors.directories.examined import Observation

_MOST_LISTED, _LONGEST_NAME = 30, 40
# How Entra's own download of users calls them; whoever overlooks them pays for people who left, and for guests.
_OVERLOOKED = {
    "accountenabled": ("enabled", "everybody in the file is taken to be enabled"),
    "usertype": ("guest", "nobody in the file is taken to be a guest"),
}
_GUESTS = {"guest": True, "member": False}
_MAILBOXES = dict.fromkeys(("user", "shared", "room", "equipment"))


def layout(table: Table, settings: CsvSettings) -> Layout:
    """How to read this table; raises `DirectoryNotRead` when its header lacks a column that was named."""
    id_column = fold(settings.id)
    fields = {field: fold(settings.columns.get(field, field)) for field in _CELLS}
    for column in (id_column, *(fold(name) for name in settings.columns.values())):
        if column not in table.columns:
            raise refused(table.path, table.head, f"there is no column '{column}'; the header has {_listed(table)}")
    present = {field: column for field, column in fields.items() if column in table.columns}

    def entry(row: Row) -> Entry:
        return Sighting(
            row.cells[id_column], {field: _value(row, field, row.cells[column]) for field, column in present.items()}
        )

    taken = (Taken(field, column, _KINDS.get(field, "text")) for field, column in present.items())
    return Layout("plain", (Taken("id", id_column), *taken), entry, tuple(_overlooked(table, present)))


def _overlooked(table: Table, present: Mapping[Any, str]) -> Iterator[Observation]:
    """The columns that say who counts by another name than ours, and aren't taken for it."""
    for column, (field, so) in _OVERLOOKED.items():
        if column in table.columns and field not in present:
            written = table.called(column)
            remedy = f"Name it in the book, in the directory's `columns`: {{{field}: {written}}}"
            yield Observation(f"column {written}", "doubtful", f"is not taken: {so}", remedy)


def _listed(table: Table) -> str:
    """The columns that there are, as far as anybody reads them: what is no table may have one of megabytes."""
    names = [name[:_LONGEST_NAME] for name in table.columns if name]
    return ", ".join(names[:_MOST_LISTED]) + (" and more" if len(names) > _MOST_LISTED else "")


def _value(row: Row, field: str, cell: str) -> Any:
    return _CELLS[field](row, cell) if cell else CLEARED[field]


def _text(_: Row, cell: str) -> str:
    return cell


def _names(_: Row, cell: str) -> tuple[str, ...]:
    return names_in(cell)


def _licences(_: Row, cell: str) -> tuple[str, ...]:
    return licences_in(cell)


def _guest(row: Row, cell: str) -> bool:
    known = _GUESTS.get(cell.casefold())
    return flag(row, cell) if known is None else known


def _mailbox(row: Row, cell: str) -> str:
    return one_of(row, cell, "kind of mailbox", _MAILBOXES)


_CELLS: Mapping[Any, Callable[[Row, str], Any]] = {
    "name": _text,
    "mail": _text,
    "upn": _text,
    "enabled": flag,
    "guest": _guest,
    "licences": _licences,
    "mailbox": _mailbox,
    "employee_id": _text,
    "department": _text,
    "groups": _names,
    "last_sign_in": day,
}
_KINDS: Mapping[str, CellKind] = {"enabled": "flag", "guest": "flag", "last_sign_in": "day"}
