"""/invoice: the invoice as it stands, documents as files, where each cent comes from, what was issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.dates import read_date
from bot.grammar.words import CommandIsUnclear, WordIsUnknown, split

_KEYWORDS = ("preview", "pdf", "xlsx", "explain", "history")


@dataclass(frozen=True, slots=True)
class PreviewInvoice:
    """The invoice as it stands, of a bill date or the next one."""

    client: str
    bill_date: date | None


@dataclass(frozen=True, slots=True)
class PreviewWorkbook:
    """The same as a spreadsheet."""

    client: str
    bill_date: date | None


@dataclass(frozen=True, slots=True)
class InvoiceHistory:
    """What was issued."""

    client: str


@dataclass(frozen=True, slots=True)
class InvoicePdf:
    """A document as a file: the newest invoice, or the one with a number."""

    client: str
    number: str | None


@dataclass(frozen=True, slots=True)
class InvoiceWorkbook:
    """The same as a spreadsheet."""

    client: str
    number: str | None


@dataclass(frozen=True, slots=True)
class ExplainInvoice:
    """Where each cent comes from; `asked` are a document's number, a line by position or name, both, or nothing."""

    client: str
    asked: str


InvoiceRequest = PreviewInvoice | PreviewWorkbook | InvoiceHistory | InvoicePdf | InvoiceWorkbook | ExplainInvoice


def read_invoice(tokens: Sequence[str], today: date, in_name: int) -> InvoiceRequest:
    """What is asked of a client's invoices."""
    before, keyword, after = split(tokens, _KEYWORDS, in_name)
    possible = (
        "/invoice <client> preview [date] [xlsx] · /invoice <client> pdf [number] · /invoice <client> xlsx [number] · "
        "/invoice <client> explain [line] · /invoice <client> history"
    )
    if not before:
        raise CommandIsUnclear(f"Of which client? Possible: {possible}.")
    client = " ".join(before)
    if keyword == "preview":
        as_workbook = bool(after) and after[-1].lower() == "xlsx"
        when = " ".join(after[:-1] if as_workbook else after)
        kind = PreviewWorkbook if as_workbook else PreviewInvoice
        return kind(client, read_date(when, today) if when else None)
    if keyword == "pdf":
        return InvoicePdf(client, " ".join(after) or None)
    if keyword == "xlsx":
        return InvoiceWorkbook(client, " ".join(after) or None)
    if keyword == "history" and not after:
        return InvoiceHistory(client)
    if keyword == "explain":
        return ExplainInvoice(client, " ".join(after))
    unclear = f"I understood the client “{client}”, but not what to show. Possible: {possible}."
    if keyword is None:
        raise WordIsUnknown(unclear, client, _KEYWORDS, possible)
    raise CommandIsUnclear(unclear)
