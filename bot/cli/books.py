"""Books on the command line: import and export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import Book, Clients, On, some_text
from bot.cli.printing import Column, few, paragraph, say, table

if TYPE_CHECKING:
    from commands.import_effects import AmountEffect
    from commands.imports import ImportPlan

_EFFECTS = (
    *(Column("client"), Column("item"), Column("from"), Column("to")),
    *(Column("before", right=True), Column("after", right=True)),
)


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("import")(import_book)
    app.command("export")(export_book)


def import_book(
    context: typer.Context,
    book: Book,
    apply: Annotated[bool, typer.Option("--apply", help="Change it; without this, only show.")] = False,
    correct: Annotated[
        str | None,
        typer.Option(
            "--correct", parser=some_text, metavar="REASON", help="Alter what was owed for periods already billed."
        ),
    ] = None,
    on: On = None,
) -> None:
    """Show what a book would change, and change it."""
    from commands import imports
    from connectors.books.reader import read_book

    content = read_book(book)
    with opened(context) as rollcall:
        today = clock(rollcall, on)
        if apply:
            plan = imports.apply_import(rollcall.database, shell(), content, today, correct)
        else:
            plan = imports.plan_import(rollcall.database, shell(), content, today)
    say(*_told(plan))


def export_book(context: typer.Context, clients: Clients = None) -> None:
    """Print the book of what is stored."""
    from commands import exports
    from connectors.books.writer import dump_book

    with opened(context) as rollcall:
        book = exports.export_book(rollcall.database, shell(), rollcall.clock, clients or ())
    # It is most often sent to a file right here.
    typer.echo(dump_book(book, Path.cwd()), nl=False)


def _told(plan: "ImportPlan") -> list[str]:
    if not plan.changes:
        return ["The book says what is stored already: nothing to change.", *_left_alone(plan)]
    lines = [line for change in plan.changes for line in paragraph(change)]
    if plan.effects:
        lines += [
            "",
            "Amounts that would differ, before tax:" if not plan.applied else "Amounts that now differ, before tax:",
        ]
        lines += table(_EFFECTS, (_effect(effect) for effect in plan.effects), "  ")
    lines += _left_alone(plan)
    return [*lines, "", "Imported." if plan.applied else "Nothing is changed yet: add --apply to change it."]


def _left_alone(plan: "ImportPlan") -> list[str]:
    slugs = plan.left_alone
    if not slugs:
        return []
    who = "1 client is" if len(slugs) == 1 else f"{len(slugs)} clients are"
    as_they_are = "it stays as it is" if len(slugs) == 1 else "they stay as they are"
    return paragraph(f"{who} not in this book: {few(slugs)}; {as_they_are}.")


def _effect(effect: "AmountEffect") -> tuple[str, ...]:
    from documents.format import Format

    written = Format(effect.locale, effect.currency)
    # The next invoice has a bill date rather than a period.
    days = (effect.period.start.isoformat(), effect.period.end.isoformat() if effect.billed else "")
    return (effect.client, effect.item, *days, written.money(effect.before_minor), written.money(effect.after_minor))
