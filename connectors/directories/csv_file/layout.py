"""How a table is read: which of its columns is taken for which field, and what its cells mean."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from connectors.directories.csv_file.table import CellKind, Row, Table
from connectors.directories.entries import Entry
from connectors.directories.examined import Observation

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
SEPARATORS = re.compile(r"[+;|]")


@dataclass(frozen=True, slots=True)
class Taken:
    """A column, folded, and the field that it is taken for."""

    field: str
    column: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """How each row of a table becomes an entry; `doubts` are what a person should know about files of this form."""

    form: str
    taken: tuple[Taken, ...]
    entry: Callable[[Row], Entry]
    doubts: tuple[Observation, ...] = ()

    def has(self, field: str) -> bool:
        """Whether a column is taken for the field."""
        return any(one.field == field for one in self.taken)

    def entries(self, table: Table) -> Iterator[Entry]:
        """An entry for each row; raises `DirectoryNotRead` for a row without an id, or with that of another one."""
        before: dict[str, str] = {}
        for row in table.rows({one.column: one.kind for one in self.taken}):
            entry = self.entry(row)
            if not entry.object_id:
                raise row.refused("the account has no id; expected one in each row")
            if entry.object_id in before:
                # The refusal is stored and logged, and an id may well be somebody's address.
                raise row.refused(f"its id is already on {before[entry.object_id]}; expected each id once")
            before[entry.object_id] = row.where
            yield entry

    def mapping(self, table: Table) -> str:
        """Which column was taken for what, and which ones were not, in words."""
        columns_of: dict[str, list[str]] = {}
        for one in self.taken:
            columns_of.setdefault(one.field, []).append(table.called(one.column))
        said = ", ".join(f"{field} from {' and '.join(columns)}" for field, columns in columns_of.items())
        known = {one.column for one in self.taken}
        left = ", ".join(table.called(column) for column in table.columns if column and column not in known)
        return f"{said}; ignored: {left or 'none'}"


def names_in(cell: str, separators: re.Pattern[str] = SEPARATORS) -> tuple[str, ...]:
    """The licences or groups in a cell, sorted, each once."""
    return tuple(sorted({name.strip() for name in separators.split(cell) if name.strip()}))


def flag(row: Row, cell: str) -> bool:
    """The yes or no in a cell."""
    if cell.casefold() not in _FLAGS:
        raise row.refused(f"'{cell[:40]}' is neither true nor false; expected one of {', '.join(_FLAGS)}")
    return _FLAGS[cell.casefold()]


def day(row: Row, cell: str) -> date:
    """The day in a cell, which may have a time behind it."""
    try:
        return datetime.fromisoformat(cell).date()
    except ValueError:
        raise row.refused(f"'{cell[:40]}' is no date; expected one such as 2027-01-31") from None


def one_of(row: Row, cell: str, what: str, known: Mapping[str, object]) -> str:
    """The word in a cell, in small letters."""
    if cell.casefold() not in known:
        raise row.refused(f"'{cell[:40]}' is no {what}; expected one of {', '.join(known)}")
    return cell.casefold()
