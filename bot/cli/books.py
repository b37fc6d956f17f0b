"""Books on the command line: import and export."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import Book, Clients, MaybeBy, On, some_text
from bot.cli.printing import Column, few, paragraph, say, table

if TYPE_CHECKING:
    from commands.import_book import ImportPlan
    from commands.import_effects import AmountEffect
    from commands.import_files import FileLook

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
    by: MaybeBy = None,
    on: On = None,
) -> None:
    """Show what a book would change, and change it."""
    from commands import catalogue, imports
    from commands.import_files import look_at_files
    from connectors.books.reader import read_book

    with opened(context) as rollcall:
        content = read_book(book, catalogue.stored_catalogue(rollcall.database, shell()))
        today = clock(rollcall, on)
        looks: tuple[FileLook, ...] = ()
        if apply:
            plan = imports.apply_import(rollcall.database, shell(by), content, today, correct)
        else:
            plan = imports.plan_import(rollcall.database, shell(by), content, today)
            looks = asyncio.run(look_at_files(content, rollcall.sources, rollcall.clock.now))
    say(*_files(looks), *_told(plan))


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
        return ["The book says what is stored already: nothing to change.", *_left_alone(plan), *_warnings(plan)]
    lines = [line for change in plan.changes for line in paragraph(change)]
    if plan.effects:
        lines += [
            "",
            "Amounts that would differ, before tax:" if not plan.applied else "Amounts that now differ, before tax:",
        ]
        lines += table(_EFFECTS, (_effect(effect) for effect in plan.effects), "  ")
    lines += [*_by_rule(plan), *_left_alone(plan), *_warnings(plan)]
    how = "--apply --correct REASON" if any(effect.billed for effect in plan.effects) else "--apply"
    return [*lines, "", "Imported." if plan.applied else f"Nothing is changed yet: add {how} to change it."]


def _by_rule(plan: "ImportPlan") -> list[str]:
    """Who counts otherwise; the seats stay as they are until the change is approved."""
    from documents.format import Format

    if not plan.by_rule:
        return []
    lines = ["", "Who counts otherwise by the new rule, once the change is approved:"]
    for found in plan.by_rule:
        for roster in found.rosters:
            sides = (("on", roster.on), ("off", roster.off))
            moves = [f"{len(names)} {way} ({few(names)})" for way, names in sides if names]
            lines += paragraph(f"{found.client} {roster.roster}: {', '.join(moves)}", "  ")
        money = Format(found.locale, found.currency).signed(found.monthly_minor)
        lines += paragraph(f"{found.client}: {money} a month, before tax", "  ")
    return lines


def _files(looks: "Iterable[FileLook]") -> "Iterator[str]":
    """Each file with what its columns were taken for, before the changes, since those stand on it."""
    for look in looks:
        yield from paragraph(f"{look.directory}: {look.text}")
        remedies = ((one.what, f"{one.text}{'. ' if one.remedy else ''}{one.remedy}") for one in look.seen)
        yield from table((Column(""), Column("")), remedies, "  ")
        yield ""


def _left_alone(plan: "ImportPlan") -> list[str]:
    slugs = plan.left_alone
    if not slugs:
        return []
    who = "1 client is" if len(slugs) == 1 else f"{len(slugs)} clients are"
    as_they_are = "it stays as it is" if len(slugs) == 1 else "they stay as they are"
    return paragraph(f"{who} not in this book: {few(slugs)}; {as_they_are}.")


def _warnings(plan: "ImportPlan") -> list[str]:
    return [line for warning in plan.warnings for line in paragraph(f"Warning: {warning}")]


def _effect(effect: "AmountEffect") -> tuple[str, ...]:
    from documents.format import Format

    written = Format(effect.locale, effect.currency)
    # The next invoice has a bill date rather than a period.
    days = (effect.period.start.isoformat(), effect.period.end.isoformat() if effect.billed else "")
    before = written.money(effect.before_minor) + effect.taxed(effect.before_tax)
    after = written.money(effect.after_minor) + effect.taxed(effect.after_tax)
    return (effect.client, effect.item, *days, before, after)
