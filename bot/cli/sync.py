"""Reading directories on the command line."""

import asyncio
import sys
from typing import Annotated

import typer

from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import Clients, On, some_text
from bot.cli.printing import complain, paragraph, say


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("sync")(sync)


def sync(
    context: typer.Context,
    clients: Clients = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything, not only what changed.")] = False,
    let_through: Annotated[
        str | None,
        typer.Option(
            "--let-through", parser=some_text, metavar="REASON", help="Accept, once, what the safety catch held back."
        ),
    ] = None,
    on: On = None,
) -> int:
    """Read directories and propose what changed."""
    from commands.sync import sync_clients

    with opened(context) as rollcall:
        outcomes = asyncio.run(
            sync_clients(
                rollcall.database,
                shell(),
                rollcall.sources,
                clock(rollcall, on),
                clients or (),
                full=full,
                let_through=let_through,
                progress=_progress if sys.stderr.isatty() else None,
            )
        )
    for outcome in outcomes:
        if outcome.outcome == "accepted":
            say(*paragraph(outcome.message))
        else:
            complain(outcome.message)
    if not outcomes:
        say("There is no directory to read: a client's book names its directories.")
    # An outside system that failed says more than a hold, which asks somebody; each was told above.
    return max((outcome.exit_code for outcome in outcomes), default=0)


def _progress(text: str) -> None:
    # The outcomes themselves are printed at the end, in order; until then the place alone says that it goes on.
    typer.echo(f"read {text.partition(':')[0]}", err=True)
