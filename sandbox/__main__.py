"""`python -m sandbox`: the demo, which `rollcall demo` starts as a process of its own."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from billing.errors import RollcallError, WrongInput
from sandbox.story.lifeline import end_with_named_parent

_PORT = 8700
_HIGHEST_PORT = 65535
_INTERRUPTED = 130  # 128 + SIGINT, as shells say it
_OWN_PACKAGES = {"trustme"}


class PackageIsMissing(WrongInput):
    """The demo's own packages aren't installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demo and gives its exit code: 0 done, another one with a sentence on standard error."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal can't show must not end the story.
        sys.stdout.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    end_with_named_parent()
    try:
        return asyncio.run(_until_interrupted(options.port, once=options.once, over_http=options.http))
    except RollcallError as error:
        print(f"rollcall demo: {error}", file=sys.stderr)  # noqa: T201 - what goes wrong belongs on standard error
        return error.exit_code


async def _until_interrupted(port: int, *, once: bool, over_http: bool) -> int:
    """Plays the story or keeps everything open; a signal ends either, every child first."""
    try:
        from sandbox.story.demo import keep_open, play_once  # noqa: PLC0415 - what it needs may not be installed
    except ModuleNotFoundError as missing:
        if missing.name not in _OWN_PACKAGES:
            raise
        raise PackageIsMissing(f"It needs {missing.name}, which isn't installed: install rollcall[demo].") from missing
    folder = Path.cwd() / "demo"
    begin = play_once if once else keep_open
    demo = asyncio.create_task(begin(folder, port, over_http=over_http))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, demo.cancel)
    try:
        await demo
    except asyncio.CancelledError:
        # Whoever keeps the demo open means to end it; a story that is cut short wasn't told.
        return _INTERRUPTED if once else 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rollcall demo", description="The whole story on one machine.")
    parser.add_argument("--once", action="store_true", help="play the story without hands, print it, and end")
    parser.add_argument("--http", action="store_true", help="Slack posts to the bot, instead of Socket Mode")
    parser.add_argument("--port", type=_port, default=_PORT, help="where the pretend Slack is (0: any free port)")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _HIGHEST_PORT:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
