"""A process that has loaded everything and forks a victim for each errand, while it has no thread and no loop itself.

Loading takes seconds, and a crash test needs hundreds of processes that are real enough to be killed. Errands come as
lines on standard input; on standard output a line says that one was started, and another how it ended.
"""

import asyncio
import contextlib
import gc
import inspect
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import FrameType

from bot.cli.main import main
from bot.compose import Hooks, compose
from bot.server import serve
from bot.settings import PREFIX, read_settings
from tests.crashes.books import write_book
from tests.crashes.errands import Errand, Point

# What the commands and their libraries load when they are used, and the practice doesn't: loaded once for all victims.
_LOADED_LATE = (
    "anyio._backends._asyncio",
    "commands.credits",
    "commands.exports",
    "commands.abandoning",
    "commands.links",
    "commands.secrets",
    "connectors.directories.entra.tokens",
    "connectors.directories.google.directory",
    "connectors.directories.okta.directory",
    "httpcore",
    "msal",
    "slack_bolt.listener_matcher.async_builtins",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
_CHILD_SIGNAL = {signal.SIGCHLD}
_PRACTICE = (
    "import book.yaml --apply",
    "sync --on 2027-04-01",
    "approve 1 --by Dana --effective 2027-04-01 --on 2027-04-01",
    "run start 2027-05-01 --on 2027-05-01",
    "run override acme R01 --by Dana --reason Practice --until 2027-05-31 --on 2027-05-01",
    "run approve --by Dana --on 2027-05-01",
    "run issue --on 2027-05-01",
)


class _Doom:
    """Writes down every point that the process comes by, and kills it at one of them."""

    def __init__(self, log: Path, dies_at: Point | None) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._dies_at = dies_at
        self._seen: Counter[str] = Counter()
        # Commands run in threads.
        self._lock = Lock()

    def __call__(self, name: str) -> None:
        with self._lock:
            self._seen[name] += 1
            os.write(self._log, f"{name}\n".encode())
            if Point(name, self._seen[name]) == self._dies_at:
                os.kill(os.getpid(), signal.SIGKILL)


def _live(errand: Errand) -> int:
    """The life of a victim."""
    os.chdir(errand.folder)
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    Path(f"piped-{errand.number}.txt").write_text(errand.piped, encoding="utf-8")
    piped = os.open(f"piped-{errand.number}.txt", os.O_RDONLY)
    for own, standard in ((piped, 0), (output, 1), (output, 2)):
        os.dup2(own, standard)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(errand.settings)
    doom = _Doom(Path(f"points-{errand.number}.txt"), errand.dies_at)
    hooks = Hooks(on_commit=doom, on_call=doom)
    if errand.words != ("serve",):
        return main(errand.words, hooks)
    ahead = timedelta(seconds=errand.clock_ahead_seconds)
    rollcall = compose(read_settings(), hooks)
    asyncio.run(serve(replace(rollcall, clock=replace(rollcall.clock, now=lambda: datetime.now(UTC) + ahead))))
    return 0


class _Nursery:
    """Forks victims and tells how they ended."""

    def __init__(self) -> None:
        self._errands: dict[int, int] = {}
        signal.signal(signal.SIGCHLD, self._bury)

    def fork(self, errand: Errand) -> None:
        """Sends a victim on its errand."""
        # A victim that dies at once must be known before its end is told.
        signal.pthread_sigmask(signal.SIG_BLOCK, _CHILD_SIGNAL)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _CHILD_SIGNAL)
            _be_born(errand)
        self._errands[pid] = errand.number
        self._tell(number=errand.number, pid=pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _CHILD_SIGNAL)

    def close(self) -> None:
        """Whoever gave the errands is gone, so the victims go too."""
        for pid in self._errands:
            os.kill(pid, signal.SIGKILL)

    def _bury(self, _number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._tell(number=self._errands.pop(ended[0]), code=os.waitstatus_to_exitcode(ended[1]))

    def _tell(self, **what: int) -> None:
        os.write(1, json.dumps(what).encode() + b"\n")


def _be_born(errand: Errand) -> None:
    code = 70
    try:
        code = _live(errand)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _practise() -> None:
    """Plays a story once, so that every victim finds the mappings, patterns and templates compiled."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        Path(os.devnull).open("w", encoding="utf-8") as nothing,
        contextlib.redirect_stdout(nothing),
    ):
        os.environ[f"{PREFIX}DATABASE_URL"] = "sqlite:///practice.db"
        write_book(Path(), "{name: hr, kind: csv, path: users.csv}")
        Path("users.csv").write_text("id,name,upn\nann,Ann,ann@acme.example\n", encoding="utf-8")
        for words in _PRACTICE:
            if main(words.split()):
                raise RuntimeError(f"The nursery could not practise: {words}")


if __name__ == "__main__":
    for module in _LOADED_LATE:
        import_module(module)
    _practise()
    # Bolt asks where each listener comes from, and Python remembers where it has looked.
    inspect.getmodule(main)
    # What is loaded by now stays: victims needn't look through it for garbage, which would copy its memory.
    gc.freeze()
    nursery = _Nursery()
    try:
        for line in sys.stdin.buffer:
            nursery.fork(Errand.unpacked(line))
    finally:
        nursery.close()
