"""An invoice as it stands, and the documents that were issued."""

import re
from collections.abc import Iterator, Sequence

from bot.actions import Act
from bot.message import Json, Message
from bot.views import limits, parts, tables
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message, said
from commands.invoices import InvoiceSummary, Preview
from documents.document import Document
from documents.format import Format, day, one_line
from documents.presentation import Group, Names, Presentation, Row, outlined

# A year of monthly invoices.
_SUMMARIES = 12
_HEADINGS = ("number", "document", "of", "state", "total")
_NOT_IN_A_FILE_NAME = r"[^\w.-]+"


def preview_card(preview: Preview) -> Message:
    """The invoice of a bill date as it would be drafted now."""
    if preview.document is None:
        name = parts.name(preview.client.name)
        nothing = preview.note or f"Nothing is to be billed to {name} on {day(preview.bill_date)}."
        return said(limits.listed((nothing, *preview.warnings), limits.SECTION, "\n"))
    return _document_card(preview.document, preview)


def history_card(client: str, documents: Sequence[InvoiceSummary], creditable: Sequence[str] = ()) -> Message:
    """The last dozen of what was issued, newest first; with a menu of those that whoever asked may credit."""
    if not documents:
        return said(f"Nothing was issued to {parts.name(client)} yet.")
    title = f"{parts.name(client)}: {len(documents)} issued"
    newest = documents[-_SUMMARIES:][::-1]
    more = len(documents) - len(newest)
    rest = f"\N{HORIZONTAL ELLIPSIS} and {more:,} before: rollcall invoices {parts.name(client)} lists them all."
    offered = parts.options((number, number) for number in creditable)
    menu = (parts.menu("Credit an invoice", Act.CREDIT, offered),) if offered else ()
    below = (*((parts.small(rest),) if more else ()), *menu)

    def told(listed: Json) -> Body:
        return Body((parts.header(title), listed, *below))

    rows = [_HEADINGS, *map(_row_of, newest)]
    lines = parts.paragraph("\n".join(map(_summary, newest)))
    return message(title, told(tables.table(rows, len(_HEADINGS) - 1)), plainer=told(lines))


def file_name(document: Document, kind: str) -> str:
    """What a document's file is called: NW-000013.pdf."""
    return f"{re.sub(_NOT_IN_A_FILE_NAME, '-', document.number or 'document')}.{kind}"


def summary(document: Document) -> str:
    """A document in a line: invoice NW-000013 of 1 May 2027, $2,005.00."""
    shown = outlined(document)
    what = f"{shown.heading.lower()} {document.number or '(preview)'} of {day(document.draft.bill_date)}"
    return f"{parts.name(document.buyer.name)}: {what}, {shown.total.value}"


def _document_card(document: Document, preview: Preview) -> Message:
    shown = outlined(document)
    heading = f"{shown.heading.lower()} of {day(preview.bill_date)}"
    title = f"{parts.name(preview.client.name)}: {heading}, {shown.total.value}"
    warned = limits.listed(preview.warnings, limits.HALF, "\n", one_line)
    smalls = (parts.small(words) for words in (shown.stamp_reason, warned) if words)
    lines = sum(len(group.rows) for group in shown.groups)
    middle = (piece for group in shown.groups for piece in _group(group))
    elsewhere = f"/invoice {parts.name(preview.client.slug)} preview {preview.bill_date} xlsx has them all"
    return message(title, Body((parts.header(title), *smalls), middle, _closing(shown), lines, elsewhere))


def _group(group: Group) -> Iterator[Piece]:
    """A row a piece; the group's title stays with the first."""
    title = (parts.rich(parts.text(group.title, bold=True)),) if group.title else ()
    for row in group.rows:
        yield Piece((*title, _row(row)))
        title = ()


def _row(row: Row) -> Json:
    quantity = f"{row.quantity} \N{MULTIPLICATION SIGN} " if row.quantity else ""
    detail = f"\n{limits.cut(row.detail, limits.QUARTER)}" if row.detail else ""
    title = limits.cut(row.title, limits.QUARTER)
    return parts.rich(parts.text(f"{quantity}{title}: "), parts.text(row.amount, bold=True), parts.text(detail or " "))


def _closing(shown: Presentation) -> tuple[Json, ...]:
    totals = limits.listed(shown.totals, limits.HALF, "\n", lambda fact: f"{fact.label}: {fact.value}")
    due = "".join(f"\n{fact.label}: {fact.value}" for fact in shown.facts if fact.label == "Due")
    total = parts.titled(f"{shown.total.label}: {shown.total.value}", f"{totals}{due}")
    notes = (parts.small(limits.listed(shown.notes, limits.HALF, "\n")),) if shown.notes else ()
    named = limits.listed(shown.names, limits.HALF, "\n", _names)
    return (parts.divider(), total, *notes, *((parts.small(named),) if named else ()))


def _names(roster: Names) -> str:
    return f"Names on {parts.name(roster.title)}: {roster.detail}"


def _row_of(document: InvoiceSummary) -> tuple[str, ...]:
    kind = "credit note" if document.document == "credit_note" else "invoice"
    total = Format(document.locale, document.currency).money(document.total_minor)
    return document.number, kind, day(document.bill_date), document.state, total


def _summary(document: InvoiceSummary) -> str:
    number, kind, of, state, total = _row_of(document)
    return f"{number}: {kind} of {of}, {total}, {state}"
