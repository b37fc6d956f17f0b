"""The whole story on one machine."""

import os
import signal
import subprocess
import sys
from types import FrameType
from typing import Annotated

import typer

_PORT = 8700
_DIED_BY_SIGNAL = 128


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("demo")(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the story without hands, print it, and end.")] = False,
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Where the web page is.")
    ] = _PORT,
) -> int:
    """Play the whole story on this machine; no accounts needed."""
    arguments = ["--port", str(port), *(["--once"] if once else [])]
    # Nothing in the bot knows the sandbox: it is a program of its own, which uses our standard input and output.
    # With -P a folder of that name in the working directory isn't taken for it.
    # It ends with us even if we are killed: it reads the end of a pipe that we hold and never write to.
    lifeline, _held = os.pipe()
    child = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-m", "sandbox", *arguments],
        env={**os.environ, "SANDBOX_LIFELINE": str(lifeline)},
        pass_fds=[lifeline],
    )
    os.close(lifeline)
    _pass_signals_on(child)
    code = child.wait()
    return code if code >= 0 else _DIED_BY_SIGNAL - code


def _pass_signals_on(child: subprocess.Popen[bytes]) -> None:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    # A terminal sends Ctrl-C to the child by itself, and a second one would cut its farewell short.
    signal.signal(signal.SIGINT, signal.SIG_IGN if sys.stdin.isatty() else pass_on)
