"""Quantities, readings and what was billed elsewhere, kept as CSV or XLSX beside the book."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing.quantities import Measure, Reading
from connectors.books.problems import BookIsWrong
from connectors.books.reader import read_book
from connectors.books.values import BookBilled, BookClient, BookQuantity, BookReading
from connectors.sheets import SheetIsUnreadable, sheet_rows
from tests.support.files import workbook

TERMS = """version: 1
clients:
  - slug: acme
    name: Acme
    currency: USD
    agreements:
      - name: Care
        start: 2027-01-01
        lines:
          - {name: gb, count: {usage: gb}, price: {model: usage, unit: "0.50"}}
          - {name: user, count: {roster: full}, price: {model: per_unit, unit: "10.00"}}
          - {name: office, count: {licence: E5}, price: {model: per_unit, unit: "10.00"}}
"""
Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book with these lines at its end, beside files with this content."""

    def write(tail: str, **files: str | bytes) -> Path:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("_", ".")).write_bytes(data)
        (tmp_path / "book.yaml").write_text(TERMS + f"    {tail}\n", encoding="utf-8")
        return tmp_path / "book.yaml"

    return write


def acme(path: Path) -> BookClient:
    (client,) = read_book(path).clients
    return client


def refusal(path: Path) -> list[str]:
    with pytest.raises(BookIsWrong) as refused:
        read_book(path)
    return str(refused.value).replace(str(path.parent), "").replace("/", "").splitlines()


