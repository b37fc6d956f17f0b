"""A quote: what so many more or fewer would cost, in sentences, and as a paper that can be sent to the client."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.agreement import Buyer, Seller
from billing.calendar import Period
from documents import wording
from documents.format import Format, day, days, one_line
from documents.presentation import Fact, Group, Presentation, Row, paper_size, party
from rosters.quote import Difference, Quote

_NOT_IN_A_FILE_NAME = r"[^\w.-]+"
_BEFORE_TAX = "before tax"


@dataclass(frozen=True, slots=True)
class QuotePaper:
    """A quote with the parties that it is for."""

    client: str
    quote: Quote
    seller: Seller
    buyer: Buyer
    locale: str
    quoted_on: date

    @property
    def written(self) -> Format:
        """How its amounts are written."""
        return Format(self.locale, self.quote.currency)

    @property
    def file_name(self) -> str:
        """What its file is called: quote-acme-2027-04-11.pdf."""
        return f"quote-{re.sub(_NOT_IN_A_FILE_NAME, '-', self.client)}-{self.quoted_on}.pdf"


def asked(paper: QuotePaper) -> str:
    """What the quote is about: 3 users more (full), from 11 Apr 2027 until 29 Jun 2027."""
    question = paper.quote.question
    number = wording.units(abs(question.units), question.measure)
    way = "more" if question.units > 0 else "fewer"
    return f"{number} {way} ({wording.counted_name(question.measure)}), {_when(question.start, question.end)}"


def _when(start: date, end: date | None) -> str:
    return f"from {day(start)} on" if end is None else days(Period(start, end))


def amounts(paper: QuotePaper) -> tuple[str, ...]:
    """What it costs: on the next invoice, a month, and over the time or the commitment."""
    quote, written = paper.quote, paper.written
    told = [_next_invoice(paper), f"A month: {written.signed(quote.monthly_minor)} {_BEFORE_TAX}"]
    if len(quote.monthly) > 1:
        told += [f"  {wording.item_title(*key)}: {written.signed(minor)}" for key, minor in quote.monthly]
    if quote.term is not None:
        invoices = "1 invoice" if len(quote.invoices) == 1 else f"{len(quote.invoices)} invoices"
        together = written.signed(quote.over_term_minor)
        told.append(f"{_over(quote, quote.term)}: {together} {_BEFORE_TAX}, on {invoices}")
    return tuple(told)


def notes(quote: Quote) -> tuple[str, ...]:
    """What a commitment holds back."""
    return tuple(wording.put_off(held) for held in quote.put_off)


def present_quote(paper: QuotePaper) -> Presentation:
    """The quote as the client reads it: nothing on it that is only for the house."""
    quote, written = paper.quote, paper.written
    total = Fact(f"A month, {_BEFORE_TAX}", written.signed(quote.monthly_minor))
    if quote.term is not None:
        total = Fact(f"{_over(quote, quote.term)}, {_BEFORE_TAX}", written.signed(quote.over_term_minor))
    facts = [Fact("Date", day(paper.quoted_on)), Fact("Currency", quote.currency)]
    if paper.buyer.reference:
        facts.append(Fact("Your reference", one_line(paper.buyer.reference)))
    return Presentation(
        paper=paper_size(paper.seller),
        heading="Quote",
        stamp="",
        stamp_reason="",
        subject=f"Quote of {day(paper.quoted_on)}",
        seller=party(paper.seller),
        buyer=party(paper.buyer),
        facts=tuple(facts),
        headline=Fact(asked(paper), total.value),
        groups=tuple(group for group in _groups(paper) if group.rows),
        totals=(),
        total=total,
        notes=(*notes(quote), "A quote: nothing is ordered or billed by it. Taxes are those known today."),
        names=(),
        workings=(),
        footer=f"{one_line(paper.seller.name)} · Quote of {day(paper.quoted_on)}",
        buyer_label="For",
    )


def _groups(paper: QuotePaper) -> Iterator[Group]:
    written = paper.written
    monthly = (
        Row(wording.item_title(*key), f"a month, {_BEFORE_TAX}", "", written.signed(minor))
        for key, minor in paper.quote.monthly
    )
    yield Group("A month", tuple(monthly))
    invoices = (
        Row(f"Invoice of {day(each.bill_date)}", _taxed(each, written), "", written.signed(each.subtotal_minor))
        for each in paper.quote.invoices
    )
    yield Group("On your invoices", tuple(invoices))


def _next_invoice(paper: QuotePaper) -> str:
    if not paper.quote.invoices:
        return "No invoice differs"
    first, written = paper.quote.invoices[0], paper.written
    amount = written.signed(first.subtotal_minor)
    return f"On the invoice of {day(first.bill_date)}: {amount}, {_taxed(first, written)}"


def _taxed(invoice: Difference, written: Format) -> str:
    if invoice.total_minor == invoice.subtotal_minor:
        return "no tax on it"
    return f"{_BEFORE_TAX}; {written.signed(invoice.total_minor)} with tax"


def _over(quote: Quote, term: Period) -> str:
    what = "Until the commitment ends" if quote.committed else "In all"
    return f"{what}, {days(term)}"
