# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

import csv
from decimal import Decimal
from io import StringIO

import pytest

from documents.csv import guarded, lines_as_csv, people_as_csv
from tests.documents.samples import HOSTILE, credit_note, hostile, issued


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_amounts_add_up_to_the_total() -> None:
    assert sum(Decimal(row["amount"]) for row in rows(lines_as_csv(issued()))) == Decimal("2170.41")


def test_a_line_has_its_days_quantity_and_amount() -> None:
    first = rows(lines_as_csv(issued()))[0]
    assert first == {
        "document": "invoice",
        "number": "NW-000007",
        "client": "acme",
        "bill_date": "2027-05-01",
        "currency": "USD",
        "line": "managed-user",
        "kind": "recurring",
        "text": "Managed user, 1–31 May 2027",
        "from": "2027-05-01",
        "to": "2027-06-01",
        "quantity": "45",
        "amount": "1925.00",
    }


def test_a_credit_notes_amounts_stay_numbers_with_their_sign() -> None:
    assert [row["amount"] for row in rows(lines_as_csv(credit_note()))] == ["-50.00", "-4.13"]


def test_every_person_is_listed_with_their_days() -> None:
    listed = rows(people_as_csv(issued()))
    assert len(listed) == 45
    assert (listed[0]["roster"], listed[0]["name"], listed[0]["from"]) == ("full", "Ann Ames", "2027-05-01")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    assert guarded(f"{start}cmd") == f"'{start}cmd"


def test_a_harmless_text_stays_as_it_is() -> None:
    assert guarded("Ann = Bo") == "Ann = Bo"


def test_no_cell_of_a_hostile_document_starts_a_formula() -> None:
    for text in (lines_as_csv(hostile()), people_as_csv(hostile())):
        for row in rows(text):
            amount = row.pop("amount", "0")
            assert Decimal(amount).is_finite()
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_hostile_names_survive_the_way_there_and_back() -> None:
    names = {row["name"].removeprefix("'") for row in rows(people_as_csv(hostile()))}
    assert names == set(HOSTILE)


def test_every_cell_is_quoted() -> None:
    for line in lines_as_csv(issued()).splitlines():
        assert line.startswith('"')
        assert line.endswith('"')
