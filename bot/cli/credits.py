"""Credit notes that a person gives, and where every cent comes from."""

from typing import Annotated

import typer

from bot.cli.document_text import document_text
from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import By, Number, On, Reason, a_number
from bot.cli.printing import paragraph, say


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("credit")(credit)
    app.command("explain")(explain)


def credit(
    context: typer.Context,
    number: Number,
    by: By,
    reason: Reason,
    line: Annotated[
        int | None, typer.Option("--line", parser=a_number, metavar="N", help="Only this line, from 1.")
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="A", help="Only so much, before tax, such as 50.00.")
    ] = None,
    rebill: Annotated[
        bool, typer.Option("--rebill", help="A reversal: the next run bills it again. Without this, a concession.")
    ] = False,
    on: On = None,
) -> None:
    """Make a credit note for an invoice or a part of it."""
    from commands import credits as concessions

    with opened(context) as rollcall:
        document = concessions.credit(
            rollcall.database,
            shell(by),
            clock(rollcall, on),
            concessions.Wanted(number, line, amount),
            rebill=rebill,
            reason=reason,
        )
    say(*document_text(document))


def explain(
    context: typer.Context,
    number: Number,
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Only this line: its number, from 1, or its name.")
    ] = None,
) -> None:
    """Follow every cent back to where it came from."""
    from commands.explain import explain as explanations

    with opened(context) as rollcall:
        found = explanations(rollcall.database, shell(), number, line)
    for explanation in found:
        say(*paragraph(f"{explanation.line}. {explanation.title}"))
        for sentence in explanation.sentences:
            say(*paragraph(sentence, "   "))
