"""An invoice as it stands, and the documents that were issued."""

import re
from collections.abc import Iterator, Sequence

from bot.message import Json, Message
from bot.views import limits, parts
from commands.explain import Explained, Explanation
from commands.invoices import InvoiceSummary, Preview
from documents.document import Document
from documents.format import Format, day
from documents.presentation import Group, Names, Presentation, Row, present

_SUMMARIES = 12
# So that as much as possible of a long explanation fits before the rest is cut.
_PIECE = 1000
_NOT_IN_A_FILE_NAME = r"[^\w.-]+"


def preview_card(preview: Preview) -> Message:
    """The invoice of a bill date as it would be drafted now."""
    if preview.document is None:
        name = parts.name(preview.client.name)
        return parts.said(preview.note or f"Nothing is to be billed to {name} on {day(preview.bill_date)}.")
    return _document_card(preview.document, preview)


def history_card(client: str, documents: Sequence[InvoiceSummary]) -> Message:
    """The last dozen of what was issued, newest first."""
    if not documents:
        return parts.said(f"Nothing was issued to {client} yet.")
    title = f"{client}: {len(documents)} issued"
    lines = [_summary(each) for each in list(reversed(documents))[:_SUMMARIES]]
    more = len(documents) - len(lines)
    rest = (parts.small(f"And {more} before: rollcall invoices {client} lists them all."),) if more else ()
    return Message(title, (parts.header(title), parts.paragraph("\n".join(lines)), *rest))


def file_name(document: Document) -> str:
    """What a document's file is called: NW-000013.pdf."""
    return f"{re.sub(_NOT_IN_A_FILE_NAME, '-', document.number or 'document')}.pdf"


def summary(document: Document) -> str:
    """A document in a line: invoice NW-000013 of 1 May 2027, $2,005.00."""
    shown = present(document)
    of = f" of {day(document.draft.bill_date)}"
    return f"{parts.name(document.buyer.name)}: {shown.heading.lower()} {document.number}{of}, {shown.total.value}"


def sent_note(document: Document, permalink: str) -> Message:
    """Where the file went; only whoever asked can follow the link."""
    return parts.sent(file_name(document), permalink)


def explained_card(explained: Explained) -> Message:
    """Where the amounts of a document come from, a paragraph a line; long ones in several pieces."""
    document = explained.document
    title = f"{parts.name(document.buyer.name)}: {_called(document)} explained"
    blocks = [block for line in explained.lines for block in _explanation(line)]
    whole = f", or rollcall explain {document.number} for all of it" if document.number else ""
    note = parts.small(f"There is more than fits here: ask for one line, as in explain 1{whole}.")
    return Message(title, limits.fitted((parts.header(title),), blocks, (), note))


def _called(document: Document) -> str:
    heading = present(document).heading.lower()
    return f"{heading} {document.number or f'of {day(document.draft.bill_date)}, not issued yet,'}"


def _explanation(line: Explanation) -> Iterator[Json]:
    title = limits.cut(f"{line.line}. {line.title}", limits.SECTION // 4)
    pieces = list(limits.pieces(line.sentences, _PIECE))
    yield parts.titled(title, "\n".join(pieces[0]) if pieces else "")
    yield from (parts.rich(parts.text("\n".join(piece))) for piece in pieces[1:])


def _document_card(document: Document, preview: Preview) -> Message:
    shown = present(document)
    heading = f"{shown.heading.lower()} of {day(preview.bill_date)}"
    title = f"{parts.name(preview.client.name)}: {heading}, {shown.total.value}"
    lines = [block for group in shown.groups for block in _group(group)]
    note = parts.small("There are more lines than fit here: the document itself has them all.")
    top = (parts.header(title), *((parts.small(shown.stamp_reason),) if shown.stamp_reason else ()))
    return Message(title, limits.fitted(top, lines, _closing(shown), note))


def _group(group: Group) -> list[Json]:
    title = [parts.rich(parts.text(group.title, bold=True))] if group.title else []
    return [*title, *(_row(row) for row in group.rows)]


def _row(row: Row) -> Json:
    quantity = f"{row.quantity} \N{MULTIPLICATION SIGN} " if row.quantity else ""
    detail = f"\n{limits.cut(row.detail, limits.SECTION // 4)}" if row.detail else ""
    title = limits.cut(row.title, limits.SECTION // 4)
    return parts.rich(parts.text(f"{quantity}{title}: "), parts.text(row.amount, bold=True), parts.text(detail or " "))


def _closing(shown: Presentation) -> tuple[Json, ...]:
    totals = "\n".join(f"{fact.label}: {fact.value}" for fact in shown.totals)
    due = "".join(f"\n{fact.label}: {fact.value}" for fact in shown.facts if fact.label == "Due")
    total = parts.titled(f"{shown.total.label}: {shown.total.value}", f"{totals}{due}")
    notes = (parts.small(limits.listed(shown.notes, limits.SECTION // 2, "\n")),) if shown.notes else ()
    named = tuple(parts.small(_names(roster)) for roster in shown.names)
    return (parts.divider(), total, *notes, *named)


def _names(roster: Names) -> str:
    return f"Names on {parts.name(roster.title)}: {roster.detail}"


def _summary(document: InvoiceSummary) -> str:
    kind = "credit note" if document.document == "credit_note" else "invoice"
    total = Format(document.locale, document.currency).money(document.total_minor)
    return f"{document.number}: {kind} of {day(document.bill_date)}, {total}, {document.state}"
