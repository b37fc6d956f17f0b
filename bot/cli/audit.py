"""The audit log on the command line."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from billing.errors import Refused
from bot.cli.invocation import opened, shell
from bot.cli.parameters import MaybeClient, a_number
from bot.cli.printing import Column, complain, paragraph, say, table

if TYPE_CHECKING:
    from commands.audit import AuditEntry

_ENTRIES = (Column("when (UTC)"), Column("what"), Column("of"), Column("who"))
_SHOWN = 50


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the command line."""
    group = typer.Typer(help="The audit log and its proofs.", rich_markup_mode=None)
    group.command("show")(show)
    group.command("verify")(verify)
    group.command("replay")(replay)
    app.add_typer(group, name="audit")


def show(
    context: typer.Context,
    client: MaybeClient = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", parser=a_number, metavar="N", help="So many entries, the newest (default: 50)."),
    ] = None,
) -> None:
    """Show who did what to what, when."""
    from commands import audit

    with opened(context) as rollcall:
        found = audit.entries(rollcall.database, shell(), client, limit or _SHOWN)
    say(*(table(_ENTRIES, map(_row, found)) if found else ["Nothing was done yet."]))


def verify(context: typer.Context) -> int:
    """Check the chains of the audit log and the proofs of every issued document."""
    from commands import audit

    with opened(context) as rollcall:
        report = audit.verify(rollcall.database)
    for problem in report.problems:
        complain(problem)
    read = f"{report.entries} entries in {report.chains} chains and {report.invoices} issued documents were checked"
    if report.problems:
        complain(f"{read}: {len(report.problems)} of them don't fit.")
        return Refused.exit_code
    say(*paragraph(f"{read}: nothing was altered."))
    return 0


def replay(context: typer.Context) -> int:
    """Draft every issued document again from what it rested on, and compare."""
    from commands import replay as replaying

    with opened(context) as rollcall:
        report = replaying.replay(rollcall.database)
    for problem in report.problems:
        complain(problem)
    if report.without_facts:
        say(*paragraph(_older(report.without_facts)))
    if report.problems:
        complain(f"{report.same} documents came out the same, {len(report.problems)} didn't.")
        return Refused.exit_code
    say(*paragraph(f"{report.same} documents were drafted again: each came out the same, to the cent."))
    return 0


def _older(documents: int) -> str:
    of = "1 document was" if documents == 1 else f"{documents} documents were"
    return f"{of} issued by a version that didn't keep what they rest on, and can't be drafted again."


def _row(entry: "AuditEntry") -> tuple[str, ...]:
    return (datetime.fromisoformat(entry.at).strftime("%Y-%m-%d %H:%M"), entry.action, entry.subject, entry.actor)
