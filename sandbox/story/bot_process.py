"""The real bot as a process of its own, on a business date."""

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx

import bot
from bot.settings import PREFIX
from sandbox.serving import NO_TLS
from sandbox.story.errors import StoryBroke

# Its standard input is the pipe that tells it when we are gone.
_SERVE = (
    "from sandbox.story.lifeline import end_with_parent; end_with_parent(0); "
    "from bot.cli.main import main; raise SystemExit(main(['serve']))"
)
_LOOPBACK = "127.0.0.1,localhost,::1"
_START_SECONDS = 60
_END_SECONDS = 15
_POLL_SECONDS = 0.1
_OK = 200


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def running_bot(settings: Mapping[str, str], port: int, folder: Path) -> AsyncIterator["BotProcess"]:
    """`rollcall serve` with these settings; its log goes to a file of the folder. Ended when the block is left."""
    log = folder / "bot.log"
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _SERVE,
            cwd=folder,
            env=_environment(settings, port),
            stdin=asyncio.subprocess.PIPE,
            stdout=file,
            stderr=file,
            # Ctrl-C on a terminal reaches every process of a session; only we end the bot.
            start_new_session=True,
        )
    try:
        yield BotProcess(process, f"http://127.0.0.1:{port}", log)
    finally:
        await _end(process)


class BotProcess:
    """A bot that is starting or running."""

    def __init__(self, process: Process, url: str, log: Path) -> None:
        """The bot will listen at this address."""
        self._process = process
        self._log = log
        self.url = url

    def kill(self) -> None:
        """Ends it at once, whatever it is doing."""
        self._process.kill()

    async def ended(self) -> None:
        """Waits until the process has ended, for whatever reason."""
        await self._process.wait()

    async def ready(self) -> None:
        """Waits until the bot says that it is ready; StoryBroke when it ends or never is."""
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(_START_SECONDS),
                httpx.AsyncClient(trust_env=False, verify=NO_TLS) as http,
            ):
                while self._process.returncode is None:
                    if await _is_ready(http, self.url):
                        return
                    await asyncio.sleep(_POLL_SECONDS)
        said = self._log.read_text(errors="replace").strip().splitlines()[-3:]
        raise StoryBroke(f"The bot didn't start; the end of {self._log} says: {' '.join(said) or 'nothing'}")


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/readyz")).status_code == _OK
    except httpx.HTTPError:
        return False


def _environment(settings: Mapping[str, str], port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    # The bot is the code that runs here, wherever the demo was started; and a proxy must not stand between processes
    # of one machine.
    ours = {"PYTHONPATH": str(Path(bot.__file__).parent.parent), "NO_PROXY": _LOOPBACK, "no_proxy": _LOOPBACK}
    return {**inherited, **ours, **settings, f"{PREFIX}HTTP_PORT": str(port)}


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
