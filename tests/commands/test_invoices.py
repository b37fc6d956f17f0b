"""What a client would be sent, and what was sent."""

from dataclasses import replace

import pytest

from billing.invoice import NotABillDate
from commands import audit, exports, invoices
from commands.invoices import NoSuchInvoice, NotInTheBook, QuotedTooFar
from connectors.books.values import Book
from documents.canonical import as_json
from documents.format import LocaleIsUnknown
from storage import invoices as rows
from tests.billing.build import day, per_unit
from tests.support.books import book, client, stating
from tests.support.msp import ADA, Msp


def note(msp: Msp, bill_date: str | None = None) -> str | None:
    on = day(bill_date) if bill_date else None
    return invoices.preview(msp.database, ADA, msp.clock, "acme", on).note


def test_a_preview_is_the_next_bill_that_was_not_issued(counted: Msp) -> None:
    assert counted.preview()["bill_date"] == "2027-01-01"
    counted.bill("2027-01-01")
    assert counted.preview()["bill_date"] == "2027-02-01"


def test_a_preview_and_the_invoice_that_it_becomes_share_everything_but_the_number(counted: Msp) -> None:
    shown = counted.preview("2027-01-01")
    counted.bill("2027-01-01")
    issued = counted.document("NW-000001")
    assert {key for key in issued if issued[key] != shown[key]} == {"number", "issued_on"}


def test_a_preview_writes_nothing(counted: Msp) -> None:
    before = len(audit.entries(counted.database, ADA))
    counted.preview()
    with counted.database.read() as session:
        assert rows.draft_of(session, 1) is None
    assert len(audit.entries(counted.database, ADA)) == before


def test_a_preview_names_everybody(counted: Msp) -> None:
    assert [entry["name"] for entry in counted.preview()["people"]["full"]] == ["Ann", "Bo", "Cy"]


def test_where_nothing_is_owed_a_sentence_says_so(counted: Msp) -> None:
    counted.bill("2027-01-01")
    assert note(counted, "2027-01-01") == "Nothing more is owed by Acme Corp on 2027-01-01."


def test_another_day_than_a_bill_date_is_refused_with_the_next(counted: Msp) -> None:
    with pytest.raises(NotABillDate, match="the next is 2027-02-01"):
        counted.preview("2027-01-15")


def test_a_quote_is_what_runs_would_issue(msp: Msp) -> None:
    content = book(client(per_unit("10"), directories=(), quantities=stating(("2027-01-01", "3"), ("2027-02-15", "5"))))
    quoted = [as_json(document) for document in invoices.quote(content, "acme", day("2027-03-01"), day("2027-01-01"))]
    msp.imports(content)
    for month in ("01", "02", "03"):
        msp.bill(f"2027-{month}-01")
    issued = [msp.document(f"NW-00000{number}") for number in (1, 2, 3)]
    assert [document["hash"] for document in quoted] == [document["hash"] for document in issued]


def test_a_quote_of_nobody_is_refused() -> None:
    with pytest.raises(NotInTheBook, match="There: acme"):
        invoices.quote(book(), "globex", day("2027-03-01"), day("2027-01-01"))


def test_a_quote_of_a_client_in_whose_locale_nobody_can_write_is_refused() -> None:
    unknown = replace(client(per_unit("10")), locale="xx_YY")
    with pytest.raises(LocaleIsUnknown, match=r"^acme: 'xx_YY' is not a locale"):
        invoices.quote(book(unknown), None, day("2027-03-01"), day("2027-01-01"))


def test_a_quote_looks_no_further_than_twenty_years_ahead() -> None:
    assert invoices.quote(Book(), None, day("2047-01-01"), day("2027-01-01")) == ()
    with pytest.raises(QuotedTooFar, match=r"^9999-12-31 is more than twenty years ahead; write an earlier day"):
        invoices.quote(book(), None, day("9999-12-31"), day("2027-01-01"))


def test_a_quote_of_a_book_without_clients_is_empty() -> None:
    assert invoices.quote(Book(), None, day("2027-03-01"), day("2027-01-01")) == ()


def test_an_exported_book_imports_to_no_change(counted: Msp) -> None:
    counted.bill("2027-01-01")
    plan = counted.imports(exports.export_book(counted.database, ADA, counted.clock))
    assert (plan.changes, plan.effects) == ((), ())


def test_issued_documents_are_listed_in_order(counted: Msp) -> None:
    for month in ("01", "02"):
        counted.bill(f"2027-{month}-01")
    found = invoices.history(counted.database, ADA, "acme")
    assert [(entry.number, entry.total_minor) for entry in found] == [("NW-000001", 3_000), ("NW-000002", 3_000)]


def test_an_unknown_number_is_refused_with_the_newest(counted: Msp) -> None:
    counted.bill("2027-01-01")
    with pytest.raises(NoSuchInvoice, match="The newest: NW-000001"):
        counted.document("NW-000009")


def test_an_issued_document_stays_when_the_client_and_the_seller_change(counted: Msp) -> None:
    counted.bill("2027-01-01")
    before = invoices.issued(counted.database, ADA, "NW-000001")
    counted.imports(client(per_unit("10"), name="Apex Inc"))
    assert invoices.issued(counted.database, ADA, "NW-000001") == before
