"""Reading directories on the command line."""

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import Clients, MaybeBy, On, some_text
from bot.cli.printing import complain, paragraph, say

if TYPE_CHECKING:
    from commands.held import Move


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
    by: MaybeBy = None,
    on: On = None,
) -> int:
    """Read directories and propose what changed."""
    from commands.sync import sync_clients

    with opened(context) as rollcall:
        outcomes = asyncio.run(
            sync_clients(
                rollcall.database,
                shell(by),
                rollcall.sources,
                clock(rollcall, on),
                clients or (),
                full=full,
                let_through=let_through,
                progress=_Bar() if sys.stderr.isatty() else None,
            )
        )
    for outcome in outcomes:
        if outcome.outcome == "accepted":
            say(*paragraph(outcome.message))
        else:
            complain(outcome.message)
            for line in _listed(outcome.moves):
                complain(line)
    if not outcomes:
        say("There is no directory to read: a client's book names its directories.")
    # An outside system that failed says more than a hold, which asks somebody; each was told above.
    return max((outcome.exit_code for outcome in outcomes), default=0)


def _listed(moves: "Sequence[Move]") -> list[str]:
    from documents.format import one_line

    verbs = {"leave": "would leave", "join": "would join", "quantity": "would be counted otherwise:"}
    return [
        f"  {verbs[move.kind]} {f'{move.roster}: ' if move.roster else ''}{one_line(move.name)} ({move.what})"
        if move.name
        else f"  {verbs[move.kind]} {one_line(move.what)}"
        for move in moves
    ]


class _Bar:
    """How many directories are read, as a bar on the terminal; what came of each is printed at the end, in order."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, done: int, of: int) -> None:
        if self._bar is None:
            self._bar = typer.progressbar(length=of, label="reading directories", file=sys.stderr)
            self._bar.render_progress()
        self._bar.update(1)
        if done == of:
            self._bar.render_finish()
