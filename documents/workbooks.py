"""Spreadsheets (.xlsx) that run nothing; the only module that writes one.

Rows are written as they come, so a long table takes no more memory than a short one, and the same content gives the
same bytes on any day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from billing.money import digits_of
from documents.csv import starts_a_formula
from documents.format import one_line

# What a spreadsheet keeps of a number; it would turn the digits after these into zeros.
_DIGITS = 15
_LONGEST_TEXT = 32_767
# Halves of pairs and the two that are no characters: XML has no way to write them, and the file would be refused.
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_DAY = "yyyy-mm-dd"
# The first that a zip archive can tell.
_ALWAYS = datetime(1980, 1, 1)  # noqa: DTZ001 - the format knows no time zones


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in major units, shown with all of its currency's digits: 1925.00."""

    number: Decimal
    currency: str


Value = str | Decimal | Amount | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column, and about how many characters wide it is."""

    title: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name on the tab, its columns, and its rows, which are asked for one by one."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def workbook(title: str, *sheets: Sheet) -> bytes:
    """A workbook with the sheets in order; no text in it is ever a formula, whatever it begins with."""
    book = Workbook(write_only=True)
    book.properties = DocumentProperties("Rollcall", title=_readable(title), created=_ALWAYS, modified=_ALWAYS)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    written = BytesIO()
    ExcelWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
    return _timeless(written)


def _fill(target: WriteOnlyWorksheet, sheet: Sheet) -> None:
    target.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, start=1):
        # Its types leave out that a sheet which is only written has widths too.
        target.column_dimensions[get_column_letter(place)].width = column.width  # type: ignore[attr-defined]
    target.append(_heading(target, column.title) for column in sheet.columns)
    for row in sheet.rows:
        target.append(list(_cells(target, row)))


def _heading(target: WriteOnlyWorksheet, title: str) -> Cell:
    cell = _text(target, title)
    cell.font = Font(bold=True)
    return cell


def _cells(target: WriteOnlyWorksheet, row: Sequence[Value]) -> Iterator[Cell | None]:
    for value in row:
        match value:
            case None:
                yield None
            case str():
                yield _text(target, value) if _readable(value) else None
            case Amount(number, currency):
                yield _number(target, number, _format_of(currency))
            case Decimal():
                yield _number(target, value, "General")
            case _:
                yield _day(target, value)


def _text(target: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(target, _readable(text))
    # The library takes what begins with = for a formula, and #N/A for an error.
    cell.data_type = "s"
    if starts_a_formula(str(cell.value)):
        # Else it becomes one once somebody edits the cell.
        cell.quotePrefix = True
    return cell


def _number(target: WriteOnlyWorksheet, number: Decimal, shown: str) -> Cell:
    """The number digit by digit; as text where a spreadsheet would lose some of them."""
    cell = _text(target, f"{number:f}")
    if len(number.normalize().as_tuple().digits) <= _DIGITS:
        # The library writes a text as it is, also where the cell is a number; a number it would make a float first.
        cell.data_type, cell.quotePrefix = "n", False
        cell.number_format = shown
    return cell


def _format_of(currency: str) -> str:
    digits = digits_of(currency)
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def _day(target: WriteOnlyWorksheet, day: date) -> Cell:
    cell = WriteOnlyCell(target, datetime.combine(day, time()))
    cell.number_format = _DAY
    return cell


def _readable(text: str) -> str:
    return one_line(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))[:_LONGEST_TEXT]


def _timeless(written: BytesIO) -> bytes:
    """The same archive without the moment at which each of its parts was written."""
    target = BytesIO()
    with ZipFile(written) as parts, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            part = ZipInfo(name, _ALWAYS.timetuple()[:6])
            part.compress_type = ZIP_DEFLATED
            with parts.open(name) as source, archive.open(part, "w") as copy:
                copyfileobj(source, copy)
    return target.getvalue()
