"""Mismatches on the command line."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import typer

from bot.cli import json_shapes
from bot.cli.invocation import opened, shell
from bot.cli.parameters import AsJson, Clients, OnBillDate
from bot.cli.printing import paragraph, say, say_json

if TYPE_CHECKING:
    from commands.reconcile import MismatchView


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("reconcile")(reconcile)


def reconcile(context: typer.Context, clients: Clients = None, on: OnBillDate = None, as_json: AsJson = False) -> None:
    """Show where counts disagree, and what to do."""
    from commands.reconcile import reconcile as compare

    with opened(context) as rollcall:
        found = compare(rollcall.database, shell(), rollcall.clock, clients or (), on)
    if as_json:
        say_json([json_shapes.mismatch(view) for view in found])
    elif found:
        say(*_told(found))
    else:
        say("Every count agrees with every other.")


def _told(found: "tuple[MismatchView, ...]") -> Iterator[str]:
    for client, theirs in groupby(found, key=attrgetter("client")):
        yield client
        for view in theirs:
            yield from paragraph(f"{view.code} {view.effect}{_amount(view)}: {view.text}", "  ")
            if view.remedy:
                yield from paragraph(f"-> {view.remedy}", "     ")


def _amount(view: "MismatchView") -> str:
    from documents.format import Format

    return "" if view.amount_minor is None else f" {Format(view.locale, view.currency).money(view.amount_minor)}"
