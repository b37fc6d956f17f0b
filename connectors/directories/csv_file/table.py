"""A file, CSV or XLSX, as rows under a header, whatever program wrote it; any doubt is refused with its place."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from connectors.delimited import TextIsUnreadable, decoded, delimiter_of, records
from connectors.errors import Cause, DirectoryNotRead
from connectors.sheets import MAGIC, CellIsNoValue, SheetIsUnreadable, Value, first_sheet_rows

_LARGEST_BYTES = 100 * 1024 * 1024
_DIGEST_DIGITS = 12

# What a cell of a workbook may be beside text; `mark` only says whether anything stands there.
CellKind = Literal["text", "flag", "day", "mark"]
_Records = Iterable[tuple[int, Sequence[Value]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it begins, and the cells that are taken, as text by folded column name."""

    path: Path
    where: str
    cells: Mapping[str, str]

    def refused(self, what: str) -> DirectoryNotRead:
        """The error for a row that can't be used."""
        return refused(self.path, self.where, what)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns as they are compared (trimmed, without case) and as they are written, and the records below them.

    `head` is where the header stands, `unit` what the records are counted in, lines or rows; `digest` is the beginning
    of the file's SHA-256.
    """

    path: Path
    columns: tuple[str, ...]
    written: tuple[str, ...]
    digest: str
    unit: str
    head: str
    records: Callable[[], _Records] = field(repr=False)

    def rows(self, taken: Mapping[str, CellKind]) -> Iterator[Row]:
        """Every record below the header that isn't blank, with the columns that are taken.

        Raises:
            DirectoryNotRead: a record of another length, the header once more, or a cell of another kind.

        """
        places = [(self.columns.index(column), column, kind) for column, kind in taken.items()]
        with _in_file(self.path):
            found = iter(self.records())
            next(found)
            for number, record in found:
                where = f"{self.unit} {number}"
                if len(record) != len(self.columns):
                    what = f"{len(record)} cells under a header of {len(self.columns)}"
                    raise refused(self.path, where, f"{what}; expected one cell for each column")
                cells = {column: self._text(where, record[place], kind) for place, column, kind in places}
                if cells and all(fold(cell) == column for column, cell in cells.items()):
                    raise refused(self.path, where, "the header stands here again; expected it once, at the top")
                yield Row(self.path, where, cells)

    def called(self, column: str) -> str:
        """A column as the file writes it."""
        return self.written[self.columns.index(column)]

    def _text(self, where: str, value: Value, kind: CellKind) -> str:
        match value:
            case str():
                return value.strip()
            case _ if kind == "mark":
                return "there"
            case CellIsNoValue():
                raise refused(self.path, where, str(value))
            case bool() if kind == "flag":
                return str(value)
            case datetime() if kind == "day":
                return value.isoformat(" ")
            case bool():
                raise refused(self.path, where, f"found the truth {str(value).upper()}; expected text")
        raise refused(self.path, where, f"found the date {value:%Y-%m-%d}; expected text, so format the column as text")


def read_table(path: Path) -> Table:
    """The table in a file; raises `DirectoryNotRead` when there is no file, no header or nothing readable."""
    data = _bytes(path)
    with _in_file(path):
        unit, found = ("row", _of_sheet(data)) if data.startswith(MAGIC) else ("line", _of_text(data))
        number, header = next(iter(found()), (1, []))
    head = f"{unit} {number}"
    written = tuple(str(name).strip() for name in header)
    columns = tuple(fold(name) for name in written)
    if not any(columns):
        raise refused(path, head, "the file is empty; expected a header row and a row for each account")
    for name in columns:
        if name and columns.count(name) > 1:
            raise refused(path, head, f"the column '{name}' appears twice; expected each column once")
    return Table(path, columns, written, hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS], unit, head, found)


def fold(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().casefold()


def refused(path: Path, where: str, what: str) -> DirectoryNotRead:
    """The error for a file that can't be used, with the place and what was expected there."""
    return DirectoryNotRead(Cause.MALFORMED, f"{path}, {where}: {what}. Nothing was read from this file.")


def _of_text(data: bytes) -> Callable[[], _Records]:
    text = decoded(data)
    delimiter = delimiter_of(text)
    return lambda: records(text, delimiter)


def _of_sheet(data: bytes) -> Callable[[], _Records]:
    """The rows of the first sheet that aren't blank, each as wide as the header, or wider where more stands there."""
    filled = [(number, row) for number, row in first_sheet_rows(data) if any(row)]
    width = len(_trimmed(filled[0][1])) if filled else 0
    rows = [(number, [*_trimmed(row), *[""] * (width - len(_trimmed(row)))]) for number, row in filled]
    return lambda: rows


def _trimmed(row: Sequence[Value]) -> Sequence[Value]:
    """A row without the empty cells at its end, of which a program writes as many as it likes."""
    last = max((place for place, value in enumerate(row, start=1) if value != ""), default=0)
    return row[:last]


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            limit = _LARGEST_BYTES // 1024 // 1024
            message = f"{path} is larger than {limit} MB. Expected a list of accounts: check the `path` in the book."
            raise DirectoryNotRead(Cause.MALFORMED, message)
        return path.read_bytes()
    except FileNotFoundError as problem:
        message = f"There is no file {path}. Save the export there, or correct the directory's `path` in the book."
        raise DirectoryNotRead(Cause.NOT_FOUND, message) from problem
    except OSError as problem:
        message = (
            f"The file {path} can't be read ({problem.strerror}). Check its permissions, or the `path` in the book."
        )
        raise DirectoryNotRead(Cause.FORBIDDEN, message) from problem


@contextmanager
def _in_file(path: Path) -> Iterator[None]:
    try:
        yield
    except TextIsUnreadable as problem:
        raise refused(path, f"line {problem.line}", str(problem)) from problem
    except SheetIsUnreadable as problem:
        raise refused(path, "as a workbook", str(problem)) from problem
