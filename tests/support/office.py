"""The whole product around a pretend Slack over real HTTP: a book, a directory in memory, and people who click."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import build_app
from bot.cards import card
from bot.compose import Hooks, Rollcall, Sources
from bot.delivery import Delivery
from bot.desk import Desk
from bot.edge import Edge
from bot.pace import Pace, Rates
from bot.server import application, edge_of
from bot.settings import Settings
from bot.slack import Slack, web_client
from commands.actors import Actor, Clock
from commands.imports import apply_import
from commands.roles import grant
from commands.sync import sync_clients
from connectors.books.reader import read_book
from connectors.directories.port import Directory
from rosters.rules import Account
from sandbox.serving import serve
from sandbox.workspace.app import create_app
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.records import MessageSeen
from sandbox.workspace.state import BOT_USER, Workspace
from storage.database import Database
from tests.support.directories import FakeDirectory
from tests.support.workspace import APP_TOKEN, SECRET, TOKEN, all_told

ACME, HOUSE = "C0ACME", "C0HOUSE"
VIEWER, APPROVER, BILLER, ADMIN = "U0VIEWER", "U0APPROVER", "U0BILLER", "U0ADMIN"
SHELL = Actor("cli:test", "cli")
FIRST_DAY = date(2027, 4, 11)
NOON = datetime(2027, 4, 11, 16, 0, tzinfo=UTC)

BOOK = """
version: 1
seller: {name: Northwind IT, address: [1 Main St], country: US, invoice_series: NW, credit_series: NW}
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: America/New_York
    locale: en_US
    channel: C0ACME
    taxes: {standard: [{name: Sales tax, rate: "8.25"}]}
    directories: [{name: m365, kind: csv, path: users.csv}]
    rosters: [{name: full, rule: {basis: enabled}}]
    agreements:
      - name: Managed services
        start: 2027-01-01
        bills_from: 2027-05-01
        cycle: {months: 1, anchor: 2027-01-01}
        timing: advance
        lines:
          - {name: managed-user, text: Managed user, count: {roster: full}, price: {model: per_unit, unit: "40.00"}}
    quantities: [{of: full, on: 2027-01-01, quantity: "2"}]
  - slug: globex
    name: Globex Corp
    currency: USD
    timezone: UTC
    locale: en_US
    agreements:
      - name: Flat
        start: 2027-01-01
        bills_from: 2027-05-01
        cycle: {months: 1, anchor: 2027-01-01}
        timing: advance
        lines: [{name: flat, text: Flat fee, price: {model: flat, amount: "100.00"}, tax: none}]
"""


@dataclass
class FakeTicking:
    """A clock that only says that it ticks."""

    running: bool = True

    def start(self) -> None:
        """Ticks already."""

    def pause(self) -> None:
        """Has nothing to begin."""

    def shutdown(self, *, wait: bool) -> None:
        """Stops."""
        self.running = False


@dataclass
class Office:
    """A running bot, the workspace that it is in, and what happens at the client."""

    rollcall: Rollcall
    edge: Edge
    desk: Desk
    delivery: Delivery
    slack: WorkspaceClient
    directory: FakeDirectory
    time: list[datetime]
    workspace: Workspace
    calls: list[str] = field(default_factory=list)

    def hire(self, *names: str) -> None:
        """New people in Acme's directory."""
        for name in names:
            self.directory.put(Account(object_id=name.lower(), name=name, upn=f"{name.lower()}@acme.example"))

    async def sync(self) -> None:
        """Reads Acme's directory, and sends the card that comes of it."""
        await self.read()
        await self.delivery.send_owed()

    async def read(self, client: str = "acme") -> None:
        """Reads Acme's directory, or another client's."""
        rollcall = self.rollcall
        outcomes = await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, [client])
        assert [outcome.outcome for outcome in outcomes] == ["accepted"]

    async def card(self, channel: str = ACME) -> MessageSeen:
        """The newest message of the bot for everybody in a channel, apart from those in threads."""
        return [message for message in await self.slack.messages(channel) if message.thread_ts is None][-1]

    async def answer(self, user: str, channel: str = ACME) -> MessageSeen:
        """The newest answer that only this user sees."""
        seen = await self.slack.wait_for(channel, lambda message: message.only_for == user, viewer=user)
        await self.edge.work.drain(5)
        own = [one for one in await self.slack.messages(channel, user) if one.only_for == user]
        return own[-1] if own else seen

    async def ask(self, user: str, command: str, words: str = "", channel: str = ACME) -> MessageSeen:
        """The answer to a slash command."""
        before = len(await self.slack.messages(channel, user))
        done = await self.slack.command(user, channel, command, words)
        assert done.error is None
        await self.edge.work.drain(5)
        seen = await self.slack.messages(channel, user)
        assert len(seen) == before + 1
        return seen[-1]

    async def mention(
        self, user: str, words: str, channel: str = ACME, thread: str | None = None
    ) -> tuple[MessageSeen, ...]:
        """Says something to the bot by its name; what came of it in the channel."""
        said = await self.slack.say(user, channel, f"<@{BOT_USER}> {words}", thread)
        await all_told(self.workspace)
        await self.edge.work.drain(5)
        return tuple(one for one in await self.slack.messages(channel, user) if one.ts > said.ts)

    async def press(
        self, user: str, label: str, *, edition: int | None = None, message: MessageSeen | None = None
    ) -> None:
        """Presses a button on the newest card, or on a message."""
        shown = message or await self.card()
        done = await self.slack.click(user, shown.channel, shown.ts, label, edition=edition)
        assert done.error is None
        await self.edge.work.drain(5)

    async def first_count(self, *names: str) -> None:
        """Acme's first count, approved from the first day."""
        self.hire(*names)
        await self.sync()
        await self.press(APPROVER, "Approve")
        await self.slack.submit(APPROVER, {"effective": FIRST_DAY.isoformat()})
        await self.edge.work.drain(5)
        await self.delivery.send_owed()

    def pass_minutes(self, minutes: int) -> None:
        """Later, by the clock of the process."""
        self.time[0] += timedelta(minutes=minutes)


