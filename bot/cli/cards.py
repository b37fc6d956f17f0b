"""Cards that Slack didn't take."""

from typing import Annotated

import typer

from bot.cli import json_shapes
from bot.cli.invocation import opened, shell
from bot.cli.parameters import AsJson
from bot.cli.printing import Column, say, say_json, table

_CARDS = (Column("card"), Column("channel"), Column("since"), Column("state"), Column("why"))


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("cards")(cards)


def cards(
    context: typer.Context,
    again: Annotated[bool, typer.Option("--again", help="Have them tried at once, also those given up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which cards Slack did not take and why, and have them tried again."""
    from commands import notices
    from commands.undelivered import undelivered
    from documents.format import day

    with opened(context) as rollcall:
        if again:
            notices.try_again(rollcall.database, shell())
        found = undelivered(rollcall.database)
    if as_json:
        say_json([json_shapes.undelivered(card) for card in found])
        return
    if not found:
        say("Slack shows every card that it was sent.")
        return
    rows = (
        (
            card.what,
            card.channel or "the default one",
            day(card.since.date()) if card.since else "",
            "given up" if card.is_given_up else "tried on",
            card.problem,
        )
        for card in found
    )
    say(*table(_CARDS, rows))
