"""The command line run inside the test, in a folder and with settings of the test's own."""

import os
from dataclasses import dataclass
from typing import Protocol

import pytest

from bot.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str


class CommandLine(Protocol):
    """Runs `rollcall ARGUMENTS…`."""

    def __call__(self, *arguments: str) -> Ran:
        """The exit code and both outputs."""
        ...


def command_line(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """A command line whose outputs this fixture captures."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


def without_settings(patch: pytest.MonkeyPatch) -> None:
    """Takes every setting of the surroundings away."""
    for variable in [name for name in os.environ if name.startswith("ROLLCALL_")]:
        patch.delenv(variable)
