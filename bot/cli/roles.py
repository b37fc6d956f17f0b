"""Who may do what, on the command line."""

from typing import Annotated

import typer

from bot.cli.invocation import opened, shell
from bot.cli.printing import Column, say, table

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="A Slack user id (U…) or user group id (S…).")]

_GRANTS = (Column("role"), Column("who"))


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the command line."""
    group = typer.Typer(help="Who may do what.", rich_markup_mode=None)
    group.command("list")(list_roles)
    group.command("grant")(grant)
    group.command("revoke")(revoke)
    app.add_typer(group, name="role")


def list_roles(context: typer.Context) -> None:
    """Show who has which role."""
    from commands import roles

    with opened(context) as rollcall:
        found = roles.list_roles(rollcall.database)
    if found:
        say(*table(_GRANTS, ((grant.role, grant.subject) for grant in found)))
    else:
        say("Nobody has a role yet: rollcall role grant U123 admin makes the first admin.")


def grant(
    context: typer.Context,
    subject: Subject,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, approver, biller or admin.")],
) -> None:
    """Give a role, in place of the one before."""
    from commands import roles

    with opened(context) as rollcall:
        given = roles.grant(rollcall.database, shell(), subject, role.lower())
    say(f"{given.subject} is {given.role} now.")


def revoke(context: typer.Context, subject: Subject) -> None:
    """Take a role away."""
    from commands import roles

    with opened(context) as rollcall:
        roles.revoke(rollcall.database, shell(), subject)
    say(f"{subject} has no role now.")
