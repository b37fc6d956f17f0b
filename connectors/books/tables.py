"""A client's tables kept in files of their own, CSV or XLSX, taken as if they stood in the book.

Each row becomes an entry with the line or row it has in its file; what is wrong with it is told with that place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from connectors.books.client_shapes import BilledShape, QuantityShape, ReadingShape
from connectors.books.document import Block, Items
from connectors.books.fields import Text
from connectors.books.problems import Problems
from connectors.books.shape import Shape, did_you_mean, shaped, shown
from connectors.delimited import TextIsUnreadable, decoded, delimiter_of, records
from connectors.sheets import MAGIC, CellIsNoValue, Cells, SheetIsUnreadable, sheet_rows

_LARGEST_BYTES = 64 * 1024 * 1024
# Beside `of`, which names a roster, a table has a column for what else is counted.
_MEASURES = ("licence", "device")
_TRUTHS = {"true": True, "false": False}


class TableShape(Shape):
    """Where a table is kept."""

    thing: ClassVar = "a table"
    file: Text
    sheet: Text | None = None


@dataclass(frozen=True, slots=True)
class _Columns:
    """What a table's header may say, and what it must."""

    possible: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    truths: tuple[str, ...]


def _columns(shape: type[Shape]) -> _Columns:
    fields = {field.alias or name: field for name, field in shape.model_fields.items()}
    counts = shape is QuantityShape
    return _Columns(
        possible=(*fields, *(_MEASURES if counts else ())),
        required=tuple(
            (name, *_MEASURES) if counts and name == "of" else (name,)
            for name, field in fields.items()
            if field.is_required()
        ),
        truths=tuple(name for name, field in fields.items() if field.annotation is bool),
    )


_TABLES: Mapping[str, _Columns] = {
    "quantities": _columns(QuantityShape),
    "usage": _columns(ReadingShape),
    "billed": _columns(BilledShape),
}


def take_in(client: Block, folder: Path, problems: Problems) -> None:
    """Puts the rows of every table that the client refers to in the place of the reference."""
    for key, columns in _TABLES.items():
        reference = client.get(key)
        if not isinstance(reference, str | Block):
            continue
        line = client.value_lines[key]
        if isinstance(reference, str):
            written = Block(line)
            written.place("file", reference, line, line)
            reference = written
        table = shaped(TableShape, reference, line, problems)
        rows = _table(table, folder, columns, problems) if table else None
        client.place(key, rows, client.key_lines[key], line)


def _table(table: TableShape, folder: Path, columns: _Columns, problems: Problems) -> Items | None:
    path = folder / table.file
    start = problems.further(str(path))
    try:
        rows = ((start + line, cells) for line, cells in _rows(_bytes(path), table.sheet))
        return _entries(rows, start, columns, problems)
    except SheetIsUnreadable as error:
        problems.add(table.line("sheet" if table.sheet else "file"), f"{path}: {error}")
    except TextIsUnreadable as error:
        problems.add(start + error.line, str(error))
    return None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise SheetIsUnreadable(f"this is larger than {_LARGEST_BYTES // 1024 // 1024} MB; expected a table")
        return path.read_bytes()
    except FileNotFoundError:
        raise SheetIsUnreadable("there is no such file; expected a table, its path relative to the book") from None
    except (OSError, ValueError) as error:
        raise SheetIsUnreadable(f"the file can't be read ({error}); expected a table") from None


def _rows(data: bytes, sheet: str | None) -> Iterator[tuple[int, Cells]]:
    if data.startswith(MAGIC):
        yield from sheet_rows(data, sheet)
        return
    if sheet is not None:
        raise SheetIsUnreadable("only an .xlsx file has sheets; expected one, or no sheet")
    text = decoded(data)
    for line, record in records(text, delimiter_of(text)):
        yield line, [cell.strip() for cell in record]


def _entries(rows: Iterator[tuple[int, Cells]], start: int, columns: _Columns, problems: Problems) -> Items | None:
    """An entry for each row that isn't blank; None where the header doesn't say what the columns are."""
    filled = ((line, cells) for line, cells in rows if any(cells))
    line, header = next(filled, (start + 1, []))
    names = [cell.casefold() if isinstance(cell, str) else "" for cell in header]
    wrong = list(_wrong_header(names, columns))
    for sentence in wrong:
        problems.add(line, sentence)
    entries = Items()
    for row, cells in filled if not wrong else ():
        told = list(_wrong_cells(cells, names))
        for sentence in told:
            problems.add(row, sentence)
        if not told:
            entries.append(_entry(row, dict(zip(names, cells, strict=False)), columns))
            entries.lines.append(row)
    return None if wrong else entries


def _wrong_header(names: Sequence[str], columns: _Columns) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if name and name not in columns.possible:
            yield f"found the unknown column '{shown(name)}'; {did_you_mean(name, columns.possible)}"
        elif name and names.count(name) > 1:
            yield f"found the column '{name}' again; expected each once"
    for one_of in columns.required:
        if not any(name in names for name in one_of):
            yield f"the column '{' or '.join(one_of)}' is missing; expected in the first row"


def _wrong_cells(cells: Cells, names: Sequence[str]) -> Iterator[str]:
    for place, cell in enumerate(cells):
        if isinstance(cell, CellIsNoValue):
            yield str(cell)
        elif cell and not (place < len(names) and names[place]):
            yield f"found '{shown(cell)}' in a column without a name; expected it under a header"
    counts = [name for name, cell in zip(names, cells, strict=False) if cell and name in ("of", *_MEASURES)]
    if len(counts) > 1:
        yield f"found {' and '.join(counts)} in one row; expected one of them"


def _entry(line: int, cells: Mapping[str, str | CellIsNoValue], columns: _Columns) -> Block:
    """The row as the book would have it: what isn't filled is left out, and what is counted stands under `of`."""
    entry = Block(line)
    for name, cell in cells.items():
        if not isinstance(cell, str) or not cell:
            continue
        if name in _MEASURES:
            measure = Block(line)
            measure.place(name, cell, line, line)
            entry.place("of", measure, line, line)
        else:
            entry.place(name, _TRUTHS.get(cell.casefold(), cell) if name in columns.truths else cell, line, line)
    return entry
