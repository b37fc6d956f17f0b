"""One run of the command line: who runs it, when it takes place, and what is opened for it."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import typer

from commands.actors import Actor, Clock

if TYPE_CHECKING:
    from bot.compose import Hooks, Rollcall
    from bot.settings import Settings


@dataclass
class Invocation:
    """What a run begins with; the settings are read when the first command asks for them, once.

    `keeps_log` is set by a command whose standard error is its log, for whoever looks after the process.
    """

    hooks: "Hooks | None" = None
    known_settings: "Settings | None" = None
    keeps_log: bool = False

    @property
    def settings(self) -> "Settings":
        """The settings of this run."""
        from bot.settings import read_settings

        if self.known_settings is None:
            self.known_settings = read_settings()
        return self.known_settings

    @property
    def traces(self) -> bool:
        """Whether a crash is followed by where it happened."""
        return self.keeps_log or (self.known_settings is not None and self.known_settings.log_level == "debug")


def invocation(context: typer.Context) -> Invocation:
    """The run that a command belongs to."""
    found: object = context.find_root().obj
    if not isinstance(found, Invocation):
        raise TypeError("A command is run through bot.cli.main.")
    return found


@contextmanager
def opened(context: typer.Context) -> Iterator["Rollcall"]:
    """Everything composed, and what it holds open closed again."""
    from bot.compose import compose

    run = invocation(context)
    rollcall = compose(run.settings, run.hooks)
    try:
        yield rollcall
    finally:
        rollcall.sources.close()
        rollcall.database.close()


def shell(by: str | None = None) -> Actor:
    """Whoever sits at the shell, and the person in whose name it is done."""
    name = " ".join((by or "").split())
    return Actor(f"cli:{_user()} for {name}" if name else f"cli:{_user()}", "cli")


def clock(rollcall: "Rollcall", on: date | None) -> Clock:
    """The clock of this run: on the day that was asked for, else as the settings say."""
    return replace(rollcall.clock, fixed=on) if on else rollcall.clock


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return f"uid {os.getuid()}"
