"""The rows of a spreadsheet (.xlsx), number by number as it was written; the only module that reads one."""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from billing.errors import WrongInput
from billing.money import plain

MAGIC = b"PK\x03\x04"
# Unpacked, a sheet is perhaps ten times as large; nobody's readings are, so it is a file that is meant to do harm.
_LARGEST_BYTES = 256 * 1024 * 1024
# What a spreadsheet shows and keeps of a number; more digits are the remains of a calculation.
_DIGITS = 15
# By openpyxl's types of cells.
_NO_VALUES = {
    "f": "a formula; expected its value (copy, then paste values only)",
    "e": "an error; expected a value",
}


class SheetIsUnreadable(WrongInput):
    """No workbook, or not the sheet that is meant; the message has no full stop."""


class CellIsNoValue(WrongInput):
    """A cell whose value can't be taken as it stands."""


Cells = list[str | CellIsNoValue]
# A number is text already: its digits as a person reads them. A day is the moment at which it begins.
Value = str | bool | datetime | CellIsNoValue
Values = list[Value]


def sheet_rows(data: bytes, sheet: str | None) -> list[tuple[int, Cells]]:
    """Every row with its number: each cell as text, or why it can't be taken.

    Raises:
        SheetIsUnreadable: these bytes are no workbook, or it isn't clear which sheet is meant.

    """
    rows = _read(data, lambda names: _meant(names, sheet))
    return [(number, [_text(number, place, value) for place, value in enumerate(row, start=1)]) for number, row in rows]


def first_sheet_rows(data: bytes) -> list[tuple[int, Values]]:
    """Every row of the first sheet with its number, for whoever must tell a day or a truth from text.

    Raises:
        SheetIsUnreadable: these bytes are no workbook with a sheet.

    """
    return _read(data, lambda names: names[0])


def _read(data: bytes, choose: Callable[[Sequence[str]], str]) -> list[tuple[int, Values]]:
    try:
        _refuse_a_bomb(data)
        with warnings.catch_warnings():
            # It warns of styles and extensions that it doesn't know, which say nothing about values.
            warnings.simplefilter("ignore")
            return list(_rows(data, choose))
    except SheetIsUnreadable:
        raise
    except Exception as error:
        # openpyxl answers a broken file with whatever its parsers stumble over.
        raise SheetIsUnreadable("this is no workbook that can be read; expected a sound .xlsx file") from error


def _refuse_a_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > _LARGEST_BYTES:
            raise SheetIsUnreadable(f"this holds more than {_LARGEST_BYTES // 1024 // 1024} MB; expected a table")


def _meant(names: Sequence[str], wanted: str | None) -> str:
    chosen = [name for name in names if wanted in (None, name)]
    if len(chosen) == 1:
        return chosen[0]
    found = f"found no sheet '{wanted}'" if wanted else f"found {len(names)} sheets"
    raise SheetIsUnreadable(f"{found}; expected sheet: and one of {', '.join(names)}")


def _rows(data: bytes, choose: Callable[[Sequence[str]], str]) -> Iterator[tuple[int, Values]]:
    # Formulas stay formulas, so that none is mistaken for the number that was once calculated from it.
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets = {each.title: each for each in workbook.worksheets}
    chosen = sheets[choose(list(sheets))]
    # The extent that a file claims for itself may be wrong, and would cut rows off.
    chosen.reset_dimensions()
    for number, row in enumerate(chosen.iter_rows(), start=1):
        yield number, [_value(number, place, cell.data_type, cell.value) for place, cell in enumerate(row, start=1)]
    workbook.close()


def _value(row: int, column: int, kind: str, value: object) -> Value:
    if kind in _NO_VALUES:
        return CellIsNoValue(f"{_where(row, column)} is {_NO_VALUES[kind]}")
    match value:
        case None:
            return ""
        case bool() | datetime():
            return value
        case int() | str():
            return str(value).strip()
        case float():
            return _number(_where(row, column), value)
        case _:
            return _a_time(row, column, value)


def _text(row: int, column: int, value: Value) -> str | CellIsNoValue:
    match value:
        case bool():
            return str(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return _a_time(row, column, value)
    return value


def _a_time(row: int, column: int, value: object) -> CellIsNoValue:
    return CellIsNoValue(f"{_where(row, column)} is the time {value}; expected a day without a time")


def _where(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _number(where: str, value: float) -> str | CellIsNoValue:
    """The shortest number that is the one in the file: 0.1, which a file may well spell 0.10000000000000001."""
    number = Decimal(repr(value))
    if len(number.normalize().as_tuple().digits) > _DIGITS:
        return CellIsNoValue(
            f"{where} is {number}, a number with more than {_DIGITS} digits, as only a calculation leaves it; "
            "expected it rounded, or as text"
        )
    return plain(number)
