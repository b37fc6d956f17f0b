"""The command line of the story: the function behind `rollcall`, called instead of started.

A process a command would cost seconds each on a small machine, for the same code with the same settings.
"""

import asyncio
import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.cli.main import main
from bot.settings import PREFIX


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All of it, as on a terminal."""
        return f"{self.out}{self.err}".rstrip()


class Shell:
    """Runs `rollcall` commands with these settings (environment variables) and no others."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Runs nothing yet."""
        self._settings = settings

    def run(self, *arguments: str) -> Ran:
        """Runs one command to its end. It owns the process's environment and output for as long, so one at a time."""
        out, err = _terminal(), _terminal()
        with _environment(self._settings), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
        return Ran(code, _written(out), _written(err))

    async def run_aside(self, *arguments: str) -> Ran:
        """Runs one command in a thread, so that servers of the same process can answer it."""
        return await asyncio.to_thread(self.run, *arguments)


def _terminal() -> io.TextIOWrapper:
    # Some commands write bytes, as into a pipe.
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _written(terminal: io.TextIOWrapper) -> str:
    terminal.seek(0)
    return terminal.read()


@contextlib.contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        for name in before:
            if name.startswith(PREFIX):
                del os.environ[name]
        os.environ.update(settings)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
