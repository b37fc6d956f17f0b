"""What is wrong, and what to do about it: a line each."""

import asyncio
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import typer

from bot.cli import json_shapes
from bot.cli.invocation import invocation
from bot.cli.parameters import AsJson, Clients
from bot.cli.printing import WIDTH, clean, say, say_json

if TYPE_CHECKING:
    from commands.examinations.finding import Finding

_WORDS = {"ok": "ok", "warn": "warn", "fail": "FAIL", "left_out": "-"}
_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
_MARGIN = 6
_NARROWEST = 24
# The longest name of a setting; a longer one pushes its text to the right, and no other.
_WIDEST = 34


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("doctor")(doctor)


def doctor(context: typer.Context, clients: Clients = None, as_json: AsJson = False) -> int:
    """Check settings, database, Slack and directories, and say what to do."""
    from bot.doctor.examination import examine
    from bot.settings import read_what_can_be_read, written_names
    from commands.examinations.finding import exit_code

    readable = read_what_can_be_read()
    # A crash tells as much of itself as the settings ask for.
    invocation(context).known_settings = readable.settings
    found = asyncio.run(
        examine(
            readable,
            written_names(os.environ),
            clients or (),
            lambda: datetime.now(UTC),
            _progress if sys.stderr.isatty() else None,
        )
    )
    if as_json:
        say_json([json_shapes.finding(one) for one in found])
    else:
        say(*lines(found, in_colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))
    return exit_code(found)


def lines(found: "Sequence[Finding]", *, in_colour: bool) -> Iterator[str]:
    """The findings part by part, and how many aren't well."""
    for part, theirs in groupby(found, key=attrgetter("part")):
        listed = list(theirs)
        yield part
        width = min(max(len(clean(one.what)) for one in listed), _WIDEST)
        for one in listed:
            yield from _line(one, width, in_colour=in_colour)
        yield ""
    yield _summary(found)


def _line(finding: "Finding", width: int, *, in_colour: bool) -> Iterator[str]:
    """The finding, with its remedy behind it where both fit into the terminal, else below."""
    head, text = f"{clean(finding.what):{width}}  ", clean(finding.text)
    remedy = f"→ {clean(finding.remedy)}" if finding.remedy else ""
    together = f"{text}  {remedy}".rstrip()
    fits = _MARGIN + len(head) + len(together) <= WIDTH
    first, *rest = _wrapped(together if fits else text, _MARGIN + len(head))
    yield f"{_word(finding, in_colour=in_colour)}{head}{first}".rstrip()
    yield from rest
    if remedy and not fits:
        first, *rest = _wrapped(remedy, _MARGIN + 2)
        yield f"{' ' * _MARGIN}{first}"
        yield from rest


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines of which all but the first are indented; no word is broken, so that an address can be copied."""
    lines = textwrap.wrap(text, max(WIDTH - indent, _NARROWEST), break_long_words=False, break_on_hyphens=False)
    return [line if number == 0 else " " * indent + line for number, line in enumerate(lines or [""])]


def _word(finding: "Finding", *, in_colour: bool) -> str:
    word = _WORDS[finding.state].ljust(_MARGIN)
    colour = _COLOURS.get(finding.state)
    return typer.style(word, fg=colour, bold=finding.state == "fail" or None) if in_colour and colour else word


def _summary(found: "Sequence[Finding]") -> str:
    states = [str(finding.state) for finding in found]
    failures, warnings = states.count("fail"), states.count("warn")
    said = [_counted(failures, "failure") if failures else "Nothing fails", _counted(warnings, "warning")]
    return f"{', '.join(said if warnings else said[:1])}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _progress(name: str) -> None:
    # The findings themselves are printed at the end, in order; until then the place alone says that it goes on.
    typer.echo(f"looked at {clean(name)}", err=True)
