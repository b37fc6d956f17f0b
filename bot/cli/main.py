"""The command line as a whole: its commands, and what becomes of an error."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from typer.core import TyperGroup

from billing.errors import RollcallError
from bot.cli import (
    audit,
    books,
    cards,
    changes,
    demo,
    doctor,
    invoices,
    reconcile,
    roles,
    runs,
    secrets,
    serve,
    sync,
    users,
)
from bot.cli import credits as credit_notes
from bot.cli.invocation import Invocation
from bot.cli.printing import complain

if TYPE_CHECKING:
    from bot.compose import Hooks

# In the order of the help.
_NOUNS = (
    demo,
    serve,
    doctor,
    cards,
    books,
    sync,
    changes,
    users,
    invoices,
    reconcile,
    runs,
    credit_notes,
    audit,
    roles,
    secrets,
)

_CRASHED = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130  # 128 + SIGINT, as shells say it
_PIPE_CLOSED = 141  # 128 + SIGPIPE


def build_app() -> typer.Typer:
    """Every command that works."""
    app = typer.Typer(
        name="rollcall",
        help="Bill an MSP's clients per user, with every cent explainable.",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for noun in _NOUNS:
        noun.register(app)
    app.callback()(_before_any_command)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rollcall {version('rollcall')}")
        raise typer.Exit


def _before_any_command(
    version: Annotated[
        bool, typer.Option("--version", help="Show which version this is.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """Nothing to do: there are only options that answer by themselves."""


def main(arguments: Sequence[str] | None = None, hooks: "Hooks | None" = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 refused, 2 wrong input, 3 an outside system failed."""
    run = Invocation(hooks)
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal can't show must not end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    command = typer.main.get_command(build_app())
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        result = command.main(args=given, prog_name="rollcall", standalone_mode=False, obj=run)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (RollcallError, typer.TyperException) as error:
        complain(_usage(error) if isinstance(error, typer.TyperException) else str(error))
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except SystemExit as ending:
        # typer asks to exit where whoever read our output has gone, and only then.
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        return _pipe_closed()
    except BrokenPipeError:
        return _pipe_closed()
    except Exception:  # noqa: BLE001 - the last line of defence: a person gets a reference, the log the trace
        return _crash(run)


def _pipe_closed() -> int:
    # Python would complain once more when it closes standard output at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _PIPE_CLOSED


def _usage(error: typer.TyperException) -> str:
    context: typer.Context | None = getattr(error, "ctx", None)
    # A choice that isn't there is refused by a validator underneath typer, which puts its own words in front.
    message = error.format_message().rstrip().replace(": Value error, ", ": ")
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop}{_possible(context)}" if context else f"{message}{stop}"


def _possible(context: typer.Context) -> str:
    group = context.command
    names = f" Commands: {', '.join(group.list_commands(context))}." if isinstance(group, TyperGroup) else ""
    return f"{names} {context.command_path} --help shows what is possible."


def _crash(run: Invocation) -> int:
    reference = uuid4().hex[:8]
    where = "The log says where." if run.traces else "With ROLLCALL_LOG_LEVEL=debug the log says where."
    complain(f"Something went wrong that should not have; reference {reference}. {where}")
    if run.traces:
        typer.echo(f"{reference}: {traceback.format_exc()}", err=True)
    return _CRASHED
