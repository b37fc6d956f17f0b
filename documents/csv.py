"""A document's lines and people as CSV that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from documents.canonical import Json, as_json
from documents.document import Document

# What a spreadsheet may read as the start of a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_LINE_COLUMNS = (
    *("document", "number", "client", "bill_date", "currency"),
    *("line", "kind", "text", "from", "to", "quantity", "amount"),
)
_PEOPLE_COLUMNS = ("document", "number", "client", "roster", "name", "from", "to")


def lines_as_csv(document: Document) -> str:
    """A row a charge and a row a tax, so that the amounts add up to the total.

    Amounts have the currency's digits and no signs for thousands; on a credit note they keep their sign.
    """
    content = as_json(document)
    head = (*_head(content), content["bill_date"], content["currency"])
    charges = [(*head, *_charge(line)) for line in content["lines"]]
    taxes = [(*head, *_tax(tax)) for tax in content["taxes"]]
    return _written(_LINE_COLUMNS, [*charges, *taxes])


def people_as_csv(document: Document) -> str:
    """A row a person and stretch of days on a roster."""
    content = as_json(document)
    rows = [
        (*_head(content), guarded(roster), guarded(person["name"]), person["from"], person["to"])
        for roster, people in content["people"].items()
        for person in people
    ]
    return _written(_PEOPLE_COLUMNS, rows)


def guarded(text: str) -> str:
    """A text from outside, with an apostrophe before what would start a formula."""
    return f"'{text}" if starts_a_formula(text) else text


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text.startswith(_FORMULA_STARTS)


def _head(content: Json) -> tuple[str, ...]:
    return content["document"], guarded(content["number"] or ""), guarded(content["client"])


def _charge(line: Json) -> tuple[str, ...]:
    what = (guarded(line["line"]), line["kind"], guarded(line["text"]))
    return (*what, line["from"], line["to"], line["quantity"] or "", line["amount"])


def _tax(tax: Json) -> tuple[str, ...]:
    text = guarded(f"{tax['name']} {tax['rate']}%")
    return (guarded(tax["category"]), "tax", text, "", "", "", tax["amount"])


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue()
