"""What stories are played with: books, a shell with hands at the source, and a bot between two pretended vendors."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.compose import compose
from bot.server import running
from bot.settings import Settings, variable
from bot.socket_mode.keeper import SocketMode
from sandbox.microsoft.app import create_app as create_microsoft
from sandbox.microsoft.certificate import Certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.tenant import Tenant
from sandbox.serving import serve
from sandbox.story import cast
from sandbox.story.hands import Hands
from sandbox.story.shell import Ran, Shell
from sandbox.workspace.app import create_app as create_slack
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace

GRADUATED = '{model: graduated, tiers: [{up_to: 25, unit: "45.00"}, {up_to: 50, unit: "40.00"}, {unit: "35.00"}]}'
TENANTS = {
    "acme": "11111111-1111-4111-8111-111111111111",
    "birch": "22222222-2222-4222-8222-222222222222",
    "cedar": "33333333-3333-4333-8333-333333333333",
}
CHANNELS = {slug: f"C0{slug.upper()}" for slug in TENANTS}

_SELLER = "{name: Northwind IT, address: [1 Main St], country: US, invoice_series: NW, credit_series: NW}"


def per_unit(unit: str) -> str:
    """A price a unit and month, as a book writes it."""
    return f'{{model: per_unit, unit: "{unit}"}}'


def flat(amount: str) -> str:
    """A price that needs no count, as a book writes it."""
    return f'{{model: flat, amount: "{amount}"}}'


def client(
    slug: str,
    price: str,
    *,
    counted: str | None = "csv",
    start: str = "2027-01-01",
    bills_from: str = "null",
    tax: str = "",
) -> str:
    """One client of a book with one line, billed monthly in advance.

    `counted` says whose people the line follows: those of a CSV file beside the book, of an Entra tenant, or nobody's.
    """
    kinds = {"csv": f"kind: csv, path: {slug}.csv", "entra": f"kind: entra, tenant: {TENANTS.get(slug)}"}
    count = "count: {roster: full}, " if counted else ""
    people = f"directories: [{{name: staff, {kinds[counted]}}}]" if counted else "directories: []"
    rosters = "rosters: [{name: full, rule: {basis: licensed}}]" if counted else "rosters: []"
    taxes = f'taxes: {{standard: [{{name: Sales tax, rate: "{tax}"}}]}}' if tax else "taxes: {}"
    return f"""
  - slug: {slug}
    name: {slug.title()} Corp
    currency: USD
    timezone: America/New_York
    locale: en_US
    channel: {CHANNELS[slug]}
    {taxes}
    {people}
    {rosters}
    agreements:
      - name: Managed services
        start: {start}
        bills_from: {bills_from}
        cycle: {{months: 1, anchor: 2027-01-01}}
        timing: advance
        lines: [{{name: user, text: Managed user, {count}price: {price}}}]
"""


def book(*clients: str) -> str:
    """A book with these clients."""
    return f"version: 1\nseller: {_SELLER}\nclients:{''.join(clients)}"


@dataclass
class Office:
    """A shell in a folder of its own, and the files that clients export their people to."""

    folder: Path
    settings: dict[str, str]

    def on(self, day: str, *arguments: str) -> Ran:
        """Runs a command on a business date."""
        return Shell({**self.settings, variable("today"): day}).run(*arguments)

    def done(self, day: str, *arguments: str) -> str:
        """Runs a command that must succeed; what it printed."""
        ran = self.on(day, *arguments)
        assert ran.code == 0, ran.said
        return ran.out

    def listed(self, day: str, *arguments: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.done(day, *arguments, "--json"))

    def begin(self, content: str, day: str = "2027-01-01") -> None:
        """Imports a book."""
        file = self.folder / "book.yaml"
        file.write_text(content, encoding="utf-8")
        self.done(day, "import", str(file), "--apply")

    def people(self, slug: str, names: Iterable[str]) -> None:
        """Writes who works at a client; the n-th name always has the n-th id."""
        with (self.folder / f"{slug}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "name", "mail", "enabled", "licences"])
            writer.writerows([f"id-{n}", name, f"p{n}@{slug}.example", "true", "SPB"] for n, name in enumerate(names))

    def count_first(self, day: str = "2027-01-01") -> None:
        """Reads every directory, and approves every first count from that day on."""
        self.done(day, "sync")
        for change in self.listed(day, "changes"):
            self.done(day, "approve", str(change["id"]), "--by", "Alma", "--effective", day)

    def pending(self, day: str, slug: str) -> str:
        """The id of the change that waits."""
        (change,) = self.listed(day, "changes", slug)
        return str(change["id"])

    def bill(self, day: str) -> None:
        """A whole run on its bill date, after a reading of every directory that can be read."""
        self.on(day, "sync")
        self.done(day, "run", "start", day)
        self.done(day, "run", "approve", "--by", "Bert", "--bill-date", day)
        self.done(day, "run", "issue", "--bill-date", day)

    def invoice(self, slug: str) -> Any:
        """A client's newest document."""
        newest = self.listed("2027-12-31", "invoices", slug)[-1]
        return json.loads(self.done("2027-12-31", "invoice", newest["number"], "--format", "json"))


def amounts(document: Any) -> list[tuple[str, str, str]]:
    """Each line's kind, first day and amount."""
    return [(line["kind"], line["from"], line["amount"]) for line in document["lines"]]


