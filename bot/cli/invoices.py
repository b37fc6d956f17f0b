"""Invoices on the command line: as they would be, as a book alone would make them, and as they were issued."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from billing.errors import WrongInput
from bot.cli import json_shapes
from bot.cli.document_text import document_text
from bot.cli.invocation import invocation, opened, shell
from bot.cli.parameters import AsJson, Book, Client, MaybeClient, Number, OnBillDate, a_date
from bot.cli.printing import Column, complain, json_text, paragraph, say, say_json, table

if TYPE_CHECKING:
    from bot.compose import Rollcall
    from commands.invoices import InvoiceSummary
    from documents.document import Document
    from documents.presentation import Working

    Sources = tuple[Working, ...]

Shape = Literal["text", "pdf", "html", "json", "csv", "xlsx"]

_ISSUED = (Column("number"), Column("bill date"), Column("total", right=True), Column("state"), Column("client"))
_RULE = "-" * 80
_EXPLAINED = {"pdf", "html"}
_UNREADABLE = {"pdf": "a PDF", "xlsx": "a spreadsheet"}


class FileCannotBeWritten(WrongInput):
    """The file that was asked for can't be made there."""


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("preview")(preview)
    app.command("quote")(quote)
    app.command("invoices")(invoices)
    app.command("invoice")(invoice)


def preview(context: typer.Context, client: Client, on: OnBillDate = None, as_json: AsJson = False) -> None:
    """Show a client's invoice as it would be drafted now."""
    from commands import invoices as billing
    from documents.canonical import as_json as document_json

    with opened(context) as rollcall:
        found = billing.preview(rollcall.database, shell(), rollcall.clock, client, on)
    for warning in found.warnings:
        complain(warning)
    if as_json:
        say_json(document_json(found.document) if found.document else json_shapes.nothing_owed(found))
        return
    say(*(document_text(found.document) if found.document else []))
    say(*(paragraph(found.note) if found.note else []))


def quote(
    context: typer.Context,
    book: Book,
    client: Annotated[str | None, typer.Option("--client", metavar="SLUG", help="Only this client.")] = None,
    through: Annotated[
        date | None,
        typer.Option("--through", parser=a_date, metavar="DATE", help="The last bill date (default: today)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a book by itself would bill: a what-if."""
    from commands import invoices as billing
    from connectors.books.reader import read_book
    from documents.canonical import as_json as document_json

    today = invocation(context).settings.today or datetime.now(UTC).date()
    last = through or today
    documents = billing.quote(read_book(book), client, last, today)
    if as_json:
        say_json([document_json(document) for document in documents])
    elif documents:
        say(*f"\n\n{_RULE}\n\n".join("\n".join(document_text(document)) for document in documents).split("\n"))
    else:
        counted = "People count as the book's quantities say: a roster without any has nobody."
        say(*paragraph(f"The book bills nothing through {last}; --through DATE looks further. {counted}"))


def invoices(context: typer.Context, client: MaybeClient = None, as_json: AsJson = False) -> None:
    """List the issued documents."""
    from commands import invoices as billing

    with opened(context) as rollcall:
        found = billing.history(rollcall.database, shell(), client)
    if as_json:
        say_json([json_shapes.invoice_summary(summary) for summary in found])
    elif found:
        say(*table(_ISSUED, map(_row, found)))
    else:
        say("No invoice was issued yet.")


def invoice(
    context: typer.Context,
    number: Number,
    shape: Annotated[Shape, typer.Option("--format", help="As what.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there, not to standard output.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="With a page on where every amount comes from, for the house (pdf, html).")
    ] = False,
) -> None:
    """Print or save an issued document."""
    from commands import invoices as billing

    if explain and shape not in _EXPLAINED:
        raise typer.BadParameter(
            f"it goes with --format pdf or html; rollcall explain {number} prints it", param_hint="--explain"
        )
    if shape in _UNREADABLE and output is None and sys.stdout.isatty():
        raise typer.BadParameter(f"a terminal can't show {_UNREADABLE[shape]}: add -o FILE", param_hint="--format")
    with opened(context) as rollcall:
        document = billing.issued(rollcall.database, shell(), number)
        sources = _sources(rollcall, number) if explain else ()
    content = _contents()[shape](document, sources)
    if output is None:
        sys.stdout.flush()
        typer.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise FileCannotBeWritten(f"{output} can't be written: {error.strerror}.") from error
    say(f"{document.number} is in {output}.")


def _sources(rollcall: "Rollcall", number: str) -> "Sources":
    from commands.explain import explain
    from documents.presentation import Working

    found = explain(rollcall.database, shell(), number)
    return tuple(Working(f"{line.line}. {line.title}", line.sentences) for line in found)


def _contents() -> dict[Shape, Callable[["Document", "Sources"], bytes]]:
    return {"text": _text, "pdf": _pdf, "html": _html, "json": _json, "csv": _csv, "xlsx": _xlsx}


def _text(document: "Document", _sources: "Sources") -> bytes:
    return ("\n".join(document_text(document)) + "\n").encode()


def _pdf(document: "Document", sources: "Sources") -> bytes:
    from documents.pdf import as_pdf

    return as_pdf(document, sources)


def _html(document: "Document", sources: "Sources") -> bytes:
    from documents.html import as_html

    return f"{as_html(document, sources)}\n".encode()


def _json(document: "Document", _sources: "Sources") -> bytes:
    from documents.canonical import as_json

    return f"{json_text(as_json(document))}\n".encode()


def _csv(document: "Document", _sources: "Sources") -> bytes:
    from documents.csv import lines_as_csv

    return lines_as_csv(document).encode()


def _xlsx(document: "Document", _sources: "Sources") -> bytes:
    from documents.xlsx import as_xlsx

    return as_xlsx(document)


def _row(summary: "InvoiceSummary") -> tuple[str, ...]:
    from documents.format import Format, day

    total = Format(summary.locale, summary.currency).money(summary.total_minor)
    return (summary.number, day(summary.bill_date), total, summary.state, summary.client)
