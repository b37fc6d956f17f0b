"""A document as a workbook: its lines, taxes and total as numbers, and everyone on it on a sheet of their own."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from documents.canonical import Json, as_json
from documents.document import Document
from documents.workbooks import Amount, Column, Sheet, Value, workbook

_LINE_COLUMNS = (
    *(Column("Line", 24), Column("Kind"), Column("Text", 70), Column("From"), Column("Until")),
    *(Column("Quantity"), Column("Amount", 18), Column("Currency")),
)
_PEOPLE_COLUMNS = (Column("Roster", 20), Column("Name", 36), Column("From"), Column("Until"))


def as_xlsx(document: Document) -> bytes:
    """The document as a workbook; `Until` is the first day that no longer counts.

    Amounts keep their sign on a credit note, as in JSON and CSV.
    """
    content = as_json(document)
    title = " ".join(filter(None, (content["document"], content["number"], content["client"])))
    lines = Sheet("Lines", _LINE_COLUMNS, _lines(content))
    return workbook(title, lines, Sheet("People", _PEOPLE_COLUMNS, _people(content)))


def _lines(content: Json) -> Iterator[tuple[Value, ...]]:
    """A row a charge, a row a tax, and the total, which is the sum of those above it."""
    currency = content["currency"]
    for line in content["lines"]:
        what = (line["line"], line["kind"], line["text"], *_days(line))
        yield (*what, _number(line["quantity"]), _amount(line, currency), currency)
    for tax in content["taxes"]:
        text = f"{tax['name']} {tax['rate']}%"
        yield (tax["category"], "tax", text, None, None, None, _amount(tax, currency), currency)
    total = "Total" if content["number"] else "Total (preview: not issued yet, nothing to pay)"
    yield ("", "total", total, None, None, None, Amount(Decimal(content["total"]), currency), currency)


def _people(content: Json) -> Iterator[tuple[Value, ...]]:
    for roster, people in content["people"].items():
        for person in people:
            yield (roster, person["name"], *_days(person))


def _days(of: Json) -> tuple[date, date]:
    return date.fromisoformat(of["from"]), date.fromisoformat(of["to"])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _amount(of: Json, currency: str) -> Amount:
    return Amount(Decimal(of["amount"]), currency)
