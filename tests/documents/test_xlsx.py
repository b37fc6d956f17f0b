# ruff: noqa: RUF001 - documents are set with en dashes

"""A document as a workbook."""

import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from documents.document import Document
from documents.xlsx import as_xlsx
from tests.documents.samples import HOSTILE, credit_note, document, hostile, issued


def sheet(shown: Document, name: str) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(as_xlsx(shown)))[name].iter_rows(values_only=True))


def test_a_line_has_its_days_quantity_and_amount() -> None:
    heading, first, *_ = sheet(issued(), "Lines")
    assert heading == ("Line", "Kind", "Text", "From", "Until", "Quantity", "Amount", "Currency")
    days = datetime(2027, 5, 1), datetime(2027, 6, 1)  # noqa: DTZ001 - as a workbook is read
    assert first == ("managed-user", "recurring", "Managed user, 1–31 May 2027", *days, 45, 1925, "USD")


@pytest.mark.parametrize("shown", [issued(), credit_note(), document()])
def test_lines_and_taxes_add_up_to_the_total_below_them(shown: Document) -> None:
    *above, total = sheet(shown, "Lines")[1:]
    assert total[1] == "total"
    assert round(sum(float(str(row[6])) for row in above) * 100) == round(float(str(total[6])) * 100)
    assert round(float(str(total[6])) * 100) == shown.draft.total_minor


def test_a_tax_is_named_with_its_rate() -> None:
    (tax,) = [row for row in sheet(issued(), "Lines") if row[1] == "tax"]
    assert tax == ("standard", "tax", "Sales tax 8.25%", None, None, None, 165.41, "USD")


def test_every_person_is_on_the_second_sheet_with_their_days() -> None:
    heading, first, *others = sheet(issued(), "People")
    assert heading == ("Roster", "Name", "From", "Until")
    assert (first[:2], 1 + len(others)) == (("full", "Ann Ames"), 45)


def test_hostile_names_are_there_and_run_nothing() -> None:
    names = {row[1] for row in sheet(hostile(), "People")[1:]}
    assert len(names) == len(HOSTILE)
    assert "=cmd|' /C calc'!A0" in names
