"""People on the command line: rosters, one account's verdict, and erasing a name."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import json_shapes
from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import AsJson, By, Client, On, Reason
from bot.cli.printing import Column, paragraph, say, say_json, table

if TYPE_CHECKING:
    from commands.users import RostersView
    from commands.why import WhyView

Who = Annotated[str, typer.Argument(metavar="WHO", help="A name, mail address or object id, or a part of it.")]

_SEATS = (Column("from"), Column("until"), Column("name"))


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("users")(users)
    app.command("erase")(erase)


def users(
    context: typer.Context,
    client: Client,
    question: Annotated[
        Literal["why", "link", "unlink"] | None,
        typer.Argument(
            metavar="why|link|unlink", help="Ask why somebody counts, or say whether two accounts are one person's."
        ),
    ] = None,
    who: Annotated[
        str | None,
        typer.Argument(metavar="WHO", help="A name, mail address, object id or DIRECTORY/ID, or a part of it."),
    ] = None,
    other: Annotated[str | None, typer.Argument(metavar="WHO", help="The other account of link and unlink.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who decides; link and unlink need it.")
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Show a client's rosters, why one account counts, or say whether two accounts are one person's."""
    from commands import users as people
    from commands import why

    if question and not who:
        raise typer.BadParameter("say whom: rollcall users CLIENT why WHO", param_hint="WHO")
    if question in {"link", "unlink"}:
        _link(context, client, (who, other), by, on, same=question == "link")
        return
    with opened(context) as rollcall:
        if who:
            answer = why.why(rollcall.database, shell(), client, who)
            if as_json:
                say_json(json_shapes.why(answer))
            else:
                say(*_explained(answer))
            return
        view = people.rosters(rollcall.database, shell(), clock(rollcall, on), client, on)
    if as_json:
        say_json(json_shapes.rosters(view))
    else:
        say(*_told(view))


def erase(context: typer.Context, client: Client, who: Who, by: By, reason: Reason, on: On = None) -> None:
    """Erase a person's name; amounts and proofs stay."""
    from commands import users as people

    with opened(context) as rollcall:
        said = people.erase(rollcall.database, shell(by), clock(rollcall, on), client, who, reason)
    say(*paragraph(said))


def _link(
    context: typer.Context,
    client: str,
    accounts: tuple[str | None, str | None],
    by: str | None,
    on: date | None,
    *,
    same: bool,
) -> None:
    from commands.links import link

    one, other = accounts
    if not (one and other and by):
        verb = "link" if same else "unlink"
        raise typer.BadParameter(
            f"say which two accounts, and who decides: rollcall users {client} {verb} WHO WHO --by NAME",
            param_hint="WHO",
        )
    with opened(context) as rollcall:
        said = link(rollcall.database, shell(by), clock(rollcall, on), client, one, other, same=same)
    say(*paragraph(said))


def _explained(answer: "WhyView") -> list[str]:
    if not answer.others:
        return paragraph(answer.sentence)
    accounts = (answer, *answer.others)
    return [line for one in accounts for line in paragraph(f"{one.directory}, {one.account}: {one.sentence}")]


def _told(view: "RostersView") -> list[str]:
    from documents.format import day

    lines = paragraph(f"{view.client} ({view.client_name}) on {day(view.on)}")
    if not view.rosters:
        lines.append("  no rosters")
    for roster in view.rosters:
        lines += ["", *paragraph(f"{roster.name}: {_counted(len(roster.seats), roster.billable)}")]
        seats = [(day(seat.start), day(seat.end) if seat.end else "", seat.name) for seat in roster.seats]
        lines += table(_SEATS, seats, "  ") if seats else ["  nobody has a seat"]
    return lines


def _counted(seats: int, billable: int) -> str:
    paid = f"{seats} seat{'' if seats == 1 else 's'}"
    return paid if seats == billable else f"{paid}; as the directory stands, {billable} would count"