def staff(number: int) -> list[str]:
    """As many names."""
    return [f"Person {n}" for n in range(1, number + 1)]


@dataclass
class Stage(Office):
    """The same with Slack and Microsoft: real HTTP between them and the bot, which runs in this process."""

    slack: WorkspaceClient
    cloud: Cloud
    hands: Hands = field(init=False)
    bots: AsyncExitStack = field(default_factory=AsyncExitStack)
    day: str = ""
    ahead: timedelta = timedelta()
    """How much later it is for the bot than it is."""

    def __post_init__(self) -> None:
        self.hands = Hands(self.slack)

    async def turn_to(self, day: str) -> None:
        """Ends the bot of the day before, and starts one on this business date."""
        await self.bots.aclose()
        self.day = day
        fields = {name.removeprefix("ROLLCALL_").lower(): value for name, value in self.settings.items()}
        rollcall = compose(Settings.model_validate({**fields, "today": date.fromisoformat(day)}))
        rollcall = replace(rollcall, clock=replace(rollcall.clock, now=lambda: datetime.now(UTC) + self.ahead))
        self.bots.callback(rollcall.database.close)
        self.bots.callback(rollcall.sources.close)
        process = await self.bots.enter_async_context(running(rollcall))
        if process.sockets is not None:
            await _connected(process.sockets)
            return
        url = await self.bots.enter_async_context(serve(process.http))
        await self.slack.set_bot(f"{url}/slack/events")

    async def rollcall(self, *arguments: str) -> Ran:
        """Runs a command on the business date, beside the running bot."""
        return await Shell({**self.settings, variable("today"): self.day}).run_aside(*arguments)

    async def succeeds(self, *arguments: str) -> str:
        """Runs a command that must succeed."""
        ran = await self.rollcall(*arguments)
        assert ran.code == 0, ran.said
        return ran.out

    async def open_for(self, content: str, day: str = "2027-01-01") -> None:
        """Imports a book, gives everybody their role, and starts the bot."""
        self.day = day
        file = self.folder / "book.yaml"
        file.write_text(content, encoding="utf-8")
        await self.succeeds("import", str(file), "--apply")
        for user, role in cast.ROLES.items():
            await self.succeeds("role", "grant", user, role)
        await self.turn_to(day)

    def tenant(self, slug: str) -> Tenant:
        """A client's tenant."""
        return self.cloud.tenants[TENANTS[slug]]

    def hire(self, slug: str, names: Sequence[str]) -> None:
        """People with a licence that counts."""
        for name in names:
            cast.hire(self.tenant(slug), name)

    async def approve_first_counts(self, *slugs: str) -> None:
        """Reads the directories, and approves each client's first count on its card."""
        await self.succeeds("sync", *slugs)
        for slug in slugs:
            card = await self.hands.card(CHANNELS[slug], "first count")
            await self.hands.fill_in(cast.ALMA, card, "Approve", {"From": self.day})

    async def bill_by_shell(self, *bill_dates: str) -> None:
        """Whole runs on their bill dates, each after a reading of the directories."""
        for bill_date in bill_dates:
            self.day = bill_date
            await self.succeeds("sync")
            await self.succeeds("run", "start", bill_date)
            await self.succeeds("run", "approve", "--by", "Bert")
            await self.succeeds("run", "issue")


async def _connected(sockets: SocketMode) -> None:
    async with asyncio.timeout(20):
        while not sockets.is_alive:  # noqa: ASYNC110 - what is waited for is on the other side of a socket
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_stage(folder: Path, database_url: str, certificate: Certificate, mode: str) -> AsyncIterator[Stage]:
    """Everything but the bot, which `turn_to` starts; Slack reaches it by the mode "http" or "socket"."""
    workspace = Workspace(bot_token=cast.BOT_TOKEN, signing_secret=cast.SIGNING_SECRET, app_token=cast.APP_TOKEN)
    cast.furnish(workspace.places)
    cloud = Cloud()
    cloud.register(cast.CLIENT_ID, secret=cast.CLIENT_SECRET)
    for slug, tenant in TENANTS.items():
        cloud.add_tenant(tenant, f"{slug}.example")
    async with AsyncExitStack() as stack:
        slack_url = await stack.enter_async_context(serve(create_slack(workspace)))
        graph_url = await stack.enter_async_context(serve(create_microsoft(cloud), ssl=certificate.server))
        slack = await stack.enter_async_context(WorkspaceClient(slack_url))
        given = {
            "database_url": database_url,
            "slack_bot_token": cast.BOT_TOKEN,
            **(
                {"slack_app_token": cast.APP_TOKEN}
                if mode == "socket"
                else {"slack_signing_secret": cast.SIGNING_SECRET}
            ),
            "slack_api_url": f"{slack_url}/api/",
            "default_channel": cast.BILLING_CHANNEL,
            "entra_client_id": cast.CLIENT_ID,
            "entra_client_secret": cast.CLIENT_SECRET,
            "entra_authority_url": graph_url,
            "graph_url": graph_url,
            "ca_bundle": str(certificate.ca_bundle),
        }
        stage = Stage(folder, {variable(name): value for name, value in given.items()}, slack, cloud)
        stack.push_async_callback(stage.bots.aclose)
        yield stage