def spelt(data: bytes, written: str, spelling: str) -> bytes:
    """The workbook with a number spelt otherwise in its file, as other programs do."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(f"<v>{written}</v>".encode(), f"<v>{spelling}</v>".encode())
            new.writestr(part, content)
    return buffer.getvalue()


HEADER: list[object] = ["meter", "on", "amount", "key"]
FIRST = BookReading("gb", Reading(date(2027, 1, 5), Decimal("812.5"), "a"))


@pytest.mark.parametrize(
    "content",
    [
        b"meter,on,amount,key\ngb,2027-01-05,812.5,a\n",
        b"\xef\xbb\xbfMeter;On;Amount;Key\r\n gb ;2027-01-05;812.5;a\r\n;;;\r\n",
        "meter\ton\tamount\tkey\n\ngb\t2027-01-05\t812.5\ta".encode("utf-16"),
        b'key,amount,"on",meter,unbilled\na,812.5,2027-01-05,gb,\n',
        workbook(HEADER, ["gb", date(2027, 1, 5), 812.5, "a"]),
        workbook([], HEADER, ["gb", datetime(2027, 1, 5), "812.5", "a"], []),  # noqa: DTZ001 - a sheet has no zones
    ],
    ids=["commas", "semicolons and a mark", "tabs in UTF-16", "other order", "a sheet", "a sheet with blank rows"],
)
def test_readings_come_from_a_table_whatever_program_wrote_it(book: Book, content: bytes) -> None:
    assert acme(book("usage: usage.dat", usage_dat=content)).usage == (FIRST,)


def test_quantities_have_a_column_for_each_thing_that_is_counted(book: Book) -> None:
    table = "of,licence,device,on,quantity,known\nfull,,,2027-01-01,42,\n,E5,,2027-02-01,40,2027-01-20\n"
    assert acme(book("quantities: {file: q.csv}", q_csv=table)).quantities == (
        BookQuantity(Measure("roster", "full"), date(2027, 1, 1), Decimal(42)),
        BookQuantity(Measure("licence", "E5"), date(2027, 2, 1), Decimal(40), date(2027, 1, 20)),
    )


def test_what_was_billed_elsewhere_comes_from_a_table(book: Book) -> None:
    table = "line,from,to,amount\nuser,2027-01-01,2027-02-01,-10.25\n"
    expected = BookBilled("user", date(2027, 1, 1), date(2027, 2, 1), -1025)
    assert acme(book("billed: billed.csv", billed_csv=table)).billed == (expected,)


@pytest.mark.parametrize(
    "content",
    [
        b"line,from,to,amount\nuser,2027-01-01,2027-02-01,10\nuser,2027-01-01,2027-02-01,10\n",
        workbook(["line", "from", "to", "amount"], *[["user", date(2027, 1, 1), date(2027, 2, 1), 10]] * 2),
    ],
    ids=["CSV", "a sheet"],
)
def test_a_row_of_what_was_billed_that_comes_twice_is_told_with_both_places(book: Book, content: bytes) -> None:
    assert refusal(book("billed: billed.dat", billed_dat=content)) == [
        (
            "billed.dat:3: found line 'user' from 2027-01-01 to 2027-02-01 again; "
            "expected each period once (billed.dat:2), amounts added up"
        )
    ]


def test_a_sheet_is_chosen_by_its_name(book: Book) -> None:
    data = workbook(HEADER, ["gb", "2027-01-05", 812.5, "a"], Notes=["see", "there"])
    assert acme(book("usage: {file: u.xlsx, sheet: Sheet}", u_xlsx=data)).usage == (FIRST,)


@pytest.mark.parametrize(
    ("spelling", "amount"),
    [
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.1"),
        ("0.28999999999999998", "0.29"),
        ("1E-3", "0.001"),
        ("1234567.89", "1234567.89"),
        ("3", "3"),
    ],
)
def test_a_number_in_a_sheet_is_the_one_that_a_person_reads_there(book: Book, spelling: str, amount: str) -> None:
    data = spelt(workbook(HEADER, ["gb", "2027-01-05", 777, "a"]), "777", spelling)
    (entry,) = acme(book("usage: u.xlsx", u_xlsx=data)).usage
    assert str(entry.reading.amount) == amount


def test_a_number_as_a_key_is_its_digits(book: Book) -> None:
    data = workbook(HEADER, ["gb", "2027-01-05", 1, 4711])
    assert acme(book("usage: u.xlsx", u_xlsx=data)).usage[0].reading.key == "4711"


def test_a_table_says_which_readings_nobody_pays_for(book: Book) -> None:
    table = "meter,on,amount,key,unbilled\ngb,2026-12-31,1,a,TRUE\n"
    (entry,) = acme(book("usage: usage.csv", usage_csv=table)).usage
    assert entry.reading.on == date(2026, 12, 31)


ROW: list[object] = ["gb", "2027-01-05", 1, "a"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            workbook(HEADER, ROW, ["gb", "2027-01-06", "=SUM(C2)*2", "b"]),
            "u.xlsx:3: C3 is a formula; expected its value (copy, then paste values only)",
        ),
        (workbook(HEADER, [], ["gb", "2027-01-06", "#REF!", "b"]), "u.xlsx:3: C3 is an error; expected a value"),
        (
            spelt(workbook(HEADER, ["gb", "2027-01-05", 777, "a"]), "777", "0.30000000000000004"),
            (
                "u.xlsx:2: C2 is 0.30000000000000004, a number with more than 15 digits, "
                "as only a calculation leaves it; expected it rounded, or as text"
            ),
        ),
        (
            workbook(HEADER, ["gb", datetime(2027, 1, 5, 3), 1, "a"]),  # noqa: DTZ001 - a sheet has no zones
            "u.xlsx:2: B2 is the time 2027-01-05 03:00:00; expected a day without a time",
        ),
        (
            workbook(HEADER, [*ROW, "more"]),
            "u.xlsx:2: found 'more' in a column without a name; expected it under a header",
        ),
        (workbook(HEADER, ["gb", "2027-01-05", 1]), "u.xlsx:2: the key 'key' is missing; expected in a reading"),
        (
            workbook(HEADER, ["gb", 46388, 1, "a"]),
            "u.xlsx:2: 'on': found '46388', expected a date, such as 2027-01-31",
        ),
        (b"PK\x03\x04 no workbook", "book.yaml:13: u.xlsx: this is no workbook that can be read"),
        (
            workbook(HEADER, Other=HEADER),
            "book.yaml:13: u.xlsx: found 2 sheets; expected sheet: and one of Sheet, Other",
        ),
    ],
    ids=["formula", "error", "calculated", "time", "too wide", "too narrow", "day", "broken", "two sheets"],
)
def test_a_cell_that_is_no_value_is_refused_with_its_place(book: Book, content: bytes, expected: str) -> None:
    (told,) = refusal(book("usage: u.xlsx", u_xlsx=content))
    assert told.startswith(expected)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "meter,on,amout,key\ngb,2027-01-05,1,a\n",
            [
                "u.csv:1: found the unknown column 'amout'; did you mean 'amount'?",
                "u.csv:1: the column 'amount' is missing; expected in the first row",
            ],
        ),
        ("\n\nmeter,on,amount,key,on\n", ["u.csv:3: found the column 'on' again; expected each once"]),
        (
            "meter;on;amount;key\ngb;2027-01-05;812,5;a\n",
            ["u.csv:2: 'amount': found '812,5', expected digits with a point, such as \"45.00\""],
        ),
        (
            "meter,on,amount,key\ngb,2027-01-05,1,a\n\ngb,2027-01-05,2,a\n",
            [
                (
                    "u.csv:4: found the reading 'a' of gb as 2 on 2027-01-05, and before as 1 on 2027-01-05 (u.csv:2); "
                    "expected each key once"
                )
            ],
        ),
        (
            "meter,on,amount,key\nbg,2027-01-05,1,a\n",
            ["u.csv:2: found the meter 'bg', which no line counts; possible: gb"],
        ),
        (
            "meter,on,amount,key,unbilled\ngb,2027-01-05,1,a,yes\n",
            ["u.csv:2: 'unbilled': found 'yes', expected true or false"],
        ),
        (
            'meter,on,amount,key\ngb,2027-01-05,1,"a\n',
            ["u.csv:2: the quotation marks don't match (unexpected end of data)"],
        ),
        (
            b"meter,on\x00",
            ["u.csv:1: the file is not readable text; expected UTF-8, Windows-1252 or UTF-16 with its mark"],
        ),
        ("", [f"u.csv:1: the column '{name}' is missing; expected in the first row" for name in HEADER]),
    ],
    ids=["header", "twice", "comma", "key", "meter", "truth", "quotes", "bytes", "empty"],
)
def test_a_wrong_table_is_refused_with_its_line(book: Book, table: str | bytes, expected: list[str]) -> None:
    assert refusal(book("usage: u.csv", u_csv=table)) == expected


def test_a_row_counts_one_thing(book: Book) -> None:
    table = "of,licence,on,quantity\nfull,E5,2027-01-01,42\n,,2027-01-01,42\n"
    assert refusal(book("quantities: q.csv", q_csv=table)) == [
        "q.csv:2: found of and licence in one row; expected one of them",
        "q.csv:3: the key 'of' is missing; expected in a quantity",
    ]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (
            "usage: none.csv",
            "book.yaml:13: none.csv: there is no such file; expected a table, its path relative to the book",
        ),
        (
            "usage: {file: u.csv, sheet: One}",
            "book.yaml:13: u.csv: only an .xlsx file has sheets; expected one, or no sheet",
        ),
        ("usage: {sheet: One}", "book.yaml:13: the key 'file' is missing; expected in a table"),
        ("usage: 7", "book.yaml:13: 'usage': found 7, expected a list"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(book: Book, reference: str, expected: str) -> None:
    assert refusal(book(reference, u_csv="meter,on,amount,key\n")) == [expected]


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(257):
            part.write(bytes(1024 * 1024))
    with pytest.raises(SheetIsUnreadable, match="this holds more than 256 MB"):
        sheet_rows(buffer.getvalue(), None)
