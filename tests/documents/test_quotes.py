# ruff: noqa: RUF001 - documents are set with en dashes
"""A quote in words and on paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.calendar import Period
from billing.counting import Deferral
from billing.draft import PutOff
from billing.quantities import Measure
from documents.pdf import as_pdf, quote_as_pdf
from documents.presentation import Working
from documents.quotes import QuotePaper, amounts, asked, notes, present_quote
from rosters.quote import Difference, Question, Quote
from tests.documents.samples import ACME, FULL, HOSTILE, NORTHWIND, issued

LICENCE = Measure("licence", "SPB")
START, END = date(2027, 4, 11), date(2027, 7, 1)


def paper(*, units: int = 3, end: date | None = END, put_off: tuple[PutOff, ...] = ()) -> QuotePaper:
    """Three users more at 40.00 and a tenth off, with two invoices that differ."""
    quote = Quote(
        question=Question(FULL, Decimal(units), START, end),
        before=Decimal(42),
        currency="USD",
        monthly=((("line", "Managed user"), 120_00), (("discount", "Loyalty"), -12_00)),
        monthly_minor=108_00,
        invoices=(Difference(date(2027, 5, 1), 180_00, 194_85), Difference(date(2027, 6, 1), 108_00, 116_91)),
        term=Period(START, end) if end else None,
        committed=False,
        put_off=put_off,
    )
    return QuotePaper("acme", quote, NORTHWIND, ACME, "en_US", START)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_quote_says_the_next_invoice_a_month_item_by_item_and_the_whole_time() -> None:
    assert asked(paper()) == "3 users more (full), 11 Apr – 30 Jun 2027"
    assert amounts(paper()) == (
        "On the invoice of 1 May 2027: +$180.00, before tax; +$194.85 with tax",
        "A month: +$108.00 before tax",
        "  Managed user: +$120.00",
        "  Discount: Loyalty: -$12.00",
        "In all, 11 Apr – 30 Jun 2027: +$288.00 before tax, on 2 invoices",
    )


def test_for_good_there_is_no_whole_time() -> None:
    assert asked(paper(units=-1, end=None)) == "1 user fewer (full), from 11 Apr 2027 on"
    assert amounts(paper(end=None))[-1] == "  Discount: Loyalty: -$12.00"


def test_what_changes_no_invoice_says_so_and_why() -> None:
    held = PutOff("licences", LICENCE, Deferral(START, Decimal(10), Decimal(12), date(2028, 2, 1)), 52_80)
    none = paper(put_off=(held,))
    none = replace(none, quote=replace(none.quote, invoices=(), monthly=(), monthly_minor=0))
    assert amounts(none)[0] == "No invoice differs"
    assert notes(none.quote)[0].startswith("2 licences committed until 1 Feb 2028: 12 instead of 10 are billed")


def test_the_paper_has_the_amounts_and_both_parties() -> None:
    read = " ".join(text_of(quote_as_pdf(paper())).split())
    told = (
        "Northwind IT",
        "Acme Corp",
        "Quote",
        "Invoice of 1 May 2027",
        "+$194.85 with tax",
        "+$288.00",
        "Managed user",
    )
    assert [words for words in told if words not in read] == []


def test_the_paper_of_an_open_quote_is_headed_by_the_month() -> None:
    shown = present_quote(paper(end=None))
    assert (shown.headline.value, shown.total.label) == ("+$108.00", "A month, before tax")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_on_a_quote(name: str) -> None:
    assert quote_as_pdf(replace(paper(), buyer=replace(ACME, name=name))).startswith(b"%PDF")


def test_the_file_of_a_quote_has_a_plain_name() -> None:
    assert replace(paper(), client="../a b").file_name == "quote-..-a-b-2027-04-11.pdf"


def test_sources_stand_on_pages_of_their_own_and_only_on_request() -> None:
    plain = PdfReader(BytesIO(as_pdf(issued())))
    many = tuple(f"Person {number}: on full by change 1." for number in range(200))
    told = PdfReader(BytesIO(as_pdf(issued(), (Working("1. Managed user", many),))))
    assert len(told.pages) > len(plain.pages) + 1
    (first,) = [page for page in told.pages if "Where every amount comes from" in page.extract_text()]
    assert told.pages.index(first) == len(plain.pages)
    assert "Person 199: on full by change 1." in told.pages[-1].extract_text()
    assert all("Where every amount" not in page.extract_text() for page in plain.pages)