def at_speed(office: Office, speed: float) -> Edge:
    """The office's bot, for whom Slack's minutes pass so many times as fast."""
    return _at_speed(office.edge, speed)


def _at_speed(edge: Edge, speed: float) -> Edge:
    settings, on_call = edge.rollcall.settings, edge.rollcall.hooks.on_call
    client = web_client(settings.required("slack_bot_token"), settings.slack_api_url)
    return replace(edge, slack=Slack(client, on_call, Pace(edge.clock.now, Rates(speed=speed))))


class _OneDirectory(Sources):
    """The directory in memory, whatever is asked for."""

    def __init__(self, settings: Settings, hooks: Hooks, database: Database, directory: Directory) -> None:
        super().__init__(settings, hooks, database)
        self._directory = directory

    def __call__(self, kind: str, settings: Mapping[str, object], client: str, name: str) -> Directory:
        return self._directory


def settings_for(api_url: str, database_url: str, default_channel: str | None = HOUSE) -> Settings:
    """Settings that come from nowhere but here."""
    return Settings.model_validate(
        {
            "database_url": database_url,
            "slack_bot_token": TOKEN,
            "slack_signing_secret": SECRET,
            "slack_api_url": api_url,
            "default_channel": default_channel,
            "http_port": 0,
        }
    )


def composed(
    folder: Path, database_url: str, api_url: str, directory: Directory, time: list[datetime], hooks: Hooks
) -> Rollcall:
    """The product on a database file, with the book imported and everybody's role given."""
    settings = settings_for(api_url, database_url)
    database = Database(settings.database_url.get_secret_value(), hooks.on_commit)
    clock = Clock(fixed=FIRST_DAY, now=lambda: time[0])

    book = folder / "book.yaml"
    book.write_text(BOOK, encoding="utf-8")
    apply_import(database, SHELL, read_book(book), clock)
    for user, role in ((VIEWER, "viewer"), (APPROVER, "approver"), (BILLER, "biller"), (ADMIN, "admin")):
        grant(database, SHELL, user, role)
    return Rollcall(settings, database, clock, _OneDirectory(settings, hooks, database, directory), hooks)


@asynccontextmanager
async def open_office(folder: Path, database_url: str) -> AsyncIterator[Office]:
    """The office on a migrated database, open for as long as the block lasts."""
    workspace = Workspace(bot_token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN, told_again_after=(0, 0, 0))
    time, calls, directory = [NOON], list[str](), FakeDirectory()
    async with serve(create_app(workspace)) as slack_url, WorkspaceClient(slack_url) as slack:
        for name, channel in (("acme", ACME), ("billing", HOUSE)):
            await slack.add_channel(name, channel)
        rollcall = composed(folder, database_url, f"{slack_url}/api/", directory, time, Hooks(on_call=calls.append))
        # This Slack holds nobody to a pace unless it's asked to, and no test should take as long as one.
        edge = _at_speed(edge_of(rollcall), 100)
        app, desk = build_app(edge, SECRET)
        async with serve(application(app, edge, FakeTicking())) as bot_url:
            await slack.set_bot(f"{bot_url}/slack/events")
            yield Office(rollcall, edge, desk, Delivery(edge, card), slack, directory, time, workspace, calls)
            await edge.work.drain(5)
        edge.work.close()
        rollcall.database.close()
