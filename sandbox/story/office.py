"""The whole arrangement on one machine: a pretend Slack, a pretend Microsoft, and the real bot between them."""

import asyncio
import contextlib
import shlex
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

from starlette.applications import Starlette

from bot.settings import variable
from sandbox.microsoft.app import create_app as create_microsoft
from sandbox.microsoft.certificate import throw_away_certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.serving import serve
from sandbox.story import cast
from sandbox.story.bot_process import BotProcess, free_port, running_bot
from sandbox.story.errors import PortIsTaken
from sandbox.story.shell import Ran, Shell
from sandbox.workspace.app import create_app as create_slack
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace

ENVIRONMENT = "demo.env"
"""The file of the demo's folder with which the command line works on it."""


class Office:
    """The servers, the shell, and a bot that is started anew for each business date."""

    def __init__(
        self,
        folder: Path,
        url: str,
        settings: Mapping[str, str],
        cloud: Cloud,
        slack: WorkspaceClient,
        app: Starlette,
        workspace: Workspace,
    ) -> None:
        """Nothing of the bot runs yet; `url` is where the workspace is, and until the first turn it is today."""
        self.folder = folder
        self.url = url
        self.settings = dict(settings)
        self.cloud = cloud
        self.slack = slack
        self.app = app
        self.workspace = workspace
        self.pulse = workspace.pulse
        self.today = date.today()  # noqa: DTZ011 - the machine's own day, of which nobody bills anything
        self._turned: list[tuple[float, date]] = []
        self._one_at_a_time = asyncio.Lock()
        self._bot: BotProcess | None = None
        self._stack = AsyncExitStack()

    async def turn_to(self, day: date, *, with_bot: bool = False) -> None:
        """Makes it another business date; the bot of the day before ends, and one for this day begins to start."""
        await self.close()
        self.today = day
        self._turned.append((time.time(), day))
        self.settings[variable("today")] = day.isoformat()
        self._write_environment()
        if with_bot:
            port = free_port()
            self._bot = await self._stack.enter_async_context(running_bot(self.settings, port, self.folder))
            if variable("slack_app_token") not in self.settings:
                await self.slack.set_bot(f"{self._bot.url}/slack/events")

    async def bot_ready(self) -> None:
        """Waits until the bot can be spoken to."""
        if self._bot is not None:
            await self._bot.ready()

    def kill_bot(self) -> None:
        """Kills the bot, as a machine that fails does."""
        if self._bot is not None:
            self._bot.kill()

    async def bot_ended(self) -> None:
        """Waits until the bot has ended; it never does where none runs."""
        await (self._bot.ended() if self._bot is not None else asyncio.Event().wait())

    async def rollcall(self, *arguments: str) -> Ran:
        """Runs a command on the business date."""
        async with self._one_at_a_time:
            return await Shell(self.settings).run_aside(*arguments)

    def day_of(self, ts: str) -> date | None:
        """The business date on which a message with this ts was posted."""
        before = [day for moment, day in self._turned if moment <= float(ts)]
        return before[-1] if before else None

    def _write_environment(self) -> None:
        """For a terminal beside the demo: the settings as a shell reads them."""
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in self.settings.items()]
        (self.folder / ENVIRONMENT).write_text("".join(lines))

    async def close(self) -> None:
        """Ends the bot."""
        self._bot = None
        await self._stack.aclose()


@contextlib.asynccontextmanager
async def open_office(folder: Path, port: int, *, over_http: bool = False) -> AsyncIterator[Office]:
    """Everything but the bot, served until the block is left; the bot will use Socket Mode, or HTTP.

    Raises:
        PortIsTaken: the workspace can't be served there.

    """
    workspace = Workspace(bot_token=cast.BOT_TOKEN, signing_secret=cast.SIGNING_SECRET, app_token=cast.APP_TOKEN)
    cast.furnish(workspace.places)
    cloud = Cloud()
    cast.populate(cloud)
    app = create_slack(workspace)
    certificate = throw_away_certificate(folder)
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(serve(app, port=port))
        except OSError as error:
            raise PortIsTaken(f"Port {port} is taken: {error.strerror}. Try another one: --port 8701.") from error
        directory = await stack.enter_async_context(serve(create_microsoft(cloud), ssl=certificate.server))
        slack = await stack.enter_async_context(WorkspaceClient(url))
        way_in = {"slack_signing_secret": cast.SIGNING_SECRET} if over_http else {"slack_app_token": cast.APP_TOKEN}
        settings = _settings(folder, url, directory, certificate.ca_bundle, way_in)
        office = Office(folder, url, settings, cloud, slack, app, workspace)
        stack.push_async_callback(office.close)
        yield office


def _settings(
    folder: Path, slack_url: str, directory_url: str, ca_bundle: Path, way_in: Mapping[str, str]
) -> dict[str, str]:
    given = {
        "database_url": f"sqlite:///{folder / 'rollcall.db'}",
        "slack_bot_token": cast.BOT_TOKEN,
        **way_in,
        "slack_api_url": f"{slack_url}/api/",
        "default_channel": cast.BILLING_CHANNEL,
        "entra_client_id": cast.CLIENT_ID,
        "entra_client_secret": cast.CLIENT_SECRET,
        "entra_authority_url": directory_url,
        "graph_url": directory_url,
        "ca_bundle": str(ca_bundle),
    }
    return {variable(field): value for field, value in given.items()}
