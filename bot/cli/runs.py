"""The billing run on the command line, a step each; every step can be repeated safely."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import json_shapes
from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import AsJson, BillDate, By, Client, MaybeBy, On, Reason, a_date
from bot.cli.printing import Column, paragraph, say, say_json, table

if TYPE_CHECKING:
    from commands.run_cards import RunClientView, RunView

_CLIENTS = (Column("total", right=True), Column("state"), Column("number"), Column("client"))


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the command line."""
    group = typer.Typer(help="The billing run, a step each.", rich_markup_mode=None)
    group.command("start")(start)
    group.command("status")(status)
    group.command("approve")(approve)
    group.command("issue")(issue)
    group.command("override")(override)
    group.command("abandon")(abandon)
    app.add_typer(group, name="run")


def start(
    context: typer.Context,
    bill_date: Annotated[date, typer.Argument(parser=a_date, metavar="BILL_DATE", help="The bill date, YYYY-MM-DD.")],
    by: MaybeBy = None,
    on: On = None,
) -> None:
    """Check every client, hold those that must not be billed, and draft the others."""
    from commands import runs

    with opened(context) as rollcall:
        view = runs.start(rollcall.database, shell(by), clock(rollcall, on), bill_date)
    say(*run_text(view))


def status(context: typer.Context, bill_date: BillDate = None, as_json: AsJson = False) -> None:
    """Show how a run stands."""
    from commands import runs

    with opened(context) as rollcall:
        view = runs.status(rollcall.database, shell(), bill_date)
    if as_json:
        say_json(json_shapes.run(view))
    else:
        say(*run_text(view))


def approve(context: typer.Context, by: By, bill_date: BillDate = None, on: On = None) -> None:
    """Approve the drafts of a run."""
    from commands import runs

    with opened(context) as rollcall:
        view = runs.approve(rollcall.database, shell(by), clock(rollcall, on), bill_date)
    say(*run_text(view))


def issue(context: typer.Context, by: MaybeBy = None, bill_date: BillDate = None, on: On = None) -> None:
    """Number and freeze the approved invoices."""
    from commands import runs

    with opened(context) as rollcall:
        view = runs.issue(rollcall.database, shell(by), clock(rollcall, on), bill_date)
    say(*run_text(view))


def override(
    context: typer.Context,
    client: Client,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of the hold, such as R01.")],
    by: By,
    reason: Reason,
    until: Annotated[
        date, typer.Option("--until", parser=a_date, metavar="DATE", help="The last day on which this stands.")
    ],
    bill_date: BillDate = None,
    on: On = None,
) -> None:
    """Bill a held client all the same."""
    from commands import runs

    with opened(context) as rollcall:
        view = runs.override(
            rollcall.database, shell(by), clock(rollcall, on), client, code.upper(), reason, until, bill_date
        )
    say(*run_text(view))


def abandon(
    context: typer.Context,
    bill_date: Annotated[date, typer.Argument(parser=a_date, metavar="BILL_DATE", help="The bill date, YYYY-MM-DD.")],
    by: By,
    reason: Reason,
) -> None:
    """Give up a run that should not have been started, as long as nothing of it is issued."""
    from commands.abandoning import abandon as give_up

    with opened(context) as rollcall:
        view = give_up(rollcall.database, shell(by), rollcall.clock, bill_date, reason=reason)
    say(*run_text(view))


def run_text(view: "RunView") -> list[str]:
    """A run: its state, who did what, its clients, and why some of them are held."""
    from documents.format import day

    steps = (("started", view.started_by), ("approved", view.approved_by), ("issued", view.issued_by))
    told = "; ".join(f"{step} by {who}" for step, who in (*steps, ("abandoned", view.abandoned_by)) if who)
    told += f": {view.abandoned_because}" if view.abandoned_because else ""
    return [
        *paragraph(f"Run of {day(view.bill_date)}: {view.state}"),
        *paragraph(told, "  "),
        *table(_CLIENTS, map(_row, view.clients), "  "),
        *(line for client in view.clients for line in _remarks(client)),
        *_searched(view),
        *(line for step in _next_steps(view) for line in paragraph(f"-> {step}", "  ")),
    ]


def _searched(view: "RunView") -> Iterator[str]:
    """What was looked for after the run, and what was found, client by client."""
    searched = [client for client in view.clients if client.findings is not None]
    found = [(client.client, each) for client in searched for each in client.findings or ()]
    if searched and not found:
        yield from paragraph("Looked for what was left out or billed twice: found nothing.", "  ")
    for name, each in found:
        yield from paragraph(f"{name}: {each.text}", "  ")


def _row(client: "RunClientView") -> tuple[str, ...]:
    from documents.format import Format

    written = Format(client.locale, client.currency)
    total = "" if client.total_minor is None else written.money(client.total_minor)
    return (total, client.state, client.number or "", f"{client.client} ({client.client_name})")


def _next_steps(view: "RunView") -> Iterator[str]:
    states = {client.state for client in view.clients}
    held = [client.client for client in view.clients if client.held]
    if held:
        yield f"rollcall reconcile {' '.join(held)} --on {view.bill_date} says what to do"
    if "drafted" in states:
        yield f"rollcall run approve --bill-date {view.bill_date} --by NAME"
    if "approved" in states:
        yield f"rollcall run issue --bill-date {view.bill_date} --by NAME"


def _remarks(client: "RunClientView") -> Iterator[str]:
    from documents.format import day

    if client.later_draft is not None:
        later = f"{client.client}: the run of {day(client.later_draft)} has its draft, which bills this date as well"
        yield from paragraph(later, "  ")
    if client.issued_early_on is not None:
        early = f"{client.client} was issued on {day(client.issued_early_on)}, before the bill date"
        yield from paragraph(f"{early}: what is decided until then comes with the next invoice", "  ")
    if client.held:
        yield from paragraph(f"{client.client} is held: {', '.join(client.held)}", "  ")
    for cause in client.causes:
        yield from paragraph(cause, "    ")
    if client.late is not None:
        yield from paragraph(f"{client.client}: {client.late}", "  ")
    for override in client.overrides:
        until = f"until {day(override.until)}"
        said = f"{override.code} overridden by {override.by} {until}: {override.reason}"
        yield from paragraph(f"{client.client}: {said}", "  ")
