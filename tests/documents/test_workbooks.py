"""Spreadsheets: exact numbers, real days, and nothing that a spreadsheet would run."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell

from connectors.sheets import sheet_rows
from documents.workbooks import Amount, Column, Sheet, Value, workbook
from tests.documents.samples import HOSTILE

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "=", "#N/A", "=cmd|' /C calc'!A0")


def made(*values: Value, title: str = "A table") -> bytes:
    return workbook(title, Sheet("Only", (Column("What", 30),), [(value,) for value in values]))


def cells(data: bytes) -> list[Cell | MergedCell]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(min_row=2)]


def written(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula_or_an_error(text: str) -> None:
    data = made(text)
    assert "<f>" not in written(data)
    (cell,) = cells(data)
    # What reads it takes a text that begins with = for a formula, as the cell doesn't say so; the file says inlineStr.
    assert 't="inlineStr"><is><t>' in written(data).partition('r="A2"')[2]
    assert cell.quotePrefix is (text != "#N/A")


def test_a_heading_is_no_formula_either() -> None:
    data = workbook("A table", Sheet("Only", (Column("=1+1"),), ()))
    assert "<f>" not in written(data)


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800", "\uffff", "\x00", "]]>", "<c/>", "&amp;", "x" * 40_000])
def test_whatever_comes_from_outside_makes_a_sound_file(text: str) -> None:
    rows = sheet_rows(made(text, "after", title=text), None)
    assert rows[-1] == (3, ["after"])


def test_a_text_stays_as_it_is() -> None:
    assert cells(made("Ann = Bo & <Co>"))[0].value == "Ann = Bo & <Co>"


@pytest.mark.parametrize(
    ("currency", "number", "shown"),
    [("USD", "1925.00", "#,##0.00"), ("JPY", "-1925", "#,##0"), ("KWD", "1925.005", "#,##0.000")],
)
def test_an_amount_is_a_number_with_its_currencys_digits(currency: str, number: str, shown: str) -> None:
    data = made(Amount(Decimal(number), currency))
    assert f"<v>{number}</v>" in written(data)
    (cell,) = cells(data)
    assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("n", shown, False)


def test_a_number_is_written_digit_by_digit() -> None:
    assert "<v>90071992547409.3</v>" in written(made(Decimal("90071992547409.3")))


def test_a_number_of_which_a_spreadsheet_would_lose_digits_is_a_text() -> None:
    (cell,) = cells(made(Amount(Decimal("12345678901234567.10"), "USD")))
    assert (cell.data_type, cell.value) == ("s", "12345678901234567.10")


def test_a_day_is_a_day_and_nothing_is_nothing() -> None:
    day, nothing = cells(made(date(2027, 5, 1), None, "x"))[:2]
    assert (day.value, day.number_format) == (datetime(2027, 5, 1), "yyyy-mm-dd")  # noqa: DTZ001 - as it is read
    assert nothing.value is None


def test_an_empty_text_leaves_its_cell_out() -> None:
    assert 'r="A3"' in written(made("x", "y"))
    assert 'r="A3"' not in written(made("x", " \x00"))


def test_the_same_content_gives_the_same_bytes() -> None:
    first = made("Ann", Decimal(1))
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "1980-01-01T00:00:00Z</dcterms:modified>" in parts.read("docProps/core.xml").decode()
    assert made("Ann", Decimal(1)) == first


def test_a_long_table_takes_no_more_memory_than_a_short_one() -> None:
    def peak(rows: int) -> int:
        def some() -> Iterator[tuple[Value, ...]]:
            return ((f"Ann {at}", Decimal(at), date(2027, 5, 1)) for at in range(rows))

        columns = (Column("Name"), Column("Number"), Column("Day"))
        tracemalloc.start()
        try:
            size = len(workbook("A table", Sheet("Only", columns, some())))
            return tracemalloc.get_traced_memory()[1] - size
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(3000) < peak(300) + 500_000
